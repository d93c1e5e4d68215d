"""A pose of a foreign skeleton, whatever its axes, unit and bind pose, is the same pose on ours."""

from __future__ import annotations

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.kinematics import forward
from motion.retarget import SKELETONS, NamedSkeleton, RestPose, SourceClip, find, retarget
from motion.retarget.measure import direction_errors_deg
from motion.retarget.solve import natural_roll
from motion.retarget.tables import BANDAI
from motion.skeleton import INDEX, JOINT_COUNT, PARENTS, REST_OFFSETS_M
from runtime.vocabulary import BODY_JOINTS

FREE = [skeleton for skeleton in SKELETONS if not skeleton.rest_zxy_deg]


def identity(frames: int) -> np.ndarray:
    return np.tile(rot.IDENTITY, (frames, JOINT_COUNT, 1))


def turned(angles: dict[str, tuple[float, float, float]], frames: int = 1) -> np.ndarray:
    """Local rotations [frames, 22, 4] from rotation vectors in degrees."""
    out = identity(frames)
    for name, vector in angles.items():
        out[:, INDEX[name]] = rot.exp(np.radians(np.array(vector)))
    return out


A_POSE: dict[str, tuple[float, float, float]] = {
    "leftUpperArm": (0, 0, -45),
    "rightUpperArm": (0, 0, 45),
    "leftLowerArm": (0, -15, 0),
    "rightLowerArm": (0, 15, 0),
    "leftUpperLeg": (0, 0, 6),
    "rightUpperLeg": (0, 0, -6),
    # In a bind pose the feet are flat on the floor.
    "leftFoot": (0, 0, -6),
    "rightFoot": (0, 0, 6),
}


