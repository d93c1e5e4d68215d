"""The embedded recogniser under a scenario: what it understands, what it takes for something it is not, how late and how dear it is.

    ATTUNE_DATA=FOLDER python benchmarks/bench_asr.py [--engine moonshine|pocketsphinx] [--json] [--quick]

- `scenario`: sentences of the `welcome` scenario and names in its slots, said by six espeak-ng voices (none is the agent's; the
  margins of rejection were chosen on the first three and LJSpeech, so read `other voices`, though they were in view then). `rule`
  is the share that the scenario answers with the rule it would answer the text with, `name` the share of names got right;
  `dictation` is the same without what is expected.
- `real in scenario`: read sentences (LibriVox, JFK) under a scenario that expects them.
- `out of scenario`: stretches of real speech as the gate cuts them (LJSpeech, LibriVox, JFK; AMI: meetings, far from clean) under the
  `welcome` scenario: how many become one of its sentences, and how many make one of its rules answer.
- `open dictation`: word errors on five LibriVox utterances and the JFK excerpt (93 words: plus or minus ten points), and on 32 clips of LJ
  Speech (about 560 words).

`finish` is wall-clock time from the end of the utterance to its last words, which come `hearing.hangover_ms` after the last sound plus
this; it means something on an idle machine only. `CPU` is the worker's processor time per second of audio. `early` is the share of
sentences whose running text at the last word was already the final one. Blocks are fed one by one but not in real time. `--quick` takes
every fourth item.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import soundfile
import soxr
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from behavioral.dialogue.scenario import load_scenario
from behavioral.dialogue.scripted import ScriptedDialogue
from behavioral.hearing.asr.grammar import ExpectedSpeech, plain, plain_phrases
from behavioral.hearing.asr.moonshine import open_moonshine
from behavioral.hearing.asr.pocketsphinx import PocketSphinxRecogniser
from behavioral.hearing.asr.worker_recogniser import WorkerRecogniser
from behavioral.hearing.blocks import BLOCK_BYTES, BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ, samples_of
from behavioral.hearing.events import SpeechOffset, SpeechOnset
from behavioral.hearing.gate import SpeechGate
from behavioral.hearing.units import UnitEdit
from behavioral.hearing.vad import SileroVad, silero_model
from benchmarks._espeak import espeak
from runtime.offload import ThreadOffload
from runtime.paths import data_dir
from runtime.settings import HearingSettings

Samples = NDArray[np.int16]

TUNED_VOICES = ("en-us", "en", "en-us+m3")
OTHER_VOICES = ("en-gb-x-rp+f2", "en-gb-scotland+m7", "en-us+f5")
SENTENCES = (
    "hello", "hello ada", "hi there", "good morning", "good evening", "what is your name", "who are you", "tell me about yourself",
    "what can you do", "can you help me", "how are you", "how are you today", "how do you do", "i am tired", "i feel sad",
    "i feel great today", "i am happy", "please wave", "can you wave", "wave your hand", "can you nod", "please point",
    "where is the door", "where is the exit", "take a bow", "thank you", "thank you very much", "thanks", "goodbye", "good night",
    "see you later", "see you tomorrow", "i have to go now", "yes", "no", "of course", "not really", "what did you say",
    "say that again", "pardon",
)  # fmt: skip
NAMED = (
    "my name is john", "call me maria", "my name is peter", "my name is anna", "this is david speaking", "my name is sarah",
    "call me michael", "my name is emma", "i am called thomas", "my name is lisa",
)  # fmt: skip
JFK = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
STRETCH_MAX_S = 8.0


@dataclass
class Costs:
    """Delays of each exchange and the worker's processor time."""

    pushes_ms: list[float] = field(default_factory=list)
    finishes_ms: list[float] = field(default_factory=list)
    audio_s: float = 0.0
    cpu_s: float = 0.0

    def figures(self) -> dict[str, float]:
        """Return what they come to."""
        return {
            "block_ms_median": round(float(np.median(self.pushes_ms)), 1),
            "block_ms_p99": round(float(np.percentile(self.pushes_ms, 99)), 1),
            "finish_ms_median": round(float(np.median(self.finishes_ms)), 1),
            "finish_ms_p95": round(float(np.percentile(self.finishes_ms, 95)), 1),
            "finish_ms_max": round(max(self.finishes_ms), 1),
            "cpu_share": round(self.cpu_s / self.audio_s, 3),
        }


