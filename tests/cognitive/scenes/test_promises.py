"""Promises that the agent made are kept at their time, once, also over a kill."""

from __future__ import annotations

from tests.cognitive.scenes.script import greeted, replies, says


class TestPromises:
    PROMISED = (
        *says(10.0, "can you remind me to call the bank in two minutes"),
        *replies(12.5, "I will remind you in two minutes."),
    )

    def test_a_promise_is_kept_when_its_time_comes(self, play):
        record = play([*greeted(until_s=150.0), *self.PROMISED], 150.0)
        (t_s, kept), *more = record.of("dialogue", "promise_due")
        assert not more and 132.5 <= t_s <= 134.5 and "call the bank" in kept.content

    def test_a_promise_that_was_taken_back_is_not_kept(self, play):
        scene = [
            *greeted(until_s=150.0),
            *self.PROMISED,
            *says(60.0, "never mind the reminder"),
            *replies(62.0, "All right."),
        ]
        assert play(scene, 150.0).of("dialogue", "promise_due") == []

    def test_a_promise_survives_a_kill_and_is_kept_once(self, play):
        record = play([*greeted(until_s=150.0), *self.PROMISED], 150.0, kill_at_s=60.0)
        assert len(record.of("dialogue", "promise_due")) == 1
