"""Recordings become sessions: order, length, pauses, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from motion.evaluation.sessions import LONGEST_S, PAUSE_S, joined, read_sessions
from motion.evaluation.speech import RATE_HZ


def tone(seconds: float, seed: int = 0) -> np.ndarray:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return 0.3 * np.sin(2 * np.pi * (200 + 20 * seed) * t) * (np.sin(2 * np.pi * 3 * t) > 0)


def test_recordings_are_joined_in_order_into_sessions_of_about_45_s() -> None:
    made = joined([(f"{n:02d}", tone(8.0, n)) for n in range(18)])
    assert len(made) == 3 and [one.name for one in made] == ["00", "06", "12"]
    for one in made:
        assert 48.0 + 5 * PAUSE_S[0] <= one.duration_s <= 48.0 + 5 * PAUSE_S[1]
        assert one.frames == len(one.strength) and one.onsets_s and max(one.onsets_s) < one.duration_s
        assert one.agent.dtype == np.float32


def test_pauses_follow_the_seed() -> None:
    recordings = [(str(n), tone(8.0)) for n in range(6)]
    a, b, other = (joined(recordings, seed) for seed in (1, 1, 2))
    assert np.array_equal(a[0].agent, b[0].agent) and len(a[0].agent) != len(other[0].agent)
    pause = a[0].agent[round(8.0 * RATE_HZ) :][: round(PAUSE_S[0] * RATE_HZ)]
    assert not pause.any()


def test_two_short_recordings_stay_apart_so_that_one_can_be_mismatched_with_the_other() -> None:
    assert [round(one.duration_s) for one in joined([("a", tone(6.0)), ("b", tone(7.0))])] == [6, 7]


def test_a_long_recording_is_cut_at_its_quietest_moment() -> None:
    speech = tone(100.0)
    speech += 0.05 * np.random.default_rng(0).normal(size=len(speech))
    speech[round(41.0 * RATE_HZ) : round(41.3 * RATE_HZ)] = 0.0
    made = joined([("long", speech)])
    assert len(made) == 2 and 41.0 < made[0].duration_s < 41.3
    assert all(one.duration_s <= LONGEST_S for one in made)
    assert sum(one.duration_s for one in made) == pytest.approx(100.0)


def test_folders_without_enough_speech_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="0 sound files"):
        read_sessions(tmp_path)
    soundfile.write(tmp_path / "a.wav", tone(2.0), RATE_HZ)
    with pytest.raises(ValueError, match=r"hold 2\.0 s of speech"):
        read_sessions(tmp_path)
    soundfile.write(tmp_path / "b.flac", tone(3.0), RATE_HZ)
    assert len(read_sessions(tmp_path)) == 2
