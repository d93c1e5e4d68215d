"""The WAV files of a session: every sample where it was heard, equal lengths, no stale speech."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from runtime.messages import AgentSpeech
from runtime.session.files import subtract
from runtime.session.wav_track import WavTrack, resample_linear
from tests.runtime.session.support import MS, S, agent_audio, record, start, stop, user_audio

ZERO = 250 * MS


def samples_of(path: Path) -> np.ndarray:
    """The file's int16 samples."""
    samples, rate_hz = soundfile.read(path, dtype="int16")
    assert rate_hz == 16_000
    return samples


def run(folder: Path, *messages: Any, end_ns: int = ZERO + 2 * S) -> None:
    """Record messages that all arrive at the start of a session from 0.25 s to `end_ns`."""

    async def script(bus: Any, clock: Any) -> None:
        for message in messages:
            bus.publish(message)
        await clock.sleep_until_ns(end_ns)
        bus.publish(stop(end_ns))

    record(folder, script, zero_ns=ZERO)


def test_a_sample_stands_where_it_was_heard(tmp_path: Path) -> None:
    impulse = np.zeros(320)
    impulse[100] = 20_000
    run(tmp_path, start(ZERO), user_audio(0, impulse, ZERO + 700 * MS), agent_audio("r", 0, impulse, ZERO + 1_300 * MS))
    assert np.flatnonzero(samples_of(tmp_path / "user.wav")).tolist() == [11_200 + 100]
    assert np.flatnonzero(samples_of(tmp_path / "agent.wav")).tolist() == [20_800 + 100]


def test_both_files_are_as_long_as_the_session_even_without_a_word(tmp_path: Path) -> None:
    run(tmp_path, start(ZERO), user_audio(0, np.ones(320), ZERO))
    assert len(samples_of(tmp_path / "user.wav")) == len(samples_of(tmp_path / "agent.wav")) == 32_000
    assert not samples_of(tmp_path / "agent.wav").any()


def test_audio_from_before_media_time_zero_is_cut_to_the_sample(tmp_path: Path) -> None:
    run(tmp_path, user_audio(0, np.arange(1, 321), ZERO - 10 * MS), start(ZERO))
    assert samples_of(tmp_path / "user.wav")[:161].tolist() == [*range(161, 321), 0]


def test_late_and_swapped_pieces_find_their_place(tmp_path: Path) -> None:
    blocks = [user_audio(i, np.full(320, i + 1), ZERO + i * 20 * MS) for i in range(4)]
    run(tmp_path, start(ZERO), blocks[2], blocks[0], blocks[3], blocks[1])
    assert samples_of(tmp_path / "user.wav")[:1_280].tolist() == [i + 1 for i in range(4) for _ in range(320)]


