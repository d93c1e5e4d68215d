"""Who believes what in a story, found by brute force: one table entry for every chain of people, brought up to date after every event.

It knows nothing of the epistemic model and shares no code with it, so that a test of the one against the other can fail. It takes the
events that our generator makes: people come and go, things are told of and moved, somebody tells a lie, falls asleep and wakes. Slow
(people to the power of the order for each event), so for small scenes only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from cognitive.mind import events as e

Chain = tuple[str, ...]


class Oracle:
    """Tables of what every chain of people, up to an order, believes about the place of every thing."""

    def __init__(self, people: Sequence[str], order: int = 2, see_all: bool = True) -> None:
        """Take who there is; `see_all`: whoever comes in sees where everything in the room is (else nothing)."""
        self.people = tuple(people)
        self.see_all = see_all
        self.chains: list[Chain] = list(_chains(self.people, order))
        self.table: dict[tuple[Chain, str], str] = {}
        self.room_of: dict[str, str | None] = dict.fromkeys(self.people)
        self.awake = dict.fromkeys(self.people, True)
        self.really: dict[str, str] = {}
        self.at_first: dict[str, str] = {}
        self.container_room: dict[str, str] = {}
        self.clock = 0
        self._came: dict[str, int] = dict.fromkeys(self.people, 0)
        self._learnt: dict[tuple[str, str], int] = {}

    def happens(self, event: e.Event) -> None:
        """Bring the tables up to date.

        Raises:
            ValueError: for an event that it does not know.
        """
        self.clock += 1
        if isinstance(event, e.Enters):
            if self.room_of[event.person] != event.place:
                self.room_of[event.person] = event.place
                self._came[event.person] = self.clock
                self._look_around(event.person)
        elif isinstance(event, e.Leaves):
            self.room_of[event.person] = None
        elif isinstance(event, e.Attends):
            woke = event.state == "awake" and not self.awake[event.person]
            self.awake[event.person] = event.state == "awake"
            if woke:
                self._came[event.person] = self.clock
                self._look_around(event.person)
        elif isinstance(event, e.IsAt):
            self._put(event.thing, event.spot, event.place or "", ())
        elif isinstance(event, e.Moves):
            self._put(event.thing, event.spot, self.room_of[event.person] or "", (event.person,))
        elif isinstance(event, e.Tells):
            self._tell(event)
        else:
            raise ValueError(f"the oracle does not know {type(event).__name__}")

    def believes(self, chain: Chain, thing: str) -> str | None:
        """Return where a chain believes a thing to be."""
        return self.table.get((chain, thing))

    def _witnesses(self, room: str | None, doers: tuple[str, ...] = ()) -> set[str]:
        there = {who for who in self.people if room is not None and self.room_of[who] == room and self.awake[who]}
        return there | set(doers)

    def _common(self, thing: str, spot: str, group: set[str]) -> None:
        """Let a group see together where a thing is."""
        for chain in self.chains:
            if set(chain) <= group:
                self.table[chain, thing] = spot
        for who in group:
            self._learnt[who, thing] = self.clock

    def _put(self, thing: str, spot: str, room: str, doers: tuple[str, ...]) -> None:
        self.really[thing] = spot
        self.at_first.setdefault(thing, spot)
        self.container_room[spot] = room
        self._common(thing, spot, self._witnesses(room, doers))

    def _look_around(self, newcomer: str) -> None:
        room = self.room_of[newcomer]
        if not self.see_all or room is None:
            return
        for thing, spot in self.really.items():
            if self.container_room[spot] == room:
                self._common(thing, spot, self._witnesses(room, (newcomer,)))

    def _tell(self, event: e.Tells) -> None:
        speaker, thing, said = event.speaker, event.fact.subject, event.fact.value
        around = {
            who
            for who in self.people
            if self.room_of[speaker] is not None and self.room_of[who] == self.room_of[speaker]
        }
        hearers = ({who for who in around if self.awake[who]} | {who for who in event.hearers if self.awake[who]}) - {
            speaker
        }
        if not hearers:
            return
        thing_room = self.container_room.get(self.really.get(thing, ""))
        sceptics = set()
        for who in hearers:
            own = self.table.get(((who,), thing))
            watched_since = self.see_all or self._came[who] <= self._learnt.get((who, thing), -1)
            if (
                own is not None
                and own != said
                and own == self.really.get(thing)
                and self.room_of[who] == thing_room
                and watched_since
            ):
                sceptics.add(who)
        speaker_is_there = self.room_of[speaker] == thing_room and self.awake[speaker] and thing_room is not None
        sincere = ((speaker,), thing) not in self.table
        group = hearers | {speaker}
        for chain in self.chains:
            head, last = chain[0], chain[-1]
            if not set(chain) <= group:
                continue
            if len(chain) == 1:
                taken = head in hearers - sceptics or (head == speaker and sincere)
            elif last == speaker:
                taken = head not in sceptics
            elif last in sceptics:
                taken = chain == (speaker, last) and not speaker_is_there
            else:
                taken = True
            if taken:
                self.table[chain, thing] = said
        for who in hearers - sceptics:
            self._learnt[who, thing] = self.clock


def _chains(people: tuple[str, ...], order: int) -> Iterator[Chain]:
    for length in range(1, order + 1):
        for chain in product(people, repeat=length):
            if all(a != b for a, b in pairwise(chain)):
                yield chain
