"""What people of a scene seem to want: looks, walks, deeds, words and answers, as they come over the bus."""

from __future__ import annotations

import math

import msgspec
import pytest

from cognitive.memory.store import Saved
from cognitive.mind.goals.inference import PersonGoals
from cognitive.mind.goals.plans import NONE
from cognitive.mind.goals.pursuits import Pursuits
from cognitive.mind.goals.view import GoalView
from cognitive.perceive import perceive
from cognitive.scene import Scene
from runtime import messages as m
from runtime.goals import Declared, Goal, GoalSettings, GoalStep, Place

S = 10**9
COAT = (
    GoalStep(looks_at="coat rack", says="where * coat"),
    GoalStep(approaches="coat rack"),
    GoalStep(does="hangs up the coat"),
)
TICKET = (
    GoalStep(looks_at="ticket machine"),
    GoalStep(handles="ticket machine"),
    GoalStep(does="takes the ticket"),
)
BEN = (GoalStep(looks_at="ben"), GoalStep(approaches="ben"), GoalStep(says="nice to meet you"))
DECLARED = Declared(
    places={"coat rack": Place(bearing_deg=60, distance_m=3.0), "exit": Place(bearing_deg=-60, distance_m=4.0)},
    goals=(
        Goal(id="hang_up_coat", prior=0.15, offer="Are you looking for the coat rack?", steps=COAT),
        Goal(id="buy_ticket", prior=0.15, steps=TICKET),
        Goal(id="go_home", prior=0.1, steps=(GoalStep(handles="coat"), GoalStep(approaches="exit"))),
        Goal(id="meet_ben", prior=0.1, steps=BEN),
    ),
)


class Watcher:
    """A scene with Anna and what she seems to want, half a second at a time."""

    def __init__(self, saved: dict[str, PersonGoals] | None = None) -> None:
        self.scene, self.now_ns = Scene(), 0
        self.pursuits = Pursuits(DECLARED, GoalSettings(), {} if saved is None else saved)

    def goes_on(
        self, seconds: float, *messages: m.Message, who: str = "anna", at: tuple = (0.0, 2.0), **looks: object
    ) -> dict[str, GoalView]:
        waiting = list(messages)
        for _ in range(round(2 * seconds)):
            self.now_ns += S // 2
            percept = m.PersonPercept(
                state="present",
                person_id=who,
                bearing_rad=(math.radians(at[0]), 0.0),
                distance_m=at[1],
                gaze_confidence=0.9,
                **looks,
            )
            now = [msgspec.structs.replace(message, t_ns=self.now_ns) for message in (*waiting, percept)]
            waiting = []
            for message in now:
                perceive(self.scene, message, self.now_ns)
            self.pursuits.update(self.scene, now, self.now_ns)
        return {view.id: view for view in self.pursuits.view("anna")}

    def share(self, name: str) -> float:
        return self.pursuits.people["anna"].belief.shares[name]


def said(text: str, **more: object) -> m.Turn:
    return m.Turn(state="ended", speaker="user", turn_id=text, text=text, **more)


AT_RACK = {"gaze_target": "object", "gaze_name": "coat rack"}


def test_before_anything_is_seen_the_prior_holds() -> None:
    views = Watcher().goes_on(3.0)
    assert {name: view.p for name, view in views.items()} == pytest.approx({g.id: g.prior for g in DECLARED.goals})
    assert not any(view.sure for view in views.values())


def test_a_held_look_is_one_act_however_long_it_lasts_and_a_glance_is_none() -> None:
    watcher = Watcher()
    watcher.goes_on(0.5, **AT_RACK)
    assert watcher.goes_on(0.5)["hang_up_coat"].p == pytest.approx(0.15, abs=1e-3)
    views = watcher.goes_on(2.0, **AT_RACK)
    assert views["hang_up_coat"].p > 0.25 and views["hang_up_coat"].done == 1
    assert watcher.goes_on(8.0, **AT_RACK)["hang_up_coat"].p == pytest.approx(views["hang_up_coat"].p, abs=0.01)


