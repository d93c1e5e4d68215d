"""The conversations of the bench: one person each, every voice and every real reader in a session of their own.

Each of the dialogue's lines is said by two of the voices. Over the agent's answers each voice says all backchannels, two to an answer, and
interrupts in its own words and, where there are recordings, in a real person's; a noise falls into one. Pure but for reading files and
speaking.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice, zip_longest
from pathlib import Path

from behavioral.bench.parts import (
    BACKCHANNELS,
    INTERRUPTIONS,
    LEAD_IN_S,
    LINES,
    VOICES,
    Part,
    noises,
    real_interruptions,
    real_parts,
    spoken_parts,
)
from behavioral.bench.script import Kind, Overlap, Script, conversation

TIMES_SAID = 2
REAL_INTERRUPTIONS = 2
"""So many to a session."""


def sessions(data: Path | None, seed: int, *, lines: int = len(LINES)) -> list[tuple[str, Script]]:
    """Return name and script of each session.

    Args:
        data: folder of real recordings, None to do without.
        seed: of pauses, of the moments of overlaps and of noises.
        lines: how many of the dialogue's lines are said.
    """
    scripts: list[tuple[str, Script]] = []
    made = list(noises(seed).items())
    real = cycle(_overlaps("interruption", real_interruptions(data))) if data is not None else iter(())
    for number, voice in enumerate(VOICES):
        own = [
            line
            for turn in range(TIMES_SAID)
            for index, line in enumerate(LINES[:lines])
            if (index + turn * 2) % len(VOICES) == number
        ]
        if not own:  # few lines, and none for this voice
            continue
        spoken = [
            *_overlaps("interruption", spoken_parts(INTERRUPTIONS, voice)),
            *islice(real, REAL_INTERRUPTIONS),
        ]
        pairs = _pairs(_overlaps("backchannel", spoken_parts(BACKCHANNELS, voice)))
        noise: Overlap = ("noise", *made[number % len(made)], "made", 0.0)
        overlaps = [one for each in zip_longest(pairs, ([one] for one in spoken)) for one in each if one is not None]
        scripts.append((voice[0], conversation(spoken_parts(own, voice), [*overlaps, [noise]], seed + number)))
    by_reader: dict[str, list[Part]] = {}
    for part in real_parts(data) if data is not None else ():
        by_reader.setdefault(part.speaker, []).append(part)
    voices = cycle(VOICES)
    for number, (reader, parts) in enumerate(by_reader.items()):
        said = _pairs(_overlaps("backchannel", spoken_parts(BACKCHANNELS[:2], next(voices))))
        fitting = len(parts) - 1 - len(said)
        heard = [*said, *([one] for one in islice(real, max(0, min(REAL_INTERRUPTIONS, fitting))))]
        scripts.append((reader, conversation(parts, heard, seed + 100 + number)))
    return scripts


def _overlaps(kind: Kind, parts: Sequence[Part]) -> list[Overlap]:
    return [
        (kind, part.text, part.pieces[0], part.origin, LEAD_IN_S * (kind == "interruption" and part.real))
        for part in parts
    ]


def _pairs(overlaps: Sequence[Overlap]) -> list[list[Overlap]]:
    return [list(overlaps[first : first + 2]) for first in range(0, len(overlaps), 2)]
