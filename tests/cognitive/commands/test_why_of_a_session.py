"""`attune why` on a session that was recorded over the bus, with every message stamped by the room that published it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cognitive.account.sources import moments
from cognitive.account.trace import Trace, trace_of
from cognitive.commands.why import command
from runtime import messages as m
from runtime.session.reader import SessionReader


def why(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(command)
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.fixture(scope="module")
def traces(recorded: Path) -> list[Trace]:
    """All intentions of the slow loop."""
    reader = SessionReader(recorded)
    known = list(reader.messages(m.Intention))
    return [trace_of(one, known, reader) for one in known]


@pytest.fixture(scope="module")
def later(traces: list[Trace]) -> Trace:
    """A step that was sent when its moment had come, after its plan's opening."""
    return next(trace for trace in traces if trace.later)


def test_the_sender_is_the_room_that_planned_it(recorded: Path, traces: list[Trace]) -> None:
    assert traces and {trace.intention.source for trace in traces} == {"behavioral"}, "which tells it to everybody"
    assert {trace.sender for trace in traces} == {"cognitive"}
    assert " by cognitive, trigger" in why(str(recorded), traces[0].intention.id)


def test_a_later_step_rests_on_what_its_plan_rests_on(traces: list[Trace], later: Trace) -> None:
    first = next(trace for trace in traces if trace.intention.id == later.plan[0].id)
    assert later.opening is not None and later.opening == first.cycle != later.cycle
    assert later.intention.plan_id == first.intention.plan_id != ""
    own = [item for item, _ in later.sources[:2]]
    assert [item.kind for item in own] == ["after", "when"]
    assert tuple(item for item, _ in later.sources[2:]) == first.intention.evidence


def test_a_later_step_is_told_with_the_scores_that_decided_its_plan(recorded: Path, later: Trace) -> None:
    told = why(str(recorded), later.intention.id)
    assert f"{later.intention.score:.2f}, over" in told, "the score that it was sent with"
    assert later.plan[0].id in told and f"opened in cycle {later.opening.cycle}" in told
    words = next(one for one in later.plan if one.kind == "dialogue")
    assert f"after: {words.id}: finished" in told and f"from {words.id} finished" in told
    assert "when: the person speaks" in told and "from turn of the user started" in told


def test_no_source_is_later_than_the_evidence_or_comes_of_the_plan_itself(traces: list[Trace]) -> None:
    found = 0
    for trace in traces:
        begun_ns = trace.plan[0].created_ns
        for item, source in trace.sources:
            if source is None:
                continue
            found += 1
            assert min(moments(source)) <= item.t_ns + 1_000_000
            own = isinstance(source, m.AgentSpeech) or (isinstance(source, m.Turn) and source.speaker == "agent")
            assert not own or source.t_ns < begun_ns
    assert found > 10


def test_a_look_is_traced_to_a_look_and_a_word_to_a_word(traces: list[Trace]) -> None:
    kinds = {item.kind: source for trace in traces for item, source in trace.sources if source is not None}
    assert isinstance(kinds["watches"], m.PersonPercept)
    assert isinstance(kinds["talk"], m.Turn) and kinds["talk"].speaker == "user"


def test_the_same_as_data(recorded: Path, later: Trace) -> None:
    found = json.loads(why(str(recorded), later.intention.id, "--json"))
    assert found["intention"]["sender"] == "cognitive" and found["intention"]["plan_id"] == later.intention.plan_id
    assert found["sent_in_cycle"] != found["cycle"]["cycle"]
    assert [item["of_the_plan"] for item in found["evidence"][:3]] == [False, False, True]
    scores = found["cycle"]["scores"][later.intention.trigger]
    assert scores["score"] >= scores["threshold"]
