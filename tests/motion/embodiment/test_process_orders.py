"""What a body is ordered to, in its room on virtual time: emergency stops, rest, and what outlives its process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.contract import Sent
from motion.embodiment.moving import Moving
from runtime import messages as m
from runtime.body_settings import BodySettings
from runtime.clock import MonotonicClock
from tests.motion.embodiment.room_support import Play, answers, goal, positions
from tests.motion.embodiment.rooms.stage_room import Stage


def test_an_emergency_stop_is_obeyed_with_the_next_step_and_outlives_the_process(
    stage: Stage, play: Play, tmp_path: Path
) -> None:
    stage.script = {1.0: m.BodyControl(action="emergency_stop")}
    play(state=tmp_path)
    stopped = [one.state == "stopped" for one in stage.commands()]
    assert stopped.index(True) == pytest.approx(50, abs=1)
    assert all(stopped[stopped.index(True) :])
    still = positions(stage.commands(after_s=1.6))
    assert np.ptp(still, axis=0).max() < 1e-4

    stage.script = {0.5: m.BodyControl(action="release")}
    play(state=tmp_path)
    states = [one.state for one in stage.commands()]
    assert states[0] == "stopped", "a restart does not end it"
    assert states[-1] == "follows"


def test_a_stop_that_is_only_said_again_undoes_no_release(stage: Stage, play: Play) -> None:
    stage.script = {
        0.5: m.BodyControl(action="emergency_stop"),
        1.5: m.BodyControl(action="release"),
        1.6: m.BodyControl(action="emergency_stop", reason=m.SAID_AGAIN),
    }
    play()
    assert stage.commands()[-1].state == "follows"
    stage.script = {0.5: m.BodyControl(action="emergency_stop", reason=m.SAID_AGAIN)}
    play()
    assert stage.commands()[-1].state == "stopped"


def test_the_operators_emergency_stop_stops_it_too(stage: Stage, play: Play) -> None:
    stage.script = {1.0: m.OperatorAct(id="1", deed="emergency_stop")}
    play()
    assert stage.commands()[-1].state == "stopped"


def test_a_rest_outlives_the_process_until_it_may_go_on(stage: Stage, play: Play, tmp_path: Path) -> None:
    stage.script = {0.5: m.BodyControl(action="rest")}
    play(state=tmp_path)
    stage.script = {2.0: m.BodyControl(action="resume")}
    play(state=tmp_path)
    assert "follows" not in {one.state for one in stage.commands(until_s=1.9)}, "a restart does not end it"
    assert stage.commands()[-1].state == "follows"
    stage.script = {}
    play(state=tmp_path)
    assert stage.commands(after_s=0.1)[0].state == "follows", "nor is the rest at a session's end an order"


def test_a_rest_or_a_resume_that_is_only_said_again_is_obeyed_but_undoes_nothing_that_was_ordered_just_before(
    stage: Stage, play: Play
) -> None:
    rest, resume = (m.BodyControl(action=order, reason=m.SAID_AGAIN) for order in ("rest", "resume"))
    stage.script = {
        0.5: rest,
        1.5: resume,
        2.0: m.BodyControl(action="rest"),
        2.5: resume,
        3.5: m.BodyControl(action="resume"),
        4.0: rest,
    }
    stage.seconds = 5.0
    play()
    assert "follows" not in {one.state for one in stage.commands(after_s=0.8, until_s=1.5)}, "it was missed before"
    assert stage.commands(until_s=1.9)[-1].state == "follows"
    assert "follows" not in {one.state for one in stage.commands(after_s=2.3, until_s=3.5)}
    assert stage.commands()[-1].state == "follows"


def test_what_is_said_again_once_a_second_does_not_disturb_it(stage: Stage, play: Play) -> None:
    stage.seconds = 4.0
    quiet = positions(play().commands())
    stage.script = {at / 4: m.BodyControl(action="resume", reason=m.SAID_AGAIN) for at in range(2, 16)}
    assert (positions(play().commands()) == quiet).all()


def test_a_resume_that_comes_while_the_room_ends_does_not_keep_the_body_from_its_rest(tmp_path: Path) -> None:
    class Counts(SimulatedBody):
        sent = 0

        def send(self, frame: m.MotionFrame) -> Sent:
            self.sent += 1
            return super().send(frame)

    body = Counts(MonotonicClock())
    moving = Moving(body, list[m.Message]().append, MonotonicClock(), BodySettings(), tmp_path)
    frame = m.MotionFrame(index=0, rotations=np.tile(np.array([0, 0, 0, 1], "<f4"), 22).tobytes())
    moving.end()
    moving.control("resume")
    moving.take_frame(frame)
    moving.step()
    assert not body.sent


def test_a_stop_whose_file_cannot_be_removed_is_released_all_the_same(stage: Stage, play: Play, tmp_path: Path) -> None:
    stage.script = {
        0.4: m.BodyControl(action="emergency_stop"),
        1.2: m.BodyControl(action="release"),
        2.0: goal("g", left_elbow=-30.0),
    }
    (tmp_path / "body" / "emergency_stop").mkdir(parents=True)
    play(state=tmp_path)
    assert stage.commands()[-1].state == "follows"
    assert answers(stage)[0] == ("g", "accepted"), "the body is asked, not the file"


def test_sent_to_rest_it_stays_there_until_it_may_go_on(stage: Stage, play: Play) -> None:
    stage.script = {0.5: m.BodyControl(action="rest"), 4.0: m.BodyControl(action="resume")}
    stage.seconds = 5.0
    play()
    assert stage.commands(until_s=3.9)[-1].state == "rests"
    assert stage.commands()[-1].state == "follows"
