"""The second order of the published ToMi labels (Le, Boureau & Nickel 2019, facebookresearch/ToMi), as a rule on the text of a story.

That generator plays the story of two people to its end, and only then writes in the lines of a third person, wherever they stand in the
text. By its entrance the third person sees the room as it is at the end, and all who count as onlookers are taken to see the same, each
with the others. So for what A thinks that B believes:

- a third person comes into the room in which the thing is at the end, at any line, even the first; and
- A and B are onlookers: both, also one who is away by then or was away all the time, unless one of them left before the other came back;

then A thinks that B believes the thing to be where it is at the end, whatever they saw of each other. Their own beliefs stay as they are.
Without such an entrance nothing differs from the reading `tomi`. No story told by the clock works like this: it is read so only where a
file's own answers do (`readings`), or where somebody asks for it.

Pure functions, no failure.
"""

from __future__ import annotations

from collections.abc import Sequence

from cognitive.bench.stories.staging import Line
from cognitive.mind import events as e
from cognitive.mind import state as st
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE
from cognitive.mind.language import Query
from cognitive.mind.names import normal


def shared_end(lines: Sequence[Line], model: EpistemicModel, query: Query) -> str:
    """Return where the rule puts the second-order belief that is asked for; "" where it says nothing.

    Args:
        lines: the staged story up to the question.
        model: the same story, replayed.
        query: what is asked.
    """
    pair = tuple(dict.fromkeys(query.chain))
    if len(query.chain) != 2 or len(pair) != 2 or query.attribute != PLACE:
        return ""
    thing = model.resolve(query.subject)
    actual, room = model.actual(thing), st.place_of(model.state, thing)
    events = [event for line in lines for event in line.events]
    if not actual or room is None or _apart(events, pair):
        return ""
    movers = {
        normal(event.person)
        for event in events
        if isinstance(event, e.Moves | e.Takes) and model.resolve(event.thing) == thing
    }
    came = {
        normal(event.person) for event in events if isinstance(event, e.Enters) and normal(event.place) == normal(room)
    }
    return actual if came - movers - set(pair) else ""


def _apart(events: Sequence[e.Event], pair: Sequence[str]) -> bool:
    """Return whether, when one of the two last came back from away, the other had left."""
    away: set[str] = set()
    apart = False
    for event in events:
        if not isinstance(event, e.Enters | e.Leaves) or normal(event.person) not in pair:
            continue
        who = normal(event.person)
        if isinstance(event, e.Leaves):
            away.add(who)
        elif who in away:
            away.remove(who)
            apart = bool(away)
    return apart
