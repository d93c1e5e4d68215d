"""What each morph target of the face stands for: mouth, lids and brows at full weight.

The mouth's visemes follow the pictures of the Oculus viseme reference, the others Apple's descriptions of its blend shapes. Lengths are
metres.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from avatar.character.brows import Brow
from avatar.character.lids import Lids
from avatar.character.mouth import Mouth


@dataclass(frozen=True)
class Swell:
    """A soft swelling of the skin: where, how wide, how far to the side, up and forward."""

    middle: tuple[float, float]
    size: tuple[float, float]
    move: tuple[float, float, float]


@dataclass(frozen=True)
class Pose:
    """One morph target. Lids and brows are by side, "Left" or "Right"."""

    mouth: Mouth | None = None
    lids: dict[str, Lids] = field(default_factory=dict)
    brows: dict[str, Brow] = field(default_factory=dict)
    swells: tuple[Swell, ...] = ()


SIDES = (("Left", 1.0), ("Right", -1.0))

VISEMES: dict[str, Mouth] = {
    "PP": Mouth(up_m=-0.0007, down_m=-0.0011, thick=(0.72, 0.66), roll_m=(0.0022, 0.0024), width=0.92, push_m=0.0016),
    "FF": Mouth(up_m=0.0042, down_m=-0.0006, roll_m=(0.0, 0.0046), thick=(0.95, 0.62), width=1.02, teeth_m=0.0012, jaw_m=0.001),
    "TH": Mouth(up_m=0.0036, down_m=0.0062, jaw_m=0.0050, tongue_up_m=0.0085, tongue_out_m=0.0185, width=1.02),
    "DD": Mouth(up_m=0.0036, down_m=0.0068, jaw_m=0.0050, tongue_up_m=0.0085, tongue_out_m=0.0060, width=1.05),
    "kk": Mouth(up_m=0.0034, down_m=0.0088, jaw_m=0.0068, width=1.02),
    "CH": Mouth(up_m=0.0052, down_m=0.0070, jaw_m=0.0020, width=0.70, push_m=0.0075, thick=(1.15, 1.1), teeth_m=0.0012, round=0.6),
    "SS": Mouth(up_m=0.0038, down_m=0.0050, jaw_m=0.0008, width=1.16, teeth_m=0.0010, corner_m=(0.001, 0.001)),
    "nn": Mouth(up_m=0.0030, down_m=0.0054, jaw_m=0.0040, tongue_up_m=0.0085, tongue_out_m=0.0050, width=1.04),
    "RR": Mouth(up_m=0.0040, down_m=0.0068, jaw_m=0.0040, width=0.74, push_m=0.0050, thick=(1.1, 1.1), tongue_up_m=0.0024, round=0.6),
    "aa": Mouth(up_m=0.0062, down_m=0.0205, jaw_m=0.0160, width=1.04, round=0.5),
    "E": Mouth(up_m=0.0052, down_m=0.0118, jaw_m=0.0082, width=1.18, corner_m=(0.0015, 0.0015)),
    "ih": Mouth(up_m=0.0044, down_m=0.0078, jaw_m=0.0048, width=1.16, corner_m=(0.0015, 0.0015)),
    "oh": Mouth(up_m=0.0100, down_m=0.0125, jaw_m=0.0085, width=0.60, push_m=0.0062, round=1.0, teeth_m=-0.006, thick=(1.1, 1.1)),
    "ou": Mouth(up_m=0.0056, down_m=0.0062, jaw_m=0.0040, width=0.38, push_m=0.0098, round=1.0, teeth_m=-0.008, thick=(1.2, 1.15)),
}  # fmt: skip


def _mouths() -> dict[str, Mouth]:
    """Return ARKit's shapes of the mouth and jaw."""
    table = {
        "jawOpen": Mouth(up_m=0.0050, down_m=0.0235, jaw_m=0.0190, width=0.98, round=0.6),
        "jawForward": Mouth(jaw_z_m=0.0075, push_m=0.0012),
        "jawLeft": Mouth(jaw_x_m=0.0085, shift_m=0.0040),
        "jawRight": Mouth(jaw_x_m=-0.0085, shift_m=-0.0040),
        "mouthFunnel": Mouth(up_m=0.0090, down_m=0.0080, width=0.68, push_m=0.0090, thick=(1.25, 1.2), round=1.0),
        "mouthPucker": Mouth(width=0.46, push_m=0.0095, thick=(1.35, 1.3), round=1.0),
        "mouthLeft": Mouth(shift_m=0.0105),
        "mouthRight": Mouth(shift_m=-0.0105),
        "mouthRollLower": Mouth(roll_m=(0.0, 0.0042), thick=(1.0, 0.5)),
        "mouthRollUpper": Mouth(roll_m=(0.0038, 0.0), thick=(0.45, 1.0)),
        "mouthShrugLower": Mouth(lift_m=0.0036, thick=(0.85, 1.18), push_m=0.0016),
        "mouthShrugUpper": Mouth(lift_m=0.0030, thick=(1.15, 0.95)),
        "tongueOut": Mouth(up_m=0.0030, down_m=0.0135, jaw_m=0.0100, tongue_out_m=0.0290, tongue_up_m=0.0070, width=0.98),
    }  # fmt: skip
    for side in ("Left", "Right"):

        def one(length: float, at: str = side) -> tuple[float, float]:
            return (length, 0.0) if at == "Left" else (0.0, length)

        table |= {
            f"mouthSmile{side}": Mouth(corner_m=one(0.0125), stretch_m=one(0.0080)),
            f"mouthFrown{side}": Mouth(corner_m=one(-0.0120), stretch_m=one(0.0015)),
            f"mouthDimple{side}": Mouth(corner_m=one(0.0035), stretch_m=one(0.0070)),
            f"mouthStretch{side}": Mouth(corner_m=one(-0.0045), stretch_m=one(0.0095)),
            f"mouthPress{side}": Mouth(stretch_m=one(0.0012), roll_m=(0.0011, 0.0012), thick=(0.84, 0.82)),
            f"mouthUpperUp{side}": Mouth(upper_m=one(0.0058)),
            f"mouthLowerDown{side}": Mouth(lower_m=one(0.0062)),
        }
    return table


