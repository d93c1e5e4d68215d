"""The learned body in a session: a pose at any time, chunks ahead of it, and calls that never wait for the network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Pose
from motion.skeleton import INDEX
from motion.streaming.generator import Generator
from motion.streaming.live import LEAD_S, LiveMotion
from motion.streaming.model import Model
from runtime.clock import NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.offload import InlineOffload
from runtime.settings import ListenerSettings, MotionSettings

RATE = 16_000
TICK_S = 0.02
Step = Callable[[LiveMotion, float], None]


def live(model: Model, seed: int = 3) -> LiveMotion:
    return LiveMotion(Generator(model, seeds=(seed,)), seed, ListenerSettings(), MotionSettings())


def speech(seconds: float, seed: int = 0) -> np.ndarray:
    return (3_000 * np.random.default_rng(seed).standard_normal(round(RATE * seconds))).astype(np.int16)


class SlowOffload(InlineOffload):
    """Takes session time for the call with a given number."""

    def __init__(self, slow_call: int, takes_s: float) -> None:
        self._left, self._takes_s = slow_call, takes_s

    async def run(self, function: Callable[..., Any], *args: object) -> Any:
        self._left -= 1
        if self._left == 0:
            await asyncio.sleep(self._takes_s)
        return await super().run(function, *args)


def session(
    body: LiveMotion, seconds: float, steps: dict[float, Step], offload: InlineOffload | None = None
) -> list[Pose]:
    """Poses at 50 Hz of a session in virtual time that begins at 5 s; what happens at which tick."""

    async def main() -> list[Pose]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        clock = VirtualClock(loop)
        await clock.sleep_until_ns(5 * NS_PER_S)
        making = asyncio.create_task(body.run(clock, offload or InlineOffload()))
        await asyncio.sleep(0.0)
        poses = []
        waiting = sorted(steps.items())
        for index in range(round(seconds / TICK_S)):
            t_s = 5.0 + index * TICK_S
            await clock.sleep_until_ns(round(t_s * NS_PER_S))
            while waiting and waiting[0][0] <= t_s - 5.0:
                waiting.pop(0)[1](body, t_s)
            poses.append(body.sample(t_s))
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)
        return poses

    call: Awaitable[list[Pose]] = main()
    return run_virtual(call)  # type: ignore[arg-type]


def apart_deg(a: list[Pose], b: list[Pose]) -> np.ndarray:
    """Greatest joint angle between two sessions at each tick."""
    one, two = (np.stack([pose.rotations for pose in x]).astype(np.float64) for x in (a, b))
    return np.round(np.degrees(rot.angle_between(one, two).max(axis=1)), 6)


def test_there_is_a_pose_at_every_tick_and_none_waits_for_a_chunk(small_model: Model) -> None:
    body = live(small_model)
    poses = session(body, 3.0, {0.1: lambda b, t: b.say(t, speech(2.0), RATE)})
    moved = apart_deg(poses[1:], poses[:-1])
    assert body.held == 0 and body.refused == 0
    assert (moved[10:] > 0.0).all()
    assert len(body._frames) < 30


def test_what_is_said_and_heard_moves_the_body_and_a_seed_gives_one_motion(small_model: Model) -> None:
    quiet = session(live(small_model), 2.0, {})
    assert apart_deg(quiet, session(live(small_model), 2.0, {})).max() == 0.0
    talking = session(live(small_model), 2.0, {0.5: lambda b, t: b.say(t, speech(1.0), RATE)})
    listening = session(live(small_model), 2.0, {0.5: lambda b, t: b.hear(t, speech(0.3).astype(np.float32) / 32_768)})
    for other in (talking, listening):
        apart = apart_deg(quiet, other)
        assert apart[:24].max() == 0.0
        assert apart[25:].max() > 0.1


def test_a_voice_of_another_rate_is_resampled_and_an_interruption_takes_it_back(small_model: Model) -> None:
    said = np.repeat(speech(3.0), 2)
    whole = session(live(small_model), 2.0, {0.2: lambda b, t: b.say(t, said, 2 * RATE)})
    stopped = session(
        live(small_model), 2.0, {0.2: lambda b, t: b.say(t, said, 2 * RATE), 0.8: lambda b, t: b.speech_stopped(t)}
    )
    assert apart_deg(whole, stopped)[:40].max() == 0.0
    assert apart_deg(whole, stopped)[41:].max() > 0.1


def test_a_gesture_begins_within_a_chunk_and_can_be_let_go(small_model: Model) -> None:
    quiet = session(live(small_model), 3.0, {})
    runs = []

    def ask(body: LiveMotion, t_s: float) -> None:
        runs.append(body.gesture("g", t_s, "wave", side=1.0))

    waving = session(live(small_model), 3.0, {1.0: ask})
    first = int(np.argmax(apart_deg(quiet, waving) > 0.0)) * TICK_S
    assert 0.0 <= first - 1.0 <= 4 / 30 + LEAD_S[0] + TICK_S
    assert 6.0 <= runs[0].start_s <= 6.0 + 4 / 30 + LEAD_S[0]
    assert runs[0].start_s < runs[0].stroke_s < runs[0].end_s
    released = session(live(small_model), 3.0, {1.0: ask, 1.4: lambda b, t: b.cancel_gesture("g", t)})
    assert apart_deg(waving, released)[60:].max() > 0.0
    late = session(live(small_model), 2.0, {0.0: lambda b, t: b.gesture("g", t, "wave", stroke_at_s=5.9) and None})
    assert apart_deg(quiet[:100], late).max() > 0.0


def test_unknown_gestures_and_odd_numbers_are_refused_and_change_nothing(small_model: Model) -> None:
    body = live(small_model)
    for wrong in (
        lambda: body.gesture("g", 0.0, "wavee"),
        lambda: body.gesture("g", 0.0, "shrug"),  # this checkpoint knows of waving and pointing only
        lambda: body.gesture("g", float("nan"), "wave"),
        lambda: body.gesture("g", 0.0, "wave", stroke_at_s=float("inf")),
        lambda: body.nod(float("nan"), "short"),
        lambda: body.posture(0.0, "upside_down", 1.0),
        lambda: body.say(float("nan"), speech(0.1), RATE),
        lambda: body.sample(float("nan")),
        lambda: body.set_mode("dancing", 0.0),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError):
            wrong()
    assert apart_deg(session(live(small_model), 1.0, {}), session(body, 1.0, {}))[5:].max() == 0.0
    assert not body._asked and body.refused == 0


def test_postures_lean_the_trunk_and_nods_the_head_and_both_pass(small_model: Model) -> None:
    quiet = session(live(small_model), 5.0, {})
    leaning = session(
        live(small_model),
        5.0,
        {0.5: lambda b, t: b.posture(t, "lean_in", 1.0), 2.5: lambda b, t: b.posture(t, "neutral", 0.0)},
    )
    apart = apart_deg(quiet, leaning)
    assert apart[:25].max() == 0.0 and apart[80:120].min() > 2.0 and apart[-20:].max() < 0.1
    arms = session(live(small_model), 3.0, {0.5: lambda b, t: b.posture(t, "closed", 1.0)})
    assert apart_deg(quiet[:150], arms)[-1] > 10.0
    nodding = session(live(small_model), 5.0, {0.5: lambda b, t: b.nod(t, "long") and None})
    head = INDEX["head"]
    turned = [
        rot.angle_between(a.rotations[head].astype(float), b.rotations[head].astype(float))
        for a, b in zip(quiet, nodding, strict=True)
    ]
    assert np.degrees(max(turned)) > 1.0 and np.degrees(max(turned[-20:])) < 0.1


def test_a_late_chunk_holds_the_pose_and_the_body_comes_back_without_a_jump(small_model: Model) -> None:
    ready, body = live(small_model), live(small_model)
    on_time, late = session(ready, 4.0, {}), session(body, 4.0, {}, SlowOffload(8, 0.5))
    still = (apart_deg(late[1:], late[:-1]) == 0.0).nonzero()[0] * TICK_S
    still = still[still > 0.3]  # it begins standing
    assert len(still) * TICK_S == pytest.approx(0.5, abs=0.1)
    assert body.held == pytest.approx(len(still), abs=5)
    apart = apart_deg(on_time, late)
    assert apart[: round(still.min() / TICK_S)].max() == 0.0
    missed = apart.max()
    # Chunks are begun earlier after that, so that some ticks see a frame that was only foreseen the other time.
    assert np.median(apart[round((still.max() + 0.5) / TICK_S) :]) == 0.0
    assert apart[round((still.max() + 0.5) / TICK_S) :].max() < 0.1 * missed
    assert apart_deg(late[1:], late[:-1]).max() < apart_deg(on_time[1:], on_time[:-1]).max() + 0.2 * missed


def test_after_a_long_standstill_what_was_missed_is_not_made_up_for(small_model: Model) -> None:
    body = live(small_model)
    session(body, 40.0, {}, SlowOffload(5, 30.0))
    assert body._generator.agents[0].frames < 30 * 14


def test_a_tick_from_before_a_standstill_was_left_out_gets_the_oldest_pose_there_is(small_model: Model) -> None:
    body = live(small_model)

    def leave_out(b: LiveMotion, _t_s: float) -> None:
        b._begin_s += 3.0  # as `run` does where it finds itself that far behind, before the late ticks are made

    poses = session(body, 2.5, {2.0: leave_out})
    steps = apart_deg(poses[1:], poses[:-1])
    assert steps[100:].max() <= 10 * steps[:98].max(), "it holds, and takes no pose from the wrong end of what is kept"


def test_a_closed_microphone_is_silence_and_hostile_times_take_no_memory(small_model: Model) -> None:
    body = live(small_model)

    def hear(b: LiveMotion, t_s: float) -> None:
        b.hear(t_s + 1e9, np.zeros(512, np.float32))
        b.hear(t_s - 1e9, np.zeros(512, np.float32))
        b.say(t_s + 1e9, speech(0.1), RATE)

    session(body, 2.0, {0.5: hear})
    agent = body._generator.agents[0]
    assert agent.heard_samples == pytest.approx((agent.now_s - 0.3) * RATE, abs=1.2 * RATE)
    assert body.refused == 1
