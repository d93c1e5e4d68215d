"""The energy score is least for samples that are distributed as reality is: not damped, not exaggerated, moving together as it does."""

import pytest
import torch

from motion.training.energy import energy_score

SHAPE = (4000, 1, 2, 6)


def drawn(seed: int, scale: float = 1.0, together: bool = True) -> torch.Tensor:
    """Blocks whose numbers are heavy-tailed, all large or all small at once unless not `together`."""
    dice = torch.Generator().manual_seed(seed)
    size = torch.rand((*SHAPE[:2], 1, 1) if together else SHAPE, generator=dice) * 2.0
    return scale * size * torch.randn(SHAPE, generator=dice)


def mean_score(**kind: object) -> float:
    one, two = drawn(1, **kind), drawn(2, **kind)  # type: ignore[arg-type]
    return float(energy_score(one, two, drawn(3)).mean())


@pytest.mark.parametrize("kind", [{"scale": 0.5}, {"scale": 1.6}, {"together": False}, {"scale": 0.0}])
def test_what_is_distributed_otherwise_scores_worse(kind: dict[str, object]) -> None:
    assert mean_score(**kind) > mean_score() + 0.005


def test_it_can_be_learned_from_and_finds_the_spread_and_the_mean() -> None:
    dice = torch.Generator().manual_seed(4)
    scale, mean = torch.tensor(0.2, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    optimiser = torch.optim.Adam([scale, mean], lr=0.05)
    for _ in range(150):
        one, two, real = (torch.randn((256, 1, 2, 6), generator=dice) for _ in range(3))
        loss = energy_score(mean + scale * one, mean + scale * two, 0.8 * real - 0.5).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert float(scale.detach().abs()) == pytest.approx(0.8, abs=0.08)
    assert float(mean.detach()) == pytest.approx(-0.5, abs=0.08)


def test_equal_samples_give_finite_gradients() -> None:
    one = torch.zeros((1, 1, 2, 6), requires_grad=True)
    energy_score(one, one, torch.zeros(1, 1, 2, 6)).sum().backward()  # type: ignore[no-untyped-call]
    assert one.grad is not None and torch.isfinite(one.grad).all()
