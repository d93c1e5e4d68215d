"""While the house records, nothing of a person is taken before that person has agreed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from avatar.consent import Recording, recording_of
from runtime import messages as m
from runtime.settings import Profile, RecorderSettings
from tests.avatar.support import PCM, House, Page, heard, with_house

RECORDING = Recording("r1", voice=True, picture=False)
OF_THE_PERSON = [
    m.UserAudio(pcm=PCM),
    m.UserVideo(jpeg=b"\xff\xd8picture\xff\xd9"),
    m.TypedText(text="hello"),
    m.Viewer(state="microphone_on"),
    m.Viewer(state="camera_on"),
]


async def settled(page: Page) -> None:
    await page.socket.send_str('{"type":"ping","sent_ms":1}')
    await page.until("pong")


async def agree(page: Page, recording: str = "r1") -> None:
    await page.socket.send_str(msgspec.json.encode({"type": "consent", "recording": recording}).decode())
    await settled(page)


def test_the_page_is_told_of_the_recording_with_its_first_message() -> None:
    async def test(house: House) -> None:
        async with house.connect() as socket:
            hello = await Page(socket).next()
            assert hello["type"] == "hello"
            assert hello["recording"] == {"id": "r1", "voice": True, "picture": False}

    with_house(test, recording=RECORDING)


def test_where_nothing_is_recorded_nobody_is_asked() -> None:
    async def test(house: House) -> None:
        async with house.connect() as socket:
            page = Page(socket)
            assert (await page.next())["recording"] is None
            await page.say(m.TypedText(text="hello"))
            assert (await heard(house, m.TypedText)).text == "hello"

    with_house(test)


@pytest.mark.parametrize(
    "message", OF_THE_PERSON, ids=lambda message: getattr(message, "state", type(message).__name__)
)
def test_what_is_of_the_person_reaches_the_bus_only_after_they_agreed(message: m.Message) -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await page.claim()
            await page.say(message)
            await settled(page)
            assert house.counters["refused_consent"] == 1
            await agree(page)
            await page.say(message)
            await settled(page)
            assert house.counters["refused_consent"] == 1
        seen: list[Any] = []
        while not (seen and isinstance(seen[-1], m.Viewer) and seen[-1].state == "left"):
            seen.append(await heard(house, m.Message))
        agreed = next(i for i, item in enumerate(seen) if getattr(item, "state", "") == "consented")
        assert [item.state for item in seen[:agreed]] == ["joined"]
        assert seen[agreed].viewer_id == "page-1" and seen[agreed].t_ns > 0
        assert type(seen[agreed + 1]) is type(message)

    with_house(test, recording=RECORDING)


def test_each_page_agrees_for_itself_and_once() -> None:
    async def test(house: House) -> None:
        async with house.page() as first, house.page() as second:
            for _ in range(3):
                await agree(first)
            await second.say(m.TypedText(text="not asked yet"))
            await settled(second)
            assert house.counters["refused_consent"] == 1
            await first.say(m.TypedText(text="asked"))
            assert (await heard(house, m.TypedText)).text == "asked"
        house.agent.publish(m.Viewer(state="left", viewer_id="end"))
        states = []
        while (viewer := await heard(house, m.Viewer)).viewer_id != "end":
            states.append(viewer.state)
        assert "consented" not in states, "said once, before the text"

    with_house(test, recording=RECORDING)


def test_agreement_to_another_recording_does_not_count() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await agree(page, "an earlier one")
            await page.say(m.TypedText(text="hello"))
            await settled(page)
            assert house.counters["refused_consent"] == 2

    with_house(test, recording=RECORDING)


def test_the_agent_can_be_stopped_without_agreeing() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await page.socket.send_str('{"type":"interrupt"}')
            await settled(page)
            assert house.interrupts == [1]

    with_house(test, recording=RECORDING)


def context(state_dir: Path, session_dir: Path | None, **recorder: bool) -> Any:
    profile = Profile(recorder=RecorderSettings(**recorder))
    return SimpleNamespace(state_dir=state_dir, session_dir=session_dir, profile=profile)


def test_a_recording_keeps_its_id_when_the_room_restarts_and_a_new_one_has_another(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    recording = recording_of(context(first, tmp_path, video=True, user_audio=False))
    assert recording is not None and (recording.voice, recording.picture) == (False, True)
    assert recording_of(context(first, tmp_path, video=True, user_audio=False)) == recording
    other = recording_of(context(second, tmp_path))
    assert other is not None and other.id != recording.id
    assert recording_of(context(first, None)) is None
