"""The running generator is the trained network: cached calls of ONNX against torch that recomputes everything, chunk after chunk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motion import rotations as rot
from motion.corpus.scene import PlacedIntent
from motion.features.normalise import normalise
from motion.features.stream import dyad_features
from motion.limits import JointLimiter
from motion.streaming import aims
from motion.streaming.agent import PREFIX_TOKENS
from motion.streaming.model import Model
from motion.streaming.speak import speak
from motion.tokens import codec, conditioning, intents

RATE = 16_000
SECONDS = 3.0
WAVE = PlacedIntent("wave", 0.0, 0.6, 1.6)


@pytest.mark.parametrize(("steps", "distilled", "gestures"), [(2, False, ()), (10, False, ()), (2, True, (WAVE,))])
def test_streaming_equals_offline(
    small_training: Path, small_export: Path, steps: int, distilled: bool, gestures: tuple[PlacedIntent, ...]
) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")
    from motion.network.base import Base, Heard
    from motion.network.control import Control
    from motion.training import checkpoint
    from motion.training.sample import noise_for, sample

    model = Model(small_export)
    model.shape = shape = replace(model.shape, distilled=distilled)
    rng = np.random.default_rng(0)
    said, heard = (0.1 * rng.standard_normal((2, round(RATE * SECONDS)))).astype(np.float32)
    streamed, _ = speak(model, said, heard, seed=11, steps=steps, intents=gestures)

    base = Base(shape)
    checkpoint.load_weights(base, small_training / "base.safetensors")
    control = Control(base)
    checkpoint.load_weights(control, small_training / "control.safetensors")
    chunks = 25
    total = PREFIX_TOKENS + chunks * shape.chunk_tokens + shape.block_tokens
    # After its end a recording goes on as silence, whose first frames still hear its last sound.
    rows = normalise(dyad_features(*(np.pad(side, (0, 2 * RATE)) for side in (said, heard))))
    agent, user = conditioning.windows(rows, 0, total, shape)
    silent = np.tile(conditioning.SILENCE, (4, 1))
    agent[:PREFIX_TOKENS], user[:PREFIX_TOKENS] = conditioning.windows(silent, -50, PREFIX_TOKENS, shape)
    known = np.ones((1, total, 1), np.float32)
    conditions = Heard(
        *(torch.from_numpy(x[None]) for x in (agent, user)),
        torch.from_numpy(known),
        torch.zeros(1, 2, dtype=torch.int64),
    )
    label, course = (torch.from_numpy(x[None]) for x in intents.encode(gestures, shape.labels, 0, total))
    aim = aims.aim(gestures[0]) if gestures else None

    def pull(first: int, expected: Any) -> Any:
        away, hold = aims.around(aim, first, shape.block_tokens)
        rest = model.normalise(codec.neutral())
        return torch.from_numpy(aims.pull(model.forecast, rest, away / model.deviation, hold, expected.numpy()))

    prefix = torch.from_numpy(np.tile(model.normalise(codec.neutral()), (1, PREFIX_TOKENS, 1)))
    steered = (control, label, course, pull) if gestures else ()
    tokens = sample(base, conditions, prefix, noise_for(shape, chunks, 11), steps, distilled, *steered).numpy()[0]
    offline = codec.decode(model.restore(tokens), 0, 90)

    # The last stage of the generator holds joints to human ranges and speeds, which a network of chance often leaves.
    limiter = JointLimiter()
    limited = np.stack([limiter.apply(offline.pose(row), 1.0 / 30.0).rotations for row in range(len(offline))])
    apart = np.degrees(rot.angle_between(streamed.rotations.astype(np.float64), limited.astype(np.float64)))
    assert np.ptp(limited, axis=0).max() > 0.1
    assert apart.max() < 0.1
