"""Cues for listener responses: Ward and Tsukahara's low pitch, and pauses."""

from __future__ import annotations

import pytest

from behavioral.hearing.cues import CueDetector
from behavioral.hearing.events import BackchannelCue
from behavioral.hearing.pitch import HOP_NS, PitchFrame, SpeakerPitch
from runtime.settings import ListenerSettings

MS = 1_000_000


def detector(**settings: float) -> CueDetector:
    speaker = SpeakerPitch()
    for f0_hz in (100.0, 120.0, 140.0, 160.0) * 20:
        speaker.push(f0_hz)  # the 26th percentile lies at 120 Hz
    return CueDetector(ListenerSettings(**settings), speaker)


def speak(cues: CueDetector, pitches: list[float], from_ms: float = 0.0) -> list[BackchannelCue]:
    frames = [PitchFrame(round(from_ms * MS) + i * HOP_NS, f0_hz, -20.0) for i, f0_hz in enumerate(pitches)]
    return [cue for frame in frames if (cue := cues.speech_frame(frame)) is not None]


HIGH_800_MS = [150.0] * 50
LOW = 100.0


def test_low_pitch_after_enough_speech_is_one_cue() -> None:
    cues = detector()
    cues.onset(0)
    (cue,) = speak(cues, HIGH_800_MS + [LOW] * 30)
    assert cue.kind == "low_pitch"
    assert cue.t_ns == pytest.approx(800 * MS + 110 * MS, abs=HOP_NS)


@pytest.mark.parametrize(
    ("pitches", "why"),
    [
        (HIGH_800_MS + [LOW] * 6 + [150.0] * 9, "96 ms of low pitch are too short"),
        ([150.0] * 30 + [LOW] * 30, "480 ms of speech before it are too little"),
        (HIGH_800_MS + [0.0] * 30, "an unvoiced stretch is not low"),
        (HIGH_800_MS + [LOW, 150.0] * 15, "the region must hold together"),
        ([150.0] * 90, "no low pitch"),
    ],
)
def test_no_cue(pitches: list[float], why: str) -> None:
    cues = detector()
    cues.onset(0)
    assert speak(cues, pitches) == [], why


def test_a_short_consonant_does_not_break_the_region_and_a_new_region_cues_again() -> None:
    cues = detector()
    cues.onset(0)
    pitches = HIGH_800_MS + [LOW] * 4 + [0.0, 0.0] + [LOW] * 4 + [150.0] * 10 + [LOW] * 10
    assert len(speak(cues, pitches)) == 2


def test_the_constants_come_from_the_profile() -> None:
    cues = detector(cue_low_pitch_ms=60, cue_min_speech_ms=100)
    cues.onset(0)
    assert len(speak(cues, [150.0] * 10 + [LOW] * 5)) == 1


def test_before_the_speaker_is_known_nothing_is_low() -> None:
    cues = CueDetector(ListenerSettings(), SpeakerPitch())
    cues.onset(0)
    assert speak(cues, HIGH_800_MS + [LOW] * 30) == []


def test_a_pause_after_enough_speech_is_one_cue() -> None:
    cues = detector()
    cues.onset(0)
    speak(cues, HIGH_800_MS)
    cues.offset(800 * MS)
    found = [cue for end in range(832, 2_000, 32) if (cue := cues.silence(end * MS)) is not None]
    assert found == [BackchannelCue(1_100 * MS, "pause")]


def test_speech_that_resumes_before_the_pause_cue_counts_on() -> None:
    cues = detector()
    cues.onset(0)
    speak(cues, [150.0] * 30)
    cues.offset(480 * MS)
    assert cues.silence(640 * MS) is None
    cues.onset(700 * MS)
    assert len(speak(cues, [150.0] * 5 + [LOW] * 10, from_ms=700)) == 1


def test_a_short_utterance_leaves_no_pause_cue() -> None:
    cues = detector()
    cues.onset(0)
    speak(cues, [150.0] * 20)
    cues.offset(320 * MS)
    assert all(cues.silence(end * MS) is None for end in range(352, 2_000, 32))
