"""The network's two ways of running agree, nothing sees the future, and an untrained control adds nothing."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")

from motion.network import sight  # noqa: E402 (after the check for torch)
from motion.network.base import Base, Heard, parts  # noqa: E402
from motion.network.blocks import Past, Sight  # noqa: E402
from motion.network.control import Control  # noqa: E402
from motion.tokens.intents import INTENT_SIZE  # noqa: E402
from motion.tokens.layout import TOKEN_SIZE  # noqa: E402
from motion.tokens.shape import Shape  # noqa: E402

SHAPE = Shape(width=32, layers=2, heads=2, context_tokens=7, actors=("a",), emotions=("joy",), labels=("wave", "bow"))
LENGTH = 24


def roused(module):  # type: ignore[no-untyped-def]
    """Give every weight a value: fresh networks answer with zeros."""
    torch.manual_seed(1)
    for weight in module.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    return module.eval()


def window(seed: int = 0):  # type: ignore[no-untyped-def]
    torch.manual_seed(seed)
    tokens = torch.randn(2, LENGTH, TOKEN_SIZE)
    heard = Heard(
        torch.randn(2, LENGTH, SHAPE.agent_size),
        torch.randn(2, LENGTH, SHAPE.user_size),
        torch.ones(2, LENGTH, 1),
        torch.tensor([[1, 1], [0, 0]]),
    )
    return tokens, heard


EXPECTED, PULL = torch.randn(2, 2, LENGTH, TOKEN_SIZE, generator=torch.Generator().manual_seed(5))


def run_window(base, tokens, noisy, heard, time, expected=EXPECTED):  # type: ignore[no-untyped-def]
    still = torch.ones(2, LENGTH)
    condition = torch.nn.functional.silu(base.hear(heard) + base.when(still, torch.zeros_like(still)))
    kept = base.committed(tokens, condition, sight.committed(LENGTH, SHAPE))
    ahead = torch.nn.functional.silu(base.hear(heard) + base.when(time, torch.zeros_like(time)))
    return base.predicted(noisy, expected, ahead, parts(kept, SHAPE.block_tokens), sight.predicted(LENGTH, SHAPE))


@torch.no_grad()
def test_a_call_with_a_cache_gives_what_the_whole_window_gives() -> None:
    base = roused(Base(SHAPE))
    tokens, heard = window()
    noisy, time = torch.randn(2, LENGTH, TOKEN_SIZE), torch.rand(2, LENGTH)
    whole = run_window(base, tokens, noisy, heard, time)

    context, block = SHAPE.context_tokens, SHAPE.block_tokens
    first = 3 * block
    keys = values = [torch.zeros(2, context, 32) for _ in range(2)]
    tails = [torch.zeros(2, 2, 32) for _ in range(2)]
    filled = 0
    added = torch.zeros(2, 2, 2, 32)
    for at in range(0, first, 2):
        part = slice(at, at + 2)
        here = Heard(heard.agent[:, part], heard.user[:, part], heard.known[:, part], heard.style)
        seen = look(2, filled, committed=True)
        ones = torch.ones(2, 2)
        pasts = [Past(*three) for three in zip(keys, values, tails, strict=True)]
        _, kept = base(tokens[:, part], tokens[:, part], here, ones, torch.zeros_like(ones), pasts, seen, added)
        keys = [torch.cat((k, new.keys), 1)[:, -context:] for k, new in zip(keys, kept, strict=True)]
        values = [torch.cat((v, new.values), 1)[:, -context:] for v, new in zip(values, kept, strict=True)]
        tails = [torch.cat((t, new.tail), 1)[:, -2:] for t, new in zip(tails, kept, strict=True)]
        filled = min(filled + 2, context)
    part = slice(first, first + block)
    here = Heard(heard.agent[:, part], heard.user[:, part], heard.known[:, part], heard.style)
    pasts = [Past(*three) for three in zip(keys, values, tails, strict=True)]
    stepwise, _ = base(
        noisy[:, part], EXPECTED[:, part], here, time[:, part], torch.zeros(2, block), pasts,
        look(block, filled, committed=False), torch.zeros(2, 2, block, 32),
    )  # fmt: skip
    assert torch.allclose(stepwise, whole[:, part], atol=2e-5)


@torch.no_grad()
def test_innovations_are_told_where_the_body_is_expected_to_be() -> None:
    base = roused(Base(SHAPE))
    tokens, heard = window()
    noisy, time = torch.randn(2, LENGTH, TOKEN_SIZE), torch.rand(2, LENGTH)
    here = run_window(base, tokens, noisy, heard, time)
    assert not torch.allclose(here, run_window(base, tokens, noisy, heard, time, EXPECTED + 1.0))


def look(queries: int, filled: int, *, committed: bool) -> Sight:
    from motion.streaming.cache import sight as stepwise

    rule = stepwise(SHAPE, queries, committed=committed)
    allowed = torch.from_numpy(rule.allowed)
    there = torch.arange(SHAPE.context_tokens) >= SHAPE.context_tokens - filled
    both = torch.cat((there, torch.ones(queries, dtype=torch.bool)))
    return Sight(torch.from_numpy(rule.distance), (allowed & both)[None, None])


@torch.no_grad()
def test_a_predicted_block_sees_nothing_of_what_is_committed_later() -> None:
    base = roused(Base(SHAPE))
    tokens, heard = window()
    noisy, time = torch.randn(2, LENGTH, TOKEN_SIZE), torch.rand(2, LENGTH)
    before = run_window(base, tokens, noisy, heard, time)
    changed = tokens.clone()
    changed[:, 12:] += 3.0
    after = run_window(base, changed, noisy, heard, time)
    assert torch.equal(before[:, :18], after[:, :18])
    assert not torch.allclose(before[:, 18:], after[:, 18:])


@torch.no_grad()
def test_history_dropout_hides_the_history() -> None:
    everything = sight.predicted(LENGTH, SHAPE)
    hidden = sight.predicted(LENGTH, SHAPE, torch.tensor([0, LENGTH]))
    assert not hidden.allowed[0, 0, :, :LENGTH].any()
    assert torch.equal(hidden.allowed[1, 0], everything.allowed[0, 0])


@torch.no_grad()
def test_a_new_control_adds_nothing_at_all() -> None:
    base = roused(Base(SHAPE))
    control = Control(base).eval()
    tokens, heard = window()
    still = torch.ones(2, LENGTH)
    condition = torch.nn.functional.silu(base.hear(heard) + base.when(still, torch.zeros_like(still)))
    pasts = parts(base.committed(tokens, condition, sight.committed(LENGTH, SHAPE)), SHAPE.block_tokens)
    label = torch.ones(2, LENGTH, dtype=torch.int64)
    course = torch.ones(2, LENGTH, INTENT_SIZE)
    added = control(tokens, EXPECTED, heard, label, course, PULL, still, still, pasts, sight.predicted(LENGTH, SHAPE))
    assert all((one == 0.0).all() for one in (*added.blocks, added.velocity))
    plain = base.predicted(tokens, EXPECTED, condition, pasts, sight.predicted(LENGTH, SHAPE))
    steered = base.predicted(tokens, EXPECTED, condition, pasts, sight.predicted(LENGTH, SHAPE), added.blocks)
    assert torch.equal(plain, steered + added.velocity)


@torch.no_grad()
def test_a_control_adds_only_where_a_gesture_is() -> None:
    base = roused(Base(SHAPE))
    control = roused(Control(base))
    tokens, heard = window()
    still = torch.ones(2, LENGTH)
    condition = torch.nn.functional.silu(base.hear(heard) + base.when(still, torch.zeros_like(still)))
    pasts = parts(base.committed(tokens, condition, sight.committed(LENGTH, SHAPE)), SHAPE.block_tokens)
    course = torch.zeros(2, LENGTH, INTENT_SIZE)
    course[:, 6:12, 0] = 1.0
    label = (course[..., 0] > 0).long()
    steering = control(
        tokens, EXPECTED, heard, label, course, PULL, still, still, pasts, sight.predicted(LENGTH, SHAPE)
    )
    for added in (*steering.blocks, steering.velocity):
        assert (added[:, :6] == 0.0).all() and (added[:, 12:] == 0.0).all()
        assert added[:, 6:12].abs().max() > 0.0
