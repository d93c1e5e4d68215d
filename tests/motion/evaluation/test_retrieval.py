"""Retrieval finds the motion that went with the speech it hears, joins pieces smoothly, and uses narrators' training scenes only."""

from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus import store
from motion.corpus.scene import PlacedIntent, Scene
from motion.evaluation.methods import Style
from motion.evaluation.retrieval import FADE_FRAMES, PIECE_FRAMES, Retrieval, narrating, not_narrating
from motion.kinematics import positions
from motion.skeleton import INDEX, NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS

RATE = 16_000


def speech(seconds: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE)) / RATE
    y = 1e-3 * rng.normal(size=len(t))
    for at in np.cumsum(rng.uniform(0.15, 0.8, 60)):
        y += (
            np.clip(1 - np.abs(t - at) / 0.1, 0, 1)
            * np.sin(2 * np.pi * rng.uniform(110, 300) * t)
            * rng.uniform(0.1, 0.5)
        )
    return np.clip(y, -1, 1).astype(np.float32)


def motion(seconds: float, seed: int) -> Clip:
    frames = round(seconds * 30)
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None, None] / 30.0
    sway = sum(
        rng.normal(0, 0.12, (22, 3)) * np.sin(2 * np.pi * hz * t + rng.uniform(0, 6, (22, 3))) for hz in (0.2, 0.5, 0.9)
    )
    turns = rot.multiply(np.broadcast_to(NEUTRAL_ROTATIONS.astype(float), (frames, 22, 4)), rot.exp(np.asarray(sway)))
    hips = np.tile(np.array(NEUTRAL_HIPS_M, np.float32), (frames, 1))
    return Clip(30.0, turns.astype(np.float32), hips, np.full((frames, 2, 6), 0.25, np.float32))


def scene(name: str, seed: int, actor: str = "AnBh", split: str = "train", asked: bool = False) -> Scene:
    said = speech(12.0, seed)
    intents = (PlacedIntent("wave", 1.0, 1.7, 2.6),) if asked else ()
    return Scene(name, split, actor, "joy", motion(12.0, seed), said, np.zeros_like(said), intents)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> store.Corpus:
    scenes = [scene(f"s{n}", n) for n in range(3)]
    scenes += [
        scene("idle", 7, actor="rocketbox-m"),
        scene("asked", 8, asked=True),
        scene("kept", 9, split="validation"),
    ]
    return store.write(tmp_path_factory.mktemp("corpus"), scenes, {})


def test_only_training_narration_is_played_back(corpus: store.Corpus) -> None:
    assert [entry.name for entry in narrating(corpus)] == ["s0", "s1", "s2"]
    assert [entry.name for entry in not_narrating(corpus)] == ["idle"]


def test_known_speech_brings_its_own_motion(corpus: store.Corpus) -> None:
    heard = speech(12.0, 1)
    made, _ = Retrieval(corpus, narrating(corpus))(heard, np.zeros_like(heard), 0, Style(), ())
    known = motion(12.0, 1)
    # The first piece has no body to be near to: the nearest in speech is played.
    gap = rot.angle_between(made.rotations[5:50, :14].astype(float), known.rotations[5:50, :14].astype(float))
    assert gap.max() < 0.03


def test_pieces_are_joined_without_a_jump(corpus: store.Corpus) -> None:
    heard = speech(15.3, 30)
    made, seams = Retrieval(corpus, narrating(corpus))(heard, np.zeros_like(heard), 0, Style(), ())
    assert len(made) == round(15.3 * 30) and np.isfinite(made.rotations).all()
    assert seams == tuple(range(PIECE_FRAMES, len(made), PIECE_FRAMES)), "two seconds each"
    hands = positions(made.rotations, made.hips_m)[:, [INDEX["leftHand"], INDEX["rightHand"]]]
    steps = np.linalg.norm(np.diff(hands, axis=0), axis=-1)
    own = positions(motion(12.0, 0).rotations, motion(12.0, 0).hips_m)[:, [INDEX["leftHand"], INDEX["rightHand"]]]
    fastest = np.linalg.norm(np.diff(own, axis=0), axis=-1).max()
    assert steps.max() < fastest + 0.6 / FADE_FRAMES, "a fade over 0.3 s, no cut"


def test_the_seed_decides_between_pieces_that_are_near(corpus: store.Corpus) -> None:
    heard = speech(15.0, 31)
    method = Retrieval(corpus, narrating(corpus))
    one, again, other = (method(heard, np.zeros_like(heard), seed, Style(), ())[0].rotations for seed in (0, 0, 1))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_a_corpus_without_pieces_is_refused(corpus: store.Corpus) -> None:
    with pytest.raises(ValueError, match="of 0 scenes none has"):
        Retrieval(corpus, ())


def test_the_corpus_may_be_read_from_disk(corpus: store.Corpus) -> None:
    read = store.read(Path(corpus.folder))
    assert len(narrating(read)) == 3
