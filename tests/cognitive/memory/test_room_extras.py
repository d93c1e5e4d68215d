"""What the room offers beyond remembering: recollections for reasoners, memories found by meaning."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import msgspec

from cognitive.memory.bank import Note
from cognitive.memory.embedding import OnnxEmbedder, ServerEmbedder
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.service import LongTermService
from cognitive.memory.store import Saved, encode
from cognitive.scene import Person, Utterance
from cognitive.situation import derive
from runtime import messages as m
from runtime.clock import NS_PER_S, VirtualClock, run_virtual
from runtime.offload import InlineOffload
from runtime.settings import LongTermSettings
from tests.cognitive.memory.conftest import T0, content_in
from tests.cognitive.memory.test_embedding import Server, build


class House:
    """A service on a state of its own, without the cycles around it."""

    def __init__(self, folder: Path, saved: Saved | None = None, embedder=None, **settings) -> None:
        self.saved = Saved() if saved is None else saved
        self.folder = folder
        self.state = folder / "state"
        self.state.mkdir(exist_ok=True)
        self.counters: dict[str, float] = {}
        self.status = {"status": "ok", "detail": ""}
        self.clock = VirtualClock(asyncio.get_running_loop())
        self.service = LongTermService(
            LongTermSettings(folder=str(folder / "memory"), **settings), self.saved, self.state, self.clock, wall_s=self.wall_s,
            offload=InlineOffload(), embedding=InlineOffload(), files=InlineOffload(), embedder=embedder, counters=self.counters,
            status=self.status,
        )  # fmt: skip

    def wall_s(self) -> float:
        return T0 + self.clock.now_ns() / NS_PER_S

    async def cycle(self, *messages: m.Message, said: str = "", track: str = "t1") -> None:
        await asyncio.sleep(0.5)
        now_ns = self.clock.now_ns()
        person = self.saved.scene.people.setdefault(track, Person(person_id=track, arrived_ns=now_ns))
        person.last_ns = now_ns
        if said:
            self.saved.scene.utterances.append(Utterance(speaker="user", text=said, t_ns=now_ns, person_id=track))
            self.saved.bank.person(track, now_ns).notes.append(Note(t_ns=now_ns, text=f"said: {said}"))
            messages = (*messages, m.Turn(state="ended", speaker="user", turn_id="x", text=said, person_id=track))
        self.service.step(list(messages), now_ns)
        self.service.saved()
        await asyncio.sleep(0.1)

    async def end(self) -> None:
        await self.service.stop()
        self.service.close()


def test_reasoners_see_what_is_remembered_of_who_is_here(tmp_path):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        await house.cycle(said="My name is Anna and I live in Berlin. Please remember me.")
        for _ in range(3):
            await house.cycle()
        situation = derive(house.saved.scene, house.clock.now_ns(), recollections=house.service.recollections)
        assert situation.recollections["t1"].name == "Anna"
        assert "lives in Berlin" in [memory.text for memory in situation.recollections["t1"].memories]
        house.saved.scene.people["t1"].present = False
        await house.cycle(track="t2")
        assert (
            derive(house.saved.scene, house.clock.now_ns(), recollections=house.service.recollections).recollections
            == {}
        )
        await house.end()

    run_virtual(main())


def remembered(house: House) -> list[str]:
    return [memory.text for memory in house.service.recollections["t1"].memories]


async def talk(house: House) -> list[str]:
    """Agree, tell five things, and say something that shares no word with any."""
    await house.service.start()
    await house.cycle(said="Please remember me. I like puppies.")
    for thing in ("stamps", "music", "old films", "puppy food", "chess"):
        await house.cycle(said=f"I like {thing}.")
    for _ in range(4):
        await house.cycle()
    await house.cycle(said="What about a dog?")
    for _ in range(4):
        await house.cycle()
    return remembered(house)


def test_with_a_model_memories_are_found_by_meaning(tmp_path):
    async def main():
        house = House(tmp_path, embedder=OnnxEmbedder(build(tmp_path)))
        found = await talk(house)
        assert found[0] == "likes puppy food", "no word in common, but near in meaning"
        assert house.service._memory.connection.execute("SELECT count(*) FROM vectors").fetchone()[0] >= 5
        await house.cycle(said="Forget me.")
        assert house.service._memory.connection.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
        await house.end()

    run_virtual(main())


def test_a_server_that_fails_is_left_alone_for_a_while_and_words_are_enough(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    server = Server()
    server.answer = lambda _body: (503, b"")

    async def main():
        house = House(tmp_path, embedder=ServerEmbedder(server.settings))
        assert "likes puppy food" in await talk(house)
        assert house.counters["memory_embeddings_failed"] == 1 and len(server.asked) == 1, "one try in half a minute"
        assert house.status["status"] == "ok"
        server.answer = server.good
        await asyncio.sleep(31)
        for _ in range(3):
            await house.cycle()
        assert house.service._memory.connection.execute("SELECT count(*) FROM vectors").fetchone()[0] >= 5
        await house.end()

    run_virtual(main())
    server.close()


def test_two_rooms_on_one_folder_do_not_disturb_each_other(tmp_path):
    async def main():
        one, two = House(tmp_path), House(tmp_path)
        two.state = two.service._state_dir = tmp_path / "state-2"
        two.state.mkdir()
        await one.service.start()
        await two.service.start()
        await one.cycle(said="My name is Anna. Please remember me.")
        await two.cycle(said="My name is Ben. Please remember me.")
        memory = LongTermMemory(tmp_path / "memory")
        assert [row.spoken for row in memory.people()] == [("Anna",), ("Ben",)]
        memory.close()
        await one.cycle(said="Forget me.")
        await two.cycle()
        assert [link.consent for link in two.saved.remembering.links.values()] == ["given"]
        await one.end()
        await two.end()

    run_virtual(main())


def test_a_full_disk_is_said_and_nothing_is_lost_when_there_is_room_again(tmp_path):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        await house.cycle(said="My name is Anna. Please remember me.")
        db = house.service._memory.connection
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        for k in range(25):
            await house.cycle(said=f"I like thing{k}, " + "and so on and on " * 8)
        full = house.counters.get("memory_long_term_failures", 0)
        assert full >= 1 and house.status == {"status": "degraded", "detail": "the long-term memory cannot be used"}
        db.execute("PRAGMA max_page_count = 1000000")
        for _ in range(12):
            await house.cycle()
        assert house.status["status"] == "ok" and house.counters["memory_long_term_failures"] >= full
        values = {row[0] for row in db.execute("SELECT value FROM facts")}
        assert {f"thing{k}" for k in range(25)} <= values
        await house.end()

    run_virtual(main())


def test_a_wish_to_be_forgotten_outlives_a_kill_before_it_was_done(tmp_path):
    async def main():
        first = House(tmp_path)
        await first.service.start()
        await first.cycle(said="I live in Zanzibar. Please remember me.")
        await first.service.stop()  # the wish is saved, the deed is not done
        first.service.step([m.MemoryConsent(state="withdrawn", person_id="t1")], first.clock.now_ns())
        state = encode(first.saved)
        first.service.promises.close()
        assert first.service._memory is not None
        first.service._memory.close()
        os.close(first.service._held)
        assert content_in(tmp_path / "memory", "zanzibar") != []

        again = House(tmp_path, msgspec.json.decode(state, type=Saved))
        await again.service.start()
        await again.cycle(track="t2")
        assert content_in(tmp_path, "zanzibar") == []
        await again.end()

    run_virtual(main())