def _smile(side: float, share: float) -> Swell:
    return Swell((side * 0.062, 0.050), (0.024, 0.017), (0.0030 * share, 0.0052 * share, 0.0042 * share))


def poses() -> dict[str, Pose]:
    """Return every morph target but `mouthClose`, which is made from `jawOpen`."""
    table = {f"viseme_{name}": Pose(mouth) for name, mouth in VISEMES.items()}
    table |= {name: Pose(mouth) for name, mouth in _mouths().items()}
    table["browInnerUp"] = Pose(brows={side: Brow(inner_m=0.0120, arch_m=0.002, knit_m=0.0015) for side, _ in SIDES})
    table["cheekPuff"] = Pose(
        Mouth(width=0.92, thick=(0.9, 0.9), push_m=0.0010),
        swells=tuple(Swell((x * 0.060, 0.026), (0.026, 0.022), (0.0110, 0.0, 0.0095)) for _, x in SIDES),
    )
    for side, x in SIDES:

        def lids(upper: float = 0.0, lower: float = 0.0, slant: float = 0.0, at: str = side) -> dict[str, Lids]:
            return {at: Lids(upper, lower, slant)}

        table |= {
            f"eyeBlink{side}": Pose(lids=lids(1.0, 1.0)),
            f"eyeWide{side}": Pose(lids=lids(-0.16, -0.14)),
            f"eyeSquint{side}": Pose(lids=lids(0.16, 0.95)),
            f"cheekSquint{side}": Pose(lids=lids(0.03, 0.72), swells=(_smile(x, 1.0),)),
            f"eyeLookDown{side}": Pose(lids=lids(0.34, -0.05)),
            f"eyeLookUp{side}": Pose(lids=lids(-0.10, 0.10)),
            f"eyeLookIn{side}": Pose(lids=lids(0.0, 0.03, 0.18)),
            f"eyeLookOut{side}": Pose(lids=lids(0.0, 0.03, -0.18)),
            f"browDown{side}": Pose(lids=lids(0.10, 0.0, 0.75), brows={side: Brow(-0.0135, -0.0065, 0.0025, 0.0055)}),
            f"browOuterUp{side}": Pose(brows={side: Brow(0.0015, 0.0085, 0.0105)}),
            f"noseSneer{side}": Pose(
                Mouth(upper_m=(0.0015, 0.0) if x > 0 else (0.0, 0.0015)),
                brows={side: Brow(-0.003, 0.0, 0.0, 0.002)},
                swells=(Swell((x * 0.0145, 0.060), (0.010, 0.012), (0.001, 0.0050, 0.0030)),),
            ),
        }
        table[f"mouthSmile{side}"] = Pose(table[f"mouthSmile{side}"].mouth, swells=(_smile(x, 0.55),))
    return table
