"""A failure that nobody expected costs the job it happens in: what was asked to be forgotten is forgotten, and it is said what fails."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cognitive.memory import deletion
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.schema import FILE_NAME
from cognitive.memory.service import LongTermService
from cognitive.memory.store import Saved, encode
from runtime.clock import run_virtual
from runtime.offload import InlineOffload
from tests.cognitive.memory.conftest import T0, content_in
from tests.cognitive.memory.test_room_extras import House

ERRORS = [
    RuntimeError("x"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"),
    ValueError("x"),
    sqlite3.IntegrityError("x"),
    KeyError(1),
]


class FaultyOffload(InlineOffload):
    """Runs calls on the files, but for those by a name that are to fail."""

    def __init__(self) -> None:
        self.failing = ""
        self.error: Exception = RuntimeError("x")
        self.failed = 0

    async def run(self, function: Callable, *args: object):
        if self.failing and self.failing in function.__qualname__:
            self.failed += 1
            raise self.error
        return await super().run(function, *args)


class FaultyHouse(House):
    """A house whose calls on the files can be made to fail."""

    def __init__(self, folder: Path, saved: Saved | None = None) -> None:
        super().__init__(folder, saved)
        self.files = FaultyOffload()
        old = self.service
        self.service = LongTermService(
            old._settings, self.saved, self.state, self.clock, wall_s=self.wall_s, offload=self.files, embedding=InlineOffload(),
            files=InlineOffload(), embedder=None, counters=self.counters, status=self.status,
        )  # fmt: skip

    async def begin(self) -> None:
        await self.service.start()
        await self.cycle(said="My name is Zelda and I live in Zanzibar. Please remember me.")
        await self.cycle()
        assert content_in(self.folder / "memory", "zanzibar") != []

    def people(self) -> list[str]:
        memory = LongTermMemory(self.folder / "memory")
        try:
            return [row.name for row in memory.people()]
        finally:
            memory.close()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "failing",
    [
        "changed_outside",
        "forgotten_since",
        "write_episode",
        "learn",
        "_settled",
        "inode",
        "purge_pending",
        "acknowledge",
    ],
)
def test_whatever_else_fails_who_asks_to_be_forgotten_is_forgotten(tmp_path, failing, error):
    async def main():
        house = FaultyHouse(tmp_path)
        await house.begin()
        house.files.failing, house.files.error = failing, error
        for _ in range(3):
            await house.cycle(said="I like tea.")
        await house.cycle(said="Forget me.")
        await house.cycle()
        assert house.people() == [] and house.saved.remembering.forget_people == []
        assert content_in(tmp_path / "memory", "zanzibar") == []
        house.files.failing = ""
        for _ in range(14):
            await house.cycle()
        assert house.status == {"status": "ok", "detail": ""}
        await house.end()

    run_virtual(main())


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_forgetting_that_fails_is_said_kept_and_tried_until_it_is_done(tmp_path, error, caplog):
    async def main():
        house = FaultyHouse(tmp_path)
        await house.begin()
        house.files.failing, house.files.error = "_forgotten", error
        await house.cycle(said="Forget me.")
        assert house.people() == ["Zelda"]
        assert house.status["status"] == "degraded"
        assert house.status["detail"] == (
            f"somebody asked to be forgotten, which is not done yet: the long-term memory fails at forgetting: {type(error).__name__}"
        )
        assert house.counters["memory_jobs_failed"] == 1 and house.counters["memory_forgettings_waiting"] >= 1
        assert house.saved.remembering.forget_people == [1], "the wish is in what is saved"
        for _ in range(20):
            await house.cycle()
        assert 2 <= house.files.failed <= 4, "every five seconds, not every cycle"
        house.files.failing = ""
        for _ in range(12):
            await house.cycle()
        assert house.people() == [] and content_in(tmp_path / "memory", "zanzibar") == []
        assert house.counters["memory_forgettings_waiting"] == 0
        assert house.status == {"status": "ok", "detail": ""}
        await house.end()

    with caplog.at_level(logging.ERROR):
        run_virtual(main())
    assert "Zelda" not in caplog.text and "Zanzibar" not in caplog.text


def test_a_wish_that_still_waits_is_carried_out_on_the_way_out(tmp_path):
    async def main():
        house = FaultyHouse(tmp_path)
        await house.begin()
        house.files.failing = "_forgotten"
        await house.cycle(said="Forget me.")
        assert house.people() == ["Zelda"]
        await house.end()
        assert house.people() == [] and content_in(tmp_path / "memory", "zanzibar") == []

    run_virtual(main())


def test_a_wish_outlives_a_kill_while_forgetting_fails(tmp_path):
    async def main():
        first = FaultyHouse(tmp_path)
        await first.begin()
        first.files.failing = "_forgotten"
        await first.cycle(said="Forget me.")
        state = encode(first.saved)
        await first.service.stop()  # and no orderly close
        first.service.promises.close()
        first.service._memory.close()
        os.close(first.service._held)
        assert first.people() == ["Zelda"]
        again = FaultyHouse(tmp_path, msgspec.json.decode(state, type=Saved))
        await again.service.start()
        await again.cycle(track="t2")
        assert again.people() == [] and content_in(tmp_path, "zanzibar") == []
        await again.end()

    run_virtual(main())


def test_a_deletion_from_outside_is_noticed_though_looking_at_it_fails_at_first(tmp_path):
    async def main():
        house = FaultyHouse(tmp_path)
        await house.begin()
        house.files.failing = "forgotten_since"
        memory = LongTermMemory(tmp_path / "memory")
        deletion.forget(memory, 1, T0)
        memory.close()
        for _ in range(3):
            await house.cycle()
        house.files.failing = ""
        for _ in range(14):
            await house.cycle()
        assert "t1" not in house.saved.remembering.drafts and b"Zanzibar" not in encode(house.saved)
        await house.end()

    run_virtual(main())


def test_one_encounter_that_cannot_be_written_does_not_keep_the_others(tmp_path):
    async def main():
        house = FaultyHouse(tmp_path)
        await house.service.start()
        await house.cycle(said="My name is Anna. Please remember me.", track="t1")
        await house.cycle(said="My name is Ben. Please remember me.", track="t2")
        house.saved.remembering.drafts["t1"].facts.append("no fact at all")  # type: ignore[arg-type]
        for _ in range(3):
            await house.cycle(said="I like tea.", track="t2")
        memory = house.service._memory
        assert (
            memory is not None
            and ("tea",) in memory.connection.execute("SELECT value FROM facts WHERE person = 2").fetchall()
        )
        assert house.status["detail"] == "the long-term memory fails at writing: AttributeError"
        house.saved.remembering.drafts["t1"].facts.remove("no fact at all")  # type: ignore[arg-type]
        for _ in range(12):
            await house.cycle(said="I like coffee.", track="t1")
        assert ("coffee",) in memory.connection.execute("SELECT value FROM facts WHERE person = 1").fetchall()
        assert house.status["status"] == "ok"
        await house.end()

    run_virtual(main())


def test_a_task_that_has_ended_is_started_again_and_it_is_said(tmp_path, caplog):
    async def main():
        house = FaultyHouse(tmp_path)
        await house.begin()
        for name in ("long-term-memory", "recollecting"):
            (task,) = [task for task in asyncio.all_tasks() if task.get_name() == name]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await house.cycle(said="Forget me.")
        assert house.counters["memory_task_restarts"] == 1
        for _ in range(3):
            await house.cycle()
        assert house.people() == [] and house.status == {"status": "ok", "detail": ""}
        await house.cycle(said="Please remember me again. I like tea.")
        for _ in range(4):
            await house.cycle()
        assert "t1" in house.service.recollections, "what is brought to mind has gone on too"
        await house.end()

    with caplog.at_level(logging.ERROR):
        run_virtual(main())
    assert "has ended; it is started again" in caplog.text


def test_a_failure_that_comes_from_the_files_content_sets_the_file_aside(tmp_path):
    """Broken behind SQLite's back while it is open: a value of the wrong kind, which no check of pages finds."""

    async def main():
        house = FaultyHouse(tmp_path)
        await house.begin()
        other = sqlite3.connect(tmp_path / "memory" / FILE_NAME)
        other.execute("UPDATE people SET last_s = 'yesterday'")
        other.commit()
        other.close()
        house.files.failing = "learn"  # what such a value would make fail
        await house.cycle(said="I like tea.")
        await house.cycle(said="I like tea.")
        for _ in range(9):
            await house.cycle(said="I like coffee.")
        assert house.counters["memory_recoveries_failed"] == 1
        assert (tmp_path / "memory" / f"{FILE_NAME}.damaged-1").exists()
        house.files.failing = ""
        for _ in range(12):
            await house.cycle(said="I like cake.")
        assert len(house.people()) == 1, "who has agreed in this session is entered again"
        await house.end()

    run_virtual(main())


def test_a_folder_that_goes_away_is_trouble_of_the_file_and_not_the_end_of_the_task(tmp_path):
    async def main():
        house = FaultyHouse(tmp_path)
        await house.begin()
        shutil.rmtree(tmp_path / "memory")
        (tmp_path / "memory").write_text("no folder")
        for _ in range(4):
            await house.cycle(said="I like tea.")
        assert house.status["status"] == "degraded"
        (tmp_path / "memory").unlink()
        for _ in range(14):
            await house.cycle(said="I like cake.")
        assert house.status == {"status": "ok", "detail": ""} and len(house.people()) == 1
        await house.end()

    run_virtual(main())
