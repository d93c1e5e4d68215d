"""What the encoder sees and must not see, its file, and the shipped one."""

from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.evaluation import encoder as enc
from motion.evaluation.frechet import density_and_coverage, frechet_distance
from motion.evaluation.heldout import HELD_OUT_ACTORS
from motion.skeleton import NEUTRAL_ROTATIONS
from runtime.models import model_folder, model_registry


def wandering_clip(seed: int, frames: int = 600, size: float = 0.25) -> Clip:
    """Every joint sways on sines of its own around the neutral pose."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames) / 30.0
    angles = sum(
        rng.normal(0, size / (1 + 2 * hz), (22, 3))
        * np.sin(2 * np.pi * hz * t[:, None, None] + rng.uniform(0, 6, (22, 3)))
        for hz in (0.05, 0.13, 0.3, 0.7, 1.3, 2.9)
    )
    q = rot.multiply(
        np.broadcast_to(NEUTRAL_ROTATIONS, (frames, 22, 4)).astype(np.float64), rot.exp(np.asarray(angles))
    )
    hips = 0.01 * np.sin(t)[:, None] * np.ones(3)
    return Clip(30.0, q.astype(np.float32), hips.astype(np.float32), np.zeros((frames, 2, 6), np.float32))


@pytest.fixture(scope="module")
def shipped() -> enc.OnnxEncoder:
    return enc.shipped()


def test_the_shipped_encoder_is_the_registered_one(shipped: enc.OnnxEncoder) -> None:
    model = model_registry()[enc.MODEL]
    assert shipped.sha256 == model.files[0].sha256 and shipped.dimensions == 64
    assert shipped.name == model.revision == "ae-v1" and model.size < 2 << 20
    card = (model_folder(model) / "card.md").read_text()
    assert all(who in card for who in HELD_OUT_ACTORS)


def test_a_window_has_the_same_features_alone_and_among_others(shipped: enc.OnnxEncoder) -> None:
    motion = enc.motion_windows([wandering_clip(seed) for seed in range(16)])
    together = shipped.encode(motion)
    assert together.shape == (16 * 19, 64), "more than one batch"
    for row in (0, 200, 303):
        assert np.allclose(shipped.encode(motion[row : row + 1])[0], together[row], atol=1e-5)
    assert shipped.encode(motion[:0]).shape == (0, 64)


def test_smaller_frozen_and_shaken_motion_is_further_away(shipped: enc.OnnxEncoder) -> None:
    def features(seeds: range, size: float = 0.25, jitter: float = 0.0) -> np.ndarray:
        clips = [wandering_clip(seed, size=size) for seed in seeds]
        rng = np.random.default_rng(0)
        shaken = [
            Clip(c.fps, rot.normalise(c.rotations + rng.normal(0, jitter, c.rotations.shape)), c.hips_m, c.hands)
            for c in clips
        ]
        return shipped.encode(enc.motion_windows(shaken))

    real = features(range(12))
    like = frechet_distance(real, features(range(100, 112)))
    assert frechet_distance(real, real) < 1e-9 and density_and_coverage(real, real).coverage == 1.0
    small, still = (frechet_distance(real, features(range(100, 112), size)) for size in (0.05, 0.0))
    shaken = frechet_distance(real, features(range(100, 112), jitter=0.03))
    assert like < small < still and shaken > 1.3 * like


def test_legs_hips_and_fingers_are_not_seen() -> None:
    a = wandering_clip(1, 80)
    q, hands = a.rotations.copy(), a.hands.copy()
    q[:, 14:] = rot.exp(np.random.default_rng(2).normal(0, 0.5, (8, 3))).astype(np.float32)
    q[:, 0] = rot.exp(np.array([0.1, 1.2, 0.0])).astype(np.float32)
    hands[:] = 0.7
    b = Clip(30.0, q, a.hips_m + 0.3, hands)
    assert np.allclose(enc.represent(a), enc.represent(b), atol=1e-5)


def test_motion_that_does_not_fit_is_refused(shipped: enc.OnnxEncoder) -> None:
    clip = wandering_clip(3, 80)
    with pytest.raises(ValueError, match="resample"):
        enc.represent(Clip(60.0, clip.rotations, clip.hips_m, clip.hands))
    broken = clip.rotations.copy()
    broken[5, 3] = np.nan
    with pytest.raises(ValueError, match=r"Clip\.rotations holds values that are not finite"):
        enc.represent(Clip(30.0, broken, clip.hips_m, clip.hands))
    with pytest.raises(ValueError, match="longest of 1 clips has 59"):
        enc.motion_windows([wandering_clip(4, 59)])
    with pytest.raises(ValueError, match=r"must be \[any, 60, 13, 9\]"):
        shipped.encode(np.zeros((4, 59, 13, 9)))
    with pytest.raises(ValueError, match="not finite"):
        shipped.encode(np.full((1, 60, 13, 9), np.nan))


def test_files_that_are_no_encoder_are_refused_by_name(tmp_path: Path) -> None:
    where = tmp_path / "e.onnx"
    with pytest.raises(ValueError, match=r"e\.onnx is no motion encoder .*attune models verify motion-encoder"):
        enc.load(where)
    where.write_bytes(b"not a graph")
    with pytest.raises(ValueError, match="is no motion encoder"):
        enc.load(where)
    other = model_registry()["silero-vad"]
    with pytest.raises(ValueError, match=r"is no motion encoder: it is named ''"):
        enc.load(model_folder(other) / other.files[0].path)
    with where.open("wb") as file:
        file.truncate(enc.MAX_FILE_BYTES + 1)
    with pytest.raises(ValueError, match="at most"):
        enc.load(where)
