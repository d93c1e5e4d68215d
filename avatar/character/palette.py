"""Colours of the character as sRGB, and what a glTF file wants of them.

A light face and light hands before a calm teal jacket, so that both read at a distance; coral marks what is a machine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FACE = 0xF8D8BF
BLUSH = 0xF0AE9A
LID = 0xF0C6AC
LASH = 0x33262B
BROW = 0x46353B
LIP = 0xD07F6F
LIP_LINE = 0x96483F
MOUTH = 0x5B1F28
TEETH = 0xFBF7F1
TONGUE = 0xD56F70
EYE = 0xFBF9F5
IRIS = 0x2F7F86
IRIS_LIGHT = 0x58B0AE
IRIS_EDGE = 0x1B4850
PUPIL = 0x10181D
GLINT = 0xFFFFFF
HAIR = 0x33505C
HAIR_LIGHT = 0x41646F
SHELL = 0xECE8DF
SHELL_SHADE = 0xDDD7CB
JACKET = 0x2F8A8C
JACKET_DARK = 0x226B70
TRIM = 0xECE8DF
ACCENT = 0xEB7A5E
JOINT = 0x3B4756
TROUSERS = 0x3E4B60


def linear(color: int) -> npt.NDArray[np.float64]:
    """Return the linear red, green and blue, 0 to 1, of 0xrrggbb in sRGB."""
    srgb = np.array([color >> 16 & 255, color >> 8 & 255, color & 255]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def blend(a: int, b: int, share: float) -> int:
    """Return a colour on the way from `a` (0) to `b` (1), mixed as sRGB."""
    mixed = 0
    for shift in (16, 8, 0):
        mixed |= round((a >> shift & 255) * (1 - share) + (b >> shift & 255) * share) << shift
    return mixed
