"""What the scene has promised stands in the book, what the book alone knows comes into the scene, once, whatever is killed in between."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime

import msgspec
import pytest

from cognitive.memory import schema
from cognitive.memory.promises import SESSION_FILE
from cognitive.memory.store import Saved, encode
from cognitive.scene import Promise
from runtime import messages as m
from runtime.clock import NS_PER_S, run_virtual
from tests.cognitive.memory.conftest import T0, content_in
from tests.cognitive.memory.test_room_extras import House

FACE_7 = m.PersonIdentity(person_id="t1", known_as="face-7")


def promise(
    house: House, due_s: float = 300.0, id: str = "r1", track: str = "t1", about: str = "feed the zoo"
) -> Promise:
    """Put a promise into the scene, as the agent's words do."""
    now_ns = house.clock.now_ns()
    made = Promise(
        promise_id=id,
        made_ns=now_ns,
        due_ns=now_ns + round(due_s * NS_PER_S),
        words="I will.",
        about=about,
        person_id=track,
    )
    house.saved.scene.promises.append(made)
    return made


def states(house: House) -> list[tuple[str, str]]:
    """Return text and state of all that stands in the files."""
    rows = []
    for name in (house.folder / "memory" / schema.FILE_NAME, house.state / SESSION_FILE):
        if name.exists():
            database = sqlite3.connect(name)
            rows += database.execute("SELECT about, state FROM promises ORDER BY made_s").fetchall()
            database.close()
    return rows


async def killed(house: House) -> Saved:
    """Kill the room, and return the state that it had saved."""
    state = encode(house.saved)
    await house.service.stop()
    house.service.promises.close()
    if house.service._memory is not None:
        house.service._memory.close()
    os.close(house.service._held)
    return msgspec.json.decode(state, type=Saved)


async def next_session(house: House, saved: Saved | None = None) -> House:
    """Return the room of a later session on the same memory, which has its own state folder."""
    later = House(house.folder, saved)
    later.state = later.service._state_dir = house.folder / "state-2"
    later.service.promises._state_dir = later.state
    later.state.mkdir(exist_ok=True)
    await later.service.start()
    return later


def test_it_lives_in_the_session_and_moves_with_consent(tmp_path):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        promise(house)
        await house.cycle()
        assert states(house) == [("feed the zoo", "open")] and content_in(tmp_path / "memory", "zoo") == []
        await house.cycle(said="Please remember me.")
        await house.cycle()
        assert content_in(tmp_path / "memory", "zoo") != [] and content_in(house.state, "feed the zoo") == []
        assert [p.person for p in house.service.promises.open_promises] == [1]
        await house.cycle(said="Forget me.")
        assert house.saved.scene.promises == [] and house.saved.unsaid == []
        assert house.service.promises.open_promises == () and content_in(tmp_path, "feed the zoo") == []
        await house.end()

    run_virtual(main())


@pytest.mark.parametrize("words", ["Forget me.", "Don't remember this."])
@pytest.mark.parametrize("consents", [False, True])
def test_what_is_to_be_forgotten_is_in_no_file(tmp_path, words, consents):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        if consents:
            await house.cycle(said="Please remember me.")
        promise(house)
        await house.cycle()
        assert content_in(tmp_path, "feed the zoo") != []
        await house.cycle(said=words)
        await house.cycle()
        assert house.saved.scene.promises == [] and content_in(tmp_path, "feed the zoo") == []
        promise(house, id="r2", about="ring the bell")
        await house.cycle()
        assert [p.about for p in house.service.promises.open_promises] == ["ring the bell"], (
            "what is promised later holds"
        )
        await house.end()

    run_virtual(main())


@pytest.mark.parametrize("state", ["kept", "dropped", "missed"])
def test_what_the_scene_has_settled_is_settled_in_the_book(tmp_path, state):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        made = promise(house)
        await house.cycle()
        made.state = state
        await house.cycle()
        assert states(house) == [("feed the zoo", state)]
        await house.end()

    run_virtual(main())


def test_what_the_last_cycle_has_settled_is_settled_at_the_end_and_what_it_promised_is_entered(tmp_path):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        await house.cycle(said="Please remember me.")
        made = promise(house)
        await house.cycle()
        made.state = "kept"
        promise(house, id="r2", about="ring the bell")
        await house.end()
        assert states(house) == [("feed the zoo", "kept"), ("ring the bell", "open")]

    run_virtual(main())


@pytest.mark.parametrize("consents", [False, True])
@pytest.mark.parametrize("entered", [False, True])
def test_after_a_kill_it_is_owed_once_before_and_after_it_was_entered(tmp_path, consents, entered):
    async def main():
        first = House(tmp_path)
        await first.service.start()
        if consents:
            await first.cycle(said="Please remember me.")
            await first.cycle()
        promise(first)
        if entered:
            saved = msgspec.json.decode(encode(first.saved), type=Saved)  # killed between the entry and the next save
            await first.cycle()
            await killed(first)
        else:
            saved = await killed(first)
        again = House(tmp_path, saved)
        await again.service.start()
        for _ in range(3):
            await again.cycle()
        assert [(p.about, p.state) for p in again.saved.scene.promises] == [("feed the zoo", "open")]
        assert [(p.about, bool(p.person)) for p in again.service.promises.open_promises] == [("feed the zoo", consents)]
        await again.end()

    run_virtual(main())


