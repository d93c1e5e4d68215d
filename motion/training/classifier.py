"""The intention classifier in torch: examples from performances on recorded motion, the network, its training and its file.

Examples are drawn clip by clip: gestures of the lexicon are performed on a recorded clip at random moments (`motion.corpus.intentions`),
and windows are cut around their strokes and where nothing is performed. Extra `train`; blocking; seeded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from motion.clip import Clip
from motion.corpus.intentions.overlay import perform
from motion.corpus.intentions.performance import Variation
from motion.corpus.intentions.place import Placer
from motion.corpus.people.mirror import mirrored
from motion.corpus.scene import PlacedIntent
from motion.evaluation.classifier import BEFORE_FRAMES, CHANNELS, FRAMES, NONE, frames_of, window
from motion.evaluation.encoder import FPS
from motion.tokens import codec
from motion.training import onnx_file

Float32 = NDArray[np.float32]

BASE_S: Final = 13.0
"""Shorter recorded clips are played back and forth for this long."""
SHOWN_S: Final = 0.35
"""A gesture that is interrupted earlier after its stroke cannot be asked for."""
JITTER_S: Final = 0.2
"""A window need not lie exactly at the stroke."""
_SMOOTHED: Final = 0.5
"""Share of clips that pass through tokens, as a generator's do."""
_IDLE: Final = 0.12
"""Share of clips from which a window without a gesture is taken, where there is room for one."""
_RATE: Final = 2e-3


@dataclass(frozen=True, slots=True)
class Examples:
    """Windows [n, 90, 138] and the row of each one's label."""

    windows: Float32
    rows: NDArray[np.int64]


def lasting(clip: Clip, seconds: float = BASE_S) -> Clip:
    """The clip, or if it is shorter, the clip forwards and backwards in turn, at least that long."""
    wanted = round(seconds * FPS)
    if len(clip) >= wanted or len(clip) < 2:
        return clip
    there = np.arange(len(clip))
    around = np.concatenate([there, there[-2:0:-1]])
    at = np.resize(around, wanted)
    return Clip(clip.fps, clip.rotations[at], clip.hips_m[at], clip.hands[at])


def examples(
    clips: Sequence[Clip], labels: Sequence[str], count: int, seed: int, variation: Variation | None = None
) -> Examples:
    """Draw windows of gestures and of none.

    Args:
        clips: recorded motion to perform on; taken in turn, mirrored every other time.
        labels: `none`, then those of the lexicon.
        count: windows.
        seed: of all that is drawn.
        variation: changes a gesture's definition for one performance.

    Raises:
        ValueError: there is no clip, or no gesture fits any.
    """
    drawn = _draw(clips, labels, seed, variation)
    pairs = []
    for _ in range(count):
        try:
            pairs.append(next(drawn))
        except StopIteration:
            raise ValueError("classifier: no clip is long enough for a gesture") from None
    return Examples(np.stack([one for one, _ in pairs]), np.array([labels.index(label) for _, label in pairs]))


def _draw(
    clips: Sequence[Clip], labels: Sequence[str], seed: int, variation: Variation | None
) -> Iterator[tuple[Float32, str]]:
    rng = np.random.default_rng(seed)
    placer = Placer(rng, [label for label in labels if label != NONE])
    idle_rounds = 0
    while idle_rounds < 3:
        found = False
        for index in rng.permutation(len(clips)).tolist():
            base = lasting(clips[index])
            if rng.random() < 0.5:
                base = mirrored(base)
            intents = placer.draw(base.duration_s)
            made = perform(base, intents, rng, variation) if intents else base
            if rng.random() < _SMOOTHED:
                made = codec.decode(codec.fit(made))
            rows = frames_of(made)
            for intent in shown(intents):
                found = True
                yield window(rows, intent.stroke_s + float(rng.uniform(-JITTER_S, JITTER_S))), intent.label
            for at_s in idle(intents, base.duration_s)[:1]:
                if rng.random() < _IDLE:
                    yield window(rows, at_s), NONE
        idle_rounds = 0 if found else idle_rounds + 1