def test_walking_there_and_staying_makes_sure() -> None:
    watcher = Watcher()
    watcher.goes_on(2.0, **AT_RACK)
    looked = watcher.goes_on(1.0)["hang_up_coat"].p
    walked = watcher.goes_on(0.5, at=(40.0, 2.0))["hang_up_coat"]
    assert walked.p > looked and walked.done == 1
    there = watcher.goes_on(3.0, at=(55.0, 2.7))["hang_up_coat"]
    assert there.sure and there.done == 2 and there.next_step == "hangs up the coat"
    assert watcher.share("go_home") < 0.05, "the exit lies the other way"


def test_walking_by_is_no_arrival() -> None:
    watcher = Watcher()
    watcher.goes_on(2.0, at=(0.0, 2.0))
    watcher.goes_on(0.5, at=(55.0, 2.7))
    assert watcher.goes_on(2.0, at=(100.0, 3.5))["hang_up_coat"].done == 0


def test_who_is_first_seen_there_has_not_come_there() -> None:
    assert Watcher().goes_on(5.0, at=(60.0, 3.0))["hang_up_coat"].done == 0


def test_walking_away_speaks_against_a_goal() -> None:
    watcher = Watcher()
    watcher.goes_on(1.0)
    before = watcher.share("hang_up_coat")
    watcher.goes_on(1.0, at=(-50.0, 2.5))
    assert watcher.share("hang_up_coat") < before
    assert any(reason.cue.startswith("walks") for reason in watcher.pursuits.people["anna"].reasons["hang_up_coat"])


def test_people_may_be_walked_to_as_well() -> None:
    watcher = Watcher()
    watcher.goes_on(1.0, who="ben", at=(80.0, 3.0))
    watcher.goes_on(1.0)
    watcher.goes_on(
        0.5, m.PersonPercept(state="present", person_id="ben", bearing_rad=(1.4, 0.0), distance_m=3.0), at=(40.0, 2.0)
    )
    views = watcher.goes_on(3.0, at=(75.0, 2.6))
    assert views["meet_ben"].done == 2, "who has come to him has looked at him"


def test_deeds_and_words_count_with_the_trust_in_the_report() -> None:
    sure, doubtful = Watcher(), Watcher()
    for watcher, confidence in ((sure, 1.0), (doubtful, 0.5)):
        watcher.goes_on(1.0)
        watcher.goes_on(1.0, m.WorldEvent(text="Anna touches the ticket machine", confidence=confidence))
    assert sure.share("buy_ticket") > doubtful.share("buy_ticket") > 0.2
    sure.goes_on(1.0, said("where do I put my coat", person_id="anna"))
    assert sure.share("hang_up_coat") > 0.15, "words are dear: nobody asks for nothing"


def test_a_report_that_is_hardly_more_than_a_guess_counts_for_nothing() -> None:
    watcher = Watcher()
    watcher.goes_on(1.0)
    watcher.goes_on(1.0, m.WorldEvent(text="Anna touches the ticket machine", confidence=0.2))
    assert watcher.share("buy_ticket") == pytest.approx(0.15, abs=1e-3)


def test_another_persons_deeds_are_theirs() -> None:
    watcher = Watcher()
    watcher.goes_on(1.0)
    watcher.goes_on(1.0, who="ben")
    watcher.goes_on(1.0, m.WorldEvent(text="Ben touches the ticket machine"))
    assert watcher.share("buy_ticket") == pytest.approx(0.15, abs=1e-3)
    assert watcher.pursuits.people["ben"].belief.shares["buy_ticket"] > 0.4


def test_what_no_plan_names_speaks_for_none_of_them_once() -> None:
    watcher = Watcher()
    watcher.goes_on(1.0)
    watcher.goes_on(2.0, gaze_target="object", gaze_name="poster")
    once = watcher.share(NONE)
    assert once > 0.5
    watcher.goes_on(2.0, gaze_target="away")
    watcher.goes_on(2.0, gaze_target="object", gaze_name="poster")
    assert watcher.share(NONE) == pytest.approx(once, abs=0.01)


