"""Streaming features equal offline ones bit for bit, are causal and aligned, and survive any input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from motion.features import layout
from motion.features.frames import end_sample, frame_count
from motion.features.mel import FLOOR_DB
from motion.features.stream import ChannelFeatures, DyadFeatures, channel_features, dyad_features

Float32 = NDArray[np.float32]


def voice(seconds: float, seed: int = 0, hz: float = 140.0) -> Float32:
    """A buzz of changing pitch and loudness with pauses, and a little noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(16_000 * seconds)) / 16_000
    phase = 2 * np.pi * np.cumsum(hz * (1 + 0.2 * np.sin(2 * np.pi * 0.7 * t))) / 16_000
    buzz = sum(np.sin(n * phase) / n for n in range(1, 12))
    syllables = np.clip(np.sin(2 * np.pi * 2.3 * t), 0, None)
    return (0.2 * syllables * buzz + 1e-3 * rng.normal(size=t.size)).astype(np.float32)


VOICE = voice(2.5)
OTHER = voice(2.5, seed=1, hz=220.0)
OFFLINE = channel_features(VOICE)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 4_000), min_size=1, max_size=60))
def test_any_chunks_give_the_same_bits(lengths: list[int]) -> None:
    stream, rows, at = ChannelFeatures(), [], 0
    for length in [*lengths, VOICE.size]:
        rows.append(stream.push(VOICE[at : at + length]))
        at = min(at + length, VOICE.size)
        assert stream.frames == frame_count(at) == sum(map(len, rows))
    assert np.concatenate(rows).tobytes() == OFFLINE.tobytes()


