"""The state is saved and bounded."""

from __future__ import annotations

import msgspec
import pytest

from cognitive.mind import state as st
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import Enters, Fact, IsAt, Moves, Sees, Tells
from runtime.clock import NS_PER_S


def busy(model, events=4_000):
    for i in range(events):
        t_ns = i * NS_PER_S
        who = f"person {i % 57}"
        model.apply(Enters(who, f"room {i % 5}"), t_ns)
        model.apply(Moves(who, f"thing {i % 113}", f"box {i % 171}"), t_ns, text="x" * 500)
        if i % 7 == 0:
            model.apply(Tells(who, Fact(f"thing {i % 91}", "place", f"box {i % 13}")), t_ns)
    return model


def test_a_saved_model_answers_as_before(scene):
    told = scene("""
        Sally and Anne are in the kitchen.
        The box is labelled sweets.
        Sally puts the ball in the basket.
        Sally leaves.
        Sally watches Anne through the window.
        Anne moves the ball to the box.
    """)
    again = EpistemicModel.restore(told.model.save())
    assert again.state == told.model.state
    assert again.belief(("Anne", "Sally"), "ball") == told.model.belief(("Anne", "Sally"), "ball")
    again.apply(Moves("Anne", "ball", "bag"), 10 * NS_PER_S)
    assert again.belief("Sally", "ball").value == "bag", "Sally still watches"


def test_the_state_is_plain_data():
    model = busy(EpistemicModel(), 50)
    assert msgspec.convert(msgspec.to_builtins(model.state), st.EpistemicState) == model.state


def test_what_is_no_state_is_refused():
    with pytest.raises(msgspec.DecodeError):
        EpistemicModel.restore(b'{"people": 3}')


def test_the_state_has_a_bound_that_a_long_day_does_not_pass():
    model = busy(EpistemicModel(me="ada"))
    early = len(model.save())
    state = model.state
    assert len(state.people) <= st.PEOPLE_MAX
    assert len(state.facts) <= st.FACTS_MAX
    assert len(state.spots) <= st.SPOTS_MAX
    assert all(len(record.sightings) <= st.SIGHTINGS_MAX for record in state.facts.values())
    assert all(len(s.evidence.text) <= st.TEXT_CHARS for r in state.facts.values() for s in r.sightings)
    busy(model)
    assert len(model.save()) < 1.5 * early


def test_the_agent_itself_is_never_forgotten():
    model = EpistemicModel(me="ada")
    model.present("ada", 0)
    busy(model, 300)
    assert "ada" in model.people()


def test_old_evidence_gives_way_before_it_matters():
    """Moved a hundred times in front of the same two people, a thing is still believed where it was when the third left."""
    model = EpistemicModel()
    for who in ("anna", "ben", "carl"):
        model.present(who, 0)
    model.apply(Moves("anna", "keys", "drawer"), 1)
    model.absent("carl", 2)
    for i in range(100):
        model.apply(Moves("anna", "keys", f"box {i % 9}"), 3 + i)
    assert model.belief(("anna", "carl"), "keys").value == "drawer"
    assert model.belief("carl", "keys").value == "drawer"
    assert model.belief("ben", "keys").value == "box 0"


def test_names_may_be_written_in_many_ways():
    model = EpistemicModel()
    model.present("Anna", 0)
    model.apply(IsAt("the Green_Pepper", "blue-suitcase."), 1)
    assert model.belief("ANNA", "green pepper").value == "blue suitcase"


def test_my_phone_is_not_your_phone():
    model = EpistemicModel()
    model.present("anna", 0)
    model.apply(IsAt("anna's phone", "shelf", "on"), 1)
    assert model.resolve("phone") == "anna's phone"
    assert model.belief("anna", "phone").value == "shelf"
    model.apply(IsAt("ben's phone", "table", "on"), 2)
    assert model.belief("anna", "phone") is None, "which of the two?"
    assert model.resolve("phone", owner="ben") == "ben's phone"


def test_nonsense_changes_nothing_and_raises_nothing():
    model = EpistemicModel()
    for event in (
        IsAt("", "box"),
        Moves("anna", "ball", ""),
        Moves("anna", "ball", "ball"),
        Sees("anna", Fact("", "", "")),
    ):
        model.apply(event, 0)
    assert model.belief((), "ball") is None
    assert model.belief(("nobody", "anna"), "nothing") is None
    assert model.contents((), "box") == ()
