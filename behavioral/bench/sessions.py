"""The conversations of the bench: one person each, every voice and every real reader in a session of their own.

Each of the dialogue's lines is said by two of the voices. Overlaps are shared out among the sessions: backchannels, interruptions and
noises over the agent's answers. Pure but for reading files and speaking.
"""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

from behavioral.bench.parts import (
    BACKCHANNELS,
    INTERRUPTIONS,
    LINES,
    VOICES,
    Part,
    Samples,
    noises,
    real_parts,
    spoken_parts,
)
from behavioral.bench.script import Kind, Script, conversation

TIMES_SAID = 2
Overlap = tuple[Kind, str, Samples, str]


def sessions(data: Path | None, seed: int, *, lines: int = len(LINES)) -> list[tuple[str, Script]]:
    """Return name and script of each session.

    Args:
        data: folder of real recordings, None to do without.
        seed: of pauses and noises.
        lines: how many of the dialogue's lines are said.
    """
    scripts: list[tuple[str, Script]] = []
    made = list(noises(seed).items())
    for number, voice in enumerate(VOICES):
        own = [
            line
            for turn in range(TIMES_SAID)
            for index, line in enumerate(LINES[:lines])
            if (index + turn * 2) % len(VOICES) == number
        ]
        if not own:  # few lines, and none for this voice
            continue
        overlaps: list[Overlap] = [("noise", *made[number % len(made)], "made")]
        for kind, texts in (("backchannel", BACKCHANNELS), ("interruption", INTERRUPTIONS)):
            chosen = [text for index, text in enumerate(texts) if kind == "interruption" or index % 2 == number % 2]
            overlaps += [(kind, part.text, part.pieces[0], part.origin) for part in spoken_parts(chosen, voice)]  # type: ignore[misc] # one of the literals
        scripts.append((voice[0], conversation(spoken_parts(own, voice), overlaps, seed + number)))
    by_reader: dict[str, list[Part]] = {}
    for part in real_parts(data) if data is not None else ():
        by_reader.setdefault(part.speaker, []).append(part)
    voices = cycle(VOICES)
    for number, (reader, parts) in enumerate(by_reader.items()):
        said = spoken_parts(BACKCHANNELS[:2], next(voices))
        heard: list[Overlap] = [("backchannel", part.text, part.pieces[0], part.origin) for part in said]
        scripts.append((reader, conversation(parts, heard, seed + 100 + number)))
    return scripts
