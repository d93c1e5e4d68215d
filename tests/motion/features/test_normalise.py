"""The network's scale: data of the right shape, bounded, pitch neutral where unvoiced."""

import json
from pathlib import Path

import numpy as np
import pytest

from motion.features import layout
from motion.features.normalise import BOUND, STATISTICS_FILE, load_statistics, normalise
from motion.features.stream import dyad_features
from runtime.errors import AttuneError


def test_the_mean_becomes_zero_and_everything_is_bounded() -> None:
    mean, std = load_statistics()
    assert normalise(mean[None]) == pytest.approx(0.0, abs=1e-6)
    assert normalise((mean + std)[None]) == pytest.approx(1.0, abs=1e-4)
    wild = normalise(np.array([[1e30] * 64, [-1e30] * 64], np.float32))
    assert wild.dtype == np.float32 and np.abs(wild).max() == BOUND


def test_pitch_is_neutral_where_there_is_no_voice() -> None:
    rows = normalise(dyad_features(np.zeros(16_000, np.float32), np.zeros(16_000, np.float32)))
    for side in (0, layout.CHANNEL_SIZE):
        assert (rows[:, [side + column for column in layout.VOICED_ONLY]] == 0.0).all()
    assert (rows[:, layout.MEL] < 0).all()


def test_real_speech_lies_on_the_scale(attune_data: Path) -> None:
    import soundfile

    samples, rate = soundfile.read(attune_data / "librispeech-stereo" / "stereo_diarization.wav", dtype="float32")
    assert rate == 16_000
    rows = normalise(dyad_features(samples[:, 0], samples[:, 1]))
    assert np.abs(rows.mean(axis=0)).max() < 1.2
    assert 0.4 < rows.std(axis=0).mean() < 1.5
    assert (np.abs(rows) >= BOUND).mean() < 0.01


def test_a_damaged_file_is_one_clear_error(tmp_path: Path) -> None:
    good = json.loads(STATISTICS_FILE.read_text())
    for damage in (
        "no json",
        json.dumps([]),
        json.dumps({**good, "names": ["x"]}),
        json.dumps({**good, "agent": {**good["agent"], "std": [0.0] * 32}}),
        json.dumps({**good, "user": {**good["user"], "mean": [0.0] * 3}}),
    ):
        path = tmp_path / "statistics.json"
        path.write_text(damage)
        with pytest.raises(AttuneError, match=r"statistics\.json.*make_feature_statistics"):
            load_statistics(path)
    with pytest.raises(AttuneError, match="absent"):
        load_statistics(tmp_path / "absent.json")
