"""What the agent's words bind it to: a reminder, when, and of what."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from cognitive.perceive import perceive
from cognitive.promises import promised_in_s, promised_what
from cognitive.scene import Scene
from runtime import messages as m
from runtime.clock import NS_PER_S

NOW = datetime(2026, 11, 26, 14, 20, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("said", "asked", "minutes", "what"),
    [
        ("I will remind you in two minutes.", "", 2, ""),
        ("I'll tell you in a quarter of an hour.", "", 15, ""),
        ("I'll remind you in half an hour to take your pills.", "", 30, "take your pills"),
        ("I will let you know in three quarters of an hour.", "", 45, ""),
        ("I'll remind you in an hour and a quarter.", "", 75, ""),
        ("I'll remind you in two and a half hours.", "", 150, ""),
        ("I'll remind you in twenty-five minutes.", "", 25, ""),
        ("I won't forget. I will tell you in two minutes.", "", 2, ""),
        ("I'll remind you at half past three.", "", 70, ""),
        ("Of course.", "Can you remind me at half past three to call the bank?", 70, "call the bank"),
        ("Sure, at half past three.", "Remind me to call mum at half past three.", 70, "call mum"),
        ("I'll call you at 15:30 about the doctor.", "", 70, "the doctor"),
        ("At three o'clock I will remind you to take your pills.", "", 40, "take your pills"),
        ("Certainly, your alarm is set.", "Set an alarm for half past six.", 250, ""),
        ("I will wake you at seven tomorrow.", "", 1000, ""),
        ("Okay.", "Remind me at 3 to feed the cat.", 40, "feed the cat"),
    ],
)
def test_a_time_that_is_promised(said, asked, minutes, what):
    assert promised_in_s(said, asked, NOW) == minutes * 60.0 and promised_what(said, asked) == what


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("I'll remind you tomorrow.", ""),
        ("I'll remind you before you leave.", ""),
        ("I'll tell you when the tour starts.", ""),
        ("I'll let you know by three.", ""),
        ("I can tell you that the tour starts at three.", ""),
        ("Sure, I'll remind you.", "Can you remind me that my meeting is at three?"),
        ("Shall I remind you at three?", ""),
        ("I can't remind you at three.", ""),
        ("I cannot remind you in two minutes.", ""),
        ("Yes, the shop opens at nine.", "What time does it open?"),
        ("We open at nine.", ""),
    ],
)
def test_what_is_no_promise(said, asked):
    assert promised_in_s(said, asked, NOW) is None


def test_without_a_wall_clock_times_of_the_clock_bind_to_nothing():
    assert promised_in_s("I'll remind you at three.") is None and promised_in_s("I'll remind you in a minute.") == 60.0


def test_the_scene_is_told_the_time_by_whoever_runs_it():
    scene = Scene()
    said = m.AgentSpeech(state="started", response_id="r", text="I'll wake you at three.", duration_ms=2_000)
    perceive(
        scene, said, 10 * NS_PER_S, lambda t_ns: datetime.fromtimestamp(NOW.timestamp() + t_ns / NS_PER_S, timezone.utc)
    )
    (promise,) = scene.promises
    assert promise.due_ns == 40 * 60 * NS_PER_S
