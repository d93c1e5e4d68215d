"""Goals through the whole slow loop on virtual time: scenes with a labelled window, and such where staying quiet is right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from cognitive.bench.social.agents import Attune
from cognitive.bench.social.judge import Verdict, judge
from cognitive.bench.social.play import play as play_scene
from cognitive.bench.social.scene_file import SceneScript, parse_scene
from cognitive.bench.social.timeline import messages_of
from cognitive.memory.bank import Bank
from cognitive.persona import load_persona
from cognitive.reasoners.brief import make_brief
from runtime import messages as m
from runtime.launch_files import parse_yaml
from runtime.settings import CognitiveSettings

DECLARED = """
places:
  coat rack: {bearing_deg: 50, distance_m: 3.0}
  exit: {bearing_deg: -60, distance_m: 4.0}
goals:
  - id: hang_up_coat
    about: hang up a coat
    prior: 0.15
    steps:
      - {looks_at: coat rack, says: "where * coat"}
      - {approaches: coat rack}
      - {does: hangs the coat on the hook}
    offer: Are you looking for a free hook? There are more behind the door.
  - id: buy_ticket
    prior: 0.15
    steps:
      - {looks_at: ticket machine}
      - {handles: ticket machine, does: presses the button}
      - {does: takes the ticket}
    offer: Shall I help you with the ticket machine?
  - id: read_the_plan
    prior: 0.1
    steps:
      - {looks_at: site plan}
      - {does: points at the plan}
"""

NO_FREE_HOOK = """
scene: no-free-hook
about: Anna goes to the coat rack, stands there with her coat, and looks about.
seconds: 60
script:
  - {at: 1.0, arrives: anna, facing: 0.9}
  - {at: 2.0, agent: "Hello!"}
  - {at: 8.0, looks: anna, target: object, name: coat rack}
  - {at: 12.0, moves: anna, bearing_deg: 25, distance_m: 2.2}
  - {at: 13.0, moves: anna, bearing_deg: 42, distance_m: 2.6}
  - {at: 22.0, looks: anna, target: away}
windows:
  - {from: 18, to: 35, trigger: user_intent, why: she stands there and does not get on}
quiet:
  - {from: 3, to: 17, why: she knows where she goes}
"""
MACHINE_FAILS = """
scene: machine-fails
seconds: 50
script:
  - {at: 1.0, arrives: anna, facing: 0.9}
  - {at: 2.0, agent: "Hello!"}
  - {at: 8.0, looks: anna, target: object, name: ticket machine}
  - {at: 12.0, event: "Anna presses the button of the ticket machine"}
  - {at: 18.0, event: "Anna tries the ticket machine in vain"}
windows:
  - {from: 18, to: 26, trigger: user_intent, why: the machine does not do what she wants}
quiet:
  - {from: 3, to: 17.5, why: she is at the machine}
"""
MACHINE_WORKS = """
scene: machine-works
seconds: 60
script:
  - {at: 1.0, arrives: anna, facing: 0.9}
  - {at: 2.0, agent: "Hello!"}
  - {at: 8.0, looks: anna, target: object, name: ticket machine}
  - {at: 12.0, event: "Anna presses the button of the ticket machine"}
  - {at: 17.0, event: "Anna takes the ticket"}
  - {at: 18.0, looks: anna, target: away}
quiet:
  - {from: 3, to: 60, why: she gets what she wants}
"""
SOMETHING_ELSE = """
scene: something-else
seconds: 80
script:
  - {at: 1.0, arrives: anna, facing: 0.9}
  - {at: 2.0, agent: "Hello!"}
  - {at: 8.0, looks: anna, target: object, name: poster}
  - {at: 20.0, looks: anna, target: object, name: statue}
  - {at: 30.0, moves: anna, bearing_deg: -30, distance_m: 2.5}
  - {at: 40.0, looks: anna, target: object, name: ticket machine}
  - {at: 43.0, looks: anna, target: object, name: poster}
quiet:
  - {from: 3, to: 80, why: she looks at things; one look at the machine is no need}