def test_jitter_of_capture_times_does_not_tear_a_running_recording(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    ramp = np.arange(1, 3_201)
    jitter = rng.integers(-2 * MS, 2 * MS, 10)
    jitter[0] = 0
    blocks = [user_audio(i, ramp[i * 320 : (i + 1) * 320], ZERO + i * 20 * MS + int(jitter[i])) for i in range(10)]
    run(tmp_path, start(ZERO), *blocks)
    assert samples_of(tmp_path / "user.wav")[:3_200].tolist() == ramp.tolist()


@pytest.mark.parametrize("drift_ppm", [-200.0, 200.0, 1_000.0])
def test_a_voice_whose_clock_drifts_stays_in_place_and_loses_nothing(tmp_path: Path, drift_ppm: float) -> None:
    block, seconds = 512, 60.0
    track = WavTrack(tmp_path / "x.wav")
    count = round(seconds * 16_000 / block)
    device = np.sin(2 * np.pi * 100 * np.arange(count * block) / 16_000 / (1 + drift_ppm * 1e-6))
    pcm = np.round(10_000 * device).astype("<i2")
    for index in range(count):
        at_ns = round(index * block * S / 16_000 / (1 + drift_ppm * 1e-6))
        track.place(at_ns, pcm[index * block : (index + 1) * block].tobytes(), 16_000, follows=index > 0)
    track.close(track.samples * S // 16_000)
    heard = samples_of(tmp_path / "x.wav")[: round(0.99 * seconds * 16_000)].astype(float)
    steepest = 2 * np.pi * 100 * 10_000 / 16_000
    assert np.abs(np.diff(heard)).max() < 1.3 * steepest, "no click"
    crossings = np.flatnonzero((heard[:-1] < 0) & (heard[1:] >= 0))
    assert np.abs(np.diff(crossings) - 160).max() <= 3, "not a wave is cut or doubled"
    late_ms = (crossings / 16.0 - 10.0 * np.round(crossings / 160.0)) - crossings[0] / 16.0 % 10.0
    assert np.abs((late_ms + 5.0) % 10.0 - 5.0).max() < 3.5, "every wave where it was heard"


def test_what_was_not_heard_of_an_interrupted_response_is_not_in_the_file(tmp_path: Path) -> None:
    cut_ns = ZERO + 100 * MS
    run(
        tmp_path,
        start(ZERO),
        agent_audio("old", 0, np.full(3_200, 5), ZERO),
        AgentSpeech(state="interrupted", response_id="old", t_ns=cut_ns),
        agent_audio("old", 3_200, np.full(3_200, 5), ZERO + 200 * MS),
        agent_audio("new", 0, np.full(1_600, 6), ZERO + 500 * MS),
    )
    heard = samples_of(tmp_path / "agent.wav")
    assert heard[:1_600].tolist() == [5] * 1_600
    assert not heard[1_600:8_000].any()
    assert heard[8_000:9_600].tolist() == [6] * 1_600 and not heard[9_600:].any()


def test_a_pause_takes_back_what_was_handed_out_for_later_and_not_what_is_said_after_it(tmp_path: Path) -> None:
    run(
        tmp_path,
        start(ZERO),
        agent_audio("r", 0, np.full(3_200, 5), ZERO),
        AgentSpeech(state="paused", response_id="r", t_ns=ZERO + 100 * MS),
        agent_audio("r", 800, np.full(1_600, 6), ZERO + 500 * MS),
    )
    heard = samples_of(tmp_path / "agent.wav")
    assert heard[:1_600].tolist() == [5] * 1_600
    assert not heard[1_600:8_000].any()
    assert heard[8_000:9_600].tolist() == [6] * 1_600


def test_an_interruption_takes_nothing_from_the_reply_that_followed(tmp_path: Path) -> None:
    run(
        tmp_path,
        start(ZERO),
        agent_audio("old", 0, np.full(3_200, 5), ZERO),
        agent_audio("new", 0, np.full(800, 6), ZERO + 120 * MS),
        AgentSpeech(state="interrupted", response_id="old", t_ns=ZERO + 100 * MS),
    )
    heard = samples_of(tmp_path / "agent.wav")[:3_200].tolist()
    assert heard == [5] * 1_600 + [0] * 320 + [6] * 800 + [0] * 480


def test_an_absurd_time_does_not_make_a_file_of_hours(tmp_path: Path) -> None:
    run(tmp_path, start(ZERO), user_audio(0, np.ones(320), 2**61))
    assert (tmp_path / "user.wav").stat().st_size < 100_000


def test_another_sample_rate_is_brought_to_the_rate_of_the_file(tmp_path: Path) -> None:
    tone = 8_000 * np.sin(2 * np.pi * 440 * np.arange(4_410) / 22_050)
    expected = 8_000 * np.sin(2 * np.pi * 440 * np.arange(3_200) / 16_000)
    run(tmp_path, start(ZERO), agent_audio("a", 0, np.zeros(160), ZERO), agent_audio("b", 0, tone, ZERO + S, 22_050))
    heard = samples_of(tmp_path / "agent.wav")[16_000:19_200]
    assert np.abs(heard[:3_190] - expected[:3_190]).max() < 60


@pytest.mark.parametrize("seconds", [0.0, 0.5, 3.0])
def test_the_header_is_valid_at_every_sync(tmp_path: Path, seconds: float) -> None:
    track = WavTrack(tmp_path / "x.wav")
    track.place(0, b"\1\0" * 16_000, 16_000)
    track.sync(round(seconds * S))
    assert soundfile.info(tmp_path / "x.wav").frames == max(16_000, round(seconds * 16_000))
    track.abandon()


def test_an_odd_byte_and_an_empty_piece_do_no_harm(tmp_path: Path) -> None:
    track = WavTrack(tmp_path / "x.wav")
    assert track.place(0, b"", 16_000) == (0, 0)
    assert track.place(0, b"\1\0\1", 16_000) == (0, 1)
    track.close(S)
    assert len(samples_of(tmp_path / "x.wav")) == 16_000


def test_resampling_nothing_gives_nothing() -> None:
    assert len(resample_linear(np.zeros(0, dtype=np.int16), 8_000, 16_000)) == 0


spans = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))


@given(spans, st.lists(spans, max_size=5))
def test_subtracting_spans_is_subtracting_sets(span: tuple[int, int], others: list[tuple[int, int]]) -> None:
    expected = set(range(*span)).difference(*(range(*other) for other in others))
    rest = [i for part in subtract(span, others) for i in range(*part)]
    assert rest == sorted(expected)
