"""Distances between two sets of features: Fréchet distance, density and coverage.

Features [n, d] come from a frozen encoder (`motion.evaluation.encoder`); called on gesture features the Fréchet distance is the FGD of
Yoon et al. 2020. Pure functions, deterministic, symmetric arguments are `real` first. Values that are not finite raise `ValueError`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motion.evaluation.arrays import Float64, finite

_BLOCK = 512
"""Rows of a distance matrix that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Mean [d] and covariance [d, d] of a set of features."""

    mean: Float64
    covariance: Float64


def gaussian(features: ArrayLike, name: str = "features") -> Gaussian:
    """Fit mean and unbiased covariance to features [n, d].

    Raises:
        ValueError: fewer than two rows, or values that are not finite.
    """
    x = finite(features, name, (None, None), minimum=2)
    mean = x.mean(axis=0)
    centred = x - mean
    return Gaussian(mean, centred.T @ centred / (len(x) - 1))


def _root(covariance: Float64) -> Float64:
    """Square root of a symmetric matrix; eigenvalues that rounding made negative count as zero."""
    values, vectors = np.linalg.eigh(0.5 * (covariance + covariance.T))
    out: Float64 = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return out


def distance(real: Gaussian, generated: Gaussian) -> float:
    """Squared Fréchet (2-Wasserstein) distance of two normal distributions (Dowson and Landau 1982).

    ||m_r - m_g||^2 + tr(S_r + S_g - 2 (S_r S_g)^1/2). The trace of the root is taken from S_r^1/2 S_g S_r^1/2, which has the same
    eigenvalues and is symmetric: no complex roots, no offset on singular covariances (fewer samples than dimensions).

    Raises:
        ValueError: the two differ in dimension.
    """
    if real.mean.shape != generated.mean.shape:
        raise ValueError(
            f"features have {real.mean.size} and {generated.mean.size} dimensions; use one encoder for both"
        )
    root = _root(real.covariance)
    middle = root @ generated.covariance @ root
    eigenvalues = np.linalg.eigvalsh(0.5 * (middle + middle.T))
    cross = float(np.sqrt(np.maximum(eigenvalues, 0.0)).sum())
    gap = real.mean - generated.mean
    value = float(gap @ gap) + float(np.trace(real.covariance) + np.trace(generated.covariance)) - 2.0 * cross
    return max(value, 0.0)


def frechet_distance(real: ArrayLike, generated: ArrayLike) -> float:
    """Fréchet distance between two sets of features [n, d] and [m, d].

    Raises:
        ValueError: fewer than two rows in one, different dimensions, or values that are not finite.
    """
    return distance(gaussian(real, "real"), gaussian(generated, "generated"))


def _squared(a: Float64, b: Float64) -> Float64:
    """Squared distances [len(a), len(b)]; the difference is taken before the square, so that equal rows are exactly 0."""
    out = np.empty((len(a), len(b)))
    for row in range(len(a)):
        gap = b - a[row]
        out[row] = np.einsum("ij,ij->i", gap, gap)
    return out


@dataclass(frozen=True, slots=True)
class Spread:
    """Density (fidelity, may exceed 1) and coverage (diversity, 0 to 1)."""

    density: float
    coverage: float


def density_and_coverage(real: ArrayLike, generated: ArrayLike, k: int = 5) -> Spread:
    """Density and coverage by k nearest neighbours (Naeem et al. 2020, equations 2 and 4).

    Around each real sample lies a ball that reaches to its k-th nearest other real sample. Density: how many such balls hold a generated
    sample, on average, over k. Coverage: share of the real samples whose ball holds at least one.

    Args:
        real: [n, d], more than k rows.
        generated: [m, d].
        k: neighbours; 5 as in the paper.

    Raises:
        ValueError: too few rows, different dimensions, or values that are not finite.
    """
    if k < 1:
        raise ValueError(f"k is {k}; at least one neighbour is needed")
    x = finite(real, "real", (None, None), minimum=k + 1)
    y = finite(generated, "generated", (None, x.shape[1]))
    inside, covered = 0, 0
    for begin in range(0, len(x), _BLOCK):
        block = x[begin : begin + _BLOCK]
        to_real = _squared(block, x)
        # A sample is its own nearest neighbour at 0, so the k-th other one stands at place k.
        radius = np.partition(to_real, k, axis=1)[:, k : k + 1]
        hits = _squared(block, y) <= radius
        inside += int(hits.sum())
        covered += int(hits.any(axis=1).sum())
    return Spread(density=inside / (k * len(y)), coverage=covered / len(x))
