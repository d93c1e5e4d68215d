"""The procedural body: alive, deterministic, within limits, smooth whatever is asked of it, and on time."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion import kinematics as kin
from motion import limits
from motion import rotations as rot
from motion.clip import Clip, Pose
from motion.procedural.generator import ProceduralGenerator, SpokenWord
from motion.procedural.lexicon import LEXICON
from motion.procedural.posture import POSTURES
from motion.skeleton import INDEX
from runtime.settings import ListenerSettings, MotionSettings

TICK_S = 0.02
LEFT, RIGHT, HEAD = INDEX["leftHand"], INDEX["rightHand"], INDEX["head"]


def generator(seed: int = 1, rate: float = 22.0) -> ProceduralGenerator:
    return ProceduralGenerator(seed, ListenerSettings(), MotionSettings(gesture_rate_per_min=rate))


def film(
    body: ProceduralGenerator, seconds: float, at: dict[float, Callable[[], object]] | None = None, start: float = 0.0
) -> Clip:
    """Sample at 50 Hz; calls in `at` happen just before the frame of their time."""
    calls = sorted((at or {}).items())
    poses: list[Pose] = []
    for frame in range(round(seconds / TICK_S)):
        t_s = start + frame * TICK_S
        while calls and calls[0][0] <= t_s + 1e-9:
            calls.pop(0)[1]()
        poses.append(body.sample(t_s))
    return Clip.from_poses(poses, 1.0 / TICK_S)


def places(clip: Clip) -> np.ndarray:
    return kin.positions(clip.rotations, clip.hips_m)


def largest_step_rad_s(clip: Clip) -> np.ndarray:
    q = clip.rotations.astype(np.float64)
    return rot.angle_between(q[:-1], q[1:]).max(axis=0) / TICK_S


def sentence(start_s: float, count: int = 24) -> list[SpokenWord]:
    accents = [0.1, 0.9, 0.2, 0.5, 0.1, 0.7]
    return [SpokenWord(f"w{i}", start_s + 0.32 * i, start_s + 0.32 * i + 0.28, accents[i % 6]) for i in range(count)]


def jerk(clip: Clip, joint: int) -> np.ndarray:
    at = places(clip)[:, joint]
    return np.linalg.norm(np.diff(at, 3, axis=0), axis=-1) / TICK_S**3


# ---------------------------------------------------------------- idle


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


# ---------------------------------------------------------------- gestures


@pytest.mark.parametrize("label", sorted(LEXICON))
def test_every_gesture_shows_within_100_ms_stays_smooth_and_comes_home(label: str) -> None:
    still, body = generator(), generator()
    runs = []
    asked = film(body, 5.0, {1.0: lambda: runs.append(body.gesture("g", 1.0, label))})
    plain = film(still, 5.0)
    run = runs[0]
    assert run.start_s == 1.0 < run.stroke_s < run.end_s < 4.5
    difference = np.linalg.norm(places(asked) - places(plain), axis=-1).max(axis=1)
    turned = rot.angle_between(asked.rotations.astype(float), plain.rotations.astype(float)).max(axis=1)
    onset = round(1.1 / TICK_S)
    assert difference[onset] > 0.004 or math.degrees(turned[onset]) > 0.5, "visible after 100 ms"
    assert difference[: round(1.0 / TICK_S)].max() < 1e-6, "and not before"
    assert difference[round((run.end_s + 0.3) / TICK_S) :].max() < 1e-3, "back afterwards"
    assert np.all(largest_step_rad_s(asked) <= limits.SPEED_RAD_S + 0.2)
    assert body._limiter.slowed == 0, "fast enough by itself, not by the limiter"
    assert limits.excess_rad(asked.rotations.astype(np.float64)).max() < 0.02
    assert_hands_are_out_of_the_trunk(asked, label)


def assert_hands_are_out_of_the_trunk(clip: Clip, label: str) -> None:
    at, world = kin.forward(clip.rotations, clip.hips_m)
    chest = INDEX["upperChest"]
    tips = kin.hand_tips(clip.rotations, clip.hips_m)
    for side, joint in enumerate((LEFT, RIGHT)):
        for point in (at[:, joint], 0.4 * at[:, joint] + 0.6 * tips[:, side]):
            local = rot.rotate(rot.conjugate(world[:, chest]), point - at[:, chest])
            inside = (local[:, 0] / 0.14) ** 2 + (local[:, 2] / 0.095) ** 2 < 1.0
            assert not np.any(inside & (local[:, 1] < 0.10) & (local[:, 1] > -0.30)), label


def test_a_wave_lifts_the_right_hand_and_swings_it() -> None:
    body = generator()
    clip = film(body, 4.0, {0.5: lambda: body.gesture("g", 0.5, "wave", side=-1.0)})
    at = places(clip)
    assert at[:, RIGHT, 1].max() - at[0, RIGHT, 1] > 0.35
    assert at[:, LEFT, 1].max() - at[0, LEFT, 1] < 0.08
    tip = kin.hand_tips(clip.rotations, clip.hips_m)[round(1.3 / TICK_S) : round(2.3 / TICK_S), 1, 0]
    turns = np.count_nonzero(np.diff(np.sign(np.diff(tip))))
    assert turns >= 3, "back and forth"
    assert np.ptp(tip) > 0.10
    other = generator()
    mirrored = places(film(other, 4.0, {0.5: lambda: other.gesture("g", 0.5, "wave", side=1.0)}))
    assert mirrored[:, LEFT, 1].max() - mirrored[0, LEFT, 1] > 0.35


@pytest.mark.parametrize(
    "direction", [(0.0, 0.0), (-0.7, 0.1), (0.7, 0.2), (-1.3, -0.2), (1.4, 0.0), (0.3, -0.5), (-0.2, 0.6)]
)
def test_pointing_points(direction: tuple[float, float]) -> None:
    body = generator()
    body.posture(0.0, "lean_in", 1.0)
    run = body.gesture("g", 2.0, "point", direction_rad=direction)
    yaw, pitch = direction
    wanted = np.array([math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
    clip = film(body, run.stroke_s + 0.4)
    at, side = places(clip)[-1], 0 if run.side > 0 else 1
    shoulder, hand = at[INDEX[("left", "right")[side] + "UpperArm"]], at[(LEFT, RIGHT)[side]]
    tip = kin.hand_tips(clip.rotations, clip.hips_m)[-1, side]
    for way in (hand - shoulder, tip - hand):
        assert math.degrees(math.acos(np.clip(way @ wanted / np.linalg.norm(way), -1, 1))) < 5.0
    assert clip.hands[-1, side, 1] < 0.2 and clip.hands[-1, side, 2] > 0.7, "index straight, others closed"


def test_a_new_gesture_takes_over_without_a_jump() -> None:
    def run(second: bool) -> Clip:
        body = generator()
        calls: dict[float, Callable[[], object]] = {0.5: lambda: body.gesture("a", 0.5, "wave")}
        if second:
            calls[1.3] = lambda: body.gesture("b", 1.3, "shrug")
        return film(body, 4.0, calls)

    smooth, cut = jerk(run(False), RIGHT), jerk(run(True), RIGHT)
    around = slice(round(1.2 / TICK_S), round(1.45 / TICK_S))
    ratio = np.median(cut[around]) / np.median(smooth[round(0.5 / TICK_S) : round(2.5 / TICK_S)])
    assert ratio < 2.0
    assert cut[around].max() < 3.0 * smooth.max()
    body = generator()
    film(body, 1.6, {0.5: lambda: body.gesture("a", 0.5, "wave"), 1.3: lambda: body.gesture("b", 1.3, "shrug")})
    assert body.active(1.35) == ("a", "b") and body.active(2.0) == ("b",)


def test_an_arm_gesture_and_a_head_gesture_run_together() -> None:
    body = generator()
    film(body, 1.5, {0.5: lambda: body.gesture("a", 0.5, "point"), 0.9: lambda: body.gesture("b", 0.9, "yes")})
    assert body.active(1.4) == ("a", "b")


def test_cancelling_brings_the_hand_home_and_a_waiting_gesture_never_begins() -> None:
    body = generator()
    body.gesture("later", 3.0, "celebrate")
    fading: list[tuple[str, ...]] = []
    clip = film(
        body,
        5.0,
        {
            0.5: lambda: body.gesture("a", 0.5, "stop", duration_s=5.0),
            1.5: lambda: body.cancel_gesture("a", 1.5),
            1.6: lambda: (body.cancel_gesture("later", 1.6), fading.append(body.active(1.6))),
        },
    )
    assert fading == [("a",)]
    high = places(clip)[:, RIGHT, 1]
    assert high[round(1.5 / TICK_S)] > 1.1
    assert high[round(2.3 / TICK_S) :].max() < 0.95
    assert body.active(5.0) == ()
    assert np.all(largest_step_rad_s(clip) <= limits.SPEED_RAD_S + 0.2) and body._limiter.slowed == 0
    body.cancel_gesture("never heard of", 5.0)


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


# ---------------------------------------------------------------- head, speech, posture


@pytest.mark.parametrize("kind", ["short", "long", "upswing"])
def test_a_nod_goes_down_in_its_time_and_ends_level(kind: str) -> None:
    body, still = generator(), generator()
    durations: list[float] = []
    clip = film(body, 4.0, {1.0: lambda: durations.append(body.nod(1.0, kind))})  # type: ignore[arg-type]
    plain = film(still, 4.0)
    pitch = np.degrees(
        rot.log(clip.rotations[:, HEAD].astype(float)) - rot.log(plain.rotations[:, HEAD].astype(float))
    )[:, 0]
    index = ("short", "long", "upswing").index(kind)
    assert durations[0] == pytest.approx(ListenerSettings().nod_durations_s[index], rel=0.21)
    assert 2.0 < pitch.max() < 7.0, "the head joint carries 58 % of the nod"
    assert (pitch.min() < -1.0) == (kind == "upswing")
    assert np.abs(pitch[round((1.0 + durations[0]) / TICK_S) + 1 :]).max() < 0.01
    peaks = np.count_nonzero((pitch[1:-1] > pitch[:-2]) & (pitch[1:-1] >= pitch[2:]) & (pitch[1:-1] > 1.0))
    assert 1 <= peaks <= (2 if kind == "short" else 5)


def stroke_frames(clip: Clip) -> np.ndarray:
    at = places(clip)
    speed = np.linalg.norm(np.gradient(at[:, [LEFT, RIGHT]], TICK_S, axis=0), axis=-1)
    return speed


def test_beats_land_on_accented_words_at_the_set_rate() -> None:
    body = generator(rate=22.0)
    words = sentence(2.0, 120)
    clip = film(body, 45.0, {0.5: lambda: (body.set_mode("speaking", 1.8), body.speech_planned("r", 2.0, words))})
    del clip
    other = generator(rate=22.0)
    other.speech_planned("r", 2.0, words)
    minutes = (words[-1].end_s - words[0].start_s) / 60.0
    beats = {
        round(s.t_s - (0.045 if any(abs(s.t_s - 0.045 - o.t_s) < 1e-9 for o in other._strokes) else 0.0), 6)
        for s in other._strokes
    }
    assert len(beats) / minutes == pytest.approx(22.0, rel=0.25)
    accents = {round(word.accent_s, 6) for word in words if word.accent >= 0.5}
    assert beats <= accents
    assert len({s.side for s in other._strokes}) == 2, "both hands take turns"


def test_the_stroke_ends_at_the_accent() -> None:
    body = generator(rate=120.0)
    words = [SpokenWord("quiet", 1.0, 1.3, 0.05), SpokenWord("LOUD", 3.0, 3.3, 1.0), SpokenWord("end", 3.4, 3.6, 0.05)]
    clip = film(body, 6.0, {0.2: lambda: body.speech_planned("r", 1.0, words)})
    speed = stroke_frames(clip).max(axis=1)
    accent = words[1].accent_s
    before = slice(round((accent - 0.3) / TICK_S), round(accent / TICK_S))
    after = round((accent + 0.08) / TICK_S)
    assert speed[before].max() > 0.25, "the stroke"
    assert speed[after] < 0.25 * speed[before].max(), "and its stop"
    fastest = (before.start + int(np.argmax(speed[before]))) * TICK_S
    assert accent - 0.3 < fastest < accent


def test_no_beats_at_rate_zero_but_the_head_still_speaks() -> None:
    body, still = generator(rate=0.0), generator(rate=0.0)
    clip = film(body, 8.0, {0.2: lambda: body.speech_planned("r", 1.0, sentence(1.0, 18))})
    plain = film(still, 8.0)
    hands = np.linalg.norm(places(clip) - places(plain), axis=-1)[:, [LEFT, RIGHT]]
    assert hands.max() < 0.05
    turned = rot.angle_between(clip.rotations[:, HEAD].astype(float), plain.rotations[:, HEAD].astype(float))
    assert np.degrees(turned).max() > 1.5


def test_the_speaking_head_has_the_measured_spread() -> None:
    spreads = []
    for seed in range(2):
        body = generator(seed)
        clip = film(
            body,
            42.0,
            {
                0.1: lambda body=body: (
                    body.set_mode("speaking", 0.2),
                    body.speech_planned("r", 1.0, sentence(1.0, 125)),
                )
            },
        )
        _, world = kin.forward(clip.rotations, clip.hips_m)
        spreads.append(np.degrees(rot.to_euler(world[100:, HEAD], "YXZ")).std(axis=0))
    yaw, pitch, roll = np.mean(spreads, axis=0)
    # Busso et al. 2007, neutral: 3.3, 0.9, 0.8 degrees relative to a still trunk; sway of a standing body comes on top.
    assert 2.0 < pitch < 4.2 and 0.6 < yaw < 3.6 and 0.5 < roll < 2.6


def test_barge_in_drops_what_is_planned_and_shows_within_200_ms() -> None:
    for stop_at in (3.0, 3.3, 3.6, 4.1):
        body, on = generator(rate=60.0), generator(rate=60.0)
        speak = {0.2: lambda b=body: b.speech_planned("r", 1.0, sentence(1.0))}
        stopped = film(body, 9.0, {**speak, stop_at: lambda b=body, t=stop_at: b.speech_stopped(t)})
        going = film(on, 9.0, {0.2: lambda on=on: on.speech_planned("r", 1.0, sentence(1.0))})
        apart = np.linalg.norm(places(stopped) - places(going), axis=-1)[:, [LEFT, RIGHT]].max(axis=1)
        assert apart[: round(stop_at / TICK_S)].max() < 1e-6
        assert apart[round((stop_at + 0.2) / TICK_S)] > 0.01
        hands = places(stopped)[round((stop_at + 0.8) / TICK_S) :, [LEFT, RIGHT], 1]
        assert hands.max() < 0.96, "down and staying down"
        assert body._limiter.slowed == 0


def test_an_hour_of_speech_is_not_remembered() -> None:
    body = generator(rate=60.0)
    for clause in range(60):
        t_s = clause * 8.0
        body.sample(t_s)
        body.speech_planned("r", t_s + 0.5, sentence(t_s + 0.5, 20))
    assert len(body._strokes) < 40 and len(body._speaking) < 4 and len(body._offsets) < 4


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


# ---------------------------------------------------------------- whatever is asked

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
