"""The listener on real speakers: the chain of hearing finds the cues, and the rate and places of the responses are people's."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from runtime.settings import ListenerSettings

SETTINGS = ListenerSettings()
BENCHMARK = Path(__file__).resolve().parents[3] / "benchmarks" / "bench_listener.py"

Load = Callable[[str], NDArray[np.int16]]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_listener", BENCHMARK)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_listener"] = module
    spec.loader.exec_module(module)
    return module


def joined(speech: Load, names: list[str]) -> NDArray[np.int16]:
    gap = np.zeros(9_600, np.int16)
    return np.concatenate([part for name in names for part in (speech(name), gap)])


LJ = [f"ljspeech/wavs/LJ001-00{number:02d}.wav" for number in range(2, 19)]


@pytest.mark.parametrize(
    "names",
    [LJ, ["ami-30s-excerpts/dev00.flac"] * 2, ["ami-30s-excerpts/dev01.flac"] * 2],
    ids=["a reader", "a meeting", "another"],
)
def test_every_speaker_is_answered_at_a_human_rate(
    bench: ModuleType, speech: Load, attune_data: Path, names: list[str]
) -> None:
    there = [name for name in names if (attune_data / name).exists()]
    result = bench.judge("speech", [bench.hear(joined(speech, there))], 10)
    least, most = SETTINGS.responses_per_min
    assert least <= result.responses_per_min <= most
    assert least - 0.5 <= result.least_and_most_per_min[0] and result.least_and_most_per_min[1] <= most
    assert result.least_interval_s >= SETTINGS.nod_refractory_s
    assert result.interval_s["0-1.4"] == 0
    assert result.reasons["low_pitch"] + result.reasons.get("pause", 0.0) > 0.4, "mostly at the speaker's own cues"


def test_over_a_monologue_most_nods_fall_on_the_speech_and_the_voice_into_its_pauses(
    bench: ModuleType, speech: Load, attune_data: Path
) -> None:
    there = [name for name in LJ if (attune_data / name).exists()]
    result = bench.judge("speech", [bench.hear(joined(speech, there))], 10)
    assert result.nods_over_speech > 0.6
    assert 0.2 < result.continuers_per_min < 2.0
    assert 0.2 < result.cue_to_nod_s["p50"] < 0.6