def foreign(
    skeleton: NamedSkeleton,
    local: np.ndarray,
    hips_m: np.ndarray,
    bind: dict[str, tuple[float, float, float]],
    seed: int = 1,
    world: np.ndarray | None = None,
    unit: float = 1.0,
) -> SourceClip:
    """Our motion on a skeleton with another's names, its own axis for each joint, a bind pose and world axes of its own."""
    random = np.random.default_rng(seed)
    own = rot.normalise(random.normal(size=(JOINT_COUNT, 4)))
    frame = rot.IDENTITY if world is None else world
    bones = [row for row, name in enumerate(BODY_JOINTS) if name in skeleton.bones]
    above = {row: PARENTS[row] for row in bones}
    for row in bones:
        while above[row] >= 0 and above[row] not in bones:
            above[row] = PARENTS[above[row]]

    def posed(rotations: np.ndarray, move: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        places, turns = forward(rotations, move)
        turns = rot.multiply(
            rot.multiply(np.broadcast_to(frame, turns.shape), turns), np.broadcast_to(own, turns.shape)
        )
        return rot.rotate(np.broadcast_to(frame, (*places.shape[:-1], 4)), places) * unit, turns

    bind_places, bind_turns = posed(turned(bind), np.zeros((1, 3)))
    places, turns = posed(local, hips_m)
    out = np.empty((len(local), len(bones), 4))
    moves = np.empty((len(local), len(bones), 3))
    for index, row in enumerate(bones):
        if above[row] < 0:
            out[:, index], moves[:, index] = turns[:, row], places[:, row]
            continue
        back = rot.conjugate(turns[:, above[row]])
        out[:, index] = rot.multiply(back, turns[:, row])
        moves[:, index] = rot.rotate(back, places[:, row] - places[:, above[row]])
    return SourceClip(
        "synthetic",
        30.0,
        tuple(skeleton.bones[BODY_JOINTS[row]] for row in bones),
        tuple(bones.index(above[row]) if above[row] >= 0 else -1 for row in bones),
        out,
        moves,
        RestPose(bind_turns[0, bones], bind_places[0, bones]),
    )


def directions(clip: Clip) -> np.ndarray:
    places, _ = forward(clip.rotations, clip.hips_m)
    bones = [row for row, parent in enumerate(PARENTS) if parent >= 0]
    return rot.normalise(places[:, bones] - places[:, [PARENTS[row] for row in bones]])


@pytest.mark.parametrize("skeleton", FREE, ids=lambda s: s.name)
def test_a_t_pose_is_our_t_pose(skeleton: NamedSkeleton) -> None:
    clip = retarget(foreign(skeleton, identity(2), np.zeros((2, 3)), bind={}), skeleton)
    assert np.degrees(rot.angle(clip.rotations.astype(float))).max() < 0.1
    assert np.abs(clip.hips_m).max() < 1e-4


@pytest.mark.parametrize("skeleton", FREE, ids=lambda s: s.name)
def test_a_t_pose_is_our_t_pose_from_an_a_pose_bind(skeleton: NamedSkeleton) -> None:
    clip = retarget(foreign(skeleton, identity(1), np.zeros((1, 3)), bind=A_POSE), skeleton)
    assert np.degrees(rot.angle(clip.rotations.astype(float))).max() < 0.5


@pytest.mark.parametrize("skeleton", FREE, ids=lambda s: s.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_any_pose_keeps_its_bones_and_sides(skeleton: NamedSkeleton, seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(scale=0.4, size=(20, JOINT_COUNT, 3))
    local = rot.exp(vectors)
    for index, name in enumerate(BODY_JOINTS):
        if name not in skeleton.bones:
            local[:, index] = rot.IDENTITY
    hips = random.normal(scale=0.05, size=(20, 3))
    # z up, looking along -y, centimetres, as a 3ds Max export would have it
    world = rot.from_axis_angle(np.array([1.0, 0.0, 0.0]), np.pi / 2)
    source = foreign(skeleton, local, hips, A_POSE, seed, world, unit=100.0)
    clip = retarget(source, skeleton, anchor="file")
    want, got = directions(Clip(30.0, local.astype(np.float32), hips.astype(np.float32), clip.hands)), directions(clip)
    angle = np.degrees(np.arccos(np.clip(np.einsum("tji,tji->tj", want, got), -1, 1)))
    unmapped = [
        n
        for n, row in enumerate(r for r, p in enumerate(PARENTS) if p >= 0)
        if BODY_JOINTS[PARENTS[row]] not in skeleton.bones
    ]
    assert np.delete(angle, unmapped, axis=1).max() < 0.2
    assert np.abs(clip.hips_m - hips).max() < 1e-3
    # The hand's own orientation survives as well, not only the bone that carries it.
    _, have = forward(clip.rotations, clip.hips_m)
    _, wish = forward(local, hips)
    hands = [INDEX["leftHand"], INDEX["rightHand"], INDEX["head"]]
    assert np.degrees(rot.angle_between(have[:, hands], wish[:, hands])).max() < 0.5


def test_a_raised_left_arm_is_raised_and_left() -> None:
    for skeleton in FREE:
        local = turned({"leftUpperArm": (0, 0, 70), "rightUpperArm": (0, 0, 60)}, 1)
        clip = retarget(foreign(skeleton, local, np.zeros((1, 3)), A_POSE), skeleton)
        places, _ = forward(clip.rotations, clip.hips_m)
        left, right, head = (places[0, INDEX[name]] for name in ("leftHand", "rightHand", "head"))
        assert left[0] > 0.1 and left[1] > head[1]
        assert right[0] < -0.1 and right[1] < head[1]


def test_hips_move_in_proportion_to_the_legs() -> None:
    skeleton = FREE[0]
    hips = np.array([[0.0, 0.0, 0.0], [0.1, -0.2, 0.3]])
    source = foreign(skeleton, identity(2), hips, {}, unit=2.0)
    clip = retarget(source, skeleton, anchor="first")
    assert np.allclose(clip.hips_m, hips, atol=1e-4)


def test_the_median_place_and_the_mean_facing_can_be_taken_out() -> None:
    skeleton = FREE[0]
    local = turned({"hips": (0, 110, 0)}, 3)
    hips = np.array([[5.0, 0.0, 2.0], [5.1, 0.0, 2.0], [5.2, 0.0, 2.0]])
    clip = retarget(foreign(skeleton, local, hips, {}), skeleton, face_forward=True)
    assert np.degrees(rot.angle(clip.rotations[:, 0].astype(float))).max() < 0.1
    assert abs(float(np.median(clip.hips_m[:, 0]))) < 1e-5
    assert np.ptp(clip.hips_m[:, 2]) == pytest.approx(0.2 * np.sin(np.radians(110)), abs=1e-3)


def test_feet_stand_on_the_floor_where_the_recorded_height_drifts() -> None:
    skeleton = FREE[0]
    source = foreign(skeleton, identity(3), np.full((3, 3), 0.4), {})
    assert retarget(source, skeleton).hips_m[0, 1] == pytest.approx(0.4, abs=1e-4)
    assert retarget(source, skeleton, height="feet").hips_m[0, 1] == pytest.approx(0.0, abs=1e-4)


def test_natural_roll_moves_no_bone_and_makes_the_elbow_a_hinge() -> None:
    random = np.random.default_rng(5)
    local = rot.exp(random.normal(scale=0.3, size=(50, JOINT_COUNT, 3)))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        # An elbow bent by 60 degrees whose upper arm was rolled by 50.
        roll = rot.exp(np.radians(np.array([50.0, 0.0, 0.0])))
        upper, lower = INDEX[f"{side}UpperArm"], INDEX[f"{side}LowerArm"]
        bend = rot.exp(np.radians(np.array([0.0, -60.0 * sign, 0.0])))
        local[:, upper] = rot.multiply(local[:, upper], np.broadcast_to(roll, (50, 4)))
        local[:, lower] = rot.multiply(rot.conjugate(roll), bend)
    out = natural_roll(local)
    hips = np.zeros((50, 3))
    before, turns = forward(local, hips)
    after, have = forward(out, hips)
    assert np.abs(before - after).max() < 1e-6
    hands = [INDEX["leftHand"], INDEX["rightHand"]]
    assert np.degrees(rot.angle_between(turns[:, hands], have[:, hands])).max() < 1e-4
    for side, sign in (("left", 1.0), ("right", -1.0)):
        bone = rot.rotate(out[:, INDEX[f"{side}LowerArm"]], np.array([sign, 0.0, 0.0]))
        assert np.abs(bone[:, 1]).max() < 1e-6 and bone[:, 2].min() > 0.5


def test_bandai_stands_up_from_its_own_axes() -> None:
    # Their zero rotation is no pose of a person: bones run along x, so the T-pose comes from the table.
    names, parents, offsets = ["joint_Root"], [-1], [(0.0, 0.0, 0.0)]
    chain = {
        "Hips": ("joint_Root", (0.0, 0.94, 0.0)),
        "Spine": ("Hips", (0.157, 0, 0)),
        "Chest": ("Spine", (0.09, 0, 0)),
        "Neck": ("Chest", (0.164, 0, 0)),
        "Head": ("Neck", (0.065, 0, 0)),
    }
    for side, sign in (("L", 1.0), ("R", -1.0)):
        chain |= {
            f"Shoulder_{side}": ("Chest", (0.13, 0, sign * 0.05)),
            f"UpperArm_{side}": (f"Shoulder_{side}", (sign * 0.053, 0, 0)),
            f"LowerArm_{side}": (f"UpperArm_{side}", (sign * 0.243, 0, 0)),
            f"Hand_{side}": (f"LowerArm_{side}", (sign * 0.223, 0, 0)),
            f"UpperLeg_{side}": ("Hips", (-0.022, -sign * 0.065, 0)),
            f"LowerLeg_{side}": (f"UpperLeg_{side}", (sign * 0.39, 0, 0)),
            f"Foot_{side}": (f"LowerLeg_{side}", (sign * 0.41, 0, 0)),
            f"Toes_{side}": (f"Foot_{side}", (sign * 0.118, 0, 0)),
        }
    for name, (above, offset) in chain.items():
        parents.append(names.index(above))
        names.append(name)
        offsets.append(offset)
    local = np.tile(rot.IDENTITY, (1, len(names), 1))
    for name, angles in BANDAI.rest_zxy_deg.items():
        local[0, names.index(name)] = rot.from_euler(np.radians(np.array(angles)), "ZXY")
    # One arm hangs: their arm drops by a turn about z, as in the recordings.
    local[0, names.index("UpperArm_L")] = rot.from_euler(np.radians(np.array([-66.0, 0.0, 0.0])), "ZXY")
    rest = RestPose(np.tile(rot.IDENTITY, (len(names), 1)), np.zeros((len(names), 3)))
    source = SourceClip("bandai", 30.0, tuple(names), tuple(parents), local, np.array([offsets]), rest)
    assert find(source.joints) is BANDAI
    clip = retarget(source, anchor="file")
    places, _ = forward(clip.rotations, clip.hips_m)
    place = {name: places[0, row] for name, row in INDEX.items()}
    assert place["head"][1] > place["hips"][1] > place["leftFoot"][1]
    assert place["leftHand"][1] < place["leftUpperArm"][1] - 0.4 and place["leftHand"][0] > 0.2
    assert abs(place["rightHand"][1] - place["rightUpperArm"][1]) < 0.01 and place["rightHand"][0] < -0.5
    assert place["leftToes"][2] > place["leftFoot"][2] + 0.1
    assert np.degrees(rot.angle(clip.rotations[0, INDEX["head"]].astype(float))) < 0.1


def test_a_clip_without_arms_is_refused_by_name() -> None:
    source = foreign(FREE[0], identity(1), np.zeros((1, 3)), {})
    cut = SourceClip(
        "x", 30.0, source.joints[:6], source.parents[:6], source.rotations[:, :6], source.translations_m[:, :6],
        RestPose(source.rest.rotations[:6], source.rest.positions_m[:6]),
    )  # fmt: skip
    with pytest.raises(ValueError, match="no named skeleton fits"):
        retarget(cut)
    with pytest.raises(ValueError, match="leftUpperArm"):
        retarget(cut, FREE[0])


def test_a_bind_pose_that_is_none_is_refused() -> None:
    source = foreign(FREE[0], identity(1), np.zeros((1, 3)), {})
    flat = RestPose(source.rest.rotations, np.zeros_like(source.rest.positions_m))
    broken = SourceClip("x", 30.0, source.joints, source.parents, source.rotations, source.translations_m, flat)
    with pytest.raises(ValueError, match="bind pose"):
        retarget(broken, FREE[0])


def test_direction_errors_are_measured_against_the_source() -> None:
    skeleton = FREE[0]
    source = foreign(skeleton, turned({"leftUpperArm": (0, 0, 20)}, 4), np.zeros((4, 3)), {})
    clip = retarget(source, skeleton)
    assert max(float(v.max()) for v in direction_errors_deg(source, clip, skeleton).values()) < 0.1
    off = Clip(clip.fps, identity(4).astype(np.float32), clip.hips_m, clip.hands)
    assert direction_errors_deg(source, off, skeleton)["leftUpperArm-leftLowerArm"] == pytest.approx(20.0, abs=0.1)


def test_proportions_do_not_change_a_pose() -> None:
    assert REST_OFFSETS_M.shape == (JOINT_COUNT, 3)
    skeleton = FREE[0]
    source = foreign(skeleton, turned({"rightLowerArm": (0, 90, 0)}, 1), np.zeros((1, 3)), {})
    long = SourceClip(
        "long", 30.0, source.joints, source.parents, source.rotations, source.translations_m * np.array([1.3, 1.3, 1.3]),
        RestPose(source.rest.rotations, source.rest.positions_m * 1.3),
    )  # fmt: skip
    a, b = retarget(source, skeleton), retarget(long, skeleton)
    assert np.abs(a.rotations - b.rotations).max() < 1e-5
    assert np.abs(a.hips_m - b.hips_m).max() < 1e-4
