"""Whole sessions at a microphone and a loudspeaker whose clocks drift apart, with the agent's echo between them and a real person.

Two and a half minutes, in which 200 ppm move the count of a device by 30 ms. The drift of half an hour in one device's times is in
`test_device_time.py` and `test_browser.py`; its echo in `benchmarks/bench_echo.py --drift-ppm`.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pytest
import soundfile

from runtime.messages import AgentAudio, Turn, UserAudio
from tests.behavioral.sources.card_session import place, play

pytestmark = [pytest.mark.slow, pytest.mark.computing, pytest.mark.timeout(600)]
TALKS_S = (5.0, 30.0, 55.0, 80.0, 105.0, 130.0)
SECONDS = 145.0
SPEECH_END_S = 2.774
"""Of the recording of the reader, by the alignment that lies beside it."""


@pytest.mark.parametrize(("microphone_ppm", "loudspeaker_ppm"), [(200.0, 0.0), (-200.0, -200.0), (200.0, -200.0)])
def test_a_person_is_heard_at_the_right_times_and_the_agent_never_hears_itself(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    attune_data: Path,
    microphone_ppm: float,
    loudspeaker_ppm: float,
) -> None:
    name = "librivox-austen-aligned/sense_and_sensibility_01_austen_64kb-0880.wav"
    person, rate_hz = soundfile.read(attune_data / name)
    assert rate_hz == 16_000
    monkeypatch.setitem(sys.modules, "pyaudio", types.ModuleType("pyaudio"))  # the session puts its own there
    echo = {"level_db": -10.0}
    reader, result = play(
        tmp_path, person, TALKS_S, SECONDS,
        before=(16_000, microphone_ppm), loudspeaker_drift_ppm=loudspeaker_ppm, echo=echo,
    )  # fmt: skip
    zero_ns = reader.media_zero_ns

    ended = [m for m in reader.messages(Turn) if isinstance(m, Turn) and m.state == "ended"]
    users = [(t.t_ns - zero_ns) / 1e9 for t in ended if t.speaker == "user"]
    agents = [t for t in ended if t.speaker == "agent"]
    assert len(users) == len(TALKS_S), "nobody else was heard, the agent least of all"
    assert len(agents) == len(TALKS_S) and not any(t.interrupted for t in agents)
    late_s = np.array(users) - np.array(TALKS_S) - SPEECH_END_S
    assert late_s.min() > -0.3 and late_s.max() < 1.0
    assert np.ptp(late_s) < 0.15, "the last turn ends as soon as the first"

    blocks = sorted((m for m in reader.messages(UserAudio) if isinstance(m, UserAudio)), key=lambda m: m.index)
    assert [block.index for block in blocks] == list(range(len(blocks))), "no block is missing"
    assert len(blocks) * 0.032 == pytest.approx(SECONDS * (1 + microphone_ppm * 1e-6), abs=0.3)
    heard = soundfile.read(tmp_path / "s" / "user.wav")[0]
    found = [place(heard, person, talk_s) for talk_s in TALKS_S]
    assert min(likeness for _late_ms, likeness in found) > 0.2, "less what was filtered out"
    assert np.ptp([late_ms for late_ms, _likeness in found]) < 3.0, "200 ppm would have moved the last by 25 ms"

    spoken = [(m.t_ns - zero_ns) / 1e9 for m in reader.messages(AgentAudio) if isinstance(m, AgentAudio)]
    assert len(spoken) > 100
    answered = [t for t in spoken if TALKS_S[1] < t < SECONDS - 1.0]
    left = np.concatenate([heard[round(16_000 * t) : round(16_000 * t) + 640] for t in answered])
    assert 10 * np.log10(np.mean(left**2)) < -55.0, "of an echo of -30 dBFS"

    assert {status for at, status, _detail in result["told"] if at > 1.0} == {"ok"}
    assert "microphone's clock runs 200 ppm" in result["told"][-1][2]
    assert ("loudspeaker's clock runs 200 ppm slow" in result["told"][-1][2]) == (loudspeaker_ppm != 0.0)
    assert result["counters"]["microphone_drift_ppm"] == pytest.approx(microphone_ppm, abs=10)
    assert result["counters"]["loudspeaker_drift_ppm"] == pytest.approx(loudspeaker_ppm, abs=10)
    assert result["counters"]["microphone_blocks_dropped"] == 0
