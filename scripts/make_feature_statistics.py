"""Write `motion/features/statistics.json`: mean and deviation of the speech features of either channel.

    ATTUNE_DATA=FOLDER python scripts/make_feature_statistics.py

A developer's script, to be run from the repository root with the extras `agent` and `voice` after a change of the features. The user's
column is people: LJSpeech, LibriVox, LibriSpeech, the inaugural address and the AMI excerpts. The agent's is what the agent speaks
with: sentences of LJSpeech in the voices of espeak-ng, and the single-speaker recordings. Nothing is random, so the same recordings give
the same file. Pitch columns are measured in voiced frames.
"""

from __future__ import annotations

import asyncio
import csv
import json
import sys
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from behavioral.voice.tts.espeak import EspeakVoice
from motion.features import layout
from motion.features.frames import SAMPLE_RATE_HZ
from motion.features.stream import channel_features
from runtime.offload import InlineOffload
from runtime.paths import data_dir
from runtime.settings import VoiceSettings

VOICES = ("en-us+f3", "en-us", "en-gb+f2", "en-gb+m3")
CREDIT = (
    "Measured on LJSpeech, LibriVox (pocketsphinx's test utterances) and J. F. Kennedy's inaugural address (public domain), "
    "LibriSpeech (Panayotov et al. 2015, CC BY 4.0), AMI Meeting Corpus (Carletta et al. 2005, CC BY 4.0) and the speech of espeak-ng."
)
Float32 = NDArray[np.float32]


def recording(path: Path) -> list[Float32]:
    """Return a recording's channels at 16 kHz."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return [np.asarray(soxr.resample(channel, rate, SAMPLE_RATE_HZ), np.float32) for channel in samples.T]


def spoken(sentences: list[str]) -> list[Float32]:
    """Return sentences as the agent's own voices say them."""
    return asyncio.run(_spoken(sentences))


async def _spoken(sentences: list[str]) -> list[Float32]:
    out: list[Float32] = []
    for name in VOICES:
        voice = EspeakVoice(VoiceSettings(voice=name), InlineOffload())
        for sentence in sentences:
            clause = await voice.synthesise(sentence)
            if voice.note:
                raise SystemExit(f"espeak-ng does not speak: {voice.note}")
            pcm = clause.pcm.astype(np.float32) / 32_768.0
            out.append(np.asarray(soxr.resample(pcm, clause.sample_rate_hz, SAMPLE_RATE_HZ), np.float32))
        await voice.aclose()
    return out


def statistics(signals: list[Float32]) -> dict[str, list[float]]:
    """Return mean and standard deviation of each column."""
    rows = np.concatenate([channel_features(signal) for signal in signals]).astype(np.float64)
    voiced = rows[rows[:, layout.F0_RELATIVE] != 0.0]
    mean, std = rows.mean(axis=0), rows.std(axis=0)
    for column in layout.VOICED_ONLY:
        mean[column], std[column] = voiced[:, column].mean(), voiced[:, column].std()
    print(f"{len(rows)} frames, {len(voiced)} voiced", file=sys.stderr)
    return {"mean": [round(float(x), 4) for x in mean], "std": [round(float(x), 4) for x in std]}


def main() -> None:
    """Measure and write."""
    folder = data_dir()
    if folder is None:
        raise SystemExit("ATTUNE_DATA names no folder of real recordings")
    single = [
        *sorted((folder / "ljspeech" / "wavs").glob("*.wav")),
        *sorted((folder / "librivox-austen-aligned").glob("*.wav")),
        folder / "librispeech-stereo" / "stereo_diarization.wav",
    ]
    people = [channel for path in single for channel in recording(path)]
    speech = recording(folder / "jfk-inaugural" / "jfk.flac")[:1]
    meetings = [c for path in sorted((folder / "ami-30s-excerpts").glob("*.flac")) for c in recording(path)]
    with open(folder / "ljspeech" / "metadata.csv", encoding="utf-8", newline="") as file:
        sentences = [row[-1] for row in csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE)][:20]
    content = {
        "credit": CREDIT,
        "made_by": "scripts/make_feature_statistics.py",
        "names": list(layout.CHANNEL_NAMES),
        "agent": statistics(people + spoken(sentences)),
        "user": statistics(people + speech + meetings),
    }
    target = Path(__file__).parents[1] / "motion" / "features" / "statistics.json"
    target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
