"""One response through the real splitter, playback and clock, with a scripted voice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from behavioral.voice.playback import Playback
from behavioral.voice.prosody import PLAIN, Prosody
from behavioral.voice.speaker import ClauseScheduled, Speaker, Spoken
from behavioral.voice.tts.contract import SpokenClause
from behavioral.voice.tts.silent import estimated_clause
from runtime.clock import NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual


class Voice:
    """Takes a while for each clause."""

    name, note = "scripted", ""

    def __init__(self, delay_s: float = 0.0) -> None:
        self.delay_s = delay_s

    async def prepare(self) -> None:
        return

    async def synthesise(self, text: str, prosody: Prosody = PLAIN) -> SpokenClause:
        await asyncio.sleep(self.delay_s)
        return estimated_clause(text, 165)

    async def aclose(self) -> None:
        return


class Stage:
    def __init__(self, voice: Voice) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        self.clock = VirtualClock(loop)
        self.playback = Playback(self.clock)
        self.scheduled: list[ClauseScheduled] = []
        self.complete_ns: list[int] = []
        self.speaker = Speaker(voice, self.playback, self.clock, self.scheduled.append, self.complete_ns.append)


async def pieces(*texts: str, pause_s: float = 0.0) -> AsyncIterator[str]:
    for text in texts:
        await asyncio.sleep(pause_s)
        yield text


def test_a_long_reply_is_said_to_its_end_at_speaking_pace() -> None:
    text = " ".join(f"This is sentence number {n} of a long answer." for n in range(20))

    async def main() -> tuple[Spoken, float]:
        stage = Stage(Voice())
        spoken = await stage.speaker.say("r", pieces(text))
        return spoken, stage.clock.now_ns() / NS_PER_S

    spoken, seconds = run_virtual(main())
    assert not spoken.interrupted
    assert spoken.heard == text
    assert seconds > 40, "nothing cuts it off"


def test_the_end_is_known_once_the_last_clause_has_its_place() -> None:
    async def main() -> Stage:
        stage = Stage(Voice())
        await stage.speaker.say("r", pieces("One sentence. ", "Another one."))
        return stage

    stage = run_virtual(main())
    assert stage.complete_ns == [stage.playback.end_ns("r")]


def test_a_clause_that_is_ready_just_after_the_stop_is_not_said() -> None:
    async def main() -> tuple[Stage, Spoken]:
        stage = Stage(Voice(delay_s=0.3))
        saying = asyncio.ensure_future(stage.speaker.say("r", pieces("Only this. ")))
        await asyncio.sleep(0.3)  # the clause becomes ready in this very turn of the loop
        stage.speaker.stop(stage.clock.now_ns())
        return stage, await saying

    stage, spoken = run_virtual(main())
    assert spoken.interrupted and spoken.heard == ""
    assert stage.scheduled == []
    assert stage.playback.pieces_due(10 * NS_PER_S) == []


def test_the_source_of_the_text_is_closed_when_the_reply_is_stopped() -> None:
    closed = []

    async def source() -> AsyncIterator[str]:
        try:
            while True:
                yield "And another sentence. "
                await asyncio.sleep(0.1)
        finally:
            closed.append(True)

    async def main() -> None:
        stage = Stage(Voice())
        saying = asyncio.ensure_future(stage.speaker.say("r", source()))
        await asyncio.sleep(2.0)
        stage.speaker.stop(stage.clock.now_ns())
        assert (await saying).interrupted

    run_virtual(main())
    assert closed == [True]


def test_a_clause_that_brings_its_own_sound_is_played_after_what_came_before_it() -> None:
    own = estimated_clause("This is my own voice.", 165)

    async def mixed() -> AsyncIterator[str | SpokenClause]:
        yield "First some words"
        yield own
        yield "and some more."

    async def main() -> tuple[Spoken, list[ClauseScheduled]]:
        stage = Stage(Voice(delay_s=0.05))
        return await stage.speaker.say("r", mixed()), stage.scheduled

    spoken, scheduled = run_virtual(main())
    assert spoken.heard == "First some words This is my own voice. and some more."
    assert scheduled[1].clause is own
    assert scheduled[1].start_ns >= scheduled[0].end_ns
