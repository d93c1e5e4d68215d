"""Voice activity on real speech, and the choice of the detector."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.bench.parts import LEAD_IN_S, real_interruptions
from behavioral.hearing import vad as vad_module
from behavioral.hearing.blocks import samples_of
from behavioral.hearing.events import SpeechOffset, SpeechOnset
from behavioral.hearing.gate import SpeechGate
from behavioral.hearing.vad import SileroVad, SpeechProbability, WebRtcVad, open_vad, silero_model
from runtime.errors import AttuneError
from runtime.settings import HearingSettings

Speech = Callable[[str], NDArray[np.int16]]


def probabilities(vad: SpeechProbability, samples: NDArray[np.int16]) -> list[float]:
    blocks = (samples[start : start + 512] for start in range(0, len(samples) - 511, 512))
    return [vad.probability(samples_of(block.tobytes())) for block in blocks]


@pytest.fixture(params=["silero", "webrtc"])
def vad(request: pytest.FixtureRequest) -> SpeechProbability:
    return open_vad(HearingSettings(vad=request.param))


CLIPS = ["0870", "0880", "0890", "0920", "0930"]


def labelled(attune_data: Path, speech: Speech, clip: str) -> tuple[float, float, NDArray[np.int16]]:
    """Return start and end of the speech in seconds, and the samples with a second of silence appended."""
    name = f"librivox-austen-aligned/sense_and_sensibility_01_austen_64kb-{clip}"
    rows = [line.split() for line in (attune_data / f"{name}.lab").read_text().splitlines()]
    return float(rows[0][0]), float(rows[1][0]), np.concatenate((speech(f"{name}.wav"), np.zeros(16_000, np.int16)))


@pytest.mark.parametrize("clip", CLIPS)
def test_silero_finds_the_labelled_speech(attune_data: Path, speech: Speech, clip: str) -> None:
    start_s, end_s, samples = labelled(attune_data, speech, clip)
    gate = SpeechGate(HearingSettings())
    found = probabilities(SileroVad(silero_model()), samples)
    decisions = [gate.push(probability, index * 32_000_000) for index, probability in enumerate(found)]
    onsets = [d.t_ns / 1e9 for d in decisions if isinstance(d, SpeechOnset)]
    offsets = [d.t_ns / 1e9 for d in decisions if isinstance(d, SpeechOffset)]
    assert onsets[0] == pytest.approx(start_s, abs=0.2)
    assert offsets[-1] == pytest.approx(end_s, abs=0.3)  # a last breath may count


@pytest.mark.parametrize("clip", CLIPS)
def test_webrtc_finds_the_labelled_speech_with_more_false_alarms(attune_data: Path, speech: Speech, clip: str) -> None:
    start_s, end_s, samples = labelled(attune_data, speech, clip)
    found = np.array(probabilities(WebRtcVad(), samples)) > 0.5
    times = (np.arange(len(found)) + 0.5) * 0.032
    inside = (times > start_s + 0.1) & (times < end_s - 0.1)
    outside = times > end_s + 0.3
    assert found[inside].mean() > 0.75  # words are separated by short pauses
    assert found[outside].mean() < 0.1


def test_silence_is_not_speech(vad: SpeechProbability) -> None:
    assert max(probabilities(vad, np.zeros(32_000, np.int16))) < 0.35


def test_a_tone_does_not_fool_silero() -> None:
    tone = (6_000 * np.sin(2 * np.pi * 440 * np.arange(32_000) / 16_000)).astype(np.int16)
    assert np.mean(np.array(probabilities(SileroVad(silero_model()), tone)) > 0.5) < 0.1


def test_reset_makes_the_next_block_the_first(vad: SpeechProbability, speech: Speech) -> None:
    samples = speech("jfk-inaugural/jfk.flac")[:32_000]
    first = probabilities(vad, samples)
    vad.reset()
    assert probabilities(vad, samples) == first


def test_full_scale_audio_does_not_wrap() -> None:
    detector = WebRtcVad()
    assert 0 <= detector.probability(np.full(512, 1.0, np.float32)) <= 1


def test_auto_is_silero_where_its_model_is() -> None:
    detector = open_vad(HearingSettings())
    assert (detector.name, detector.reason) == ("silero", "")


def test_auto_falls_back_with_the_reason_and_by_name_it_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vad_module, "silero_model", lambda: tmp_path / "absent.onnx")
    detector = open_vad(HearingSettings())
    assert detector.name == "webrtc"
    assert "absent.onnx is not a file" in detector.reason
    with pytest.raises(AttuneError, match=r"set hearing\.vad to webrtc"):
        open_vad(HearingSettings(vad="silero"))


def test_a_file_that_is_no_model_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "silero.onnx").write_bytes(b"not onnx")
    with pytest.raises(AttuneError, match="not an ONNX model"):
        SileroVad(tmp_path / "silero.onnx")


def test_silero_hears_people_begin_at_once_also_after_long_quiet(attune_data: Path) -> None:
    """Eleven beginnings of real speech, each after eight seconds of a quiet room."""
    noise = np.random.default_rng(3)
    vad, gate = SileroVad(silero_model()), SpeechGate(HearingSettings())
    pieces, begins_s, length = [], [], 0
    for part in real_interruptions(attune_data):
        quiet = np.zeros(8 * 16_000 + int(noise.integers(0, 512)), np.float32)
        begins_s.append((length + len(quiet)) / 16_000 + LEAD_IN_S)
        pieces += [quiet, part.pieces[0]]
        length += len(quiet) + len(part.pieces[0])
    sound = np.concatenate(pieces)
    sound = (sound + noise.normal(0, 10 ** (-62 / 20), length)).astype(np.float32)
    decisions = [
        gate.push(vad.probability(sound[first : first + 512]), round(first / 16_000 * 1e9))
        for first in range(0, length - 512, 512)
    ]
    onsets_s = [d.t_ns / 1e9 for d in decisions if isinstance(d, SpeechOnset)]
    late_s = [min(onset for onset in onsets_s if onset > begin - LEAD_IN_S) - begin for begin in begins_s]
    assert len(late_s) == 11 and max(late_s) < 0.1
