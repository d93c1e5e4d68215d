"""`attune why`: from an intention back to the words and looks that it rests on, in the recording of a session."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cognitive.bench.social.agents import Attune
from cognitive.bench.social.scene_file import parse_scene
from cognitive.bench.social.timeline import messages_of
from cognitive.commands.why import command
from cognitive.persona import load_persona
from runtime import messages as m
from runtime.errors import AttuneError
from runtime.settings import CognitiveSettings
from tests.runtime.session.support import write_part

S = 10**9
SCENE = {
    "scene": "lost",
    "seconds": 40,
    "script": [
        {"at": 0.5, "arrives": "anna", "facing": 0.9},
        {"at": 1.5, "says": "anna", "text": "good morning"},
        {"at": 3.0, "agent": "Good morning. You take the reciprocal of the second fraction and multiply."},
        {"at": 10.0, "says": "anna", "text": "what do you mean I don't understand"},
    ],
}


STUCK = {
    "scene": "stuck",
    "seconds": 40,
    "script": [
        {"at": 0.5, "arrives": "anna", "facing": 0.9},
        {"at": 2.0, "agent": "Good morning."},
        {"at": 6.0, "looks": "anna", "target": "object", "name": "ticket machine"},
        {"at": 12.0, "event": "Anna presses the button"},
        {"at": 18.0, "event": "Anna tries it in vain"},
    ],
    "goals": [
        {
            "id": "buy_ticket",
            "prior": 0.2,
            "steps": [{"looks_at": "ticket machine"}, {"does": "presses the button"}, {"does": "takes the ticket"}],
            "offer": "Shall I help you with the machine?",
        }
    ],
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[m.Intention]]:
    return recorded_session(tmp_path_factory.mktemp("session"), SCENE)


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[m.Intention]]:
    return recorded_session(tmp_path_factory.mktemp("stuck"), STUCK)


def recorded_session(folder: Path, plain: dict) -> tuple[Path, list[m.Intention]]:
    """The slow loop on a scene, recorded: what came in, each cycle, what it sent, and the answers."""
    settings = CognitiveSettings()
    scene = parse_scene(plain, "scene")
    agent = Attune("Attune", settings, load_persona("default"), 0, goals=scene.declared)
    script = messages_of(scene)
    recorded: list[m.Message] = [m.SessionControl(t_ns=1, action="start")]
    sent: list[m.Intention] = []

    async def run() -> None:
        waiting = list(script)
        for tick in range(1, 80):
            now_ns = tick * S // 2
            now = [message for t_ns, message in waiting if t_ns <= now_ns]
            del waiting[: len(now)]
            outcome = await agent.cycle.run(now, now_ns, regular=True)
            recorded.extend(now)
            ids = tuple(intention.id for intention in outcome.intentions)
            recorded.append(
                m.CognitiveCycle(
                    t_ns=now_ns, cycle=outcome.cycle, duration_ms=1.0, scores=outcome.scores, intention_ids=ids,
                    restraint=outcome.restraint, memory=outcome.sections,
                )
            )  # fmt: skip
            for intention in outcome.intentions:
                sent.append(intention)
                recorded.append(intention)
                for state in ("accepted", "started", "finished"):
                    recorded.append(m.IntentionAnswer(t_ns=now_ns + 1, intention_id=intention.id, state=state))

    asyncio.run(run())
    write_part(folder / "session.mcap", recorded)
    return folder, sent


def run(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(command)
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_an_intention_is_traced_to_the_words_that_it_rests_on(session: tuple[Path, list[m.Intention]]) -> None:
    folder, sent = session
    offer = next(one for one in sent if one.trigger == "confusion_repair" and one.kind == "dialogue")
    told = run(str(folder), offer.id)
    assert offer.content in told and "trigger confusion_repair" in told
    assert "confusion: not understood" in told and "from turn of anna: what do you mean I don't understand" in told
    assert "safety" in told and "under 0.50" in told, "what was not called for is shown as well"
    assert [line.split()[-1] for line in told.splitlines()[-3:]] == ["accepted", "started", "finished"]


def test_the_same_as_data(session: tuple[Path, list[m.Intention]]) -> None:
    folder, sent = session
    offer = next(one for one in sent if one.trigger == "confusion_repair")
    found = json.loads(run(str(folder), offer.id, "--json"))
    assert found["intention"]["id"] == offer.id and len(found["plan"]) > 1
    assert (
        found["cycle"]["scores"]["confusion_repair"]["score"]
        >= found["cycle"]["scores"]["confusion_repair"]["threshold"]
    )
    assert sum(item["weight"] for item in found["evidence"]) > 0


def test_an_offer_is_traced_to_what_the_person_did_towards_their_goal(stuck: tuple[Path, list[m.Intention]]) -> None:
    folder, sent = stuck
    offer = next(one for one in sent if one.content == "Shall I help you with the machine?")
    told = run(str(folder), offer.id)
    assert "looks at ticket machine: moves 'wants to buy ticket'" in told and "looks at ticket machine" in told
    assert "presses the button: moves 'wants to buy ticket'" in told and "from event: Anna presses the button" in told
    assert "does not get on: fails at it" in told
    wanted = told.partition("what people seemed to want then:\n")[2]
    assert (
        wanted.lstrip().startswith("anna wants to buy ticket 0.") and "presses the button +" in wanted.splitlines()[0]
    )
    found = json.loads(run(str(folder), offer.id, "--json"))
    assert found["cycle"]["goals"] == [wanted.splitlines()[0].strip()]


def test_where_no_goals_are_declared_none_are_told(session: tuple[Path, list[m.Intention]]) -> None:
    folder, sent = session
    assert "seemed to want" not in run(str(folder), sent[0].id)


def test_without_an_id_all_are_listed(session: tuple[Path, list[m.Intention]]) -> None:
    folder, sent = session
    assert [line.split()[2] for line in run(str(folder)).splitlines()] == [one.id for one in sent]


def test_an_id_that_does_not_exist_is_one_error_with_the_nearest(session: tuple[Path, list[m.Intention]]) -> None:
    folder, sent = session
    with pytest.raises(AttuneError, match="did you mean"):
        run(str(folder), sent[0].id + "x")
    with pytest.raises(AttuneError, match="lists the"):
        run(str(folder), "#")


def test_what_an_operator_sent_has_no_cycle(tmp_path: Path) -> None:
    wave = m.Intention(id="op.1", t_ns=5 * S, source="operator", kind="gesture", content="wave")
    write_part(tmp_path / "session.mcap", [m.SessionControl(t_ns=1, action="start"), wave])
    told = run(str(tmp_path), "op.1")
    assert "decided by no cycle" in told and "without evidence" in told and "no answer is recorded" in told
