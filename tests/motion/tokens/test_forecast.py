"""Innovations: nothing is lost, nothing of the future is used, and their noise moves as smoothly as people do."""

from __future__ import annotations

import numpy as np
import pytest

from motion.tokens import forecast
from motion.tokens.layout import TOKEN_SIZE

BLOCK = 6


def smooth(seed: int, count: int = 400) -> np.ndarray:
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((count + 60, TOKEN_SIZE))
    kernel = np.hanning(15)
    kernel /= np.sqrt((kernel**2).sum())
    return np.stack([np.convolve(noise[:, d], kernel, mode="valid") for d in range(TOKEN_SIZE)], axis=1)


@pytest.fixture(scope="module")
def fitted() -> forecast.Forecast:
    return forecast.fit([smooth(seed) for seed in range(4)], BLOCK)


def test_tokens_come_back_from_their_innovations(fitted: forecast.Forecast) -> None:
    piece = smooth(9)
    history, block = piece[100:103], piece[103:109]
    back = fitted.tokens(fitted.innovations(block, history), history)
    assert np.abs(back - block).max() < 1e-4


def test_innovations_of_motion_like_that_of_the_fit_are_white(fitted: forecast.Forecast) -> None:
    piece = smooth(9)
    found = np.stack([fitted.innovations(piece[k + 3 : k + 9], piece[k : k + 3]) for k in range(0, 380, 2)])
    assert found.std() == pytest.approx(1.0, abs=0.1)
    flat = found.transpose(1, 0, 2).reshape(BLOCK, -1)
    assert np.abs(np.corrcoef(flat) - np.eye(BLOCK)).max() < 0.15


def test_what_is_learned_of_a_token_depends_on_no_later_one(fitted: forecast.Forecast) -> None:
    piece = smooth(9)
    changed = piece[103:109].copy()
    changed[4:] += 1.0
    a, b = (fitted.innovations(block, piece[100:103]) for block in (piece[103:109], changed))
    assert np.allclose(a[:4], b[:4]) and not np.allclose(a[4:], b[4:])


def test_noise_is_a_smooth_continuation(fitted: forecast.Forecast) -> None:
    piece, rng = smooth(9), np.random.default_rng(0)
    bend, plain = [], []
    for k in range(0, 380, 5):
        noise = rng.standard_normal((BLOCK, TOKEN_SIZE))
        made = np.concatenate([piece[k : k + 3], fitted.tokens(noise, piece[k : k + 3])])
        bend.append(np.abs(np.diff(made, n=3, axis=0)).mean())
        plain.append(np.abs(np.diff(noise, n=3, axis=0)).mean())
    assert np.mean(bend) < 0.15 * np.mean(plain)


def test_too_short_stretches_are_refused() -> None:
    with pytest.raises(ValueError, match="no stretch of motion"):
        forecast.fit([smooth(0)[:8]], BLOCK)