def test_long_recordings_in_batches_give_the_same_bits_as_single_frames() -> None:
    samples = voice(20.0, seed=3)
    stream = ChannelFeatures()
    rows = [stream.push(samples[at : at + 534]) for at in range(0, samples.size, 534)]
    assert np.concatenate(rows).tobytes() == channel_features(samples).tobytes()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 74), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_a_dyad_in_any_order_of_pushes_gives_the_same_bits(frames: int, ahead: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    user = OTHER[: end_sample(frames - 1)]
    wanted = dyad_features(VOICE[: user.size], user, ahead)
    agent = np.pad(VOICE[: user.size], (0, end_sample(frames + ahead) - user.size))
    stream, rows, a, u = DyadFeatures(ahead), [], 0, 0
    while a < agent.size or u < user.size:
        said, heard = (int(n) for n in rng.integers(0, 3_000, 2))
        rows.append(stream.push(agent[a : a + said], user[u : u + heard]))
        a, u = a + said, u + heard
    assert np.concatenate(rows).tobytes() == wanted.tobytes()
    assert wanted.shape == (frames, layout.DYAD_SIZE)


def test_a_frame_knows_nothing_of_what_comes_after_it() -> None:
    frame = 40
    changed = VOICE.copy()
    changed[end_sample(frame) :] = np.random.default_rng(0).normal(size=changed.size - end_sample(frame))
    rows = channel_features(changed)
    assert np.array_equal(rows[: frame + 1], OFFLINE[: frame + 1])
    assert not np.array_equal(rows[frame + 1], OFFLINE[frame + 1])


def test_a_click_shows_in_the_frame_that_holds_it_and_not_before() -> None:
    for frame in (10, 11, 12):
        for sample in (end_sample(frame - 1), end_sample(frame) - 1):
            samples = np.zeros(16_000, np.float32)
            samples[sample] = 1.0
            rows = channel_features(samples)
            assert np.flatnonzero(rows[:, layout.LEVEL] > FLOOR_DB).tolist() == [frame]


def test_look_ahead_shifts_the_agent_and_only_the_agent() -> None:
    plain, ahead = dyad_features(VOICE, OTHER), dyad_features(VOICE, OTHER, lookahead_frames=6)
    half = layout.CHANNEL_SIZE
    assert np.array_equal(ahead[:-6, :half], plain[6:, :half])
    assert np.array_equal(ahead[:, half:], plain[:, half:])
    assert (ahead[-1, layout.MEL] == FLOOR_DB).all()  # after the end there is silence


def test_revoked_speech_is_replaced_without_a_trace() -> None:
    ahead, cut = 6, 30
    stream = DyadFeatures(ahead)
    rows = [stream.push(VOICE[: end_sample(cut + ahead - 1)], OTHER[: end_sample(cut - 1)])]
    assert stream.frames == cut
    at = stream.revoke_agent()
    assert at == end_sample(cut - 1)
    silent = VOICE.copy()
    silent[at:] = 0.0
    rows.append(stream.push(np.pad(silent[at:], (0, 4_000)), OTHER[end_sample(cut - 1) :]))
    got = np.concatenate(rows)
    half = layout.CHANNEL_SIZE
    assert np.array_equal(got[:cut, :half], channel_features(VOICE)[ahead : cut + ahead])
    assert np.array_equal(
        got[cut:, :half], channel_features(np.pad(silent, (0, 4_000)))[cut + ahead : len(got) + ahead]
    )
    assert np.array_equal(got[:, half:], channel_features(OTHER))


def test_speech_that_has_not_come_this_far_cannot_be_revoked() -> None:
    stream = DyadFeatures(6)
    stream.push(VOICE[: end_sample(40)], OTHER[: end_sample(20)])
    with pytest.raises(ValueError, match="can be returned to"):  # 19 frames ahead of the user, 6 are kept
        stream.revoke_agent()


def test_rewinding_further_than_kept_is_refused() -> None:
    stream = ChannelFeatures(keep_frames=2)
    stream.push(VOICE[:16_000])
    with pytest.raises(ValueError, match="only frames 28 to 30"):
        stream.rewind(27)
    stream.rewind(28)
    assert np.array_equal(stream.push(VOICE[stream.samples :]), OFFLINE[28:])


@pytest.mark.parametrize("hz", [70.0, 110.0, 196.0, 440.0])
def test_pitch_level_and_band_of_a_tone(hz: float) -> None:
    t = np.arange(16_000) / 16_000
    rows = channel_features((0.5 * np.sin(2 * np.pi * hz * t)).astype(np.float32))[10:]
    assert rows[:, layout.F0] == pytest.approx(12 * np.log2(hz / 100.0), abs=0.05)
    assert (rows[:, layout.VOICING] > 0.95).all()
    assert rows[:, layout.LEVEL] == pytest.approx(-9.03, abs=0.6)  # 533 samples are no whole number of periods
    assert (rows[:, layout.ONSET] < 0.5).all()
    assert -14.0 < rows[:, layout.MEL].max() < -3.0  # the lowest bands are narrower than the lobe of the window


def test_the_relative_pitch_follows_the_speaker() -> None:
    rows = channel_features(np.sin(2 * np.pi * 300.0 * np.arange(16_000 * 20) / 16_000))
    relative = rows[2:, layout.F0_RELATIVE]
    assert relative[0] == pytest.approx(12 * np.log2(300 / 165), abs=1.5)
    assert relative[-1] == pytest.approx(0.0, abs=0.35)


def test_an_onset_stands_out() -> None:
    samples = np.zeros(32_000, np.float32)
    samples[16_000:] = voice(1.0, hz=200)
    onset = channel_features(samples)[:, layout.ONSET]
    assert abs(int(onset.argmax()) - 30) <= 3
    assert onset.max() > 5.0


@settings(deadline=None, max_examples=60)
@given(
    hnp.arrays(np.float32, st.integers(0, 3_000), elements=st.floats(width=32, allow_nan=True, allow_infinity=True)),
)
def test_any_float_at_all_gives_finite_bounded_features(samples: Float32) -> None:
    rows = channel_features(samples)
    assert rows.dtype == np.float32 and np.isfinite(rows).all()
    assert (rows[:, layout.MEL] >= FLOOR_DB).all() and (rows[:, layout.MEL] < 10.0).all()
    assert ((rows[:, layout.VOICING] >= 0) & (rows[:, layout.VOICING] <= 1)).all()
    assert (np.abs(rows[:, layout.F0]) < 30).all()


def test_silence_nan_and_clipping_read_as_what_they_are() -> None:
    silent = channel_features(np.zeros(16_000, np.float32))
    assert (silent[:, layout.MEL] == FLOOR_DB).all() and (silent[:, layout.ONSET :] == 0).all()
    assert np.array_equal(channel_features(np.full(16_000, np.nan)), silent)
    loud = channel_features(100.0 * VOICE)
    assert np.array_equal(loud, channel_features(np.clip(100.0 * VOICE, -1, 1)))
    assert loud[:, layout.LEVEL].max() <= 0.0


def test_int16_reads_as_the_same_floats() -> None:
    pcm = (VOICE * 32_767).astype(np.int16)
    assert np.array_equal(channel_features(pcm), channel_features(pcm.astype(np.float32) / 32_768))


@pytest.mark.parametrize("bad", [np.zeros((2, 5), np.float32), np.zeros(5, np.int32), np.zeros(5, complex)])
def test_what_is_no_mono_audio_is_refused(bad: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="samples"):
        ChannelFeatures().push(bad)
    with pytest.raises(ValueError, match="lookahead_frames"):
        DyadFeatures(lookahead_frames=61)


def test_names_fit_the_columns() -> None:
    assert len(layout.CHANNEL_NAMES) == layout.CHANNEL_SIZE == OFFLINE.shape[1]
    assert len(set(layout.DYAD_NAMES)) == layout.DYAD_SIZE
    assert layout.CHANNEL_NAMES[layout.F0] == "f0_st" and layout.CHANNEL_NAMES[layout.ONSET] == "onset_db"
