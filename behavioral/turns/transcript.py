"""The text of one utterance while the recogniser still revises it."""

from __future__ import annotations

from behavioral.hearing.units import UnitEdit


class RunningText:
    """Units in the order of their addition, minus the revoked ones."""

    def __init__(self) -> None:
        """Start with nothing recognised."""
        self._units: dict[str, str] = {}

    @property
    def text(self) -> str:
        """The present hypothesis."""
        return " ".join(word for word in self._units.values() if word)

    def apply(self, edit: UnitEdit) -> None:
        """Take one revision."""
        if edit.op == "revoke":
            self._units.pop(edit.unit_id, None)
        else:
            self._units[edit.unit_id] = edit.text or self._units.get(edit.unit_id, "")

    def clear(self) -> None:
        """Begin the next utterance."""
        self._units.clear()
