"""A clause that comes in pieces is heard from its first sound on, without a click, and is accounted for to the word."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from streams import LEVEL, RATE_HZ, ToneVoice

from behavioral.voice.playback import STORE_MS, Playback
from behavioral.voice.speaker import ClauseScheduled, Speaker, Spoken
from behavioral.voice.tts.contract import TextToSpeech
from runtime import messages
from runtime.clock import NS_PER_MS, NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.messages import AgentAudio


class Stage:
    """A speaker and its playback on virtual time, ticking at 50 Hz."""

    def __init__(self, voice: TextToSpeech) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        self.clock = VirtualClock(loop)
        self.gaps_ms: list[float] = []
        self.playback = Playback(self.clock, underrun=self.gaps_ms.append)
        self.pieces: list[AgentAudio] = []
        self.handed_ns: list[int] = []
        self.playback.hand_out_to(self.take)
        self.scheduled: list[ClauseScheduled] = []
        self.grown: list[ClauseScheduled] = []
        self.speaker = Speaker(
            voice, self.playback, self.clock, self.scheduled.append, lambda _ns: None, self.grown.append
        )
        self._ticking = asyncio.ensure_future(self._tick())

    def take(self, piece: AgentAudio) -> None:
        self.pieces.append(piece)
        self.handed_ns.append(self.clock.now_ns())

    async def _tick(self) -> None:
        while True:
            for piece in self.playback.pieces_due(self.clock.now_ns()):
                self.take(piece)
            await self.clock.sleep_until_ns(self.clock.now_ns() + 20 * NS_PER_MS)

    def sound(self) -> tuple[int, np.ndarray]:
        """Return what a player that trusts `t_ns` plays: its first sample's time, and float [samples]."""
        first_ns = self.pieces[0].t_ns
        last = self.pieces[-1]
        played = np.zeros(round((last.t_ns - first_ns) * RATE_HZ / NS_PER_S) + len(last.pcm) // 2)
        for piece in self.pieces:
            at = round((piece.t_ns - first_ns) * RATE_HZ / NS_PER_S)
            samples = np.frombuffer(piece.pcm, "<i2")
            played[at : at + len(samples)] = samples
        return first_ns, played


async def pieces(*texts: str) -> AsyncIterator[str]:
    for text in texts:
        yield text


def say(voice: ToneVoice, text: str, stop_s: float | None = None) -> tuple[Stage, Spoken]:
    async def main() -> tuple[Stage, Spoken]:
        stage = Stage(voice)
        saying = asyncio.ensure_future(stage.speaker.say("r", pieces(text)))
        if stop_s is not None:
            await asyncio.sleep(stop_s)
            stage.speaker.stop(stage.clock.now_ns())
        spoken = await saying
        await asyncio.sleep(0.1)  # the tick sends what fades out
        return stage, spoken

    return run_virtual(main())  # type: ignore[no-any-return]


def test_the_first_sound_does_not_wait_for_the_whole_clause() -> None:
    voice = ToneVoice([(0.3, 100.0)] * 20)
    stage, spoken = say(voice, "one two three four five six seven eight nine ten")
    assert stage.handed_ns[0] == 300 * NS_PER_MS, "with the first piece, and at once"
    assert stage.pieces[0].t_ns <= 305 * NS_PER_MS
    assert (spoken.heard, spoken.interrupted) == ("one two three four five six seven eight nine ten", False)


def test_a_clause_that_comes_in_time_is_played_as_if_it_had_been_there() -> None:
    stage, _ = say(ToneVoice([(0.0, 150.0)] + [(0.08, 100.0)] * 30), "one two three four five six seven eight")
    _, played = stage.sound()
    assert stage.gaps_ms == []
    assert len(played) == 8 * 200 * RATE_HZ // 1_000
    expected = LEVEL * np.cos(2 * np.pi * 500 * np.arange(len(played)) / RATE_HZ)
    assert np.abs(played - expected).max() <= 1.0


def test_sound_that_does_not_come_in_time_is_a_gap_without_a_click_and_is_told() -> None:
    stage, spoken = say(ToneVoice([(0.0, 300.0), (0.9, 300.0), (0.0, 0.0)]), "one two three four five")
    first_ns, played = stage.sound()
    assert len(stage.gaps_ms) == 1
    assert 550 < stage.gaps_ms[0] < 650  # 300 ms of sound, 900 ms until the next
    quiet = np.abs(played) < 1
    silent_ms = 1_000 * sum(
        1 for run in np.split(quiet, np.flatnonzero(np.diff(quiet)) + 1) if run[0] and len(run) > 50
    )
    assert silent_ms == 1_000, "one gap"
    # A tone at full level moves by at most 2 pi f A / rate from one sample to the next: no step is steeper.
    assert np.abs(np.diff(played)).max() <= 1.05 * 2 * np.pi * 500 * LEVEL / RATE_HZ
    assert [p.offset_samples for p in stage.pieces] == list(
        np.cumsum([0] + [len(p.pcm) // 2 for p in stage.pieces[:-1]])
    ), "positions count sound, not gaps"
    assert spoken.heard == "one two three four five"
    assert stage.playback.position_ms("r", first_ns + 600 * NS_PER_MS) == pytest.approx(300, abs=1)
    assert stage.playback.position_ms("r", first_ns + 5 * NS_PER_S) == pytest.approx(1_000, abs=1)


def test_after_a_gap_the_next_growing_clause_starts_with_more_in_store_and_forgets_it_again() -> None:
    async def main() -> list[float]:
        voice = ToneVoice([(0.0, 100.0), (0.5, 100.0), (0.0, 0.0)])
        stage = Stage(voice)
        stores = [stage.playback.store_ms]
        for number in range(4):
            await stage.speaker.say(f"r{number}", pieces("one two three four five"))
            stores.append(stage.playback.store_ms)
            voice.plan = [(0.0, 400.0), (0.0, 400.0), (0.0, 0.0)]
        return stores

    stores = run_virtual(main())
    assert stores[:2] == [STORE_MS, 2 * STORE_MS]
    assert stores[1] > stores[2] > stores[3] > STORE_MS


@pytest.mark.parametrize(
    ("stop_s", "heard"), [(0.25, "one"), (0.45, "one two"), (0.70, "one two three"), (0.95, "one two three four five")]
)
def test_an_interruption_in_its_middle_is_accounted_for_to_the_word_and_ends_the_engine(
    stop_s: float, heard: str
) -> None:
    voice = ToneVoice([(0.0, 100.0)] + [(0.09, 100.0)] * 40)
    stage, spoken = say(voice, " ".join("one two three four five six seven eight nine ten".split()), stop_s)
    assert (spoken.heard, spoken.interrupted) == (heard, True)
    assert voice.closed == 1
    silent_ns = max(p.t_ns + len(p.pcm) // 2 * NS_PER_S // RATE_HZ for p in stage.pieces)
    assert silent_ns <= round(stop_s * NS_PER_S) + 100 * NS_PER_MS
    _, played = stage.sound()
    assert abs(played[-1]) < 50


def test_an_interruption_in_a_gap_counts_what_was_heard_before_it() -> None:
    _, spoken = say(ToneVoice([(0.0, 420.0), (2.0, 300.0), (0.0, 0.0)]), "one two three four five", stop_s=1.5)
    assert spoken.heard == "one two"


def test_a_players_report_is_read_through_the_gap() -> None:
    async def main() -> float:
        stage = Stage(ToneVoice([(0.0, 300.0), (0.9, 300.0), (0.0, 0.0)]))
        saying = asyncio.ensure_future(stage.speaker.say("r", pieces("one two three four five")))
        await asyncio.sleep(1.2)
        start_ns = stage.scheduled[0].start_ns
        at_ms = stage.playback.place_of("r", 0).at_ms(600.0)
        for _ in range(30):
            late_ns = start_ns + round((at_ms + 70.0) * NS_PER_MS)
            stage.playback.report(messages.Playback(response_id="r", played_ms=600.0, t_ns=late_ns))
        delay_ms = stage.playback.delay_ms
        stage.speaker.stop(stage.clock.now_ns())
        await saying
        return delay_ms

    assert run_virtual(main()) == pytest.approx(70, abs=1)


def test_the_mouth_knows_what_is_there_and_the_gap() -> None:
    stage, _ = say(ToneVoice([(0.0, 300.0), (0.9, 300.0), (0.0, 0.0)]), "one two three four five")
    first, last = stage.scheduled[0], stage.grown[-1]
    assert first.visemes[-1].end_ms == pytest.approx(300), "what has no sound yet does not move the mouth"
    assert last.gaps_ms == pytest.approx(stage.gaps_ms[0], abs=1)
    assert last.end_ns == stage.playback.end_ns("r")
    assert last.visemes[-1].end_ms == pytest.approx(1_000 + last.gaps_ms, abs=1)


def test_what_an_engine_that_breaks_off_leaves_is_said_by_whoever_speaks_next() -> None:
    voice = ToneVoice([(0.0, 300.0), (0.0, 150.0)], breaks=True)
    _, spoken = say(voice, "one two three four five")
    assert [text for text, _ in voice.asked] == ["one two three four five", "three four five"]
    assert spoken.heard == "one two three four five"


def test_clauses_of_a_reply_follow_each_other_also_while_they_grow() -> None:
    voice = ToneVoice([(0.05, 200.0)] * 30)
    stage, spoken = say(voice, "This is the first sentence. This is the second one.")
    assert spoken.heard == "This is the first sentence. This is the second one."
    first, second = (s.start_ns for s in stage.scheduled)
    assert second >= first + (5 * 200 + 320) * NS_PER_MS
    assert stage.gaps_ms == []


def test_a_reply_stopped_before_its_first_sound_is_not_heard() -> None:
    voice = ToneVoice([(0.5, 100.0)] * 5)
    stage, spoken = say(voice, "one two three", stop_s=0.2)
    assert (spoken.heard, spoken.interrupted, stage.pieces, voice.closed) == ("", True, [], 1)