"""


def scene(text: str, declared: str = DECLARED) -> SceneScript:
    return parse_scene(parse_yaml(text + declared, "scene.yaml"), "scene.yaml")


def judged(text: str, declared: str = DECLARED, *, theory_of_mind: bool = True) -> tuple[Verdict, list[str]]:
    read = scene(text, declared)
    settings = CognitiveSettings()
    agent = Attune(read.agent, settings, load_persona("default"), 0, theory_of_mind=theory_of_mind, goals=read.declared)
    played = play_scene(read, agent, settings.cycle_s)
    return judge(played), [initiative.words for initiative in played.initiatives]


def test_who_does_not_get_on_is_offered_what_the_scenario_has_for_it_once() -> None:
    verdict, words = judged(NO_FREE_HOOK)
    assert not verdict.missed and not verdict.false_alarms and all(kept for _, kept in verdict.quiet)
    assert words == ["Are you looking for a free hook? There are more behind the door."]


def test_who_fails_is_helped_at_once() -> None:
    verdict, words = judged(MACHINE_FAILS)
    assert not verdict.missed and not verdict.false_alarms and all(kept for _, kept in verdict.quiet)
    assert words == ["Shall I help you with the ticket machine?"]


def test_who_is_offered_help_for_another_reason_is_offered_what_they_want() -> None:
    """Searching is a sign of its own, also where nothing is known of goals."""
    searches = """
scene: searches
seconds: 40
script:
  - {at: 1.0, arrives: anna, facing: 0.9}
  - {at: 2.0, agent: "Hello!"}
  - {at: 8.0, looks: anna, target: object, name: ticket machine}
  - {at: 12.0, event: "Anna presses the button of the ticket machine"}
  - {at: 18.0, event: "Anna searches her bag"}
  - {at: 22.0, event: "Anna searches her coat"}
  - {at: 22.5, looks: anna, target: agent}
windows:
  - {from: 18, to: 32, trigger: user_intent, why: she does not get on}
