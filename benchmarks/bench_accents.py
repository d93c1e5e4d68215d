"""How well accents found in sound agree with the stress that espeak-ng says it spoke.

    python benchmarks/bench_accents.py [--json]

Sentences in several voices; wanted are the vowels with primary stress, at the middle of the vowel, within 80 ms. Rows: all syllable nuclei
against all vowels; accents from the sound alone; accents with word times; and as many evenly spread times, which is what chance would
give. espeak-ng's synthetic prosody is not a person's: the figures say that the finder finds, not how people perceive accents.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

import numpy as np
import soxr

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from behavioral.voice.tts.contract import SpokenClause
from behavioral.voice.tts.espeak import EspeakVoice
from motion.corpus.prosody import Nucleus, accents, agreement, nuclei
from motion.corpus.words import TimedWord
from motion.features.frames import SAMPLE_RATE_HZ
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings

VOICES = ("en-us+f3", "en-us", "en-gb+m3")
SENTENCES = (
    "The beautiful museum opens every morning, except on Mondays.",
    "Please call Stella and ask her to bring these things with her from the store.",
    "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow.",
    "We also need a small plastic snake and a big toy frog for the kids.",
    "I have never seen anything like that before in my life!",
    "Would you rather walk to the station, or shall we take a taxi?",
    "Six hundred people came to the concert in the garden yesterday.",
    "He explained the problem slowly, and then he showed us a possible solution.",
)
VOWELS = set("aeiouæɑɒɔəɚɛɜɪʊʌɐᵻɨ")


async def clauses() -> list[SpokenClause]:
    """Speak everything."""
    out = []
    for name in VOICES:
        voice = EspeakVoice(VoiceSettings(voice=name), InlineOffload())
        for sentence in SENTENCES:
            out.append(await voice.synthesise(sentence))
            if voice.note:
                raise SystemExit(f"espeak-ng does not speak: {voice.note}")
        await voice.aclose()
    return out


def vowel_times(clause: SpokenClause, stressed: bool) -> list[float]:
    """Return the middles of the vowels (s), all or those with primary stress."""
    return [
        (p.start_ms + p.end_ms) / 2_000.0
        for p in clause.phonemes
        if VOWELS & set(p.symbol) and ("ˈ" in p.symbol or not stressed)
    ]


def run() -> dict[str, dict[str, float]]:
    """Score every row over all clauses."""
    found: dict[str, list[float]] = {}
    wanted: dict[str, list[float]] = {}
    offset_s = 0.0
    for clause in asyncio.run(clauses()):
        audio = soxr.resample(clause.pcm.astype(np.float32) / 32_768.0, clause.sample_rate_hz, SAMPLE_RATE_HZ)
        words = [TimedWord(w.text, w.start_ms / 1e3, w.end_ms / 1e3) for w in clause.words]
        plain, worded = accents(audio), accents(audio, words)
        end_s = len(audio) / SAMPLE_RATE_HZ
        stressed = vowel_times(clause, stressed=True)
        rows: dict[str, tuple[list[Nucleus] | list[float], list[float]]] = {
            "nuclei": (nuclei(audio), vowel_times(clause, stressed=False)),
            "accents": (plain, stressed),
            "accents_with_words": (worded, stressed),
            "evenly_spread": (list((np.arange(len(stressed)) + 0.5) * end_s / len(stressed)), stressed),
        }
        for name, (times, targets) in rows.items():
            found.setdefault(name, []).extend(offset_s + (t.t_s if isinstance(t, Nucleus) else t) for t in times)
            wanted.setdefault(name, []).extend(offset_s + t for t in targets)
        offset_s += end_s + 1.0
    out = {}
    for name, times in found.items():
        score = agreement(times, wanted[name])
        out[name] = {
            "found": len(times),
            "wanted": len(wanted[name]),
            "precision": round(score.precision, 3),
            "recall": round(score.recall, 3),
            "f1": round(score.f1, 3),
        }
    return out


def main() -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    arguments = parser.parse_args()
    result = run()
    if arguments.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{'':20}{'found':>7}{'wanted':>8}{'precision':>11}{'recall':>8}{'F1':>7}")
    for name, row in result.items():
        print(
            f"{name:20}{row['found']:>7.0f}{row['wanted']:>8.0f}{row['precision']:>11.3f}{row['recall']:>8.3f}{row['f1']:>7.3f}"
        )


if __name__ == "__main__":
    main()
