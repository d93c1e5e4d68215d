"""`attune memory`: seeing, exporting and deleting what is remembered, also beside a running agent."""

from __future__ import annotations

import json
import os
import sqlite3

import pytest
from typer.testing import CliRunner, Result

from cognitive.commands.memory import app
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.promises import Promise, Promises
from runtime.errors import AttuneError
from tests.cognitive.memory.conftest import T0, content_in, met, somebody, tell


@pytest.fixture
def folder(tmp_path):
    memory = LongTermMemory(tmp_path / "memory")
    anna, ben = somebody(memory, "Anna", "face-1"), somebody(memory, "Ben", at_s=T0 + 5)
    tell(memory, anna, "I live in Berlin", T0)
    tell(memory, anna, "I moved to Hamburg", T0 + 9)
    met(memory, anna, "said: my dog is ill", valence=-0.4)
    met(memory, ben, "said: hello")
    Promises(memory, memory).make(Promise("p1", anna, "t", "remind of the oven", T0, T0 + 60, evidence=("turn-3",)))
    memory.connection.execute("INSERT INTO vectors VALUES (1, 'tiny', x'00000000')")
    memory.close()
    return tmp_path / "memory"


def run(*arguments: object, text: str = "") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=text)


def wrong(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, AttuneError), result.output
    return str(result.exception)


def test_everybody_is_listed(folder):
    lines = run("list", "--folder", folder).output.splitlines()
    assert "2 people" in lines[0]
    assert "1  Anna" in lines[1] and "1 encounters, 1 facts, 1 open promises" in lines[1] and "2  Ben" in lines[2]
    rows = json.loads(run("list", "--json", "--folder", folder).output)
    assert [row["identities"] for row in rows] == [["face-1"], []]


@pytest.mark.parametrize("who", ["1", "Anna", "anna", "face-1"])
def test_a_person_is_shown_by_number_or_name(folder, who):
    shown = run("show", who, "--folder", folder).output
    assert "home: Hamburg" in shown and "home: Berlin  [2025-06-15T15:06:40Z, 90%]  (no longer)" in shown
    assert "my dog is ill" in shown and "promised: remind of the oven" in shown


def test_an_export_is_complete(folder, tmp_path):
    out = tmp_path / "anna.json"
    assert run("export", "Anna", "--out", out, "--folder", folder).exit_code == 0
    known = json.loads(out.read_text())
    assert out.stat().st_mode & 0o777 == 0o600
    assert [(f["value"], f["holds"], f["said"]) for f in known["facts"]] == [
        ("Berlin", False, "I live in Berlin"), ("Hamburg", True, "I moved to Hamburg"),
    ]  # fmt: skip
    assert known["facts"][0]["superseded_by"] == known["facts"][1]["id"]
    assert known["episodes"][0]["text"] == "said: my dog is ill" and known["episodes"][0]["valence"] == -0.4
    assert known["consents"] == [{"state": "given", "at": "2025-06-15T15:06:40Z", "how": "words"}]
    assert known["promises"][0]["text"] == "remind of the oven" and known["promises"][0]["evidence"] == '["turn-3"]'
    assert {name["name"] for name in known["names"]} == {"Anna", "face-1"} and known["vectors"] == [
        {"model": "tiny", "memories": 1}
    ]
    assert json.loads(run("export", "Anna", "--folder", folder).output)["facts"] == known["facts"]
    assert "exists already" in wrong("export", "Anna", "--out", out, "--folder", folder)


def test_consents_are_listed(folder):
    assert "person 2 (Ben)  given, by words" in run("consents", "--folder", folder).output
    assert [row["person"] for row in json.loads(run("consents", "--json", "--folder", folder).output)] == [1, 2]


