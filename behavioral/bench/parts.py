"""What the person of the bench says: real recordings where they are, text-to-speech voices that are not the agent's elsewhere.

A part is one whole turn with the truth about it: where its speech ends and where pauses fall inside it. Real parts come from the
folder that `ATTUNE_DATA` names: sentences of LJ Speech that its archive cuts into several clips (each cut is a pause of the reader
inside the sentence, whose own length the archive dropped), LibriVox utterances, LibriSpeech, and the inaugural address. Spoken parts
are lines of dialogue in which `|` marks where a person may pause. Blocking; 16 kHz mono float32 throughout, seconds from a part's
first sample.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from behavioral.hearing.blocks import SAMPLE_RATE_HZ
from behavioral.voice.tts.contract import TextToSpeech
from behavioral.voice.tts.open import open_tts
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings

Samples = NDArray[np.float32]

PEAK = 0.5
"""Every part is brought to this peak: how near a person sits is not what is measured."""
QUIET = 0.03
"""Share of a part's loudest hundredth of a second under which its edges count as silence."""
AUDIBLE_SHARE, SUSTAINED_S, LEAD_IN_S = 0.1, 0.05, 0.1
"""Speech of a real interruption begins where its level stays over this share (-20 dB) for so long; that much is kept before it."""
EDGE_S = 0.01
BREATH_S = 0.08
"""Silence between two words, at which an utterance may be cut."""
SILENCE_S = 0.2
"""Shorter silences inside speech are stops of consonants."""

Voice = tuple[str, int, int]
VOICES: tuple[Voice, ...] = (
    ("en-us", 145, 35),
    ("en-gb+m3", 160, 42),
    ("en-us+f2", 140, 62),
    ("en-gb+f4", 170, 55),
    ("en-us+m7", 150, 30),
)
"""Voice, words a minute and pitch; the agent's own voice is none of them."""

LJ_SENTENCES = ((1, 2), (6, 7, 8), (9,), (14, 15), (16, 17))
"""Clips of LJ Speech that together are a sentence, as long as a turn may be."""
LJ_INTERRUPTIONS = (3, 10, 12, 13, 18, 20)
"""Clips that are no turns, as interruptions."""
LIBRIVOX = ("0870", "0880", "0920", "0930")

