"""The procedural body by itself and whatever is asked of it: alive, deterministic, finite, within limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion import limits
from motion import rotations as rot
from motion.clip import Clip
from motion.procedural.generator import SpokenWord
from motion.procedural.lexicon import LEXICON
from motion.procedural.posture import POSTURES
from motion.skeleton import INDEX
from tests.motion.procedural.film import HEAD, TICK_S, film, generator, largest_step_rad_s, places, sentence


def test_idling_never_freezes_and_never_fidgets() -> None:
    clip = film(generator(), 30.0)
    at = places(clip)
    spread = at.std(axis=0)
    assert np.linalg.norm(spread[HEAD]) > 0.004, "breathing and sway show at the head"
    moved = np.linalg.norm(np.diff(at[:, HEAD], axis=0), axis=-1)
    assert (moved > 1e-7).mean() > 0.99, "no frozen frames"
    assert np.linalg.norm(np.diff(at, axis=0), axis=-1).max() / TICK_S < 0.35
    feet = at[:, [INDEX["leftFoot"], INDEX["rightFoot"]]]
    assert np.abs(feet - feet[0]).max() < 2e-3, "feet stay planted"


def test_breathing_keeps_its_rate() -> None:
    body = generator()
    air = np.array([body._idle.breath(t, 0.0) for t in np.arange(0, 60, TICK_S)])
    rising = np.count_nonzero((air[:-1] < 0.5) & (air[1:] >= 0.5))
    assert 13 <= rising <= 15


def test_one_seed_one_motion_at_any_frame_rate() -> None:
    def run(seed: int) -> Clip:
        body = generator(seed)
        return film(body, 6.0, {1.0: lambda: body.gesture("g", 1.0, "wave"), 2.0: lambda: body.nod(2.5, "long")})

    assert np.array_equal(run(3).rotations, run(3).rotations)
    assert not np.array_equal(run(3).rotations, run(4).rotations)
    slow, fast = generator(5), generator(5)
    for frame in range(101):
        pose = fast.sample(frame * 0.01)
    for frame in range(21):
        other = slow.sample(frame * 0.05)
    assert np.allclose(pose.rotations, other.rotations, atol=1e-5)


@pytest.mark.parametrize("name", sorted(POSTURES))
def test_postures_are_reached_smoothly_and_held(name: str) -> None:
    body, still = generator(), generator()
    clip = film(body, 4.0, {0.5: lambda: body.posture(0.5, name, 1.0)})
    plain = film(still, 4.0)
    apart = np.linalg.norm(places(clip) - places(plain), axis=-1).max(axis=1)
    if name != "neutral":
        assert apart[-1] > 0.01
    assert np.abs(apart[-50:] - apart[-1]).max() < 0.03
    assert largest_step_rad_s(clip).max() < 4.0
    ahead = places(clip)[-1, HEAD, 2] - places(plain)[-1, HEAD, 2]
    if name in ("lean_in", "lean_back"):
        assert ahead > 0.06 if name == "lean_in" else ahead < -0.04


def test_unknown_names_and_numbers_are_refused_and_change_nothing() -> None:
    body, twin = generator(), generator()
    film(body, 0.5)
    film(twin, 0.5)
    for call in (
        lambda: body.gesture("g", 0.5, "wavee"),
        lambda: body.gesture("g", math.nan, "wave"),
        lambda: body.posture(0.5, "leen_in", 1.0),
        lambda: body.posture(0.5, "lean_in", math.nan),
        lambda: body.nod(0.5, "sideways"),  # type: ignore[arg-type]
        lambda: body.nod(math.inf, "short"),
        lambda: body.set_mode("sleeping", 0.5),  # type: ignore[arg-type]
        lambda: body.sample(math.nan),
        lambda: body.speech_planned("r", 1.0, [SpokenWord("a", 2.0, 1.0)]),
    ):
        with pytest.raises(ValueError):
            call()
    assert np.array_equal(body.sample(0.6).rotations, twin.sample(0.6).rotations)


LABELS = sorted(LEXICON)
ACTION = st.one_of(
    st.tuples(st.just("gesture"), st.sampled_from(LABELS), st.floats(-1, 1), st.floats(0.05, 3.0)),
    st.tuples(st.just("cancel"), st.integers(0, 40)),
    st.tuples(st.just("nod"), st.sampled_from(["short", "long", "upswing"])),
    st.tuples(st.just("mode"), st.sampled_from(["idle", "listening", "thinking", "speaking"])),
    st.tuples(st.just("posture"), st.sampled_from(sorted(POSTURES)), st.floats(0, 1)),
    st.tuples(st.just("speak"), st.integers(1, 12)),
    st.tuples(st.just("stop")),
)


@given(st.lists(st.tuples(st.integers(0, 8), ACTION), max_size=40), st.integers(0, 5))
@settings(max_examples=12, deadline=None)
def test_adversarial_spam_stays_finite_in_range_and_without_spikes(script: list[tuple[int, tuple]], seed: int) -> None:
    body = generator(seed, rate=60.0)
    t_s, frames = 0.0, []
    for number, (wait, action) in enumerate(script):
        for _ in range(wait):
            frames.append(body.sample(t_s))
            t_s += TICK_S
        match action:
            case ("gesture", label, side, duration):
                body.gesture(f"g{number}", t_s, label, side=side, duration_s=duration, direction_rad=(side * 3, side))
            case ("cancel", which):
                body.cancel_gesture(f"g{which}", t_s)
            case ("nod", kind):
                body.nod(t_s, kind, 1.5)
            case ("mode", mode):
                body.set_mode(mode, t_s)
            case ("posture", name, strength):
                body.posture(t_s, name, strength)
            case ("speak", count):
                body.speech_planned("r", t_s, sentence(t_s + 0.1, count))
            case _:
                body.speech_stopped(t_s)
    for _ in range(60):
        frames.append(body.sample(t_s))
        t_s += TICK_S
    clip = Clip.from_poses(frames, 50.0)
    q = clip.rotations.astype(np.float64)
    assert np.isfinite(q).all() and np.isfinite(clip.hips_m).all() and body._limiter.repaired == 0
    assert np.abs(np.linalg.norm(q, axis=-1) - 1.0).max() < 1e-5
    assert np.all(rot.angle_between(q[:-1], q[1:]) <= limits.SPEED_RAD_S * TICK_S + 2e-3)
    assert limits.excess_rad(q).max() < np.radians(12), "between two poses in range the limiter may cut a corner"
    assert np.all((clip.hands >= 0) & (clip.hands <= 1))
