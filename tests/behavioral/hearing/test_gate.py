"""The gate turns block probabilities into onset and offset."""

from __future__ import annotations

import pytest

from behavioral.hearing.events import SpeechOffset, SpeechOnset
from behavioral.hearing.gate import SpeechGate
from runtime.settings import HearingSettings

BLOCK_MS = 32


def decisions(probabilities: list[float], **settings: float) -> list[tuple[str, int, int]]:
    """Return name, time (in blocks) and deciding block end (in blocks) of each decision."""
    gate = SpeechGate(HearingSettings(**settings))
    found = []
    for index, probability in enumerate(probabilities):
        decision = gate.push(probability, index * BLOCK_MS * 1_000_000)
        if decision is not None:
            name = "on" if isinstance(decision, SpeechOnset) else "off"
            found.append((name, decision.t_ns // 32_000_000, decision.decided_ns // 32_000_000))
    return found


H, M, L = 0.9, 0.4, 0.1  # over vad_on, between, under vad_off


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        pytest.param([L, L, L, L], [], id="silence"),
        pytest.param([L, H, H, L, H, H, L], [], id="two clicks, each shorter than min_speech"),
        pytest.param([L, H, H, H, H], [("on", 1, 4)], id="onset is dated to its first block"),
        pytest.param([M, M, M, M, M], [], id="between the thresholds nothing opens"),
        pytest.param([L, H, M, M, M], [("on", 1, 4)], id="between the thresholds a candidate lives on"),
        pytest.param([H] * 4 + [L] * 4 + [H] * 3, [("on", 0, 3)], id="a pause shorter than the hangover"),
        pytest.param([H] * 4 + [L] * 5, [("on", 0, 3), ("off", 4, 9)], id="offset is dated to the first silent block"),
        pytest.param([H] * 4 + [M] * 20, [("on", 0, 3)], id="between the thresholds speech goes on"),
        pytest.param([H] * 4 + [L, M, M, M, M], [("on", 0, 3), ("off", 4, 9)], id="and so does silence once begun"),
        pytest.param([H] * 4 + [L] * 5 + [H] * 3, [("on", 0, 3), ("off", 4, 9), ("on", 9, 12)], id="and again"),
    ],
)
def test_hysteresis(probabilities: list[float], expected: list[tuple[str, int, int]]) -> None:
    assert decisions(probabilities) == expected


def test_the_named_parameters_are_obeyed() -> None:
    assert decisions([H], min_speech_ms=0) == [("on", 0, 1)]
    assert decisions([H, L], min_speech_ms=0, hangover_ms=0) == [("on", 0, 1), ("off", 1, 2)]
    assert decisions([M] * 3, vad_on=0.3, vad_off=0.2) == [("on", 0, 3)]


def test_close_ends_running_speech_where_its_sound_ended() -> None:
    gate = SpeechGate(HearingSettings())
    for index, probability in enumerate([H, H, H, H, L, L]):
        gate.push(probability, index * 32_000_000)
    assert gate.close() == SpeechOffset(4 * 32_000_000, 6 * 32_000_000)
    assert gate.close() is None


def test_a_higher_off_than_on_threshold_cannot_flutter() -> None:
    gate = SpeechGate(HearingSettings(vad_on=0.4, vad_off=0.9, min_speech_ms=0, hangover_ms=0))
    assert isinstance(gate.push(0.5, 0), SpeechOnset)
    assert gate.push(0.5, 32_000_000) is None