def test_kept_and_killed_before_the_book_knew_it_stays_kept(tmp_path):
    async def main():
        first = House(tmp_path)
        await first.service.start()
        made = promise(first)
        await first.cycle()
        made.state = "kept"
        again = House(tmp_path, await killed(first))
        await again.service.start()
        for _ in range(3):
            await again.cycle()
        assert [p.state for p in again.saved.scene.promises] == ["kept"] and states(again) == [("feed the zoo", "kept")]
        await again.end()

    run_virtual(main())


def test_where_the_saved_state_was_lost_the_book_still_knows(tmp_path):
    async def main():
        first = House(tmp_path)
        await first.service.start()
        promise(first, due_s=60.0)
        await first.cycle()
        await killed(first)
        again = House(tmp_path)
        await again.service.start()
        for _ in range(3):
            await again.cycle()
        ((found),) = again.saved.scene.promises
        assert (found.about, found.person_id, found.state) == ("feed the zoo", "t1", "open")
        assert 55.0 < (found.due_ns - again.clock.now_ns()) / NS_PER_S < 60.0
        await again.end()

    run_virtual(main())


def test_a_promise_of_an_earlier_session_comes_with_the_person_under_whatever_track(tmp_path):
    async def main():
        first = House(tmp_path)
        await first.service.start()
        await first.cycle(FACE_7, said="Please remember me.")
        await first.cycle()
        promise(first)
        await first.cycle()
        await first.end()
        later = await next_session(first)
        for _ in range(3):
            await later.cycle(track="t9")
        assert later.saved.scene.promises == [], "she is not here, or nobody has said that it is her"
        await later.cycle(m.PersonIdentity(person_id="t9", known_as="face-7"), track="t9")
        for _ in range(2):
            await later.cycle(track="t9")
        (owed,) = later.saved.scene.promises
        assert (owed.about, owed.person_id, owed.state) == ("feed the zoo", "t9", "open")
        owed.state = "kept"
        await later.cycle(track="t9")
        assert states(later) == [("feed the zoo", "kept")] and len(later.saved.scene.promises) == 1
        await later.end()
        once_more = await next_session(later)
        await once_more.cycle(m.PersonIdentity(person_id="t9", known_as="face-7"), track="t9")
        for _ in range(3):
            await once_more.cycle(track="t9")
        assert once_more.saved.scene.promises == []
        await once_more.end()

    run_virtual(main())


def test_who_comes_back_under_another_track_is_still_the_one_that_was_promised(tmp_path):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        await house.cycle(FACE_7, said="Please remember me.")
        made = promise(house)
        await house.cycle()
        house.saved.scene.people["t1"].present = False
        await house.cycle(m.PersonIdentity(person_id="t5", known_as="face-7"), track="t5")
        for _ in range(3):
            await house.cycle(track="t5")
        assert made.person_id == "t5"
        await house.end()

    run_virtual(main())


def test_to_somebody_who_stays_away_it_is_missed_in_time(tmp_path):
    async def main():
        first = House(tmp_path)
        await first.service.start()
        await first.cycle(FACE_7, said="Please remember me.")
        await first.cycle()
        promise(first, due_s=1.0)
        await first.cycle()
        await first.end()
        later = await next_session(first)
        later.service._wall_s = lambda: T0 + 3_600.0
        for _ in range(3):
            await later.cycle(track="t9")
        assert states(later) == [("feed the zoo", "missed")] and later.counters["promises_missed_away"] == 1
        assert "missed: too late" in later.saved.bank.sections()["situation"]
        await later.end()

    run_virtual(main())


def test_what_another_room_has_kept_is_not_said_here_again(tmp_path):
    async def main():
        one = House(tmp_path)
        await one.service.start()
        await one.cycle(FACE_7, said="Please remember me.")
        await one.cycle()
        made = promise(one)
        await one.cycle()
        two = await next_session(one)
        await two.cycle(m.PersonIdentity(person_id="t9", known_as="face-7"), track="t9")
        for _ in range(2):
            await two.cycle(track="t9")
        (copy,) = two.saved.scene.promises
        made.state = "kept"
        await one.cycle()
        for _ in range(3):
            await two.cycle(track="t9")
        assert copy.state == "kept"
        await one.end()
        await two.end()

    run_virtual(main())


def test_a_file_that_was_replaced_gets_what_is_still_owed(tmp_path):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        promise(house)
        await house.cycle()
        house.service.promises._promises.session.connection.execute("DELETE FROM promises")
        await house.service.promises.refresh()
        await house.cycle()
        assert states(house) == [("feed the zoo", "open")]
        await house.end()

    run_virtual(main())


def test_the_wall_clock_of_a_session_time(tmp_path):
    async def main():
        house = House(tmp_path)
        await house.service.start()
        told = house.service.local_time(90 * NS_PER_S)
        assert isinstance(told, datetime) and told.timestamp() == pytest.approx(T0 + 90.0)
        await house.end()

    run_virtual(main())
