"""Whole sessions at a sound card with a clock of its own, which is pulled out and comes back with another rate."""

from __future__ import annotations

import asyncio
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from behavioral.voice.tts.open import espeak_installed, open_tts
from runtime.messages import MotionFrame, Turn, UserAudio
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings
from tests.behavioral.sources.card_session import TURN_S, place, play

pytestmark = [pytest.mark.slow, pytest.mark.computing, pytest.mark.timeout(600)]
AWAY_S = (110.0, 125.0)
TALKS_S = (5.0, 50.0, 100.0, 145.0, 180.0, 220.0)
SECONDS = 230.0


@pytest.fixture(scope="module")
def person() -> NDArray[np.float64]:
    """A sentence at 16 kHz."""
    if not espeak_installed():
        pytest.skip("the voice is not installed: pip install 'attune[voice]'")

    async def say() -> NDArray[np.float64]:
        tts = open_tts(VoiceSettings(voice="en-us", rate_wpm=140, pitch=35), lambda _name: InlineOffload())
        clause = await tts.synthesise("good morning, what can you do for me?")
        await tts.aclose()
        return soxr.resample(clause.pcm / 32_768.0, clause.sample_rate_hz, 16_000)  # type: ignore[no-any-return]

    return 0.5 * asyncio.run(say())


@pytest.mark.parametrize(
    ("before", "after"), [((48_000, 200.0), (44_100, -200.0)), ((16_000, -200.0), (48_000, 200.0))]
)
def test_a_card_that_drifts_vanishes_and_comes_back_with_another_rate_costs_no_word(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    person: NDArray[np.float64],
    before: tuple[int, float],
    after: tuple[int, float],
) -> None:
    monkeypatch.setitem(sys.modules, "pyaudio", types.ModuleType("pyaudio"))  # the session puts its own there
    reader, result = play(tmp_path, person, TALKS_S, SECONDS, before=before, after=after, away_s=AWAY_S)
    blocks = sorted((m for m in reader.messages(UserAudio) if isinstance(m, UserAudio)), key=lambda m: m.index)
    assert [block.index for block in blocks] == list(range(len(blocks))), "no block is missing"
    assert len(blocks) * 0.032 == pytest.approx(SECONDS, abs=0.3)
    steps_ms = np.diff([block.t_ns for block in blocks]) / 1e6
    assert steps_ms[2:].min() > 32.0 - 1e3 * TURN_S - 1.0 and steps_ms.max() < 64.0 + 1e3 * TURN_S
    at_s = np.array([block.t_ns - reader.media_zero_ns for block in blocks[1:]]) / 1e9
    settled = (at_s > 3.0) & ((at_s < AWAY_S[0]) | (at_s > AWAY_S[1] + 6.0))  # two windows after an opening
    assert np.abs(steps_ms[settled] - 32.0).max() < 5.0

    heard = soundfile.read(tmp_path / "s" / "user.wav")[0]
    found = {talk_s: place(heard, person, talk_s) for talk_s in TALKS_S}
    assert all(likeness > 0.4 for _late_ms, likeness in found.values()), found
    for opening in ([at for at in TALKS_S if at < AWAY_S[0]], [at for at in TALKS_S if at > AWAY_S[1]]):
        late_ms = [found[at][0] for at in opening]
        assert max(late_ms) - min(late_ms) < 4.0, "200 ppm would have moved the last by 15 to 19 ms"
        assert min(late_ms) > -5.0 and max(late_ms) < 50.0, "what a converter of rates holds back, at most"
    away = heard[round(16_000 * (AWAY_S[0] + 0.2)) : round(16_000 * AWAY_S[1])]
    assert not away.any(), "what was not heard is silence"

    frames = [m.index for m in reader.messages(MotionFrame) if isinstance(m, MotionFrame)]
    assert frames == list(range(len(frames))), "no frame is missing"
    turns = [m for m in reader.messages(Turn) if isinstance(m, Turn) and m.state == "ended"]
    zero_ns = reader.media_zero_ns
    for talk_s in TALKS_S:
        answers = [t for t in turns if t.speaker == "agent" and talk_s < (t.t_ns - zero_ns) / 1e9 < talk_s + 15.0]
        assert answers, f"what was said at {talk_s} s is answered"

    told = [(at, status, detail) for at, status, detail in result["told"] if at > 1.0 and status != "ok"]
    assert all(AWAY_S[0] < at < AWAY_S[1] + 6.0 for at, _status, _detail in told), told
    troubles = " ".join(detail for _at, _status, detail in told)
    assert "microphone default" in troubles and "loudspeaker" in troubles, "health says so"
    assert result["told"][-1][1] == "ok", "and is well again"
    way = "fast" if after[1] > 0 else "slow"
    assert f"microphone's clock runs 200 ppm {way} (followed)" in result["told"][-1][2]
    assert result["played"]["before"] > 10_000 and result["played"]["after"] > 10_000, "the voice is heard again"
    assert result["counters"]["microphone_blocks_dropped"] == 0