def test_the_answer_to_an_offer_settles_it() -> None:
    for text, low, high in (("yes please", 0.8, 1.0), ("no thanks", 0.0, 0.3)):
        watcher = Watcher()
        watcher.goes_on(2.0, **AT_RACK)
        watcher.goes_on(3.0, at=(40.0, 2.0))
        watcher.pursuits.offered("hang_up_coat", "anna", watcher.now_ns)
        offer = DECLARED.goals[0].offer
        watcher.goes_on(
            1.0, m.AgentSpeech(state="started", response_id="r", text=offer, duration_ms=500), at=(40.0, 2.0)
        )
        watcher.goes_on(1.0, m.AgentSpeech(state="finished", response_id="r"), at=(40.0, 2.0))
        view = watcher.goes_on(1.0, said(text, person_id="anna"), at=(40.0, 2.0))["hang_up_coat"]
        assert low < view.p < high and view.offered


def test_yes_to_something_else_says_nothing_about_a_goal() -> None:
    watcher = Watcher()
    watcher.goes_on(2.0, **AT_RACK)
    before = watcher.share("hang_up_coat")
    watcher.goes_on(
        1.0, m.AgentSpeech(state="started", response_id="r", text="Nice weather, is it not?", duration_ms=500)
    )
    watcher.goes_on(1.0, said("yes", person_id="anna"))
    assert watcher.share("hang_up_coat") == pytest.approx(before, abs=0.01)


def test_trying_the_same_again_and_failing_are_kept() -> None:
    watcher = Watcher()
    watcher.goes_on(1.0)
    for text in ("Anna touches the ticket machine",) * 3 + ("Anna cannot open the ticket machine",):
        view = watcher.goes_on(2.0, m.WorldEvent(text=text))["buy_ticket"]
    assert view.again == 2 and view.failed_ns > view.progress_ns > 0


def test_who_comes_anew_may_want_something_else() -> None:
    watcher = Watcher()
    watcher.goes_on(3.0, **AT_RACK)
    watcher.pursuits.offered("hang_up_coat", "anna", watcher.now_ns)
    left = m.PersonPercept(state="left", person_id="anna", t_ns=watcher.now_ns)
    perceive(watcher.scene, left, watcher.now_ns)
    watcher.now_ns += 60 * S
    view = watcher.goes_on(1.0)["hang_up_coat"]
    assert view.p == pytest.approx(0.15) and not view.offered and not view.done


def test_a_restart_goes_on_with_what_was_known() -> None:
    saved = Saved()
    watcher = Watcher(saved.goals)
    watcher.goes_on(3.0, at=(0.0, 2.0), **AT_RACK)
    again = msgspec.json.decode(msgspec.json.encode(saved), type=Saved)
    assert again.goals == saved.goals
    resumed = Pursuits(DECLARED, GoalSettings(), again.goals)
    assert resumed.view("anna") == watcher.pursuits.view("anna")


def test_a_scenario_with_other_goals_begins_anew() -> None:
    saved: dict[str, PersonGoals] = {}
    Watcher(saved).goes_on(3.0, **AT_RACK)
    Pursuits(Declared(goals=DECLARED.goals[:1]), GoalSettings(), saved)
    assert not saved


def test_memory_is_bounded_over_a_long_day() -> None:
    watcher = Watcher()
    for number in range(60):
        watcher.goes_on(1.5, who=f"p{number}", gaze_target="object", gaze_name=f"thing {number}")
        watcher.goes_on(
            1.5, m.WorldEvent(text=f"Anna waters plant {number}"), gaze_target="object", gaze_name=f"thing {number}"
        )
    assert len(watcher.pursuits.people) <= 12
    assert max(map(len, (one.others for one in watcher.pursuits.people.values()))) <= 16
    assert all(len(reasons) <= 6 for one in watcher.pursuits.people.values() for reasons in one.reasons.values())


def test_every_goal_can_be_asked_why() -> None:
    from cognitive.mind.goals.view import in_words, variable
    from cognitive.mind.person import PersonMind

    watcher = Watcher()
    watcher.goes_on(2.0, **AT_RACK)
    mind = watcher.pursuits.into(PersonMind(person_id="anna", updated_ns=watcher.now_ns).view(watcher.now_ns))
    assert "looks at coat rack (+" in mind.why(variable("hang_up_coat"))
    told = in_words(mind.goals, mind.reasons)
    assert told.startswith("wants to hang up coat 0.") and "looks at coat rack +" in told and "1 of 3 steps" in told
