"""Gestures on top of moving people: on time, smooth, and nothing else changed."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from motion import limits
from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.intentions.overlay import perform
from motion.corpus.scene import PlacedIntent
from motion.kinematics import hand_tips, positions
from motion.procedural import lexicon
from motion.render import head_pitch_deg
from motion.skeleton import INDEX, MIRROR
from tests.motion.corpus.intentions.synthetic import FPS, standing, usual

BASE = standing()
LABELS = tuple(lexicon.LEXICON)
LEFT_ARM = [INDEX[f"left{part}"] for part in ("UpperArm", "LowerArm", "Hand")]
RIGHT_ARM = [MIRROR[joint] for joint in LEFT_ARM]


def played(*intents: PlacedIntent, base: Clip = BASE, seed: int = 0) -> Clip:
    return perform(base, intents, np.random.default_rng(seed))


def apart(a: Clip, b: Clip) -> NDArray[np.float64]:
    """Angle [T, 22] between two clips' joints, degrees."""
    turn: NDArray[np.float64] = np.degrees(
        rot.angle_between(a.rotations.astype(np.float64), b.rotations.astype(np.float64))
    )
    return turn


def frame(t_s: float) -> int:
    return round(t_s * FPS)


@pytest.mark.parametrize("label", LABELS)
class TestEveryGesture:
    def test_nothing_changes_outside_its_span(self, label: str) -> None:
        intent = usual(label)
        clip = played(intent)
        before, after = frame(intent.start_s) + 1, int(np.ceil((intent.end_s + 0.2) * FPS))
        for name in ("rotations", "hips_m", "hands"):
            got, base = getattr(clip, name), getattr(BASE, name)
            np.testing.assert_array_equal(got[:before], base[:before])
            np.testing.assert_array_equal(got[after:], base[after:])
            assert got.dtype == np.float32
        assert np.abs(np.linalg.norm(clip.rotations, axis=-1) - 1.0).max() < 1e-5

    def test_it_can_be_seen_within_150_ms_and_is_there_at_the_stroke(self, label: str) -> None:
        intent = usual(label)
        difference = apart(played(intent), BASE).max(axis=1)
        stroke = frame(intent.stroke_s)
        assert difference[frame(intent.start_s + 0.15)] > 0.5
        assert difference[stroke - 3 : stroke + 4].max() > 3.0

    def test_it_begins_and_ends_without_a_jump(self, label: str) -> None:
        intent = usual(label)
        clip = played(intent)
        difference = np.degrees(rot.log(rot.multiply(rot.conjugate(BASE.rotations), clip.rotations)))
        bends = np.linalg.norm(np.diff(difference, n=2, axis=0), axis=-1).max(axis=1)
        # A jump of a velocity would show as a bend of its size in one frame; C2 leaves less than the middle has.
        first, last = frame(intent.start_s), frame(intent.end_s + 0.2)
        inside = bends[first:last].max()
        assert bends[first - 2 : first].max() < 0.25 * inside
        assert bends[last - 3 : last + 1].max() < 0.2 * inside

    def test_no_joint_is_faster_than_people_are(self, label: str) -> None:
        clip = played(usual(label), usual(label, 4.0, side=1.0))
        step = rot.angle_between(clip.rotations[1:].astype(np.float64), clip.rotations[:-1].astype(np.float64))
        assert (step * FPS < limits.SPEED_RAD_S).all()


def one_handed() -> list[str]:
    return [label for label, entry in lexicon.LEXICON.items() if entry.hands == "one" and entry.other is None]


@pytest.mark.parametrize("label", one_handed())
def test_the_other_arm_keeps_its_recorded_motion(label: str) -> None:
    for side, other, mine, hand in ((-1.0, LEFT_ARM, RIGHT_ARM, 0), (1.0, RIGHT_ARM, LEFT_ARM, 1)):
        clip = played(usual(label, side=side))
        assert apart(clip, BASE)[:, other].max() < 0.01
        assert apart(clip, BASE)[:, mine].max() > 10.0
        np.testing.assert_allclose(clip.hands[:, hand], BASE.hands[:, hand], atol=1e-6)


@pytest.mark.parametrize("label", one_handed())
def test_the_left_hand_does_the_mirror_image(label: str) -> None:
    base = standing(size_rad=0.0)
    right, left = (played(usual(label, side=side), base=base) for side in (-1.0, 1.0))
    mirror = positions(left.rotations, left.hips_m)[:, MIRROR] * np.array([-1.0, 1.0, 1.0])
    gap = np.linalg.norm(mirror - positions(right.rotations, right.hips_m), axis=-1)
    # What is left are the small movements under the hold, which no two performances share.
    assert gap.max() < 0.04