def test_forgetting_asks_first(folder):
    assert run("forget", "Anna", "--folder", folder, text="n\n").exit_code == 1
    assert content_in(folder, "hamburg")
    result = run("forget", "Anna", "--folder", folder, text="y\n")
    assert result.exit_code == 0 and "person 1 is deleted" in result.output
    assert content_in(folder, "hamburg", "berlin", "anna", "face-1", "oven", "dog") == []
    assert "Ben" in run("list", "--folder", folder).output


def test_of_several_with_one_name_none_is_guessed(folder):
    memory = LongTermMemory(folder)
    somebody(memory, "anna", at_s=T0 + 50)
    memory.close()
    assert "several people are called Anna: 1, 3" in wrong("forget", "Anna", "--yes", "--folder", folder)
    assert len(json.loads(run("list", "--json", "--folder", folder).output)) == 3


def test_mistakes_are_named(folder, tmp_path):
    assert "nobody is remembered as Zoe" in wrong("show", "Zoe", "--folder", folder)
    assert "nobody is remembered as 99" in wrong("show", "99", "--folder", folder)
    assert "holds no memory" in wrong("list", "--folder", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists(), "looking makes nothing"
    assert "names no folder" in wrong("list")


def test_the_profile_names_the_folder(folder, tmp_path):
    profile = tmp_path / "mine.yaml"
    profile.write_text(f"cognitive:\n  long_term:\n    folder: {folder}\n")
    assert "Anna" in run("list", "--profile", profile).output


def test_a_file_in_use_is_said_and_nothing_is_half_deleted(folder, monkeypatch):
    monkeypatch.setattr("cognitive.memory.schema.BUSY_S", 0.02)
    other = sqlite3.connect(folder / "attune-memory.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "SQLITE_BUSY" in wrong("forget", "Anna", "--yes", "--folder", folder)
    other.execute("ROLLBACK")
    other.close()
    assert "Anna" in run("list", "--folder", folder).output


def everything_in(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


READING = [("list",), ("list", "--json"), ("show", "Anna"), ("export", "Anna"), ("consents",)]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_reading_leaves_the_folder_as_it_is(folder, command):
    before = everything_in(folder)
    assert run(*command, "--folder", folder).exit_code == 0
    assert everything_in(folder) == before


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_reading_works_where_nothing_may_be_written(folder, command):
    folder.chmod(0o500)
    try:
        result = run(*command, "--folder", folder)
    finally:
        folder.chmod(0o700)
    assert result.exit_code == 0


def _header(content):
    return b"garbage" * 900


def _middle(content):
    return content[:4096] + os.urandom(len(content) - 4096)


def _cut(content):
    return content[: len(content) // 2]


@pytest.mark.parametrize("damage", [_header, _middle, _cut])
@pytest.mark.parametrize("command", [*READING, ("forget", "Anna", "--yes")], ids=" ".join)
def test_a_damaged_file_is_reported_and_stays_where_it_is(folder, command, damage):
    file = folder / "attune-memory.db"
    file.write_bytes(damage(file.read_bytes()))
    before = everything_in(folder)
    said = wrong(*command, "--folder", folder)
    assert "is damaged" in said and "left as it is" in said and "backup" in said, "it names the mend"
    assert everything_in(folder) == before


def test_a_file_of_a_newer_version_is_left_as_it_is(folder):
    file = sqlite3.connect(folder / "attune-memory.db", isolation_level=None)
    file.execute("PRAGMA user_version = 99")
    file.close()
    before = everything_in(folder)
    assert "schema is 99" in wrong("list", "--folder", folder)
    assert everything_in(folder) == before


def test_reading_beside_a_writer_sees_what_it_has_written(folder):
    agent = LongTermMemory(folder)
    tell(agent, 1, "I like tea", T0 + 20)
    assert "likes: tea" in run("show", "Anna", "--folder", folder).output
    agent.connection.execute("BEGIN IMMEDIATE")
    assert "2 people" in run("list", "--folder", folder).output, "a lock of the agent is no obstacle"
    agent.connection.execute("ROLLBACK")
    agent.close()
