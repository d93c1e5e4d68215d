"""Likelihood ratios counted in annotated sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from cognitive.mind import likelihoods as table
from cognitive.mind.learning import Counts, Span, count, main, ratios, read_annotations
from runtime import messages as m
from runtime.errors import AttuneError
from tests.runtime.session.support import write_part

S = 10**9


def session(nods_while: bool, seconds: int = 600) -> list[m.Message]:
    """Anna is in view; in every other half minute she nods every three seconds, or in the others."""
    found: list[m.Message] = [m.SessionControl(t_ns=1, action="start")]
    for second in range(1, seconds):
        state = "arrived" if second == 1 else "present"
        found.append(
            m.PersonPercept(t_ns=second * S, state=state, person_id="anna", gaze_target="agent", gaze_confidence=0.7)
        )
        if second % 3 == 0 and (second // 30 % 2 == 0) is nods_while:
            found.append(m.PersonAct(t_ns=second * S, state="ended", act="nod", person_id="anna"))
    return found


SPANS = [Span("s", "anna", "engagement", 30.0 * k, 30.0 * k + 30.0, k % 2 == 0) for k in range(20)]


def learnt(messages: list[m.Message]) -> dict[str, dict[str, float]]:
    counts = Counts()
    count(SPANS, messages, 0, counts)
    return ratios(counts)


def test_a_cue_that_comes_while_the_state_holds_speaks_for_it_and_otherwise_against() -> None:
    assert learnt(session(True))["nods"]["engagement"] > 2.0
    assert learnt(session(False))["nods"]["engagement"] < -2.0


def test_what_lasts_through_both_says_nothing() -> None:
    found = learnt(session(True))["looks_at_agent"]["engagement"]
    assert abs(found) < table.STRETCHES["looks_at_agent"]["engagement"]


def test_few_observations_leave_the_table_nearly_as_it_is() -> None:
    few = [message for message in session(True, 40) if not isinstance(message, m.PersonAct) or message.t_ns == 3 * S]
    found = learnt(few)["nods"]["engagement"]
    assert abs(found - table.MOMENTS["nods"]["engagement"]) < 0.3


def test_without_annotated_time_of_both_kinds_nothing_is_learnt() -> None:
    counts = Counts()
    count([span for span in SPANS if span.holds], session(True), 0, counts)
    assert ratios(counts) == {}


def test_the_command_reads_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    write_part(folder / "session.mcap", session(True))
    rows = [f"s,anna,engagement,{span.from_s},{span.to_s},{int(span.holds)}" for span in SPANS]
    (tmp_path / "a.csv").write_text("\n".join(["session,person_id,variable,from_s,to_s,holds", *rows]))
    assert main([str(tmp_path / "a.csv"), str(folder)]) == 0
    assert 'MOMENTS["nods"]' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("s,anna,boredom,0,1,1", "line 2: unknown variable 'boredom'"),
        ("s,anna,confusion,2,1,1", "line 2: from 2 to 1 s"),
        ("s,anna,confusion,a,1,1", "seconds"),
        ("s,anna,confusion,0,1,yes", "holds is 'yes'"),
        ("s,anna,,0,1,1", "variable is missing"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"session,person_id,variable,from_s,to_s,holds\n{row}\n")
    with pytest.raises(AttuneError, match=told):
        read_annotations(path)
