"""Killed with SIGKILL at random moments, many times: all that was said to be on the disk is there, once, and nothing is damaged."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.promises import SESSION_FILE
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.settings import CognitiveSettings, LongTermSettings, Profile
from runtime.transport.zeromq import ZmqBus
from tests.cognitive.memory.conftest import content_in
from tests.cognitive.memory.memory_writer import ENDLESS, FORGET_EVERY
from tests.cognitive.room_process import ROOMS, end_room, make_folders, start_room

ROOT = Path(__file__).resolve().parents[3]
LIVES = 20
FACE = (0.4, 0.3, 0.2, 0.3)


def one_life(folder: Path, life: int, kill_after_s: float | None, end: int = ENDLESS) -> list[list[str]]:
    """Let the writer live for so long after it is ready; return what it said."""
    command = [sys.executable, "-m", "tests.cognitive.memory.memory_writer", str(folder), str(life), str(end)]
    process = subprocess.Popen(  # unbuffered: a line read ahead by readline would be lost to communicate
        command, stdout=subprocess.PIPE, bufsize=0, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    whole, _, _torn_by_the_kill = (first + rest).decode().rpartition("\n")
    return [line.split() for line in whole.splitlines()]


@pytest.mark.slow
def test_a_writer_killed_at_random_moments_loses_nothing_and_does_nothing_twice(tmp_path):
    chance = random.Random(5)
    said: list[list[str]] = []
    for life in range(LIVES):
        said += one_life(tmp_path, life, chance.uniform(0.0, 0.25))
        assert not any(line[0] in ("damaged", "surprise") for line in said), said
        for name in ("attune-memory.db", SESSION_FILE):
            database = sqlite3.connect(tmp_path / name)
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            database.close()
        _everything_said_is_there(tmp_path, said)
    memory = LongTermMemory(tmp_path)
    reached = int(memory.connection.execute("SELECT value FROM meta WHERE key = 'step'").fetchone()[0])
    memory.close()
    end = (reached // (3 * FORGET_EVERY) + 1) * 3 * FORGET_EVERY
    said += one_life(tmp_path, LIVES, None, end)
    assert said[-1] == ["done"]
    _everything_said_is_there(tmp_path, said)
    settled = [line[1] for line in said if line[0] == "settled"]
    assert len(settled) == len(set(settled)), "each promise was kept once"
    memory = LongTermMemory(tmp_path)
    kept = [k for k in range(end // FORGET_EVERY) if k % 3 != 2]
    assert sorted(row.identities for row in memory.people()) == sorted((f"face-{k}",) for k in kept)
    assert all((row.encounters, row.episodes, row.facts) == (FORGET_EVERY, FORGET_EVERY, 1) for row in memory.people())
    assert memory.connection.execute("SELECT count(*) FROM promises WHERE state = 'open'").fetchone() == (0,)
    memory.close()


def _everything_said_is_there(folder: Path, said: list[list[str]]) -> None:
    memory = LongTermMemory(folder)
    db = memory.connection
    gone = {line[1] for line in said if line[0] == "forgotten"}
    marked = {row[0].removeprefix("gone ") for row in db.execute("SELECT key FROM meta WHERE key GLOB 'gone *'")}
    towns = {row[0] for row in db.execute("SELECT value FROM facts")}
    steps = [row[0] for row in db.execute("SELECT began_ns FROM episodes")]
    assert len(steps) == len(set(steps))
    for line in said:
        if line[0] == "fact" and line[1] not in marked:
            assert f"town-{line[2]}" in towns
        if line[0] == "episode" and line[1] not in marked:
            assert int(line[2]) in steps
    assert not any(memory.person_of(name) for name in gone), "the forgotten stay forgotten"
    memory.close()


# ---------------------------------------------------------------- the room itself


@pytest.mark.slow
def test_the_room_killed_at_random_moments_keeps_one_person_one_episode_and_one_of_each_fact(tmp_path):
    make_folders(tmp_path)
    asyncio.run(_lives(tmp_path, lives=6))
    memory = LongTermMemory(tmp_path / "memory")
    (anna,) = memory.people()
    assert (anna.spoken, anna.identities, anna.encounters) == (("Anna",), ("face-7",), 1)
    facts = memory.connection.execute("SELECT value FROM facts ORDER BY entry").fetchall()
    assert len(facts) == len(set(facts)) and {("Anna",), ("Berlin",)} <= set(facts)
    ((closed, text),) = memory.connection.execute(
        "SELECT closed, text FROM episodes JOIN entries ON id = entry"
    ).fetchall()
    assert closed and "remember me" in text
    assert memory.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    memory.close()


async def _lives(tmp_path: Path, lives: int) -> None:
    clock, chance = MonotonicClock(), random.Random(3)
    bus = ZmqBus("behavioral", ROOMS, tmp_path / "run", clock)
    server = bus.open_intention_server()
    cycles = bus.subscribe(m.CognitiveCycle)
    started_ns = clock.now_ns()

    async def body() -> None:
        async for intention in server:
            server.answer(m.IntentionAnswer(intention_id=intention.id, state="finished", t_ns=clock.now_ns()))

    async def face() -> None:
        while True:
            bus.publish(m.PersonPercept(t_ns=clock.now_ns(), state="present", person_id="t1", box=FACE))
            await asyncio.sleep(0.1)

    def say(text: str) -> None:
        bus.publish(m.Turn(t_ns=clock.now_ns(), state="ended", speaker="user", turn_id="t", text=text, person_id="t1"))

    tasks = [asyncio.create_task(body()), asyncio.create_task(face())]
    process = None
    try:
        for life in range(lives):
            process = await _start(tmp_path, clock, life, started_ns if life == 0 else 0)
            cycles.flush()
            await asyncio.wait_for(anext(aiter(cycles)), 30)
            for text in ("My name is Anna and I live in Berlin.", "Please remember me.", f"I like tea number {life}."):
                say(text)
            bus.publish(m.PersonIdentity(t_ns=clock.now_ns(), person_id="t1", known_as="face-7"))
            if life < lives - 1:
                await asyncio.sleep(chance.uniform(0.0, 1.2))
                process.send_signal(signal.SIGKILL)
            else:
                await asyncio.sleep(2.0)
                process.terminate()
            await asyncio.wait_for(process.wait(), 10)
    finally:
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
        for task in tasks:
            task.cancel()
        await bus.aclose()


@pytest.mark.slow
def test_the_command_forgets_while_the_room_runs(tmp_path):
    make_folders(tmp_path)
    asyncio.run(_forget_beside(tmp_path))
    assert content_in(tmp_path, "berlin", "tea number") == []


async def _forget_beside(tmp_path: Path) -> None:
    clock = MonotonicClock()
    bus = ZmqBus("behavioral", ROOMS, tmp_path / "run", clock)
    cycles = bus.subscribe(m.CognitiveCycle)
    process = await _start(tmp_path, clock, 0, clock.now_ns())
    try:
        await asyncio.wait_for(anext(aiter(cycles)), 30)
        bus.publish(m.PersonPercept(t_ns=clock.now_ns(), state="arrived", person_id="t1", box=FACE))
        for text in ("My name is Anna and I live in Berlin.", "Please remember me.", "I like tea number 1."):
            turn = m.Turn(t_ns=clock.now_ns(), state="ended", speaker="user", turn_id="t", text=text, person_id="t1")
            bus.publish(turn)
        state = tmp_path / "state" / "cognitive-memory.json"
        async with asyncio.timeout(30):
            while not content_in(tmp_path / "memory", "berlin"):  # noqa: ASYNC110 - files of another process
                await asyncio.sleep(0.1)
        assert "Berlin" in state.read_text()
        code = "from cognitive.commands.memory import app; app()"
        command = [sys.executable, "-c", code, "forget", "Anna", "--yes", "--folder", str(tmp_path / "memory")]
        done = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = await asyncio.wait_for(done.communicate(), 60)
        assert done.returncode == 0, err.decode()
        assert b"is deleted" in out
        assert "Berlin" not in state.read_text() and content_in(tmp_path, "berlin", "tea number") == []
        assert process.returncode is None, "and the room goes on"
        cycles.flush()
        await asyncio.wait_for(anext(aiter(cycles)), 30)
    finally:
        await end_room(process)
        await bus.aclose()


async def _start(tmp_path: Path, clock: MonotonicClock, life: int, started_ns: int) -> asyncio.subprocess.Process:
    profile = Profile(
        cognitive=CognitiveSettings(long_term=LongTermSettings(folder=str(tmp_path / "memory"), draft_s=0.5))
    )
    return await start_room(tmp_path, clock, profile, life=life, started_ns=started_ns)
