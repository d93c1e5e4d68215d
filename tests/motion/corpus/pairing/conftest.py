"""Small invented motion and speech for the tests of the pairing: arms that move between holds, clauses of clicks that are accents."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.pairing.material import Material
from motion.corpus.pairing.search import Stroke
from motion.corpus.pairing.speech import Utterance
from motion.corpus.prosody import Nucleus
from motion.corpus.words import TimedWord
from motion.skeleton import INDEX, NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS

MakeMaterial = Callable[..., Material]
MakeClause = Callable[..., Utterance]


def make_material(
    name: str,
    seed: int,
    *,
    seconds: float = 6.0,
    actor: str = "Ann",
    emotion: str = "joy",
    activity: str = "narrate",
    split: str = "train",
) -> Material:
    """Both arms swing between random holds, a swing of 0.4 s about every second; `listen` and `idle` hardly move."""
    rng = np.random.default_rng(seed)
    frames = round(30 * seconds)
    t = np.arange(frames) / 30.0
    lively = activity in ("narrate", "talk")
    angle = np.zeros((2, frames))
    strokes, still, begin = [], [], 0.0
    at = 0.9
    while at < seconds - 1.0:
        x = np.clip((t - at + 0.2) / 0.4, 0.0, 1.0)
        angle += (0.8 if lively else 0.02) * rng.uniform(-1, 1, (2, 1)) * (x**3 * (10 - 15 * x + 6 * x * x))
        if lively:
            strokes.append(Stroke(at, float(rng.uniform(0.3, 1.0))))
        still.append((begin, at - 0.2))
        begin = at + 0.2
        at += float(rng.uniform(0.8, 1.6))
    turns = np.tile(NEUTRAL_ROTATIONS.astype(np.float64), (frames, 1, 1))
    for side, joint in enumerate(("leftUpperArm", "rightUpperArm")):
        swing = rot.exp(np.stack([angle[side], 0 * t, 0 * t], axis=1))
        turns[:, INDEX[joint]] = rot.multiply(swing, turns[:, INDEX[joint]])
    hips = np.tile(np.array(NEUTRAL_HIPS_M, dtype=np.float32), (frames, 1))
    clip = Clip(30.0, turns.astype(np.float32), hips, np.zeros((frames, 2, 6), np.float32))
    return Material(name, actor, emotion, activity, split, clip, tuple(strokes), (*still, (begin, seconds)))


def make_clause(
    name: str,
    seed: int,
    *,
    source: str = "espeak",
    speaker: str = "robot",
    split: str = "train",
    seconds: float | None = None,
) -> Utterance:
    """A tone whose accents are louder."""
    rng = np.random.default_rng(seed)
    length = float(rng.uniform(1.0, 2.5)) if seconds is None else seconds
    t = np.arange(round(16_000 * length)) / 16_000
    times = np.arange(0.2, length - 0.1, 0.45) + rng.uniform(0, 0.2)
    times = times[times < length]
    loud = 0.02 + sum(0.1 * np.exp(-0.5 * ((t - x) / 0.05) ** 2) for x in times)
    samples = (loud * np.sin(2 * np.pi * 150 * t)).astype(np.float32)
    accents = tuple(Nucleus(float(x), float(rng.uniform(0.5, 1.0))) for x in times)
    words = tuple(TimedWord("word", float(x), float(x) + 0.1) for x in times)
    return Utterance(name, source, speaker, split, samples, accents, words, cues_s=(0.8,))


@pytest.fixture
def material() -> MakeMaterial:
    """Make a piece of motion."""
    return make_material


@pytest.fixture
def clause() -> MakeClause:
    """Make a clause."""
    return make_clause


@pytest.fixture
def motion() -> list[Material]:
    """Narrators of two splits, listeners and idlers."""
    out = [make_material(f"ann{i}", i) for i in range(8)]
    out += [make_material(f"bea{i}", 20 + i, actor="Bea", emotion="anger") for i in range(8)]
    out += [make_material(f"val{i}", 40 + i, actor="Val", split="validation") for i in range(6)]
    out += [make_material(f"tes{i}", 60 + i, actor="Tes", split="test") for i in range(6)]
    out += [make_material(f"lis{i}", 80 + i, actor="box", emotion="", activity="listen", seconds=9.0) for i in range(3)]
    out += [make_material(f"idl{i}", 90 + i, actor="box", emotion="", activity="idle", seconds=9.0) for i in range(3)]
    return out


@pytest.fixture
def speech() -> list[Utterance]:
    """Two voices of the agent and one other, some of it for validation."""
    out = []
    for split, count in (("train", 40), ("validation", 12)):
        for i in range(count):
            out.append(make_clause(f"{split}/robot/{i}", i, split=split))
            out.append(make_clause(f"{split}/people/{i}", 500 + i, source="ami", speaker="MEE", split=split))
    return out
