"""Which rooms have fallen silent."""

from __future__ import annotations

from avatar.console.pulse import Pulse


def test_a_room_is_silent_when_its_heartbeats_stop_and_not_when_they_come_again() -> None:
    pulse = Pulse(3.0)
    pulse.beat("behavioral", 0.0)
    pulse.beat("cognitive", 0.0)
    looked = {}
    for tenth in range(0, 61, 5):
        now_s = tenth / 10
        if now_s <= 2 or now_s >= 5.5:
            pulse.beat("behavioral", now_s)
        pulse.beat("cognitive", now_s)
        looked[now_s] = pulse.silent(now_s)
    assert looked[5.0] == [], "two seconds, and then some"
    assert looked[5.5] == looked[6.0] == []
    pulse.beat("cognitive", 7.0)
    assert [pulse.silent(s) for s in (7.0, 8.0, 9.1)] == [[], [], ["behavioral"]]


def test_a_room_that_was_never_heard_is_not_missed() -> None:
    assert Pulse().silent(100.0) == []


def test_after_a_suspended_machine_nobody_is_called_silent_at_once() -> None:
    pulse = Pulse(3.0)
    pulse.beat("behavioral", 0.0)
    assert pulse.silent(0.5) == []
    assert pulse.silent(3_600.0) == [], "it was the watcher who slept"
    assert [pulse.silent(3_600.0 + s) for s in (1, 2, 3, 4)] == [[], [], [], ["behavioral"]]
