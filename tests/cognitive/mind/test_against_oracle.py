"""Whatever happens, the model agrees with the brute-force oracle, which shares no code with it, on every chain up to the third order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as s

from cognitive.bench.stories.oracle import Oracle
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE, Attends, Enters, Fact, IsAt, Leaves, Moves, Tells

PEOPLE = ("ann", "bob", "cid")
ROOMS = ("den", "hall")
BOXES = {"den": ("tin", "jar", "bag"), "hall": ("bin", "pot")}
THINGS = ("key", "cup")

steps = s.lists(
    s.one_of(
        s.tuples(s.just("go"), s.sampled_from(PEOPLE), s.sampled_from((*ROOMS, None))),
        s.tuples(s.just("move"), s.sampled_from(PEOPLE), s.sampled_from(THINGS), s.integers(0, 2)),
        s.tuples(s.just("attend"), s.sampled_from(PEOPLE), s.sampled_from(("awake", "asleep"))),
        s.tuples(
            s.just("tell"),
            s.sampled_from(PEOPLE),
            s.sampled_from(THINGS),
            s.sampled_from(("tin", "jar", "bin", "car")),
            s.sampled_from(((), *((who,) for who in PEOPLE))),
        ),
    ),
    min_size=3,
    max_size=14,
)


def play(steps, see_all):
    """Return model and oracle after the same events."""
    model = EpistemicModel(sight="all" if see_all else "nothing")
    oracle = Oracle(PEOPLE, order=3, see_all=see_all)
    t_ns = 0

    def happens(event):
        nonlocal t_ns
        t_ns += 1
        oracle.happens(event)
        model.apply(event, t_ns)

    for who in PEOPLE:
        happens(Enters(who, "den"))
    for thing, spot in zip(THINGS, ("tin", "jar"), strict=True):
        happens(IsAt(thing, spot, "in", "den"))
    for step in steps:
        match step:
            case ("go", who, room):
                if room is not None:
                    happens(Enters(who, room))
                elif oracle.room_of[who] is not None:
                    happens(Leaves(who, oracle.room_of[who]))
            case ("move", who, thing, n):
                room = oracle.room_of[who]
                if room is not None and oracle.awake[who] and oracle.container_room[oracle.really[thing]] == room:
                    happens(Moves(who, thing, BOXES[room][n % len(BOXES[room])]))
            case ("attend", who, state):
                happens(Attends(who, state))
            case ("tell", who, thing, spot, hearers):  # to somebody elsewhere: by telephone
                if oracle.awake[who] and who not in hearers:
                    happens(Tells(who, Fact(thing, PLACE, spot), hearers))
    return model, oracle


@pytest.mark.parametrize("see_all", [True, False])
@settings(max_examples=150, deadline=None)
@given(steps=steps)
def test_every_chain_agrees(see_all, steps):
    model, oracle = play(steps, see_all)
    for thing in THINGS:
        assert model.actual(thing) == oracle.really[thing]
        for chain in oracle.chains:
            held = model.belief(chain, thing)
            assert (held.value if held is not None else None) == oracle.believes(chain, thing), (chain, thing)


@settings(max_examples=30, deadline=None)
@given(steps=steps)
def test_saving_in_between_changes_nothing(steps):
    model, _ = play(steps, True)
    again = EpistemicModel.restore(model.save())
    model.apply(Enters("ann", "den"), 10**9)
    again.apply(Enters("ann", "den"), 10**9)
    assert again.state == model.state
