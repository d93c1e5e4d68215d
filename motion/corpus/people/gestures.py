"""Clips of people and animated figures that stand with free hands: what each is, by the sources' own names.

Rocketbox (`f_gestic_listen_accept_01`), Mesh2Motion (`Head_Nod`) and the MoveBox conversation. Kept are clips that a person in conversation
could show: no props, seats, doors or locomotion, and no clip in which the body leaps or a hand is thrown. Tables and pure functions.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from motion.clip import Clip
from motion.corpus.people.piece import Activity
from motion.kinematics import positions
from motion.skeleton import INDEX

_PROPS: Final = re.compile(
    r"crouch|danc|door|trolley|umbrella|bag|documents|work|picture|drink|phone|(move|shake)_leg|^._sit_"
)
"""Things in the hands, the whole body's way, seats, and a leg in the air, which planted feet would turn into a lean."""
_QUIET: Final = re.compile(r"^idle_(breathe|neutral|look_around|move|nervous)")
"""Idles that are nothing but standing about; the others (cough, yawn, rolling the head, stretching...) are acts."""
_MESH2MOTION: Final[dict[str, tuple[Activity, str]]] = {
    "Idle_Loop": ("idle", "idle"),
    "Idle_Listening": ("listen", "listen"),
    "Idle_Talking_Loop": ("talk", "talk"),
    "Head_Nod": ("act", "nod"),
    "Greeting": ("act", "greet"),
    "Bow": ("act", "bow"),
    "Confused": ("act", "confused"),
    "Reject": ("act", "reject"),
    "Angry": ("act", "angry"),
    "Victory": ("act", "celebrate"),
    "Victory_Fist_Pump": ("act", "celebrate"),
}
_EMOTIONS: Final = {"sad": "sadness"}
_LEAP_M: Final = 0.25
_THROWN_M_S2: Final = 110.0
"""Acceleration of a wrist: clapping and waving reach 80 m/s2, a cheer with both arms thrown about 150."""


def rocketbox(name: str) -> tuple[Activity, str, str] | None:
    """Activity, label and emotion of a Rocketbox clip; None for one that has no place in a conversation."""
    if _PROPS.search(name):
        return None
    label = re.sub(r"_\d+$", "", name[2:])
    emotion = next((emotion for word, emotion in _EMOTIONS.items() if label.endswith(f"_{word}")), "")
    if _QUIET.match(label):
        return "idle", label.removeprefix("idle_"), emotion
    label = label.removeprefix("gestic_").removeprefix("idle_")
    activity: Activity = (
        "listen" if label.startswith("listen") else "talk" if label.startswith("presentation") else "act"
    )
    return activity, label.replace(" ", "_"), emotion


def mesh2motion(name: str) -> tuple[Activity, str] | None:
    """Activity and label of a Mesh2Motion clip; None for one that has no place in a conversation."""
    return _MESH2MOTION.get(name)


def leaps(clip: Clip) -> bool:
    """Whether the body leaves its place upwards, or a hand is thrown faster than anyone in conversation throws it."""
    if len(clip) < 3:
        return False
    wrists = positions(clip.rotations, clip.hips_m)[:, [INDEX["leftHand"], INDEX["rightHand"]]]
    thrown = np.linalg.norm(np.diff(wrists, n=2, axis=0), axis=-1).max() * clip.fps**2
    return bool(np.ptp(clip.hips_m[:, 1]) > _LEAP_M or thrown > _THROWN_M_S2)
