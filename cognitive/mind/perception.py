"""Who perceives an event in a place, and who knows of whom that they do.

Everybody who is in the place and awake perceives what happens there, each aware of the others: people in one room see each other. Who
watches from outside perceives it too, unseen. Who is asleep or distracted does not; where nobody noticed the distraction, the others
take the person for a witness.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from cognitive.mind.state import EpistemicState


class Perception(Struct):
    """Perceivers of one event; see `sightings.Sighting` for the three kinds."""

    openly: tuple[str, ...] = ()
    secretly: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seems: tuple[str, ...] = ()

    @property
    def really(self) -> tuple[str, ...]:
        """Everybody who did perceive it."""
        return (*self.openly, *self.secretly)


def of_place(
    state: EpistemicState,
    place: str | None,
    actors: Iterable[str] = (),
    *,
    seen_by: Iterable[str] | None = None,
    hidden: bool = False,
    by_ear: bool = False,
) -> Perception:
    """Return who perceives what the actors do in a place.

    Args:
        state: the scene.
        place: where it happens; None for nowhere that others are.
        actors: who does it; they always perceive it.
        seen_by: who perceives it according to the report; None to find it out from where people are.
        hidden: nobody but the actors and who watches unseen perceives it.
        by_ear: it can be heard, so that the distracted (not the sleeping) perceive it too.
    """
    openly = list(dict.fromkeys(actors))
    secretly: dict[str, tuple[str, ...]] = {}
    seems: list[str] = []
    if seen_by is not None:
        openly.extend(who for who in seen_by if who not in openly)
        me = state.people.get(state.me)
        if me is not None and me.place is not None and state.me not in openly:
            openly.append(state.me)  # what is reported to the agent, the agent knows
        return Perception(tuple(openly), secretly, ())
    for name, person in state.people.items():
        if name in openly:
            continue
        takes_in = person.state == "awake" or (by_ear and person.state == "distracted")
        if place is not None and person.place == place:
            if hidden:
                continue
            if takes_in:
                openly.append(name)
            elif not person.noticed:
                seems.append(name)
        elif place is not None and person.watches == place and takes_in:
            if person.watches_openly and not hidden:
                openly.append(name)
            else:
                secretly[name] = ()
    return Perception(tuple(openly), secretly, tuple(seems))