def shown(intents: Sequence[PlacedIntent]) -> list[PlacedIntent]:
    """Gestures whose stroke can be seen before the next one begins."""
    last = replace(intents[-1], start_s=float("inf")) if intents else None
    return [a for a, b in pairwise([*intents, last]) if a and b and b.start_s >= a.stroke_s + SHOWN_S]


def idle(intents: Sequence[PlacedIntent], duration_s: float) -> list[float]:
    """Moments for windows without any gesture."""
    before_s, after_s = BEFORE_FRAMES / FPS, (FRAMES - BEFORE_FRAMES) / FPS
    edges = [(-1.0, 0.0), *((one.start_s, one.end_s) for one in intents), (duration_s, duration_s)]
    return [
        0.5 * (a[1] + before_s + b[0] - after_s) for a, b in pairwise(edges) if b[0] - a[1] >= before_s + after_s + 0.1
    ]


class Network(nn.Module):
    """Windows [n, 90, 138] to scores [n, labels]: values and velocities, three convolutions, two layers."""

    def __init__(self, labels: int, mean: Float32, scale: Float32, pace: Float32, width: int = 96) -> None:
        """Inputs are scaled as `train` finds them."""
        super().__init__()
        self.mean = nn.Buffer(torch.tensor(mean))
        self.scale, self.pace = nn.Buffer(torch.tensor(scale)), nn.Buffer(torch.tensor(pace))
        self.layers = nn.Sequential(
            nn.Conv1d(2 * CHANNELS, width, 5, stride=2, padding=2), nn.GELU(),
            nn.Conv1d(width, width, 5, stride=2, padding=2), nn.GELU(),
            nn.Conv1d(width, width, 5, stride=2, padding=2), nn.GELU(),
            nn.Flatten(), nn.Dropout(0.3), nn.Linear(width * 12, 128), nn.GELU(), nn.Dropout(0.2), nn.Linear(128, labels),
        )  # fmt: skip

    def forward(self, motion: Tensor) -> Tensor:
        """Scores."""
        values = (motion - self.mean) * self.scale
        moves = (motion[:, 1:] - motion[:, :-1]) * self.pace
        moves = torch.cat([moves[:, :1], moves], dim=1)
        out: Tensor = self.layers(torch.cat([values, moves], dim=2).transpose(1, 2))
        return out


def train(
    given: Examples, labels: int, epochs: int, seed: int, batch: int = 128, note: Callable[[str], None] = lambda _: None
) -> Network:
    """Train on examples."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    flat = given.windows.reshape(-1, CHANNELS)
    # Channels that hardly move (the lower spine's turns) must not be blown up to the size of the arms.
    scale = 1.0 / np.maximum(flat.std(axis=0), 0.05)
    pace = 1.0 / np.maximum(np.diff(given.windows, axis=1).reshape(-1, CHANNELS).std(axis=0), 0.005)
    model = Network(labels, flat.mean(axis=0), scale, pace)
    optimiser = torch.optim.AdamW(model.parameters(), _RATE, weight_decay=0.02)
    steps = epochs * (len(given.rows) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=max(2, steps), pct_start=0.1)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(epochs):
        order = rng.permutation(len(given.rows))
        total = 0.0
        for begin in range(0, len(order) - batch + 1, batch):
            picked = order[begin : begin + batch]
            x = torch.tensor(given.windows[picked])
            loss = loss_of(model(x), torch.tensor(given.rows[picked]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * batch / len(order)
        note(f"epoch {epoch + 1}: loss {total:.3f}")
    return model.eval()


def write(model: Network, labels: Sequence[str], where: Path) -> None:
    """Write the ONNX file with its labels inside.

    Raises:
        OSError: it cannot be written.
    """
    onnx_file.write(
        model, torch.zeros(2, FRAMES, CHANNELS), ("motion", "scores"), {"labels": json.dumps(list(labels))}, where
    )
