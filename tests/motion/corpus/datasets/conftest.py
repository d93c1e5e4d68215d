"""Tiny data sets, made where they are needed: a person who raises the left arm at the moment of a click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motion.clip import Clip
from motion.kinematics import forward
from motion.retarget import NamedSkeleton
from motion.skeleton import INDEX, PARENTS, REST_OFFSETS_M
from runtime.vocabulary import BODY_JOINTS

WriteBvh = Callable[..., None]
WriteWav = Callable[..., None]
Moment = Callable[[Clip], float]


def _tree(skeleton: NamedSkeleton) -> list[tuple[str, str, tuple[float, float, float]]]:
    """Joints of the family in our proportions: name, parent's name, offset in centimetres."""
    out: list[tuple[str, str, tuple[float, float, float]]] = []
    for row, bone in enumerate(BODY_JOINTS):
        if bone not in skeleton.bones:
            continue
        offset, parent = REST_OFFSETS_M[row].copy(), PARENTS[row]
        while parent >= 0 and BODY_JOINTS[parent] not in skeleton.bones:
            offset, parent = offset + REST_OFFSETS_M[parent], PARENTS[parent]
        if parent < 0:
            offset = np.zeros(3)
        x, y, z = (100.0 * offset).tolist()
        out.append((skeleton.bones[bone], skeleton.bones[BODY_JOINTS[parent]] if parent >= 0 else "", (x, y, z)))
    for (side, digit), chain in skeleton.fingers.items():
        sign, ahead = (
            (1.0 if side == "left" else -1.0),
            2.0 - ["thumb", "index", "middle", "ring", "little"].index(digit),
        )
        for n, joint in enumerate(chain):
            parent_name = chain[n - 1] if n else skeleton.bones[f"{side}Hand"]
            out.append((joint, parent_name, (sign * (3.0 if n else 9.0), 0.0, 0.0 if n else 1.5 * ahead)))
    return out


@pytest.fixture
def write_bvh() -> WriteBvh:
    """Write a BVH: the bones named turn by degrees about z, one number a frame; `frames` frames."""

    def write(
        path: Path,
        skeleton: NamedSkeleton,
        *,
        frames: int,
        fps: float = 30.0,
        turns: dict[str, np.ndarray] | None = None,
        lying: bool = False,
    ) -> None:
        named = {skeleton.bones.get(bone, bone): angles for bone, angles in (turns or {}).items()}
        joints = _tree(skeleton)
        lines: list[str] = ["HIERARCHY"]
        columns: list[np.ndarray] = []

        def visit(name: str, offset: tuple[float, float, float], depth: int) -> None:
            x, y, z = offset
            if lying and any(
                part in name for part in ("Leg", "Foot", "Toe")
            ):  # legs along the trunk: no pose of a person
                y = -y
            lines.append(f"{'ROOT' if depth == 0 else 'JOINT'} {name}")
            lines.extend(["{", f"OFFSET {x} {y} {z}"])
            lines.append(
                f"CHANNELS {'6 Xposition Yposition Zposition' if depth == 0 else '3'} Zrotation Xrotation Yrotation"
            )
            if depth == 0:
                columns.extend([np.zeros(frames), np.full(frames, 93.0), np.zeros(frames)])
            columns.extend([named.get(name, np.zeros(frames)), np.zeros(frames), np.zeros(frames)])
            for child, parent, inner in joints:
                if parent == name:
                    visit(child, inner, depth + 1)
            lines.append("}")

        visit(joints[0][0], joints[0][2], 0)
        lines.extend(["MOTION", f"Frames: {frames}", f"Frame Time: {1.0 / fps:.6f}"])
        lines.extend(" ".join(f"{value:.4f}" for value in row) for row in np.stack(columns, axis=1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")

    return write


@pytest.fixture
def write_wav() -> WriteWav:
    """Write a WAV with a click on a channel at a time."""

    def write(path: Path, seconds: float, *clicks_s: float, rate_hz: int = 16_000) -> None:
        import soundfile

        samples = np.zeros((round(seconds * rate_hz), max(len(clicks_s), 1)))
        for channel, at_s in enumerate(clicks_s):
            first = round(at_s * rate_hz)
            samples[first : first + max(1, rate_hz // 4_000), channel] = 0.9
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, rate_hz)

    return write


def raised(frames: int, at: int) -> np.ndarray:
    """Degrees of an arm that is up from frame `at` on."""
    return np.where(np.arange(frames) >= at, 60.0, 0.0)


@pytest.fixture
def arm() -> Callable[[int, int], np.ndarray]:
    return raised


@pytest.fixture
def raised_at() -> Moment:
    """When the left hand moves fastest."""

    def moment(clip: Clip) -> float:
        places, _ = forward(clip.rotations, clip.hips_m)
        return float(np.argmax(np.abs(np.diff(places[:, INDEX["leftHand"], 1]))) + 1) / clip.fps

    return moment


@pytest.fixture
def clicked_at() -> Callable[[np.ndarray], float]:
    def moment(samples: np.ndarray) -> float:
        return float(np.argmax(np.abs(samples))) / 16_000

    return moment


@pytest.fixture
def textgrid() -> Callable[..., str]:
    """A TextGrid of Praat's long format with the tiers `words` and `phones`."""

    def make(*words: tuple[float, float, str]) -> str:
        end_s = max(end for _, end, _ in words)
        head = f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = {end_s}\ntiers? <exists>\nsize = 1\nitem []:\n'
        tier = f'    item [1]:\n        class = "IntervalTier"\n        name = "words"\n        xmin = 0\n        xmax = {end_s}\n'
        items = "".join(
            f'        intervals [{n}]:\n            xmin = {start}\n            xmax = {end}\n            text = "{text}"\n'
            for n, (start, end, text) in enumerate(words, 1)
        )
        return head + tier + f"        intervals: size = {len(words)}\n" + items

    return make
