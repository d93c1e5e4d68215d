#!/usr/bin/env python3
"""Train the motion encoder `ae-v1` on real motion and write models/motion-encoder/ae_v1.onnx.

    ATTUNE_DATA=... OMP_NUM_THREADS=1 python scripts/fit_motion_encoder.py [OUT.onnx]

A developer's script (extra `train`). An auto-encoder of windows of 2 s learns to give back pose and velocity; its encoding half, with
scaling before and half-whitening behind, is what is written. Data: the training pieces of `motion.corpus.people`, and their mirror
images; never the held-out or the validation actor. Seeded; on one core about four minutes. The same seed on other libraries gives other
weights, so the file is frozen and not made anew. Prints size and SHA-256 for models/registry.toml.
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion.corpus.people.mirror import mirrored
from motion.corpus.people.pieces import read_pieces
from motion.evaluation import encoder
from motion.evaluation.encoder import WINDOW_FRAMES
from motion.training import onnx_file
from runtime.paths import data_dir, models_dir

NAME = "ae-v1"
SEED = 1
STEPS = 1_500
BATCH = 96
WIDTH = 96
LATENT = 64
RATE = 2e-3
LATENT_WEIGHT = 1e-3
HOP_FRAMES = 15
WHITENING = 0.5
"""0 leaves the code's directions at their own variances, of which few carry most; 1 would make all alike, noise included."""
PARTS = ((0, 3, 0.15), (3, 5, 0.25), (5, 13, 0.60))
"""First and last of the 13 joints, and share of the error: trunk, neck and head, arms; rotations and positions half and half."""

Float32 = NDArray[np.float32]


