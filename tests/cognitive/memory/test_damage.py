"""A memory file with broken bytes anywhere: it opens, or is set aside and kept; nothing ends in an error that nobody expected."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cognitive.commands.memory import app
from cognitive.memory import deletion, schema
from cognitive.memory.episodes import tidy
from cognitive.memory.export import export_person
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.promises import Promise, Promises
from cognitive.memory.retrieval import recall
from cognitive.memory.schema import FILE_NAME
from runtime import messages as m
from runtime.clock import MonotonicClock, run_virtual
from runtime.errors import AttuneError
from runtime.transport.zeromq import ZmqBus
from tests.cognitive.memory.conftest import T0, content_in, met, somebody, tell
from tests.cognitive.memory.test_memory_kill import FACE, ROOMS, _start
from tests.cognitive.memory.test_room_extras import House


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> bytes:
    """The content of a memory of two people."""
    memory = LongTermMemory(tmp_path_factory.mktemp("sound"))
    for name in ("Anna", "Ben"):
        person = somebody(memory, name, f"face-{name}")
        for k in range(4):
            tell(memory, person, f"I like thing{k} and I live in Town{k}", T0 + k)
        for k in range(6):
            met(memory, person, f"said: my dog is ill {k} " + "y" * 200, T0 + 100 * k)
        promises = Promises(memory, memory)
        promises.make(Promise(f"p-{name}", person, "t", "oven", T0, T0 + 60, evidence=("turn-3",)))
    memory.begin_session(Path("/nowhere"), T0)
    memory.close()
    return memory.path.read_bytes()


def broken(content: bytes, seed: int, at_least: int = 1) -> bytes:
    """Return the content with one to fifty other bytes: in the header, in the schema, in an index, in a text, wherever it falls."""
    chance, bytes_ = random.Random(seed), bytearray(content)
    places = range(0, 4_096) if seed % 3 == 0 else range(len(bytes_))  # the first page is the one that matters most
    for _ in range(max(at_least, chance.choice((1, 1, 2, 5, 50)))):
        bytes_[chance.choice(places)] = chance.randrange(256)
    return bytes(bytes_)


def put(folder: Path, content: bytes) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_bytes(content)
    return folder


def use(memory: LongTermMemory) -> None:
    """Do all that is ever done with a memory."""
    memory.connection.execute("PRAGMA synchronous = OFF")
    for row in memory.people():
        json.dumps(export_person(memory, row.person, T0))
        recall(memory, row.person, "dog thing town", T0, session=2, limit=5, half_life_days=9)
        tell(memory, row.person, "I moved to Oslo and I like thing9", T0 + 99)
        deletion.unlearn(memory, row.person, T0 + 2)
        met(memory, row.person, "hello", T0 + 9_999)
    memory.people_called("anna")
    memory.person_of("face-Anna")
    Promises(memory, memory).open_promises()
    tidy(memory, 1 << 18, T0)
    memory.begin_session(memory.folder, T0)
    memory.changed_outside()
    memory.forgotten_since(0)
    memory.close_episodes(5)
    somebody(memory, "Zoe")
    for row in memory.people():
        deletion.forget(memory, row.person, T0)
    assert memory.people() == [] and not deletion.purge_pending(memory)


def test_whatever_bytes_are_broken_the_memory_opens_and_can_be_used_or_is_set_aside(tmp_path, sound):
    outcomes: Counter[str] = Counter()
    for seed in range(240):
        content = broken(sound, seed)
        memory = LongTermMemory(put(tmp_path / "m", content))
        outcomes["set aside" if memory.warning else "opened"] += 1
        if memory.warning:
            assert (tmp_path / "m" / f"{FILE_NAME}.damaged-1").read_bytes()[100:] == content[100:], "it is kept"
            assert memory.people() == [] and f"{FILE_NAME}.damaged-1" in memory.warning
        try:
            use(memory)
        except sqlite3.DatabaseError as error:
            assert schema.is_damage(error), f"seed {seed}: {error!r}"
            outcomes["found in use"] += 1
        memory.close()
    assert outcomes["opened"] > 100 and outcomes["set aside"] > 40, outcomes
    assert outcomes["found in use"] <= 5, outcomes


BROKEN_VALUES = {
    "text that is no UTF-8 costs a sign": ("UPDATE entries SET text = CAST(x'c3280041' AS TEXT)", False),
    "a time after all calendars": ("UPDATE people SET last_s = 1e300", True),
    "a text for a number": ("UPDATE episodes SET valence = 'sad'", True),
    "a missing number": ("UPDATE facts SET confidence = x'00'", True),
    "a row of nobody": ("PRAGMA foreign_keys = OFF; UPDATE entries SET person = 77", True),
    "evidence that is no list": ("UPDATE promises SET evidence = '{'", True),
    "no room for another row": ("UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'people'", True),
    "a table of another form": ("DROP TABLE promises; CREATE TABLE promises(id TEXT, evidence TEXT)", True),
    "a table that is gone": ("DROP TABLE tombstones", True),
}


@pytest.mark.parametrize("name", BROKEN_VALUES)
def test_a_file_that_sqlite_takes_for_sound_is_looked_at_too(tmp_path, sound, name):
    statements, damaged = BROKEN_VALUES[name]
    database = sqlite3.connect(put(tmp_path / "m", sound) / FILE_NAME)
    database.executescript(statements)
    database.commit()
    assert database.execute("PRAGMA quick_check").fetchone() == ("ok",) or "numb" in name
    database.close()
    memory = LongTermMemory(tmp_path / "m")
    assert bool(memory.warning) == damaged
    use(memory)
    memory.close()


def test_an_index_that_is_broken_is_made_anew_and_nothing_is_lost(tmp_path, sound):
    memory = LongTermMemory(put(tmp_path / "m", sound))
    memory.connection.execute("UPDATE words_data SET block = randomblob(length(block)) WHERE id > 10")
    memory.close()
    again = LongTermMemory(tmp_path / "m")
    assert again.warning == "" and len(again.people()) == 2
    found = recall(again, 1, "dog", T0 + 700, session=2, limit=3, half_life_days=9)
    assert found is not None and "dog" in found.memories[0].text
    use(again)
    again.close()


def test_what_another_process_has_set_aside_is_not_set_aside_again(tmp_path, sound, monkeypatch):
    """Two rooms find the same damage at the same time: the fresh file of the first one stays."""
    put(tmp_path / "m", b"garbage" * 900)
    first: list[LongTermMemory] = []
    connect = sqlite3.connect

    def slower(*arguments, **options):
        monkeypatch.setattr(sqlite3, "connect", connect)
        opened = connect(*arguments, **options)  # the second has the damaged file open ...
        first.append(LongTermMemory(tmp_path / "m"))  # ... when the first one sets it aside and begins anew
        somebody(first[0], "Anna")
        return opened

    monkeypatch.setattr(sqlite3, "connect", slower)
    second = LongTermMemory(tmp_path / "m")
    assert [row.name for row in second.people()] == ["Anna"] and second.warning == ""
    assert [path.name for path in (tmp_path / "m").glob("*damaged*")] == [f"{FILE_NAME}.damaged-1"]
    second.close()
    first[0].close()


def test_the_commands_say_that_a_file_is_damaged_and_leave_it_as_it_is(tmp_path, sound):
    told: Counter[str] = Counter()
    for seed in range(45):
        content = broken(sound, seed)
        folder = put(tmp_path / "m", content)
        for arguments in (
            ["list"],
            ["list", "--json"],
            ["show", "1"],
            ["export", "Ben"],
            ["consents"],
            ["forget", "1", "--yes"],
        ):
            done = CliRunner().invoke(app, [*arguments, "--folder", str(folder)])
            assert done.exception is None or isinstance(done.exception, AttuneError), (seed, arguments, done.exception)
            damaged = "is damaged; it was left as it is" in str(done.exception)
            told["damaged"] += damaged
            told["done"] += done.exit_code == 0
            if damaged or arguments[0] != "forget":
                assert (folder / FILE_NAME).read_bytes() == content and len(list(folder.iterdir())) == 1
    assert told["damaged"] >= 40 and told["done"] >= 100, told


def test_a_session_lives_on_any_broken_file_remembers_and_forgets(tmp_path, sound):
    async def life(folder: Path, content: bytes) -> House:
        put(folder / "memory", content)
        house = House(folder)
        await house.service.start()
        await house.cycle(said="My name is Zelda and I live in Zanzibar. Please remember me.")
        await house.cycle(said="I like tea.")
        for _ in range(3):
            await house.cycle()
        memory = house.service._memory
        assert memory is not None and "Zelda" in [row.name for row in memory.people()]
        await house.cycle(said="Forget me.")
        for _ in range(3):
            await house.cycle()
        assert house.saved.remembering.forget_people == [] and content_in(folder, "zanzibar") == []
        await house.end()
        return house

    aside = 0
    for seed in range(70):
        folder = tmp_path / str(seed)
        folder.mkdir()
        house = run_virtual(life(folder, broken(sound, seed, at_least=2)))
        replaced = house.counters.get("memory_recoveries_failed", 0)
        aside += bool(replaced)
        assert house.status["status"] == ("degraded" if replaced else "ok"), (seed, house.status)
        shutil.rmtree(folder)
    assert 15 <= aside <= 60


def test_a_file_that_somebody_takes_away_is_begun_anew(tmp_path):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        await house.cycle(said="My name is Anna. Please remember me.")
        (tmp_path / "memory" / FILE_NAME).rename(tmp_path / "memory" / "away.db")
        for _ in range(3):
            await house.cycle(said="I like tea.")
        memory = LongTermMemory(tmp_path / "memory")
        assert [row.spoken for row in memory.people()] == [("Anna",)], "who has agreed in this session is entered again"
        assert memory.row_of(1).facts and house.counters["memory_files_replaced"] == 1
        memory.close()
        await house.end()

    run_virtual(main())


@pytest.mark.slow
def test_the_process_lives_with_a_file_whose_schema_page_is_broken(tmp_path, sound):
    """One byte of a table's definition that is no UTF-8: it used to end the process at each start."""
    for folder in ("run", "state"):
        (tmp_path / folder).mkdir(mode=0o700)
    content = bytearray(sound)
    at = content.index(b"CREATE TABLE entries")
    content[at + 7] = 0xFF
    put(tmp_path / "memory", bytes(content))
    heard = asyncio.run(_live(tmp_path))
    assert (tmp_path / "memory" / f"{FILE_NAME}.damaged-1").read_bytes()[at + 7] == 0xFF
    assert heard.detail == "the long-term memory was damaged and set aside"
    memory = LongTermMemory(tmp_path / "memory")
    assert memory.warning == "" and [row.spoken for row in memory.people()] == [("Anna",)]
    memory.close()


async def _live(tmp_path: Path) -> m.Heartbeat:
    clock = MonotonicClock()
    bus = ZmqBus("behavioral", ROOMS, tmp_path / "run", clock)
    cycles, beats = bus.subscribe(m.CognitiveCycle), bus.subscribe(m.Heartbeat)
    process = await _start(tmp_path, clock, 0, clock.now_ns())
    try:
        await asyncio.wait_for(anext(aiter(cycles)), 30)
        bus.publish(m.PersonPercept(t_ns=clock.now_ns(), state="arrived", person_id="t1", box=FACE))
        text = "My name is Anna. Please remember me."
        bus.publish(m.Turn(t_ns=clock.now_ns(), state="ended", speaker="user", turn_id="t", text=text, person_id="t1"))
        async with asyncio.timeout(60):
            while True:
                cycles.flush()
                await anext(aiter(cycles))
                memory = tmp_path / "memory" / FILE_NAME
                if memory.exists() and content_in(tmp_path / "memory", "remember me"):
                    break
            async for beat in beats:
                if beat.source == "cognitive" and beat.status == "degraded":
                    return beat
        raise AssertionError("no heartbeat said what happened")
    finally:
        assert process.returncode is None, "it lives"
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 20) == 0
        await bus.aclose()