"""
    for declared in ("", DECLARED):
        verdict, words = judged(searches, declared)
        assert not verdict.missed and not verdict.false_alarms
        assert (words == ["Shall I help you with the ticket machine?"]) is bool(declared)


@pytest.mark.parametrize("text", [MACHINE_WORKS, SOMETHING_ELSE], ids=["gets on", "wants none of these"])
def test_the_agent_keeps_quiet(text: str) -> None:
    verdict, words = judged(text)
    assert words == [] and all(kept for _, kept in verdict.quiet)


def test_who_wants_to_be_left_alone_is() -> None:
    asked = '  - {at: 5.0, says: anna, text: "please leave me alone"}\n'
    quiet = MACHINE_FAILS.replace("  - {at: 8.0,", asked + "  - {at: 8.0,").partition("windows:")[0]
    _, words = judged(quiet)
    assert "Shall I help you with the ticket machine?" not in words


def test_who_says_no_is_not_asked_again_nor_taken_to_want_it() -> None:
    declined = '  - {at: 24.0, says: anna, text: "no thanks"}\n  - {at: 44.0, event: "Anna tries the ticket machine in vain"}\n'
    text = MACHINE_FAILS.replace("seconds: 50", "seconds: 90").replace("windows:", declined + "windows:")
    _, words = judged(text)
    assert words.count("Shall I help you with the ticket machine?") == 1


@pytest.mark.parametrize("text", [NO_FREE_HOOK, MACHINE_FAILS])
def test_without_declared_goals_or_without_theory_of_mind_nothing_is_offered(text: str) -> None:
    offers = {goal.offer for goal in scene(text).goals}
    assert not offers & set(judged(text, "")[1])
    assert not offers & set(judged(text, theory_of_mind=False)[1])


class Cycles:
    """The cycles of a scene, with what each was made of."""

    def __init__(self, text: str, declared: str = DECLARED, seconds: float = 50.0) -> None:
        read = scene(text, declared)
        self.seconds = seconds
        self.agent = Attune(read.agent, CognitiveSettings(), load_persona("default"), 0, goals=read.declared)
        self.outcomes = asyncio.run(self._run(read))

    async def _run(self, read: SceneScript) -> list:
        waiting, found = list(messages_of(read)), []
        for tick in range(1, round(2 * self.seconds)):
            now_ns = tick * 5 * 10**8
            now = [message for t_ns, message in waiting if t_ns <= now_ns]
            del waiting[: len(now)]
            found.append(await self.agent.cycle.run(now, now_ns, regular=True))
        return found


def test_what_people_seem_to_want_is_published_with_its_evidence() -> None:
    told = [outcome.sections["goals"] for outcome in Cycles(MACHINE_FAILS).outcomes]
    assert told[0] == ""
    line = next(line for line in told if "presses the button" in line)
    assert line.startswith("anna wants to buy ticket 0.") and "looks at ticket machine +" in line
    assert "2 of 3 steps done" in line
    assert all("goals" not in outcome.sections for outcome in Cycles(MACHINE_FAILS, "").outcomes)


def test_the_offer_names_what_it_rests_on() -> None:
    outcome = next(one for one in Cycles(MACHINE_FAILS).outcomes if one.intentions)
    evidence = {item.kind: item for intention in outcome.intentions for item in intention.evidence}
    assert evidence["goal believed"].detail.startswith("wants to buy ticket: 0.")
    assert evidence["does not get on"].detail == "fails at it"
    look = evidence["looks at ticket machine"]
    assert look.weight > 0.5 and 8 * 10**9 < look.t_ns < 11 * 10**9, "the look itself, when it was held"


@pytest.mark.parametrize(("state", "kept"), [("finished", True), ("rejected", False)])
def test_an_offer_that_was_not_made_after_all_is_not_taken_for_made(state: str, kept: bool) -> None:
    cycles = Cycles(MACHINE_FAILS, seconds=22.0)
    thinker = cycles.agent.cycle
    spoken = next(i for one in cycles.outcomes for i in one.intentions if i.kind == "dialogue" and i.score < 1.0)
    assert thinker.saved.goals["anna"].offered_ns == {"buy_ticket": spoken.t_ns}
    answers = [
        m.IntentionAnswer(intention_id=spoken.id, state=one, t_ns=spoken.t_ns + 1) for one in ("accepted", state)
    ]
    asyncio.run(thinker.run(answers, 225 * 10**8, regular=True))
    assert bool(thinker.saved.goals["anna"].offered_ns) is kept


def test_a_language_model_is_told_under_letters() -> None:
    cycles = Cycles(MACHINE_FAILS.replace("anna", "zoe").replace("Anna", "Zoe"))
    thinker = cycles.agent.cycle
    seen = {}

    class Asked:
        name, trouble, counters = "asked", "", {}

        async def assess(self, situation, bank):
            seen["brief"] = make_brief(
                situation, Bank(), load_persona("default"), await embedded.assess(situation, bank)
            )
            return await embedded.assess(situation, bank)

        async def aclose(self) -> None: ...

    embedded, thinker._reasoner = thinker._reasoner, Asked()
    asyncio.run(thinker.run([], 51 * 10**9, regular=True))
    data = seen["brief"].data
    assert "seems to have a goal: wants to buy ticket 0." in data and "zoe" not in data.lower()


SCENARIO = 'name: station\nrules:\n  - {id: hi, patterns: ["hello"], replies: ["Hello!"]}\n' + DECLARED


def test_the_room_reads_the_goals_of_the_scenario(play: Callable, tmp_path: Path) -> None:
    file = tmp_path / "station.yaml"
    file.write_text(SCENARIO)
    script = [(t_ns / 1e9, message) for t_ns, message in messages_of(scene(MACHINE_FAILS))]
    record = play(script, 40.0, scenario=str(file))
    at_s, words = record.said()[-1]
    assert 18.0 < at_s < 27.0 and words == "Shall I help you with the ticket machine?"
    assert any("anna wants to buy ticket" in cycle.memory["goals"] for cycle in record.cycles)


def test_help_is_offered_once_in_an_encounter_also_after_a_restart(play: Callable, tmp_path: Path) -> None:
    file = tmp_path / "station.yaml"
    file.write_text(SCENARIO)
    longer = MACHINE_FAILS.replace("seconds: 50", "seconds: 95")
    script = [(t_ns / 1e9, message) for t_ns, message in messages_of(scene(longer))]
    again = (
        (50.0, "Anna takes the ticket"), (60.0, "Anna looks at the ticket machine"), (64.0, "Anna presses the button"),
        (70.0, "Anna tries the ticket machine in vain"),
    )  # fmt: skip
    script += [(t_s, m.WorldEvent(text=text)) for t_s, text in again]
    record = play(script, 90.0, scenario=str(file), kill_at_s=40.0)
    assert [words for _, words in record.said()].count("Shall I help you with the ticket machine?") == 1
    late = [cycle.memory["goals"] for cycle in record.cycles if cycle.t_ns > 71 * 10**9]
    assert "wants to buy ticket 0.9" in late[0], "it is believed once more"