@pytest.mark.parametrize("yaw_deg", [-60.0, -20.0, 40.0])
def test_pointing_arrives_at_the_stroke_and_points_there_although_the_trunk_moves(yaw_deg: float) -> None:
    yaw, pitch = np.radians(yaw_deg), 0.3
    intent = usual("point", direction_rad=(float(yaw), pitch))
    clip = played(intent, base=standing(size_rad=0.2))
    side = 0 if yaw > 0 else 1
    shoulder = positions(clip.rotations, clip.hips_m)[:, INDEX["leftUpperArm" if side == 0 else "rightUpperArm"]]
    along = rot.normalise(hand_tips(clip.rotations, clip.hips_m)[:, side] - shoulder)
    wanted = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
    off_deg = np.degrees(np.arccos(np.clip(along @ wanted, -1.0, 1.0)))
    at = frame(intent.stroke_s)
    assert off_deg[at + 2] < 6.0
    assert off_deg[at - 5] > 10.0


def test_the_stroke_waits_for_its_moment() -> None:
    usually = usual("stop")
    later = replace(usually, stroke_s=usually.stroke_s + 0.5, end_s=usually.end_s + 0.5)
    forward = [
        positions(clip.rotations, clip.hips_m)[:, INDEX["rightHand"], 2] for clip in map(played, (usually, later))
    ]
    peak = forward[0][frame(usually.stroke_s)]
    assert abs(forward[1][frame(later.stroke_s)] - peak) < 0.03
    assert forward[1][frame(usually.stroke_s)] < peak - 0.08


def test_the_base_rests_while_the_head_acts_and_only_then() -> None:
    base = standing(size_rad=0.0)
    turns = base.rotations.astype(np.float64)
    nod = 0.15 * np.sin(2.0 * np.pi * 1.2 * np.arange(len(base)) / FPS)
    turns[:, INDEX["head"]] = rot.exp(np.stack([nod, 0.0 * nod, 0.0 * nod], axis=1))
    nodding = replace(base, rotations=turns.astype(np.float32))
    intent = PlacedIntent("tilt", 1.0, 1.6, 4.5)
    span = slice(frame(1.8), frame(3.6))
    before, after = np.ptp(head_pitch_deg(nodding)[span]), np.ptp(head_pitch_deg(played(intent, base=nodding))[span])
    assert before > 16.0
    assert after < 0.3 * before


def test_feet_stay_planted_in_a_bow() -> None:
    clip = played(usual("bow"))
    base, bowed = (positions(c.rotations, c.hips_m) for c in (BASE, clip))
    rows = [INDEX["leftFoot"], INDEX["rightFoot"]]
    hips_move = np.abs(bowed[:, 0] - base[:, 0]).max()
    assert hips_move > 0.04
    # The made-up base lifts a heel by some millimetres where its hips roll; the bow brings it down.
    assert np.abs(bowed[:, rows] - base[:, rows]).max() < 0.01


def test_the_next_gesture_supersedes_the_one_before() -> None:
    first = PlacedIntent("stop", 1.0, 1.6, 5.0)
    second = usual("wave", 2.0, side=1.0)
    assert second.end_s < first.end_s
    clip = played(first, second)
    alone = played(first)
    np.testing.assert_array_equal(clip.hands[: frame(2.0)], alone.hands[: frame(2.0)])
    right = apart(clip, BASE)[:, RIGHT_ARM].max(axis=1)
    assert right[frame(1.9)] > 10.0
    assert right[frame(2.6) + 1 :].max() < 0.01
    gone = int(np.ceil((second.end_s + 0.2) * FPS))
    np.testing.assert_array_equal(clip.rotations[gone:], BASE.rotations[gone:])
    step = rot.angle_between(clip.rotations[1:].astype(np.float64), clip.rotations[:-1].astype(np.float64))
    assert (step * FPS < limits.SPEED_RAD_S).all()


def test_the_same_random_numbers_give_the_same_clip() -> None:
    first, again, other = (played(usual("wave"), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.rotations, again.rotations)
    assert not np.array_equal(first.rotations, other.rotations)


def test_a_variation_changes_the_performance() -> None:
    def higher(definition: lexicon.Definition, rng: np.random.Generator) -> lexicon.Definition:
        assert definition.peak is not None
        x, y, z = definition.peak.wrist
        return replace(definition, peak=replace(definition.peak, wrist=(x, y + 0.15 + 0.0 * rng.random(), z)))

    intent = usual("stop")
    clips = (perform(BASE, [intent], np.random.default_rng(0), v) for v in (None, higher))
    low, high = (
        positions(clip.rotations, clip.hips_m)[frame(intent.stroke_s), INDEX["rightHand"], 1] for clip in clips
    )
    assert high > low + 0.03


def test_without_gestures_the_base_comes_back_itself() -> None:
    assert played() is BASE
    assert played(usual("wave", 20.0)) is BASE


@pytest.mark.parametrize("times", [(1.0, 1.0, 2.0), (1.0, 3.0, 2.0), (float("nan"), 2.0, 3.0)])
def test_times_that_do_not_rise_are_refused(times: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"wave.*must be finite and rise"):
        played(PlacedIntent("wave", *times))


def test_an_unknown_gesture_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="nearest: wave"):
        played(PlacedIntent("wavee", 1.0, 2.0, 3.0))
