"""Where the speech of the shipped corpus comes from: recordings of the data folder, Debian's human prompts, and the agent's own voices.

Held-out speech (`ljspeech`) is never read here. Recorded speakers are few, so each is also played a little slower and faster, which moves
pitch and formants as another speaker would have them. One sentence or recording in ten is for validation only, in all its voices.
Blocking; 16 kHz. Files that are absent are left out, except for the data folder's own, whose lack is an `AttuneError`.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr

from motion.corpus.pairing.speech import Float32, Utterance, utterances
from motion.corpus.words import TimedWord, read_alignment
from motion.features.frames import SAMPLE_RATE_HZ
from runtime.errors import AttuneError

Speak = Callable[[str, str], tuple[Float32, list[TimedWord]]]
"""Text and voice to 16 kHz samples and the words' times."""

VOICES: Final = ("en-us+f3", "en-us", "en-gb+f2", "en-gb+m3")
SENTENCES_FILE: Final = Path(__file__).with_name("sentences.txt")
PROMPTS: Final = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
"""Debian's asterisk-core-sounds-en-wav: a woman's telephone prompts, CC BY-SA 3.0."""
CREDITS: Final = {
    "espeak": "the agent's own voices (espeak-ng) with sentences written for this project",
    "asterisk": "asterisk-core-sounds-en by Allison Smith for Digium, CC BY-SA 3.0",
    "jfk": "J. F. Kennedy's inaugural address, public domain",
    "librivox": "LibriVox, Sense and Sensibility, public domain",
    "librispeech": "LibriSpeech (Panayotov et al. 2015), CC BY 4.0",
    "ami": "AMI Meeting Corpus (Carletta et al. 2005), CC BY 4.0",
}
_NOT_SPEECH: Final = ("silence", "tone", "beep", "monkeys", "phonetic", "letters", "weasels", "-tt-")
_SPEEDS: Final = (1.0, 0.92, 1.08)
_MAX_BYTES: Final = 16 << 20
_VALIDATION_OF: Final = 10
_AMI_MIN_S: Final = 0.8


def sentences(path: Path = SENTENCES_FILE) -> list[str]:
    """Read the sentences that the agent's voices say."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def split_of(text: str) -> str:
    """Return the split of a sentence or recording: a hash of its text or name, so that it never changes."""
    return "validation" if zlib.crc32(text.encode()) % _VALIDATION_OF == 0 else "train"


def read_utterances(
    data_root: Path,
    speak: Speak | None,
    *,
    voices: Sequence[str] = VOICES,
    prompts: Path | None = PROMPTS,
    texts: Sequence[str] | None = None,
) -> list[Utterance]:
    """Read and speak all there is.

    Args:
        data_root: the data folder.
        speak: the agent's voice; None leaves it out.
        voices: what it is asked for.
        prompts: folder of telephone prompts, left out where absent.
        texts: what it says; by default `sentences`.

    Raises:
        AttuneError: the data folder lacks its recordings, or one cannot be read.
    """
    out = [*_prompts(prompts), *_recordings(data_root), *_meetings(data_root / "ami-30s-excerpts")]
    if speak is not None:
        for text in sentences() if texts is None else texts:
            key = zlib.crc32(text.encode())
            for voice in voices:
                samples, words = speak(text, voice)
                out += utterances(f"espeak/{voice}/{key:08x}", "espeak", voice, split_of(text), samples, words)
    return out


def _read(path: Path) -> list[Float32]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError(f"more than {_MAX_BYTES} bytes")
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise AttuneError(f"{path}: no recording ({error})", "pull the data folder anew") from error
    return [np.asarray(soxr.resample(channel, rate, SAMPLE_RATE_HZ), np.float32) for channel in samples.T]


def _at_speeds(
    name: str, source: str, speaker: str, samples: Float32, words: Sequence[TimedWord] = (), split: str | None = None
) -> Iterator[Utterance]:
    for speed in _SPEEDS:
        tag = "" if speed == 1.0 else f"@{speed:g}"
        moved = samples if speed == 1.0 else soxr.resample(samples, SAMPLE_RATE_HZ * speed, SAMPLE_RATE_HZ)
        timed = [TimedWord(w.text, w.start_s / speed, w.end_s / speed) for w in words]
        yield from utterances(name + tag, source, speaker + tag, split or split_of(name), moved, timed)


def _prompts(folder: Path | None) -> Iterator[Utterance]:
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.rglob("*.wav")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if not any(part in name for part in _NOT_SPEECH):
            yield from _at_speeds(f"asterisk/{name}", "asterisk", "allison", _read(path)[0])


def _recordings(root: Path) -> Iterator[Utterance]:
    yield from _at_speeds("jfk", "jfk", "jfk", _read(root / "jfk-inaugural" / "jfk.flac")[0], split="train")
    for index, channel in enumerate(_read(root / "librispeech-stereo" / "stereo_diarization.wav")):
        yield from _at_speeds(f"librispeech/{index}", "librispeech", f"librispeech-{index}", channel, split="train")
    for path in sorted((root / "librivox-austen-aligned").glob("*.wav")):
        words = read_alignment(path.with_suffix(".json"))
        yield from _at_speeds(f"librivox/{path.stem[-4:]}", "librivox", "austen", _read(path)[0], words)


def _meetings(folder: Path) -> Iterator[Utterance]:
    """Yield what one person alone says; dev01 is for validation."""
    turns: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    try:
        for line in (folder / "turns.rttm").read_text(encoding="utf-8").splitlines():
            fields = line.split()
            turns[fields[1]].append((float(fields[3]), float(fields[3]) + float(fields[4]), fields[7]))
    except (OSError, ValueError, IndexError) as error:
        raise AttuneError(f"{folder / 'turns.rttm'}: no turns ({error})", "pull the data folder anew") from error
    for name, spans in sorted(turns.items()):
        audio = _read(folder / f"{name}.flac")[0]
        split = "validation" if name == "dev01" else "train"
        for index, (start, end, who) in enumerate(sorted(spans)):
            a, b = start, end
            for other_start, other_end, other in spans:
                # Only what remains on the longer side of each overlap.
                if other != who and other_start < b and other_end > a:
                    a, b = max((a, max(a, other_start)), (min(b, other_end), b), key=lambda span: span[1] - span[0])
            if b - a >= _AMI_MIN_S:
                cut = audio[round(a * SAMPLE_RATE_HZ) : round(b * SAMPLE_RATE_HZ)]
                yield from utterances(f"ami/{name}/{index}", "ami", who, split, cut)
