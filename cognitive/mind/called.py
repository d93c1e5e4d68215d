"""What people are called in what is told of them: by the name that they gave, else as "the person", never by the id of a track.

Pure functions of the epistemic model; a handful of look-ups. Raises at nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.names import normal, spoken

NAME = "name"
"""The attribute under which it is kept what somebody is called (`cognitive.memory.facts`)."""
LEFT = "somebody who has left"
_TRACK = re.compile(r"(?:user|person|viewer|track|face)(?: (?:[a-z]?\d+|[0-9a-f]{6}))*")


def is_track(person_id: str) -> bool:
    """Return whether an id only counts people ("user", "person-b1-8143bd"), rather than naming one as scenes do ("anna")."""
    return _TRACK.fullmatch(normal(person_id)) is not None


def name_of(model: EpistemicModel, person_id: str) -> str:
    """Return the name that somebody goes by, as one writes it; empty where nobody knows one."""
    if not is_track(person_id):
        return spoken(normal(person_id))
    held = model.belief(model.state.me, person_id, NAME) if model.state.me else None
    return "" if held is None else spoken(held.value)


def called(
    model: EpistemicModel, here: Sequence[str], numbers: Mapping[str, int], *, by_name: bool = True
) -> dict[str, str]:
    """Return what each person of the model is called, by the normal form of their id; those who go by their id are left out.

    Args:
        model: whose people.
        here: ids of who is here; without a name the only one is "the person".
        numbers: of those who are here, by the normal form of their id: without a name several are "person 1", "person 2" by these.
        by_name: whether names are used; without, for what says itself what somebody is called.
    """
    present = [normal(person_id) for person_id in here]
    names: dict[str, str] = {}
    for who in (*present, *model.state.people):
        if who in names or not is_track(who):
            continue
        nameless = LEFT if who not in present else "the person" if len(present) == 1 else f"person {numbers[who]}"
        names[who] = (name_of(model, who) if by_name else "") or nameless
    return names


def as_called(text: str, names: Mapping[str, str]) -> str:
    """Return a text with people as they are called in place of their ids, as these are written in sentences."""
    if not names:
        return text
    # In one go, so that no replacement is replaced; the longest first: "person 12" before "person 1". "The user guide" is nobody.
    ids = "|".join(re.escape(who).replace("\\ ", "[ -]") for who in sorted(names, key=len, reverse=True))
    return re.sub(
        rf"(?<!\bthe )(?<!\ba )\b(?:{ids})\b", lambda found: names[normal(found[0])], text, flags=re.IGNORECASE
    )
