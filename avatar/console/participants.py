"""How many pages show the agent, and with which senses: what an operator in another room cannot see. Plain bookkeeping of one loop."""

from __future__ import annotations

from runtime.messages import Viewer

SENSES = {"microphone_on": ("microphone", True), "microphone_off": ("microphone", False),
          "camera_on": ("camera", True), "camera_off": ("camera", False)}  # fmt: skip
PAGES_MAX = 64


class Participants:
    """The pages that are open."""

    def __init__(self) -> None:
        """Begin with none."""
        self._pages: dict[str, set[str]] = {}

    def take(self, viewer: Viewer) -> dict[str, int]:
        """Take what a page tells; return how many pages are open, and how many of them give sound and pictures."""
        if viewer.state == "left":
            self._pages.pop(viewer.viewer_id, None)
        elif viewer.viewer_id in self._pages or len(self._pages) < PAGES_MAX:
            senses = self._pages.setdefault(viewer.viewer_id, set())
            if viewer.state in SENSES:
                name, on = SENSES[viewer.state]
                senses.add(name) if on else senses.discard(name)
        return {
            "pages": len(self._pages),
            "microphones": sum("microphone" in senses for senses in self._pages.values()),
            "cameras": sum("camera" in senses for senses in self._pages.values()),
        }
