"""The embedded recogniser: word errors, delays, and expected phrases accepted or let through.

    ATTUNE_DATA=FOLDER python benchmarks/bench_asr.py [--json]

Open dictation: five LibriVox utterances and the JFK excerpt (93 words: read it as plus or minus ten points), block by block
through the worker, with and without a scenario's phrases. Phrases: said by two espeak-ng voices (the same on which the margin was
set), and beside them sentences that are no phrase.
Delays are wall-clock times of one request to the worker, on whatever else the machine does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from behavioral.hearing.asr.pocketsphinx import PocketSphinxRecogniser
from runtime.offload import ThreadOffload
from runtime.paths import data_dir

PHRASES = (
    "hello", "hello robot", "good morning", "what is your name", "tell me a joke", "how are you", "goodbye", "thank you",
    "can you wave at me", "please look at the door", "who are you", "stop", "yes", "no", "what can you do",
    "where is the kitchen", "nod your head",
)  # fmt: skip
SPOKEN = PHRASES[:12]
OTHERS = (
    "the weather is nice today", "i would like a cup of coffee", "my brother lives in london", "what time is it now",
    "can you wait for me", "please open the window", "hello world my friend",
)  # fmt: skip
JFK = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"


def word_errors(reference: list[str], heard: list[str]) -> int:
    """Return the least number of substitutions, insertions and deletions."""
    row = list(range(len(heard) + 1))
    for i, expected in enumerate(reference, 1):
        previous, row[0] = row[0], i
        for j, word in enumerate(heard, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (expected != word))
    return row[-1]


async def listen(
    asr: PocketSphinxRecogniser, samples: NDArray[np.int16], pushes: list[float], ends: list[float]
) -> list[str]:
    """Return the committed words and note the delays in milliseconds."""
    await asr.start(0)
    for index in range(len(samples) // 512):
        before = time.perf_counter()
        await asr.push(samples[512 * index : 512 * index + 512].tobytes())
        pushes.append(1e3 * (time.perf_counter() - before))
    before = time.perf_counter()
    edits = await asr.finish()
    ends.append(1e3 * (time.perf_counter() - before))
    return [edit.text for edit in edits if edit.op == "commit"]


def utterances(folder: Path) -> list[tuple[list[str], NDArray[np.int16]]]:
    """Return reference words and samples at 16 kHz."""
    found = []
    for path in sorted((folder / "librivox-austen-aligned").glob("*.wav")):
        samples, _ = soundfile.read(path, dtype="int16")
        found.append((path.with_suffix(".txt").read_text(encoding="utf-8").split(), samples))
    samples, rate = soundfile.read(folder / "jfk-inaugural" / "jfk.flac", dtype="float32")
    found.append((JFK.split(), (soxr.resample(samples.mean(axis=1), rate, 16_000) * 32_000).astype(np.int16)))
    return [([_spelling(word) for word in words], samples) for words, samples in found]


def espeak(text: str, voice: str) -> NDArray[np.int16]:
    """Return the text said by espeak-ng at 16 kHz, with a third of a second of faint noise around it."""
    import ctypes

    import espeakng_loader

    library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(2, 200, str(espeakng_loader.get_data_path()).encode(), 0)
    pieces: list[NDArray[np.int16]] = []
    callback_type = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def collect(samples: Any, count: int, _events: Any) -> int:
        if count > 0:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    callback = callback_type(collect)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetVoiceByName(voice.encode())
    encoded = text.encode()
    library.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, 1, None, None)
    library.espeak_Synchronize()
    said = soxr.resample(np.concatenate(pieces).astype(np.float32), rate, 16_000)
    padded = np.concatenate((np.zeros(4_800), said, np.zeros(4_800)))
    padded += np.random.default_rng(0).normal(0, 10, len(padded))
    return np.clip(0.9 * padded, -32_768, 32_767).astype(np.int16)


async def measure(folder: Path) -> dict[str, Any]:
    """Run everything."""
    result: dict[str, Any] = {}
    for name, phrases in (("dictation", ()), ("dictation_beside_phrases", PHRASES)):
        asr = PocketSphinxRecogniser(ThreadOffload, phrases)
        before = time.perf_counter()
        await asr.prepare()
        load_s = time.perf_counter() - before
        errors = words = 0
        pushes: list[float] = []
        ends: list[float] = []
        for reference, samples in utterances(folder):
            errors += word_errors(reference, [_spelling(word) for word in await listen(asr, samples, pushes, ends)])
            words += len(reference)
        result[name] = {
            "word_error_rate": round(errors / words, 3),
            "words": words,
            "load_s": round(load_s, 2),
            **_delays(pushes, ends),
        }
        if phrases:
            result["phrases"] = await phrase_scores(asr)
        await asr.aclose()
    return result


async def phrase_scores(asr: PocketSphinxRecogniser) -> dict[str, Any]:
    """Return how many phrases were got right, and what was let through."""
    right, wrong, through = 0, [], []
    for voice in ("en-us", "en-us+f3"):
        for phrase in SPOKEN:
            heard = " ".join(await listen(asr, espeak(phrase, voice), [], []))
            right += heard == phrase
            if heard != phrase:
                wrong.append([phrase, heard])
        for other in OTHERS:
            heard = " ".join(await listen(asr, espeak(other, voice), [], []))
            if heard in PHRASES:
                through.append([other, heard])
    return {"right": right, "of": 2 * len(SPOKEN), "wrong": wrong, "others": 2 * len(OTHERS), "let_through": through}


def _spelling(word: str) -> str:
    return {"mister": "mr"}.get(word.lower(), word.lower())


def _delays(pushes: list[float], ends: list[float]) -> dict[str, float]:
    return {
        "block_ms_median": round(float(np.median(pushes)), 1),
        "block_ms_p99": round(float(np.percentile(pushes, 99)), 1),
        "finish_ms_median": round(float(np.median(ends)), 1),
        "finish_ms_max": round(max(ends), 1),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    arguments = parser.parse_args()
    folder = data_dir()
    if folder is None:
        raise SystemExit("ATTUNE_DATA names no folder of real recordings")
    result = asyncio.run(measure(folder))
    if arguments.json:
        print(json.dumps(result, indent=1))
        return
    for name, figures in result.items():
        print(name)
        for figure, value in figures.items():
            print(f"  {figure:18}{value}")


if __name__ == "__main__":
    main()
