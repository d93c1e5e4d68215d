"""When each word of a recording is said: alignments from a file, or forced onto a transcript by PocketSphinx.

PocketSphinx (extra `agent`) is imported only when it aligns; it holds the GIL while it works, which is no matter offline. Seconds from
the first sample, 16 kHz mono. A transcript that doesn't fit the sound, or has words that the dictionary lacks, is an `AttuneError`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motion.features.frames import SAMPLE_RATE_HZ
from motion.features.stream import clean
from runtime.errors import AttuneError

_VARIANT: Final = re.compile(r"\(\d+\)$")
_FILLER: Final = re.compile(r"^(<.*>|\[.*\]|\(NULL\)|\+\+.*\+\+)$")
_MAX_BYTES: Final = 4 << 20

# Closed classes: articles, pronouns, prepositions, conjunctions, auxiliaries, particles; but not negation, which people stress.
_FUNCTION_WORDS: Final = frozenset(
    """a an the this that these those i me my mine you your yours he him his she her hers it its we us our ours they them their theirs
    who whom whose which what there here as at by for from in into of off on onto out over to up upon with within without about
    and but or nor so if than then because while when where how am is are was were be been being have has had having do does did
    will would shall should can could may might must n't 's 'll 've 're 'd 'm i'm i've it's that's there's you're we're they're
    any some such each too also mister mrs dr""".split()
)


class TimedWord(NamedTuple):
    """A word and when it is said, in seconds."""

    text: str
    start_s: float
    end_s: float


def is_function_word(word: str) -> bool:
    """Say whether a word belongs to a closed class, which rarely carries an accent."""
    return word.strip('.,;:!?"()').lower() in _FUNCTION_WORDS


def read_alignment(path: Path) -> list[TimedWord]:
    """Read PocketSphinx's JSON (`w`: words with begin `b`, duration `d` and text `t`), without its fillers.

    Raises:
        AttuneError: the file is no such alignment.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError("size")
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["w"]
        words = [TimedWord(str(row["t"]), float(row["b"]), float(row["b"]) + float(row["d"])) for row in rows]
        if not all(0.0 <= word.start_s <= word.end_s < np.inf for word in words):
            raise ValueError("time")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AttuneError(
            f"{path}: no word alignment ({type(error).__name__})", "it needs PocketSphinx's JSON with w[].t, b and d"
        ) from error
    return [word._replace(text=_VARIANT.sub("", word.text)) for word in words if not _FILLER.match(word.text)]


def align_words(samples: ArrayLike, transcript: str) -> list[TimedWord]:
    """Force a transcript onto a recording.

    Args:
        samples: int16 or float [n], 16 kHz.
        transcript: the words said; punctuation is ignored.

    Raises:
        AttuneError: PocketSphinx is absent, a word is unknown to it, or sound and words don't fit.
    """
    try:
        from pocketsphinx import Decoder
    except ImportError as error:
        raise AttuneError("pocketsphinx is not installed", "pip install 'attune[agent]'") from error
    words = re.findall(r"[a-z]+(?:'[a-z]+)*", transcript.lower().replace("\u2019", "'"))
    pcm = np.round(clean(samples) * 32_767.0).astype(np.int16)
    decoder: Any = Decoder(samprate=SAMPLE_RATE_HZ, lm=None, loglevel="FATAL")
    unknown = [word for word in words if decoder.lookup_word(word) is None]
    if unknown or not words:
        raise AttuneError(
            f"the transcript has words without a known pronunciation: {', '.join(sorted(set(unknown))[:8]) or '(none at all)'}",
            "spell them out or leave the recording without word times",
        )
    try:
        decoder.set_align_text(" ".join(words))
        decoder.start_utt()
        decoder.process_raw(pcm.tobytes(), full_utt=True)
        decoder.end_utt()
        segments = [(str(s.word), int(s.start_frame), int(s.end_frame)) for s in decoder.seg() or ()]
    except RuntimeError as error:
        raise AttuneError("the transcript does not fit the recording", "check that they belong together") from error
    timed = [
        TimedWord(_VARIANT.sub("", text), start / 100.0, (end + 1) / 100.0)
        for text, start, end in segments
        if not _FILLER.match(text)
    ]
    if [word.text for word in timed] != words:
        raise AttuneError("the transcript does not fit the recording", "check that they belong together")
    return timed
