"""Postures: how the body is held over a stretch of time, by name, and what each mode of the conversation adds of its own.

Declarative data; `blend` is pure.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Final, Literal

from motion.procedural import controls as c

Mode = Literal["idle", "listening", "thinking", "speaking"]
MODES: Final[tuple[Mode, ...]] = ("idle", "listening", "thinking", "speaking")


@dataclass(frozen=True, slots=True)
class Posture:
    """One way of standing.

    Attributes:
        trunk: addition [44] to the controls.
        left: arm controls [14] that replace the hanging arm, or None.
        right: same for the right arm.
    """

    trunk: c.Vector
    left: c.Vector | None = None
    right: c.Vector | None = None


_CLASP_RIGHT = c.ArmShape((-0.235, -0.665, 0.36), palm=(-0.45, 0.15, -1.0), hand="cup", follow=0.9, swivel_deg=14)
_CLASP_LEFT = c.ArmShape((-0.225, -0.695, 0.39), palm=(-0.35, 0.15, -1.0), hand="cup", follow=0.9, swivel_deg=14)
_OPEN = c.ArmShape((0.17, -0.86, 0.26), palm=(-0.55, 0.25, 0.8), hand="soft", follow=0.5)

POSTURES: Final[dict[str, Posture]] = {
    "neutral": Posture(c.body()),
    "upright": Posture(c.body(head_deg=(-1.5, 0, 0), spine_deg=(-4, 0, 0), shoulders_deg=(1, -5, 1, -5))),
    "attentive": Posture(
        c.body(head_deg=(-1, 0, 2), spine_deg=(3.5, 0, 0), hips_deg=(1.5, 0, 0), hips_m=(0, 0, 0.012))
    ),
    "lean_in": Posture(c.body(head_deg=(-7, 0, 1), spine_deg=(10, 0, 0), hips_deg=(5, 0, 0), hips_m=(0, -0.005, 0.02))),
    "lean_back": Posture(c.body(head_deg=(5, 0, 0), spine_deg=(-8, 0, 0), hips_deg=(-2, 0, 0), hips_m=(0, 0, -0.025))),
    "relaxed": Posture(
        c.body(head_deg=(1, 0, 2), spine_deg=(2, 0, -2.5), hips_deg=(0, 2, 2), hips_m=(0.02, -0.004, 0))
    ),
    "open": Posture(c.body(spine_deg=(-2, 0, 0), shoulders_deg=(0, -6, 0, -6)), _OPEN.controls(), _OPEN.controls()),
    "closed": Posture(
        c.body(head_deg=(2, 0, 0), spine_deg=(3, 0, 0), shoulders_deg=(1, 5, 1, 5)),
        _CLASP_LEFT.controls(),
        _CLASP_RIGHT.controls(),
    ),
}
"""Every posture that `ProceduralGenerator.posture` knows."""

ALIASES: Final[dict[str, str]] = {
    "default": "neutral",
    "stand": "neutral",
    "rest": "neutral",
    "straight": "upright",
    "proud": "upright",
    "interested": "lean_in",
    "lean_forward": "lean_in",
    "listen": "attentive",
    "engaged": "attentive",
    "withdraw": "lean_back",
    "reserved": "closed",
    "hands_clasped": "closed",
    "welcoming": "open",
    "casual": "relaxed",
}

MODE_TRUNK: Final[dict[Mode, c.Vector]] = {
    "idle": c.body(),
    "listening": c.body(head_deg=(-1.0, 0, 2.5), spine_deg=(3.0, 0, 0), hips_deg=(1.5, 0, 0), hips_m=(0, 0, 0.008)),
    "thinking": c.body(head_deg=(-2.5, 5, -4), spine_deg=(-1.5, 2, 0), hips_m=(-0.012, 0, -0.006)),
    "speaking": c.body(head_deg=(0.0, 0, 0), spine_deg=(0.5, 0, 0), shoulders_deg=(0.5, 1, 0.5, 1)),
}
MODE_LIVELINESS: Final[dict[Mode, float]] = {"idle": 1.0, "listening": 0.6, "thinking": 0.8, "speaking": 0.75}
"""Share of the idle sway in each mode: listeners hold still (Hadar 1983: the head moves 12.8 % of the time)."""


def find(name: str) -> str:
    """Return the canonical name of a posture.

    Raises:
        ValueError: no such posture; the message lists the nearest names.
    """
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    key = ALIASES.get(key, key)
    if key not in POSTURES:
        near = difflib.get_close_matches(key, [*POSTURES, *ALIASES], n=3, cutoff=0.4) or sorted(POSTURES)
        raise ValueError(f"unknown posture {name!r}; nearest: {', '.join(near)}")
    return key


def blend(controls: c.Vector, posture: Posture, strength: float) -> None:
    """Lay a posture over the controls, in place; strength 0 to 1."""
    controls += strength * posture.trunk
    for where, arm in ((c.LEFT, posture.left), (c.RIGHT, posture.right)):
        if arm is not None:
            controls[where] += strength * (arm - controls[where])
