"""The running generator is the trained network: cached calls of ONNX against torch that recomputes everything, chunk after chunk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.features.normalise import normalise
from motion.features.stream import dyad_features
from motion.limits import JointLimiter
from motion.streaming.agent import PREFIX_TOKENS
from motion.streaming.model import Model
from motion.streaming.speak import speak
from motion.tokens import codec, conditioning

RATE = 16_000
SECONDS = 3.0


@pytest.mark.parametrize("steps", [2, 10])
def test_streaming_equals_offline(small_training: Path, small_model: Model, steps: int) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")
    from motion.network.base import Base, Heard
    from motion.training import checkpoint
    from motion.training.sample import noise_for, sample

    shape = small_model.shape
    rng = np.random.default_rng(0)
    said, heard = (0.1 * rng.standard_normal((2, round(RATE * SECONDS)))).astype(np.float32)
    streamed, _ = speak(small_model, said, heard, seed=11, steps=steps)

    base = Base(shape)
    checkpoint.load_weights(base, small_training / "base.safetensors")
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
    prefix = torch.from_numpy(np.tile(small_model.normalise(codec.neutral()), (1, PREFIX_TOKENS, 1)))
    tokens = sample(base, conditions, prefix, noise_for(shape, chunks, 11), steps, shortcut=False).numpy()[0]
    offline = codec.decode(small_model.restore(tokens), 0, 90)

    # The last stage of the generator holds joints to human ranges and speeds, which a network of chance often leaves.
    limiter = JointLimiter()
    limited = np.stack([limiter.apply(offline.pose(row), 1.0 / 30.0).rotations for row in range(len(offline))])
    apart = np.degrees(rot.angle_between(streamed.rotations.astype(np.float64), limited.astype(np.float64)))
    assert np.ptp(limited, axis=0).max() > 0.1
    assert apart.max() < 0.1