@dataclass(frozen=True)
class Heard:
    """The final text, its confidence, and the running text before the utterance ended."""

    text: str
    confidence: float
    running: str


async def listen(asr: WorkerRecogniser, samples: Samples, costs: Costs) -> Heard:
    """Let the recogniser hear one utterance, block by block."""
    await asr.start(0)
    worker = psutil.Process(asr.worker.pid)
    cpu_s = sum(worker.cpu_times()[:2])
    running: list[str] = []
    for index in range(len(samples) // BLOCK_SAMPLES):
        before = time.perf_counter()
        edits = await asr.push(samples[BLOCK_SAMPLES * index :][:BLOCK_SAMPLES].tobytes())
        costs.pushes_ms.append(1e3 * (time.perf_counter() - before))
        for edit in edits:
            if edit.op == "add":
                running.append(edit.text)
            elif edit.op == "revoke":
                running.pop()
    before = time.perf_counter()
    committed = [edit for edit in await asr.finish() if edit.op == "commit"]
    costs.finishes_ms.append(1e3 * (time.perf_counter() - before))
    costs.cpu_s += sum(worker.cpu_times()[:2]) - cpu_s
    costs.audio_s += len(samples) / SAMPLE_RATE_HZ
    confidence = sum(edit.confidence for edit in committed) / max(1, len(committed))
    return Heard(_plain(committed), confidence, plain(" ".join(running)))


def _plain(edits: list[UnitEdit]) -> str:
    return plain(" ".join(edit.text for edit in edits))


async def recogniser(engine: str, expected: ExpectedSpeech | None = None) -> WorkerRecogniser:
    """Return a recogniser that is ready."""
    asr: WorkerRecogniser
    expected = expected or ExpectedSpeech()
    if engine == "moonshine":
        asr = open_moonshine("", ThreadOffload, plain_phrases(expected))
    else:
        asr = PocketSphinxRecogniser(ThreadOffload, expected)
    await asr.prepare()
    return asr


async def scenario_scores(engine: str, voices: tuple[str, ...], step: int, *, grammar: bool) -> dict[str, Any]:
    """Return how much of the scenario's own sentences is understood."""
    scenario = load_scenario("welcome")
    asr, costs = await recogniser(engine, scenario.expected_speech if grammar else None), Costs()
    exact = rules = names = named = early = count = 0
    wrong: list[tuple[str, str, str]] = []
    for voice in voices:
        for sentence in (*SENTENCES, *NAMED)[::step]:
            heard = await listen(asr, espeak(sentence, voice), costs)
            rule, name = _answer(heard.text)
            wanted_rule, wanted_name = _answer(sentence)
            count += 1
            exact += heard.text == sentence
            rules += rule == wanted_rule
            early += heard.running == heard.text
            if wanted_name:
                named += 1
                names += name == wanted_name
            if (rule, name) != (wanted_rule, wanted_name):
                wrong.append((voice, sentence, heard.text))
    await asr.aclose()
    shares = {"exact": exact, "rule": rules, "early": early}
    return {
        "sentences": count,
        **{key: round(value / count, 3) for key, value in shares.items()},
        "name": round(names / max(1, named), 3),
        **costs.figures(),
        "wrong": wrong,
    }


async def real_scores(engine: str, folder: Path) -> dict[str, Any]:
    """Return how much of read sentences that a scenario expects is understood."""
    spoken = utterances(folder)
    patterns = [words for words, _ in spoken if len(words) <= 12]
    asr, costs = await recogniser(engine, ExpectedSpeech(patterns)), Costs()
    right, wrong = 0, []
    for words, samples in spoken:
        if words in patterns:
            heard = await listen(asr, samples, costs)
            right += heard.text.split() == words
            if heard.text.split() != words:
                wrong.append((" ".join(words), heard.text))
    await asr.aclose()
    return {"sentences": len(patterns), "exact": round(right / len(patterns), 3), **costs.figures(), "wrong": wrong}


async def rejection_scores(engine: str, folder: Path, step: int) -> dict[str, dict[str, Any]]:
    """Return how often other speech is taken for a sentence of the scenario."""
    scenario = load_scenario("welcome")
    asr = await recogniser(engine, scenario.expected_speech)
    result: dict[str, dict[str, Any]] = {}
    for data, found in stretches_of(folder).items():
        costs, taken, answered = Costs(), [], 0
        stretches = found[::step]
        for stretch in stretches:
            heard = await listen(asr, stretch, costs)
            if _is_expected(heard.text, scenario.expected_speech):
                taken.append((heard.text, round(heard.confidence, 2)))
            answered += _answer(heard.text)[0] not in ("fallback", "not_understood")
        shares = {"taken": round(len(taken) / len(stretches), 3), "answered": round(answered / len(stretches), 3)}
        result[data] = {"stretches": len(stretches), **shares, **costs.figures(), "taken_for": taken}
    await asr.aclose()
    return result


async def dictation_scores(
    engine: str, spoken: list[tuple[list[str], Samples]], expected: ExpectedSpeech | None = None
) -> dict[str, Any]:
    """Return the word error rate of open dictation."""
    asr, costs = await recogniser(engine, expected), Costs()
    errors = count = 0
    for words, samples in spoken:
        heard = await listen(asr, samples, costs)
        errors += word_errors(words, [_spelling(word) for word in heard.text.split()])
        count += len(words)
    await asr.aclose()
    return {"words": count, "word_error_rate": round(errors / count, 3), **costs.figures()}


async def measure(engine: str, folder: Path, step: int) -> dict[str, Any]:
    """Run everything."""
    rejections = await rejection_scores(engine, folder, step)
    welcome = load_scenario("welcome").expected_speech
    return {
        "scenario, tuned voices": await scenario_scores(engine, TUNED_VOICES, step, grammar=True),
        "scenario, other voices": await scenario_scores(engine, OTHER_VOICES, step, grammar=True),
        "scenario, dictation": await scenario_scores(engine, OTHER_VOICES[:1], step, grammar=False),
        "real in scenario": await real_scores(engine, folder),
        **{f"out of scenario, {data}": figures for data, figures in rejections.items()},
        "open dictation": await dictation_scores(engine, utterances(folder)),
        "open dictation, scenario beside": await dictation_scores(engine, utterances(folder), welcome),
        "open dictation, LJ Speech": await dictation_scores(engine, lj_clips(folder)[::step]),
    }


def _answer(text: str) -> tuple[str, str]:
    """Return the rule and the name that the scenario takes from a text."""
    dialogue = ScriptedDialogue(load_scenario("welcome"), 0)
    _, rule = dialogue.answer(text)
    return rule, dialogue.slots.get("name", "").lower()


def _is_expected(text: str, expected: ExpectedSpeech) -> bool:
    """Return whether a text could only have come from the grammar: some pattern's fixed words begin it."""
    words = text.split()
    for pattern in expected.patterns:
        fixed = [token for token in pattern if token[0] not in "{*"]
        end = [] if pattern[-1][0] in "{*" else words[len(fixed) :]
        if words and words[: len(fixed)] == fixed and len(words) - len(fixed) <= 2 and not end:
            return True
    return False


def stretches_of(folder: Path) -> dict[str, list[Samples]]:
    """Return the stretches of speech of the recordings by data set."""
    files = {
        "ljspeech": folder.glob("ljspeech/wavs/*.wav"),
        "librivox and jfk": (*folder.glob("librivox-austen-aligned/*.wav"), *folder.glob("jfk-inaugural/*.flac")),
        "ami": folder.glob("ami-30s-excerpts/*.flac"),
    }
    return {
        data: [stretch for path in sorted(paths) for stretch in speech_of(recording(path))]
        for data, paths in files.items()
    }


def utterances(folder: Path) -> list[tuple[list[str], Samples]]:
    """Return reference words and samples at 16 kHz of the read sentences."""
    found = []
    for path in sorted((folder / "librivox-austen-aligned").glob("*.wav")):
        found.append((path.with_suffix(".txt").read_text(encoding="utf-8").split(), recording(path)))
    found.append((JFK.split(), recording(folder / "jfk-inaugural" / "jfk.flac")))
    return [([_spelling(word) for word in words], samples) for words, samples in found]


def lj_clips(folder: Path) -> list[tuple[list[str], Samples]]:
    """Return reference words and samples of the clips of LJ Speech."""
    rows = (line.split("|") for line in (folder / "ljspeech" / "metadata.csv").read_text(encoding="utf-8").splitlines())
    return [(plain(row[-1]).split(), recording(folder / "ljspeech" / "wavs" / f"{row[0]}.wav")) for row in rows]


def recording(path: Path) -> Samples:
    """Return a file as 16-bit mono at 16 kHz."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if rate != SAMPLE_RATE_HZ:
        mono = soxr.resample(mono, rate, SAMPLE_RATE_HZ)
    return np.clip(mono * 32_768, -32_768, 32_767).astype(np.int16)


def speech_of(samples: Samples) -> Iterator[Samples]:
    """Yield what the ear would give the recogniser: from the pre-roll to the end of the hangover, if it is not too long."""
    settings = HearingSettings()
    vad, gate = SileroVad(silero_model()), SpeechGate(settings)
    pcm, start_ns = samples.tobytes(), 0
    for index in range(len(pcm) // BLOCK_BYTES):
        block = pcm[index * BLOCK_BYTES : (index + 1) * BLOCK_BYTES]
        decision = gate.push(vad.probability(samples_of(block)), index * BLOCK_NS)
        if isinstance(decision, SpeechOnset):
            start_ns = max(0, decision.t_ns - round(settings.preroll_ms * 1e6))
        elif isinstance(decision, SpeechOffset) and decision.decided_ns - start_ns < STRETCH_MAX_S * 1e9:
            first, last = (round(t_ns * SAMPLE_RATE_HZ / 1e9) for t_ns in (start_ns, decision.decided_ns))
            yield samples[first:last]


def word_errors(reference: list[str], heard: list[str]) -> int:
    """Return the least number of substitutions, insertions and deletions."""
    row = list(range(len(heard) + 1))
    for i, expected in enumerate(reference, 1):
        previous, row[0] = row[0], i
        for j, word in enumerate(heard, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (expected != word))
    return row[-1]


def _spelling(word: str) -> str:
    return {"mister": "mr"}.get(word.lower(), word.lower())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--engine", choices=("moonshine", "pocketsphinx"), default="moonshine")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.add_argument("--quick", action="store_true", help="every fourth item")
    arguments = parser.parse_args()
    folder = data_dir()
    if folder is None:
        raise SystemExit("ATTUNE_DATA names no folder of real recordings")
    result = asyncio.run(measure(arguments.engine, folder, 4 if arguments.quick else 1))
    if arguments.json:
        print(json.dumps(result, indent=1))
        return
    shown = ("sentences", "stretches", "words", "exact", "rule", "name", "early", "taken", "answered", "word_error_rate",
             "finish_ms_median", "finish_ms_p95", "block_ms_p99", "cpu_share")  # fmt: skip
    for name, figures in result.items():
        print(f"{name:32}", "  ".join(f"{key} {figures[key]}" for key in shown if key in figures))


if __name__ == "__main__":
    main()
