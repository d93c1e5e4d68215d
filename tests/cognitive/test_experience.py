"""What is learnt from how initiatives end: chosen less where they fail, forgotten with the person, bounded, shown."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognitive.motivation.experience import (
    CAUTION_MAX,
    PENDING_MAX,
    PRIOR_MEAN,
    REFUSALS,
    REST_S,
    TAKE_UP_S,
    TALLIES_MAX,
    Experience,
)
from cognitive.scene import Person, Scene
from cognitive.situation import derive

S = 10**9


def moment(now_s, **facts):
    scene = Scene(people={"anna": Person(person_id="anna", last_ns=round(now_s * S), **facts)})
    return derive(scene, round(now_s * S))


def invite(experience, at_s, *, taken_up):
    experience.invited("ask", "anna", round(at_s * S))
    answer_ns = round((at_s + 3) * S) if taken_up else 0
    experience.judge(moment(at_s + TAKE_UP_S, addressed_ns=answer_ns))


def test_without_experience_nothing_is_changed():
    experience = Experience()
    assert experience.caution("ask", "anna") == 1.0 and experience.take_up("ask", "anna") == PRIOR_MEAN
    assert experience.text() == ""


def test_an_act_that_a_person_never_takes_up_needs_more_each_time_up_to_a_bound():
    experience, cautions = Experience(), []
    for k in range(30):
        invite(experience, 100.0 * k + 1, taken_up=False)
        cautions.append(experience.caution("ask", "anna"))
    assert cautions == sorted(cautions) and cautions[0] > 1.0 and cautions[-1] == CAUTION_MAX


def test_one_that_is_taken_up_again_is_trusted_again():
    experience = Experience()
    for k in range(3):
        invite(experience, 100.0 * k + 1, taken_up=False)
    before = experience.caution("ask", "anna")
    for k in range(3, 8):
        invite(experience, 100.0 * k + 1, taken_up=True)
    assert experience.caution("ask", "anna") < before


def test_what_others_never_take_up_makes_wary_of_a_stranger_but_less():
    experience = Experience()
    for k in range(4):
        invite(experience, 100.0 * k + 1, taken_up=False)
    assert experience.caution("ask", "ben") > 1.0
    assert experience.caution("comfort", "ben") == 1.0
    invite(experience, 900.0, taken_up=False)
    assert experience.take_up("ask", "anna") < experience.take_up("ask", "ben")


def test_asking_for_quiet_or_leaving_takes_nothing_up():
    experience = Experience()
    experience.invited("ask", "anna", 1 * S)
    experience.judge(moment(3.0, addressed_ns=2 * S, quiet_until_ns=60 * S))
    experience.invited("ask", "ben", 1 * S)
    experience.judge(moment(3.0))
    assert [tally.ignored for tally in experience.tallies.values()] == [1, 1] and experience.pending == []


def test_what_the_body_refuses_again_and_again_rests_and_is_tried_anew():
    experience = Experience()
    for _ in range(REFUSALS):
        assert experience.possible("locomotion/approach", 5 * S)
        experience.refused("locomotion/approach", "this body cannot walk", 5 * S)
    assert not experience.possible("locomotion/approach", 6 * S)
    assert experience.possible("locomotion/approach", round((6 + REST_S) * S))
    experience.done("locomotion/approach")
    assert experience.possible("locomotion/approach", 6 * S)


def test_a_busy_body_is_no_body_that_cannot():
    experience = Experience()
    for _ in range(9):
        experience.refused("gesture/wave", "64 intentions wait already", 5 * S)
    assert experience.possible("gesture/wave", 6 * S)


def test_a_person_is_forgotten():
    experience = Experience()
    invite(experience, 1.0, taken_up=True)
    experience.ended("ask", "ben", carried_out=False)
    experience.invited("ask", "anna", 50 * S)
    experience.forget_person("anna")
    assert list(experience.tallies) == ["ask/ben"] and experience.pending == []


def test_it_survives_being_saved_and_says_what_it_knows():
    experience = Experience()
    invite(experience, 1.0, taken_up=False)
    kept = msgspec.json.decode(msgspec.json.encode(experience), type=Experience)
    assert kept == experience and "ask to anna: taken up 0 of 1 (0.67)" in kept.text()


@given(st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4), st.booleans()), max_size=600))
def test_it_stays_bounded_and_its_chances_are_probabilities(ends):
    experience = Experience()
    for act, person, good in ends:
        experience.ended(act, person, carried_out=good)
        experience.invited(act, person, S)
        assert 0.0 < experience.carry_out(act, person) < 1.0
    assert len(experience.tallies) <= TALLIES_MAX and len(experience.pending) <= PENDING_MAX


@pytest.mark.parametrize("failures", range(6))
def test_the_chance_is_the_mean_of_the_posterior(failures):
    experience = Experience()
    for _ in range(failures):
        experience.ended("ask", "anna", carried_out=False)
    assert experience.carry_out("ask", "anna") == pytest.approx(6 / (8 + failures))
