"""The linear encoder: its scale, what it sees and what it must not see, its file, and the shipped one."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from scipy.fft import dct

from motion import rotations as rot
from motion.clip import Clip
from motion.evaluation import encoder as enc
from motion.evaluation.frechet import density_and_coverage, frechet_distance
from motion.skeleton import NEUTRAL_ROTATIONS


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
def clips() -> list[Clip]:
    return [wandering_clip(seed) for seed in range(12)]


@pytest.fixture(scope="module")
def fitted(clips: list[Clip]) -> enc.PcaEncoder:
    return enc.fit(enc.motion_windows(clips, hop=30), dimensions=32)


def test_the_cosine_transform_is_the_usual_one() -> None:
    x = np.random.default_rng(0).normal(size=60)
    assert np.allclose(enc.cosine_basis() @ x, dct(x, norm="ortho")[: enc.COEFFICIENTS])


def test_a_body_frozen_in_the_mean_posture_scores_one(clips: list[Clip], fitted: enc.PcaEncoder) -> None:
    features = fitted.encode(enc.motion_windows(clips, hop=30))
    assert features.shape[1] == 32
    frozen = np.zeros_like(features)
    assert frechet_distance(features, frozen) == pytest.approx(1.0, rel=0.01)
    assert np.allclose(features.mean(axis=0), 0.0, atol=1e-6)


def test_components_are_the_same_however_they_are_found() -> None:
    rows = np.random.default_rng(5).normal(size=(40, 25)) @ np.diag(np.linspace(1, 5, 25))
    rows -= rows.mean(axis=0)
    wide = np.concatenate([rows, np.zeros((40, 60))], axis=1)
    tall_values, tall = enc._principal(rows, 6)
    wide_values, across = enc._principal(wide, 6)
    assert np.allclose(tall_values, wide_values)
    assert np.allclose(np.abs(np.sum(tall * across[:25], axis=0)), 1.0) and np.allclose(across[25:], 0.0)


def test_the_same_windows_are_at_no_distance_and_cover_themselves(clips: list[Clip], fitted: enc.PcaEncoder) -> None:
    features = fitted.encode(enc.motion_windows(clips))
    assert frechet_distance(features, features) < 1e-9
    assert density_and_coverage(features, features).coverage == 1.0


def test_smaller_frozen_and_turned_motion_is_further_away(clips: list[Clip], fitted: enc.PcaEncoder) -> None:
    real = fitted.encode(enc.motion_windows(clips))

    def away(others: list[Clip]) -> float:
        return frechet_distance(real, fitted.encode(enc.motion_windows(others)))

    like = away([wandering_clip(seed) for seed in range(100, 112)])
    small = away([wandering_clip(seed, size=0.05) for seed in range(100, 112)])
    one = clips[0]
    still = away(
        [Clip(30.0, np.repeat(one.rotations[:1], 600, axis=0), np.repeat(one.hips_m[:1], 600, axis=0), one.hands)]
    )
    assert like < small < still


def test_legs_hips_and_fingers_are_not_seen() -> None:
    a = wandering_clip(1, 80)
    q, hands = a.rotations.copy(), a.hands.copy()
    q[:, 14:] = rot.exp(np.random.default_rng(2).normal(0, 0.5, (8, 3))).astype(np.float32)
    q[:, 0] = rot.exp(np.array([0.1, 1.2, 0.0])).astype(np.float32)
    hands[:] = 0.7
    b = Clip(30.0, q, a.hips_m + 0.3, hands)
    assert np.allclose(enc.represent(a), enc.represent(b), atol=1e-5)


def test_fit_and_file_are_deterministic(clips: list[Clip], fitted: enc.PcaEncoder, tmp_path: Path) -> None:
    again = enc.fit(enc.motion_windows(clips, hop=30), dimensions=32)
    for index, encoder in enumerate((fitted, again)):
        encoder.save(tmp_path / f"{index}.npz")
    assert (tmp_path / "0.npz").read_bytes() == (tmp_path / "1.npz").read_bytes()
    read = enc.load(tmp_path / "0.npz")
    motion = enc.motion_windows(clips[:2])
    assert np.allclose(read.encode(motion), fitted.encode(motion), atol=1e-4)
    assert read.name == "pca-v1" and len(read.sha256) == 64 and read.dimensions == 32


def test_motion_that_does_not_fit_is_refused(fitted: enc.PcaEncoder) -> None:
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
        fitted.encode(np.zeros((4, 59, 13, 9)))
    with pytest.raises(ValueError, match="not finite"):
        fitted.encode(np.full((1, 60, 13, 9), np.nan))
    with pytest.raises(ValueError, match="too few"):
        enc.fit(np.zeros((5, 60, 13, 9)))
    with pytest.raises(ValueError, match="never change"):
        enc.fit(np.zeros((100, 60, 13, 9)))


def test_broken_files_are_refused_by_name(fitted: enc.PcaEncoder, tmp_path: Path) -> None:
    where = tmp_path / "e.npz"
    with pytest.raises(ValueError, match=r"e\.npz is no motion encoder"):
        enc.load(where)
    where.write_bytes(b"not a zip")
    with pytest.raises(ValueError, match="is no motion encoder"):
        enc.load(where)
    fitted.save(where)
    where.write_bytes(where.read_bytes()[:-200])
    with pytest.raises(ValueError, match="is no motion encoder"):
        enc.load(where)
    np.savez(where, name=np.array("pca-v9"), mean=np.zeros((21, 13, 9)), components=np.zeros((21, 13, 9, 2)))
    with pytest.raises(ValueError, match="'pca-v9'"):
        enc.load(where)
    np.savez(where, name=np.array("pca-v1"), mean=np.zeros((21, 13, 9)), components=np.full((21, 13, 9, 2), np.nan))
    with pytest.raises(ValueError, match="not finite"):
        enc.load(where)


def test_oversized_files_and_zip_bombs_are_refused(tmp_path: Path) -> None:
    big = tmp_path / "big.npz"
    with big.open("wb") as file:
        file.truncate(enc.MAX_FILE_BYTES + 1)
    with pytest.raises(ValueError, match="at most"):
        enc.load(big)
    bomb = tmp_path / "bomb.npz"
    array = io.BytesIO()
    np.lib.format.write_array(array, np.zeros(6 << 20))
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mean.npy", array.getvalue())
    assert bomb.stat().st_size < enc.MAX_FILE_BYTES
    with pytest.raises(ValueError, match="unpacks to"):
        enc.load(bomb)


def test_a_pickle_inside_is_never_loaded(tmp_path: Path) -> None:
    where = tmp_path / "p.npz"
    np.savez(where, name=np.array("pca-v1"), mean=np.array([{"a": 1}], dtype=object), components=np.zeros(1))
    with pytest.raises(ValueError, match="allow_pickle"):
        enc.load(where)
