"""What a gesture definition is: the declarative form that `entries` fills in, `lexicon` finds and `gestures` plays.

One-handed gestures are written for the right hand; the player mirrors them. Arm positions are outwards/up/forward of the shoulder in
arm lengths (`controls.ArmShape`); phases are Kendon's preparation, stroke, hold and retraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from motion.procedural import controls as c
from motion.procedural.head import Swing

Hands = Literal["none", "one", "both"]


@dataclass(frozen=True, slots=True)
class Shake:
    """An oscillation of arm controls during stroke and hold.

    Attributes:
        amplitude: by control index (`controls.WRIST` and following).
        hz: rate.
        both_in_phase: the left hand does what the right does; else the opposite.
        quarter_later: control indices a quarter of a cycle behind, which turns swinging into circling.
    """

    amplitude: dict[int, float]
    hz: float
    both_in_phase: bool = True
    quarter_later: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Definition:
    """One gesture.

    Attributes:
        label: canonical name.
        aliases: other names, matched as a whole.
        hands: none (head and trunk only), one, or both.
        ready: arm at the start of the stroke.
        peak: arm at the end of the stroke.
        other: the other arm at the peak where it differs (both hands), or takes a small part (one hand).
        prepare_s: length of each phase at normal tempo.
        stroke_s: as above.
        hold_s: as above.
        retract_s: as above.
        shake: oscillation of the arm in stroke and hold.
        trunk: addition to the trunk's controls at the peak.
        swing: oscillation of the head.
        directed: the peak goes where `direction_rad` says.
        aims: a directed arm lies along the direction, as in pointing; else the peak is only turned towards it.
        lateral: without hands, but to one side: it is mirrored for the left.
        lag_s: how much later the left of two hands comes; a long lag makes it one hand after the other.
        arc: bulge of the path into the ready position, arm lengths.
    """

    label: str
    aliases: tuple[str, ...] = ()
    hands: Hands = "one"
    ready: c.ArmShape | None = None
    peak: c.ArmShape | None = None
    other: c.ArmShape | None = None
    prepare_s: float = 0.42
    stroke_s: float = 0.26
    hold_s: float = 0.45
    retract_s: float = 0.62
    shake: Shake | None = None
    trunk: c.Vector | None = None
    swing: Swing | None = None
    directed: bool = False
    aims: bool = False
    lateral: bool = False
    lag_s: float = 0.035
    arc: tuple[float, float, float] = (0.06, 0.0, 0.10)

    @property
    def sided(self) -> bool:
        """Whether left and right differ, so that a side can be asked for."""
        return self.hands == "one" or self.lateral
