"""A whole session in which the agent hears itself, on virtual time: it never interrupts itself, and a person still can.

Half an hour at three levels is `benchmarks/bench_echo.py`; here a minute each, which begins cold and so holds the hardest part.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from behavioral.bench.echo_path import EchoPath
from behavioral.bench.echo_session import self_interruptions
from runtime.settings import HearingSettings, Profile

pytestmark = [pytest.mark.slow, pytest.mark.computing, pytest.mark.timeout(600)]


@pytest.mark.parametrize("path", [EchoPath(), EchoPath(level_db=-30.0, delay_ms=250.0, drift_ppm=200.0)])
def test_the_agent_does_not_interrupt_itself(path: EchoPath) -> None:
    session = self_interruptions(1.0, path)
    assert session.agent_speech_s > 40.0
    assert (session.self_interruptions, session.false_onsets, session.false_ducks) == (0, 0, 0)


def test_without_a_defence_it_does() -> None:
    profile = Profile(hearing=HearingSettings(echo="none", self_voice="off"))
    assert self_interruptions(0.4, EchoPath(), profile=profile).self_interruptions > 0


def test_a_person_who_talks_over_it_is_noticed(attune_data: Path) -> None:
    reader = attune_data / "librivox-austen-aligned" / "sense_and_sensibility_01_austen_64kb-0870.wav"
    session = self_interruptions(0.8, EchoPath(level_db=-20.0), person=reader)
    assert session.talked_over >= 2
    assert session.noticed == session.talked_over
    assert session.self_interruptions == 0
