"""One side of a conversation as a recording, with the truth about every sound in it.

Turns follow each other on a fixed clock: after each there is room for the agent's answer, which is always the same (`REPLY`), so that an
overlap can be placed in its middle without knowing exactly when it began. The same recording drives every runtime that is compared.
Pure but for the random numbers of its seed; times in seconds from the recording's start.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile

from behavioral.bench.parts import Part, Samples, silences
from behavioral.hearing.blocks import SAMPLE_RATE_HZ

REPLY = "All right, I have heard what you said, and I am glad that you told me so much about it today."
"""About five seconds of the agent's voice."""
ANSWER_S = 7.0
"""Room for the answer after a turn, in which nobody else speaks."""
OVERLAP_AFTER_S = (1.7, 2.4)
"""An overlap begins this long after the end of the turn that is being answered, drawn evenly: even a late answer sounds by then."""
NEXT_AFTER_S = 1.2
"""A second overlap over the same answer begins this long after the end of the first: even an early answer still has something to say."""
PAUSE_S = (0.2, 0.8)
"""Pauses inside turns, drawn evenly; those of people are mostly in the lower half of it."""
FLOOR_DBFS = -62.0
"""Noise of the room under everything."""

Kind = Literal["turn", "backchannel", "interruption", "noise"]
Overlap = tuple[Kind, str, Samples, str, float]
"""What happens over an answer: kind, name, sound, origin, and after how many seconds of the sound it can be heard."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One stretch of the person's side.

    Attributes:
        kind: a turn, or what happens over the agent's answer to the turn before.
        name: what it is, for the report.
        origin: `real`, `voice` or `made`.
        start_s: first sample of it.
        end_s: end of its last sound.
        pauses_s: begin and end of each silence in it, put there or the speaker's own.
    """

    kind: Kind
    name: str
    origin: str
    start_s: float
    end_s: float
    pauses_s: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """The recording and its truth."""

    samples: Samples
    sounds: tuple[Sound, ...]

    def write(self, path: Path) -> None:
        """Write the recording as 16-bit WAV."""
        soundfile.write(path, self.samples, SAMPLE_RATE_HZ, subtype="PCM_16")


class Writer:
    """Puts sounds one behind the other."""

    def __init__(self, seed: int) -> None:
        """Begin with a second of the room."""
        self._random = random.Random(f"{seed} bench")
        self._noise = np.random.default_rng(seed)
        self._pieces: list[Samples] = [np.zeros(SAMPLE_RATE_HZ, np.float32)]
        self._length = SAMPLE_RATE_HZ
        self._sounds: list[Sound] = []

    def turn(self, part: Part, answer_s: float = ANSWER_S) -> float:
        """Add a turn with pauses of random lengths at its cuts, and room for the answer; return its end (s).

        Silences that a reader left inside a piece are pauses as well.
        """
        start_s = self._now_s
        pauses: list[tuple[float, float]] = []
        for index, piece in enumerate(part.pieces):
            if index:
                begin_s = self._now_s
                self._silence(self._random.uniform(*PAUSE_S))
                pauses.append((begin_s, self._now_s))
            pauses += [(self._now_s + begin_s, self._now_s + end_s) for begin_s, end_s in silences(piece)]
            self._add(piece)
        end_s = self._now_s
        self._sounds.append(Sound("turn", part.text, part.origin, start_s, end_s, tuple(pauses)))
        self._silence(answer_s)
        return end_s

    def over_the_answer(self, overlaps: Sequence[Overlap], answer_s: float = ANSWER_S) -> None:
        """Put one sound or more into the answer to the turn before, and leave room for what follows from it."""
        begin_s = self._sounds[-1].end_s + self._random.uniform(*OVERLAP_AFTER_S)
        for kind, name, sound, origin, lead_in_s in overlaps:
            self._cut(round(begin_s * SAMPLE_RATE_HZ))
            start_s = self._now_s + lead_in_s
            self._add(sound)
            self._sounds.append(Sound(kind, name, origin, start_s, self._now_s))
            begin_s = self._now_s + NEXT_AFTER_S
            self._silence(answer_s)

    def script(self) -> Script:
        """Return what was written, over the noise of the room."""
        samples = np.concatenate(self._pieces)
        samples = samples + self._noise.normal(0, 10 ** (FLOOR_DBFS / 20), len(samples)).astype(np.float32)
        return Script(samples.astype(np.float32), tuple(self._sounds))

    @property
    def _now_s(self) -> float:
        return self._length / SAMPLE_RATE_HZ

    def _add(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self._length += len(samples)

    def _silence(self, seconds: float) -> None:
        self._add(np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32))

    def _cut(self, length: int) -> None:
        """Take back silence at the end, down to a length."""
        samples = np.concatenate(self._pieces)[:length]
        self._pieces, self._length = [samples], len(samples)


def conversation(turns: Sequence[Part], overlaps: Sequence[Sequence[Overlap]], seed: int) -> Script:
    """Return a script of the given turns, with overlaps over every answer but the first as long as there are some left.

    Args:
        turns: the person's turns.
        overlaps: what happens over an answer, for one answer after the other.
        seed: of the lengths of pauses and the moments of overlaps.
    """
    writer = Writer(seed)
    waiting = list(overlaps)
    for index, part in enumerate(turns):
        writer.turn(part)
        if index and waiting:
            writer.over_the_answer(waiting.pop(0))
    return writer.script()