LINES = (
    "Hello.",
    "My name is Anna.",
    "What can you do?",
    "Who are you?",
    "Please wave your hand.",
    "How are you today?",
    "Thank you, | that was very kind.",
    "I feel sad today, | because my dog is ill.",
    "Can you show me | how to bow?",
    "Yesterday | I went to the market | and bought some apples.",
    "I was thinking | that we could | maybe meet tomorrow.",
    "Tell me about yourself.",
    "If you have time, | we could talk about it.",
    "So, um, | what do you do all day?",
    "I need to | call my mother.",
    "I had a hard day | at work.",
    "Where do you come from?",
    "I like music, | books, | and long walks.",
    "When I was young, | we lived near the sea.",
    "Could you tell me, | please, | where the door is?",
    "The thing is, | I do not know anybody here.",
    "Good morning, | I am very happy today.",
    "Before we start, | can I ask you something?",
    "I have to go, | see you tomorrow.",
)
INTERRUPTION_S = 3.0
"""A real interruption ends at the first silence after this."""
BACKCHANNELS = ("Yeah.", "Uh-huh.", "Okay.", "Right.", "I see.", "Oh.")
"""Such as the voices can say; they spell "mhm"."""
INTERRUPTIONS = (
    "No, wait a moment, I wanted to say something else.",
    "Stop, please. That is not what I asked you for.",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One turn, or one sound.

    Attributes:
        pieces: its speech, cut where the person may pause; without silence at the edges.
        text: what is said.
        speaker: who says it.
        real: whether a person does.
    """

    pieces: tuple[Samples, ...]
    text: str
    speaker: str
    real: bool = False

    @property
    def origin(self) -> str:
        """`real` or `voice`."""
        return "real" if self.real else "voice"


def real_parts(data: Path) -> list[Part]:
    """Return the real turns of the data folder; those whose files are missing are left out."""
    parts: list[Part] = []
    texts = _lj_texts(data / "ljspeech" / "metadata.csv")
    for numbers in LJ_SENTENCES:
        names = [f"LJ001-{number:04d}" for number in numbers]
        files = [data / "ljspeech" / "wavs" / f"{name}.wav" for name in names]
        if all(file.is_file() for file in files):
            parts.append(_real(files, " ".join(texts.get(name, "") for name in names), "LJ Speech"))
    for number in LIBRIVOX:
        file = data / "librivox-austen-aligned" / f"sense_and_sensibility_01_austen_64kb-{number}.wav"
        if file.is_file():
            parts.append(_real([file], file.with_suffix(".txt").read_text(encoding="utf-8").strip(), "LibriVox"))
    for channel in (0, 1):
        path = data / "librispeech-stereo" / "stereo_diarization.wav"
        if path.is_file():
            parts.append(
                Part((_levelled(_trimmed(_read(path, channel))),), "", f"LibriSpeech {channel + 1}", real=True)
            )
    return parts


def real_interruptions(data: Path) -> list[Part]:
    """Return beginnings of real utterances, as speech of people who take the floor; those whose files are missing are left out.

    `LEAD_IN_S` of what comes before the speech is kept: nobody begins out of nothing.
    """
    files = [
        ("Kennedy", data / "jfk-inaugural" / "jfk.flac"),
        *(
            (f"LibriVox {n}", data / "librivox-austen-aligned" / f"sense_and_sensibility_01_austen_64kb-{n}.wav")
            for n in LIBRIVOX
        ),
        *((f"LJ Speech {n}", data / "ljspeech" / "wavs" / f"LJ001-{n:04d}.wav") for n in LJ_INTERRUPTIONS),
    ]
    parts = []
    for name, file in files:
        if file.is_file():
            sound = _levelled(_from_speech(_read(file)))
            parts.append(Part((_beginning(sound, INTERRUPTION_S),), name, name, real=True))
    return parts


def spoken_parts(lines: Sequence[str], voice: Voice) -> list[Part]:
    """Speak lines by a voice, cut at their `|` marks.

    Raises:
        AttuneError: there is no voice to speak with.
    """
    return asyncio.run(_speak(lines, voice))


async def _speak(lines: Sequence[str], voice: Voice) -> list[Part]:
    name, rate_wpm, pitch = voice
    engine = open_tts(VoiceSettings(voice=name, rate_wpm=rate_wpm, pitch=pitch), lambda _name: InlineOffload())
    try:
        return [await _spoken(engine, line, name) for line in lines]
    finally:
        await engine.aclose()


async def _spoken(engine: TextToSpeech, line: str, speaker: str) -> Part:
    pieces = [piece.strip() for piece in line.split("|")]
    clause = await engine.synthesise(" ".join(pieces))
    pcm = clause.samples(0, clause.ready).astype(np.float32) / 32_768
    sound = _levelled(soxr.resample(pcm, clause.sample_rate_hz, SAMPLE_RATE_HZ))
    cuts, words = [0], 0
    for piece in pieces[:-1]:
        words += len(piece.split())
        cuts.append(round((clause.words[words - 1].end_ms / 1_000 + EDGE_S) * SAMPLE_RATE_HZ))
    cuts.append(len(sound))
    return Part(tuple(_trimmed(sound[first:last]) for first, last in pairwise(cuts)), clause.text, speaker)


def noises(seed: int) -> dict[str, Samples]:
    """Return sounds that are no speech: a door, a cough-like burst, keys, a laugh-like train of bursts, hum."""
    random = np.random.default_rng(seed)

    def burst(length_s: float, decay_s: float, low: float) -> Samples:
        count = round(length_s * SAMPLE_RATE_HZ)
        white = random.normal(0, 1, count).astype(np.float32)
        coloured = np.convolve(white, np.full(max(1, round(low)), 1 / max(1, round(low)), np.float32), "same")
        return _levelled((coloured * np.exp(-np.arange(count) / (decay_s * SAMPLE_RATE_HZ))).astype(np.float32))

    time_s = np.arange(round(0.8 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    laugh = np.concatenate([np.concatenate((burst(0.11, 0.05, 6), np.zeros(1_280, np.float32))) for _ in range(4)])
    return {
        "door": burst(0.3, 0.06, 24),
        "cough": burst(0.35, 0.12, 4),
        "keys": np.concatenate(
            [np.concatenate((burst(0.02, 0.005, 1), np.zeros(1_600, np.float32))) for _ in range(6)]
        ),
        "laugh": laugh,
        "hum": (0.05 * np.sin(2 * np.pi * 50 * time_s)).astype(np.float32),
    }


def silences(samples: Samples, least_s: float = SILENCE_S) -> list[tuple[float, float]]:
    """Return begin and end (s) of the silences inside a piece, of at least this length."""
    levels, hop = _levels(samples)
    loud = np.flatnonzero(levels > QUIET * levels.max(initial=1e-6))
    step_s = hop / SAMPLE_RATE_HZ
    return [
        (float(one + 1) * step_s, float(other) * step_s)
        for one, other in pairwise(loud)
        if (other - one - 1) * step_s >= least_s
    ]


def _beginning(samples: Samples, length_s: float) -> Samples:
    """Return what comes before the first silence after a length; all of it where there is none."""
    ends = [begin_s for begin_s, _end_s in silences(samples, least_s=BREATH_S) if begin_s >= length_s]
    return samples[: round(ends[0] * SAMPLE_RATE_HZ)] if ends else samples


def _levels(samples: Samples) -> tuple[Samples, int]:
    """Return the level of each hundredth of a second, and the samples in one."""
    hop = round(EDGE_S * SAMPLE_RATE_HZ)
    return np.sqrt(np.mean(samples[: len(samples) // hop * hop].reshape(-1, hop) ** 2, axis=1)), hop


def _real(files: Sequence[Path], text: str, speaker: str) -> Part:
    return Part(tuple(_levelled(_trimmed(_read(file))) for file in files), text, speaker, real=True)


def _read(path: Path, channel: int | None = None) -> Samples:
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1) if channel is None else samples[:, channel]
    return np.asarray(soxr.resample(mono, rate_hz, SAMPLE_RATE_HZ), dtype=np.float32)


def _lj_texts(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[-1] for row in csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE) if row}


def _levelled(samples: Samples) -> Samples:
    return (samples * (PEAK / max(1e-6, float(np.abs(samples).max(initial=0.0))))).astype(np.float32)


def _from_speech(samples: Samples) -> Samples:
    """Cut a recording to where its speech begins, less the lead-in: old and distant ones have a third of a second of noise before."""
    levels, hop = _levels(samples)
    loud = levels > AUDIBLE_SHARE * levels.max(initial=1e-6)
    run = round(SUSTAINED_S / EDGE_S)
    begins = (place for place in range(len(loud) - run) if loud[place : place + run].all())
    first = next(begins, 0) * hop - round(LEAD_IN_S * SAMPLE_RATE_HZ)
    samples = np.concatenate((np.zeros(max(0, -first), np.float32), samples[max(0, first) :]))
    return samples[: len(samples) - _quiet_end(samples)]


def _quiet_end(samples: Samples) -> int:
    """Return how many samples of silence a sound ends in."""
    levels, hop = _levels(samples)
    loud = np.flatnonzero(levels > QUIET * levels.max(initial=1e-6))
    return len(samples) - (int(loud[-1]) + 1) * hop if loud.size else 0


def _trimmed(samples: Samples) -> Samples:
    """Cut the silence off both edges, so that a part's end is the end of its sound."""
    levels, hop = _levels(samples)
    loud = np.flatnonzero(levels > QUIET * levels.max(initial=1e-6))
    return samples[loud[0] * hop : (loud[-1] + 1) * hop] if loud.size else samples
