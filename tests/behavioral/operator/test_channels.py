"""Who may use which channel, and that a hold outlives the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from behavioral.operator.channels import FILE, Channels
from runtime.messages import Intention

SPEECH = Intention(id="s", kind="dialogue", content="hello", trigger="social_protocol")
WAVE = Intention(id="w", kind="gesture", label="wave", trigger="social_protocol")


@pytest.mark.parametrize(
    ("changes", "speech", "wave"),
    [
        ({}, "", ""),
        ({"held": ("voice",)}, "operator", ""),
        ({"held": ("body",)}, "", "operator"),
        ({"held": ("initiative",)}, "operator", "operator"),
        ({"paused": True}, "operator", "operator"),
        ({"stopped": True}, "emergency stop", "emergency stop"),
        ({"condition": "reactive", "initiative": False}, "condition", "condition"),
    ],
)
def test_what_is_held_is_refused_to_the_slow_system(changes: dict[str, object], speech: str, wave: str) -> None:
    channels = Channels()
    channels.change(**changes)
    assert channels.refusal(SPEECH, "cognitive") == speech
    assert channels.refusal(WAVE, "cognitive") == wave


def test_held_initiative_is_the_slow_systems_only() -> None:
    channels = Channels()
    channels.change(held=("initiative",))
    assert channels.refusal(WAVE, "my-program") == ""


def test_a_person_may_always_silence_the_agent() -> None:
    channels = Channels()
    channels.change(stopped=True, paused=True, held=("voice",))
    assert channels.refusal(Intention(id="x", kind="dialogue", label="stop", trigger="viewer"), "avatar") == ""


def test_nobody_else_may_claim_to_be_the_operator() -> None:
    forged = Intention(id="x", kind="gesture", label="wave", trigger="operator")
    assert "console's own" in Channels().refusal(forged, "my-program")


def test_a_stop_outlives_the_process(tmp_path: Path) -> None:
    Channels(tmp_path).change(stopped=True, held=("voice",))
    again = Channels(tmp_path)
    assert again.stopped and again.state.held == ("voice",)


def test_what_cannot_be_read_back_is_a_stop(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"{broken")
    assert Channels(tmp_path).stopped
