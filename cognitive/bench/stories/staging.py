"""A story's sentences as events on a stage: what a reader of the whole story knows, and who reads line by line does not.

"The ball is in the basket" does not say in which room; who moves the ball later shows it. And a name may be a room's and a container's
(a pantry). Both are settled here before the events are applied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from cognitive.bench.stories.story import Convention
from cognitive.mind import events as e
from cognitive.mind.language import Discourse, parse_statement
from cognitive.mind.language.words import split_sentences
from cognitive.mind.names import normal


class Line(Struct, frozen=True):
    """One sentence of a story and its events; none where it is not understood (a distractor, or beyond the language)."""

    text: str
    events: tuple[e.Event, ...]


def stage(sentences: Sequence[str], convention: Convention = "") -> list[Line]:
    """Return the sentences with their events."""
    talk = Discourse()
    lines = [Line(text, tuple(_events(text, talk))) for text in sentences]
    places = _places(lines)
    lines = _apart(lines, places)
    lines = _placed(lines, _places(lines))
    lines = _from_the_start(lines)
    return _exit_order(lines) if convention == "exit_order" else lines


def _events(text: str, talk: Discourse) -> Iterator[e.Event]:
    """Yield the events of a line, which may hold several sentences."""
    for sentence in split_sentences(text):
        yield from parse_statement(sentence, talk) or ()


def _flat(lines: list[Line]) -> list[tuple[int, e.Event]]:
    return [(i, event) for i, line in enumerate(lines) for event in line.events]


def _places(lines: list[Line]) -> list[dict[str, str | None]]:
    """Return where each person is, after each line."""
    here: dict[str, str | None] = {}
    after: list[dict[str, str | None]] = []
    for line in lines:
        for event in line.events:
            if isinstance(event, e.Enters):
                here[normal(event.person)] = normal(event.place)
            elif isinstance(event, e.Leaves):
                here[normal(event.person)] = None
        after.append(dict(here))
    return after


def _apart(lines: list[Line], places: list[dict[str, str | None]]) -> list[Line]:
    """Return the lines with other names for those rooms that are also a container's name."""
    rooms = {normal(event.place) for _, event in _flat(lines) if isinstance(event, e.Enters) and event.place}
    moved_at: dict[str, str] = {}
    clash: set[str] = set()
    for i, event in _flat(lines):
        if isinstance(event, e.Moves):
            room = places[i].get(normal(event.person))
            if room is not None:
                moved_at.setdefault(normal(event.thing), room)
                if normal(event.spot) in rooms and normal(event.spot) != room:
                    clash.add(normal(event.spot))
    for _, event in _flat(lines):
        if isinstance(event, e.IsAt) and normal(event.spot) in rooms:
            room = moved_at.get(normal(event.thing))
            if room is not None and room != normal(event.spot):
                clash.add(normal(event.spot))
    if not clash:
        return lines

    def renamed(event: e.Event) -> e.Event:
        if isinstance(event, e.Enters | e.Leaves) and normal(event.place) in clash:
            return msgspec.structs.replace(event, place=f"{normal(event.place)} room")
        return event

    return [Line(line.text, tuple(renamed(event) for event in line.events)) for line in lines]


def _placed(lines: list[Line], places: list[dict[str, str | None]]) -> list[Line]:
    """Return the lines with the place of each thing that is told of without one: where it is moved later, else where most people are."""
    rooms = {normal(event.place) for _, event in _flat(lines) if isinstance(event, e.Enters)}
    known: dict[str, str] = {}
    for i, event in _flat(lines):
        if isinstance(event, e.IsAt) and normal(event.spot) in rooms:
            known.setdefault(normal(event.thing), normal(event.spot))  # the basket is in the kitchen
        elif isinstance(event, e.Moves | e.Takes):
            room = places[i].get(normal(event.person))
            if room is not None:
                known.setdefault(normal(event.thing), room)
                if isinstance(event, e.Moves):
                    known.setdefault(normal(event.spot), room)

    def with_place(i: int, event: e.Event) -> e.Event:
        if not isinstance(event, e.IsAt) or event.place is not None or normal(event.spot) in rooms:
            return event
        room = known.get(normal(event.spot), known.get(normal(event.thing)))
        if room is None:
            present = Counter(where for where in places[i].values() if where is not None)
            if not present:  # told before anybody came: where somebody comes first
                room = next((normal(later.place) for _, later in _flat(lines) if isinstance(later, e.Enters)), None)
            else:
                room = present.most_common(1)[0][0]
        return event if room is None else msgspec.structs.replace(event, place=room)

    return [Line(line.text, tuple(with_place(i, event) for event in line.events)) for i, line in enumerate(lines)]


def _from_the_start(lines: list[Line]) -> list[Line]:
    """Return the lines with those people entering at the beginning who act, or leave, without having come: they were there."""
    came: set[str] = set()
    there: dict[str, str] = {}
    room = next((normal(event.place) for _, event in _flat(lines) if isinstance(event, e.IsAt) and event.place), "")
    for _, event in _flat(lines):
        who, place = "", room
        if isinstance(event, e.Enters):
            came.add(normal(event.person))
        elif isinstance(event, e.Leaves):
            who, place = normal(event.person), normal(event.place) or room
        elif isinstance(event, e.Moves | e.Takes | e.Opens | e.Attends):
            who = normal(event.person)
        if who and who not in came:
            came.add(who)
            there[who] = place
    if not there:
        return lines
    first = tuple(e.Enters(who, place) for who, place in there.items())
    return [Line(lines[0].text, (*first, *lines[0].events)), *lines[1:]]


def _exit_order(lines: list[Line]) -> list[Line]:
    """Return the lines with the believers of each telling: those who left the thing's room before the speaker did."""
    left: dict[str, int] = {}
    staged: list[Line] = []
    for i, line in enumerate(lines):
        events: list[e.Event] = []
        for event in line.events:
            if isinstance(event, e.Leaves):
                left[normal(event.person)] = i
            elif isinstance(event, e.Tells):
                spoke = left.get(normal(event.speaker), i)
                believers = tuple(who for who, when in left.items() if when < spoke)
                event = msgspec.structs.replace(event, believed_by=believers)
            events.append(event)
        staged.append(Line(line.text, tuple(events)))
    return staged
