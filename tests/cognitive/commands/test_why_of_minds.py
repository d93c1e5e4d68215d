"""`attune why DIR --mind` and `--belief`: what the agent took people to feel, want and know at a moment, and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cognitive.commands.why import command
from runtime import messages as m
from runtime.errors import AttuneError
from runtime.session.reader import SessionReader
from tests.runtime.session.support import write_part


def why(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(command)
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_each_estimate_is_told_with_the_message_that_moved_it(keys: Path) -> None:
    told = why(str(keys), "--mind", "anna", "--at", "55")
    assert told.startswith("anna at 55.00 s, cycle ")
    for variable in ("engagement", "confusion", "wish to speak", "wish to leave", "valence", "arousal", "attention"):
        assert f"\n  {variable}" in told
    assert "not understood" in told and "from turn of anna: I don't understand, what do you mean? (50.20 s)" in told
    assert "on agent" in told and "from anna present, facing 1.0, looks at agent, face +0.40" in told


def test_at_an_earlier_time_it_was_another(keys: Path) -> None:
    before, after = (json.loads(why(str(keys), "--mind", "Anna", "--at", at, "--json")) for at in ("15", "55"))
    assert before["estimates"]["confusion"]["value"] < 0.2 < after["estimates"]["confusion"]["value"]
    assert all(item["at_s"] <= 15.0 for one in before["estimates"].values() for item in one["evidence"])


def test_beliefs_stand_below(keys: Path) -> None:
    told = why(str(keys), "--mind", "anna", "--at", "45")
    assert "believes what is not so:" in told
    assert (
        "Anna thinks that the keys are in the drawer, because Anna moved it there; in truth the keys are in the bag"
        in told
    )
    assert (
        "believes of the agent:" in told and "Anna thinks that Ada cannot lift things, because Ada told Anna so" in told
    )
    assert "has promised" not in told, "she was away"
    assert "Ben thinks that Ada has promised to tell Anna where they are" in why(
        str(keys), "--mind", "ben", "--at", "45"
    )
    assert "Anna lives in Turku (with ben, Ada), because Anna told the others so" in told


def test_questions_of_the_controlled_language_are_answered_at_any_time(keys: Path) -> None:
    def ask(question: str, at_s: str, *more: str) -> str:
        return why(str(keys), "--belief", question, "--at", at_s, *more).strip()

    where = "where does Anna think the keys are"
    assert ask(where, "10").startswith("Anna thinks that the keys are in the drawer, because Anna moved it there (")
    assert ask(where, "60") == "Anna thinks that the keys are in the drawer, because Anna moved it there (54 s ago)."
    assert ask("Where does Ben think the keys are?", "60").startswith("Ben thinks that the keys are in the bag")
    assert ask("Does Anna know where the keys are?", "60").startswith("No: Anna thinks that the keys are in the drawer")
    assert ask("where are the keys", "60") == "The keys are in the bag."
    assert ask("where are the keys", "10") == "The keys are in the drawer."
    found = json.loads(ask(where, "60", "--json"))
    assert found["at_s"] == 60.0 and found["answer"].startswith("Anna thinks")


def test_what_cannot_be_answered_is_one_error_with_its_mend(keys: Path) -> None:
    with pytest.raises(AttuneError, match="not understood") as refused:
        why(str(keys), "--belief", "what is the meaning of life")
    assert "controlled-language" in refused.value.mend
    with pytest.raises(AttuneError, match="there was no 'carl' there") as unknown:
        why(str(keys), "--mind", "carl")
    assert "anna, ben" in unknown.value.mend
    with pytest.raises(AttuneError, match="there was no 'anna' there at that time or before"):
        why(str(keys), "--mind", "anna", "--at", "0.2")
    with pytest.raises(AttuneError, match="one question at a time"):
        why(str(keys), "--mind", "anna", "--belief", "where are the keys")
    with pytest.raises(AttuneError, match="belong to"):
        why(str(keys), "--at", "3")


def test_of_a_recording_without_published_minds_they_are_made_anew(keys: Path, tmp_path: Path) -> None:
    reader = SessionReader(keys)
    old = [
        m.CognitiveCycle(t_ns=one.t_ns, source=one.source, seq=one.seq, cycle=one.cycle, duration_ms=one.duration_ms)
        if isinstance(one, m.CognitiveCycle)
        else one
        for one in (item.message for item in reader.arrivals())
    ]
    write_part(tmp_path / "session.mcap", old)
    told = why(str(tmp_path), "--mind", "anna", "--at", "55")
    assert "made anew from what was perceived" in told and "from turn of anna: I don't understand" in told
    assert why(str(tmp_path), "--belief", "where are the keys", "--at", "60").strip() == "The keys are in the bag."
