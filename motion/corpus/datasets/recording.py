"""One recording of a data set, how it is cut into scenes, and which split it belongs to.

A loader lists its recordings as `Source` and reads each when asked, so that one bad file costs one recording. Times are seconds from the
recording's start, sound is 16 kHz mono float32, motion 30 fps. Pure functions. Faults are `ValueError` with the recording's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.corpus.scene import PlacedIntent, Scene
from motion.corpus.words import TimedWord

Float32 = NDArray[np.float32]
Note = Callable[[str], None]
"""Takes what a user should know about and that is no fault, as one line."""
SplitBy = Literal["actor", "session", "given"]

FPS: Final = 30.0
RATE_HZ: Final = 16_000
MAX_SCENE_S: Final = 60.0
MIN_SCENE_S: Final = 0.5
PADDED_S: Final = 0.1
"""Sound that ends up to this much before the motion is filled up with silence; where it ends earlier the motion is cut."""
TRAIN_SHARE: Final = 0.8
VALIDATION_SHARE: Final = 0.1

NO_SOUND: Final[Float32] = np.zeros(0, dtype=np.float32)
NO_SOUND.flags.writeable = False
"""Stands for a person whose speech was not recorded: silence as long as the motion."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What one file, or one group of files that belong together, holds.

    Attributes:
        name: unique in its data set.
        actor: who moves; "" where unknown.
        session: what must not be torn apart by a split: all recordings of one occasion share it.
        emotion: style; "" where unknown.
        clip: 30 fps, on our skeleton.
        agent: speech of the person who moves; `NO_SOUND` where there is none.
        user: the other's, likewise.
        words: the agent's.
        intents: gestures that are labelled.
        given: split that the data set itself puts it into; "" where it says none.
    """

    name: str
    actor: str
    session: str
    emotion: str
    clip: Clip = field(repr=False)
    agent: Float32 = field(repr=False)
    user: Float32 = field(repr=False)
    words: tuple[TimedWord, ...] = ()
    intents: tuple[PlacedIntent, ...] = ()
    given: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A recording that has not been read: its main file, and how to read it (raises ValueError or OSError)."""

    path: Path
    load: Callable[[], Recording]


def split_of(key: str) -> str:
    """The split that everything with this key belongs to: eight in ten keys train, one validates, one tests.

    By the key's SHA-256 alone, so that it never depends on which other files are there.
    """
    share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64
    if share < TRAIN_SHARE:
        return "train"
    return "validation" if share < TRAIN_SHARE + VALIDATION_SHARE else "test"


def scenes(recording: Recording, split: str) -> Iterator[Scene]:
    """Cut a recording into scenes of equal length, at most a minute each.

    Motion and sound that others do not accompany to the end are left out. A word goes with the scene that holds its middle, a gesture
    with that of its stroke; what reaches over a cut is shortened.

    Raises:
        ValueError: motion and sound have less than half a second in common.
    """
    frames = len(recording.clip)
    for samples in (recording.agent, recording.user):
        if len(samples):
            frames = min(frames, int((len(samples) / RATE_HZ + PADDED_S) * FPS))
    if frames < MIN_SCENE_S * FPS:
        raise ValueError(
            f"{recording.name}: motion of {recording.clip.duration_s:.2f} s and its sound have {frames / FPS:.2f} s in common; "
            f"at least {MIN_SCENE_S} s are needed"
        )
    parts = int(np.ceil(frames / (MAX_SCENE_S * FPS)))
    bounds = [round(part * frames / parts) for part in range(parts + 1)]
    for part in range(parts):
        first, end = bounds[part], bounds[part + 1]
        start_s, end_s = first / FPS, end / FPS
        yield Scene(
            name=recording.name if parts == 1 else f"{recording.name}#{part:02d}",
            split=split,
            actor=recording.actor,
            emotion=recording.emotion,
            clip=_piece(recording.clip, first, end),
            agent=_heard(recording.agent, first, end),
            user=_heard(recording.user, first, end),
            intents=tuple(
                replace(
                    intent,
                    start_s=max(intent.start_s - start_s, 0.0),
                    stroke_s=intent.stroke_s - start_s,
                    end_s=min(intent.end_s, end_s) - start_s,
                )
                for intent in recording.intents
                if start_s <= intent.stroke_s < end_s
            ),
            words=tuple(
                TimedWord(word.text, max(word.start_s - start_s, 0.0), min(word.end_s, end_s) - start_s)
                for word in recording.words
                if start_s <= 0.5 * (word.start_s + word.end_s) < end_s
            ),
        )


def _piece(clip: Clip, first: int, end: int) -> Clip:
    return Clip(clip.fps, clip.rotations[first:end], clip.hips_m[first:end], clip.hands[first:end])


def _heard(samples: Float32, first: int, end: int) -> Float32:
    begin, stop = round(first * RATE_HZ / FPS), round(end * RATE_HZ / FPS)
    out = np.zeros(stop - begin, dtype=np.float32)
    piece = samples[begin:stop]
    out[: len(piece)] = piece
    return out