class AutoEncoder(nn.Module):
    """Windows [n, 117, 60] to codes [n, 64] and back."""

    def __init__(self) -> None:
        """Three halvings of time, and back."""
        super().__init__()

        def halving(channels: int) -> list[nn.Module]:
            return [nn.Conv1d(channels, WIDTH, 5, stride=2, padding=2), nn.GELU()]

        def doubling() -> list[nn.Module]:
            return [nn.GELU(), nn.ConvTranspose1d(WIDTH, WIDTH, 4, stride=2, padding=1)]

        inputs = encoder.SHAPE[1] * encoder.SHAPE[2]
        self.encode = nn.Sequential(
            *halving(inputs), *halving(WIDTH), *halving(WIDTH), nn.Flatten(), nn.Linear(8 * WIDTH, LATENT)
        )
        self.spread = nn.Linear(LATENT, 8 * WIDTH)
        self.decode = nn.Sequential(
            *doubling(), *doubling(), *doubling(), nn.GELU(), nn.Conv1d(WIDTH, inputs, 5, padding=2)
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Code and reconstruction."""
        code = self.encode(x)
        spread: Tensor = self.decode(self.spread(code).view(-1, WIDTH, 8))
        return code, spread[:, :, 2 : 2 + WINDOW_FRAMES]


class Features(nn.Module):
    """What is written: windows [n, 60, 13, 9] to features [n, 64]."""

    def __init__(self, encode: nn.Module, mean: Float32, scale: Float32) -> None:
        """Scaling of the input; `centre` and `turn` of the output are set when the codes of the data are known."""
        super().__init__()
        self.encode = encode
        self.mean, self.scale = nn.Buffer(torch.tensor(mean)), nn.Buffer(torch.tensor(scale))
        self.centre, self.turn = nn.Buffer(torch.zeros(LATENT)), nn.Buffer(torch.eye(LATENT))

    def forward(self, motion: Tensor) -> Tensor:
        """Features."""
        x = ((motion - self.mean) * self.scale).flatten(2).transpose(1, 2)
        out: Tensor = (self.encode(x) - self.centre) @ self.turn
        return out

    def whiten(self, motion: Float32) -> None:
        """Centre the codes of motion, bring their directions nearer to equal variance, and their total variance to 1."""
        with torch.no_grad():
            codes = self(torch.tensor(motion)).double()
        centre = codes.mean(0)
        values, vectors = torch.linalg.eigh((codes - centre).T @ (codes - centre) / len(codes))
        turn = vectors * values.clamp(min=1e-9) ** (-0.5 * WHITENING)
        turn = turn / ((codes - centre) @ turn).var(0, unbiased=False).sum().sqrt()
        self.centre, self.turn = nn.Buffer(centre.float()), nn.Buffer(turn.float())


def part_scale(squares: NDArray[np.floating]) -> Float32:
    """Factors [13, 9] that give each part its share of mean squares [13, 9]."""
    out = np.empty(encoder.SHAPE[1:], dtype=np.float32)
    for begin, end, share in PARTS:
        for low, high in ((0, 6), (6, 9)):
            out[begin:end, low:high] = np.sqrt(0.5 * share / squares[begin:end, low:high].sum())
    return out


def train(rows: list[Float32]) -> Features:
    """Train on clips as from `motion.evaluation.encoder.represent`, each at least a window long."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    mean = np.concatenate(rows).mean(axis=0)
    scale = part_scale(np.square(np.concatenate(rows) - mean).mean(axis=0))
    steps = part_scale(np.square(np.concatenate([np.diff(row, axis=0) for row in rows])).mean(axis=0))
    velocity = torch.tensor((steps / scale).reshape(-1, 1))
    clips = [torch.tensor(((row - mean) * scale).reshape(len(row), -1)) for row in rows]
    chances = np.array([len(row) - WINDOW_FRAMES + 1 for row in rows], dtype=np.float64)
    model = AutoEncoder()
    optimiser = torch.optim.AdamW(model.parameters(), RATE, betas=(0.9, 0.98), weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS, pct_start=0.04)
    begun_s = time.monotonic()
    for step in range(STEPS):
        picked = rng.choice(len(clips), BATCH, p=chances / chances.sum())
        firsts = rng.integers(0, chances[picked].astype(np.int64))
        x = torch.stack(
            [clips[i][f : f + WINDOW_FRAMES] for i, f in zip(picked.tolist(), firsts.tolist(), strict=True)]
        ).transpose(1, 2)
        code, back = model(x)
        error = back - x
        pose = error.square().sum(1).mean()
        moving = (error.diff(dim=2) * velocity).square().sum(1).mean()
        loss = pose + moving + LATENT_WEIGHT * code.square().sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if (step + 1) % 250 == 0:
            print(
                f"step {step + 1}: pose {pose:.3f}, velocity {moving:.3f} of 1, {time.monotonic() - begun_s:.0f} s",
                flush=True,
            )
    return Features(model.encode, mean, scale).eval()


def main() -> None:
    """Train, write, and print what was made."""
    root = data_dir()
    if root is None:
        sys.exit("ATTUNE_DATA names no folder: attune data pull, then export ATTUNE_DATA=FOLDER")
    torch.set_num_threads(1)
    pieces = [piece for piece in read_pieces(root) if piece.split == "train" and len(piece.clip) >= WINDOW_FRAMES]
    clips = [piece.clip for piece in pieces]
    rows = [encoder.represent(clip) for clip in (*clips, *(mirrored(clip) for clip in clips))]
    features = train(rows)
    windows = encoder.motion_windows(clips, hop=HOP_FRAMES)
    features.whiten(windows)
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else models_dir() / encoder.MODEL / "ae_v1.onnx"
    onnx_file.write(features, torch.zeros(2, *encoder.SHAPE), ("motion", "features"), {"name": NAME}, where)
    read = encoder.load(where)
    with torch.no_grad():
        differs = np.abs(read.encode(windows[:64]) - features(torch.tensor(windows[:64])).numpy()).max()
    sources = {source: sum(p.source == source for p in pieces) for source in dict.fromkeys(p.source for p in pieces)}
    print(
        f"{sources} pieces, {sum(map(len, clips)) / 1800:.1f} minutes, {len(windows)} windows; "
        f"variance {read.encode(windows).var(axis=0).sum():.3f}; file against torch {differs:.1e}"
    )
    data = where.read_bytes()
    print(f"{where}: size = {len(data)}, sha256 = {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
