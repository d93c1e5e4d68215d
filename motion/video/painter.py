"""Draws the figure: perspective camera, shaded quads from far to near, a soft shadow on the floor.

OpenCV (extra `vision`) is handed in by the caller. Pictures are uint8 [height, width, 3] in OpenCV's order blue, green, red, drawn at twice
the size and averaged down. Not for several threads at once. All motion is finite; what lies behind the camera is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.video import figure

Array = NDArray[Any]
Picture = NDArray[np.uint8]

_FINER: Final = 2
"""Drawn this much larger than shown: smooth edges without seams between quads."""
_SUBPIXEL_BITS: Final = 3
_CHUNK: Final = 32
"""Frames that are placed and shaded at once."""
_EYE_HEIGHT_M: Final = 1.22
_DISTANCE_M: Final = 4.2
_LOOK_AT_M: Final = 1.0
_TALL_M: Final = 2.14
"""Height of what a picture shows at the agent's place: feet, and hands raised overhead."""
_WALL_TOP: Final = (246.0, 243.0, 240.0)
_WALL_FOOT: Final = (232.0, 226.0, 220.0)
_FLOOR_BACK: Final = (212.0, 205.0, 198.0)
_FLOOR_FRONT: Final = (228.0, 222.0, 216.0)
_WALL_BEHIND_M: Final = 1.3
_SUN: Final = np.array([-0.28, 1.0, 0.42])
"""Where the shadow's light comes from, seen by the viewer: x to the right, y up, z to the viewer."""
_SHADOW: Final = 0.68
_LAMP: Final = np.array([-0.45, 0.65, 0.62]) / np.linalg.norm([-0.45, 0.65, 0.62])


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera that looks at the agent from `yaw_rad`: 0 from the front, positive from the agent's left."""

    yaw_rad: float
    width: int
    height: int

    def axes(self) -> Array:
        """Rows right, up and towards the viewer in the root frame."""
        s, c = np.sin(self.yaw_rad), np.cos(self.yaw_rad)
        drop = np.arctan2(_EYE_HEIGHT_M - _LOOK_AT_M, _DISTANCE_M)
        back = np.array([s * np.cos(drop), np.sin(drop), c * np.cos(drop)])
        right = np.array([c, 0.0, -s])
        return np.stack([right, np.cross(back, right), back])

    def see(self, places: Array) -> Array:
        """Turn [..., 3] metres in the root frame into right, up and distance from the camera's eye, metres."""
        axes = self.axes()
        eye = np.array([0.0, _LOOK_AT_M, 0.0]) + _DISTANCE_M * axes[2]
        out: Array = (places - eye) @ axes.T
        out[..., 2] *= -1.0
        return out

    def project(self, seen: Array) -> Array:
        """Pixels [..., 2] of what `see` gave, x to the right and y down."""
        scale = self.height / _TALL_M * _DISTANCE_M / np.maximum(seen[..., 2:3], 0.05)
        out: Array = seen[..., :2] * scale * np.array([1.0, -1.0]) + np.array([self.width / 2, self.height / 2])
        return out


class Painter:
    """Draws a clip frame by frame from one side."""

    def __init__(self, cv2: Any, clip: Clip, yaw_rad: float, width: int, height: int) -> None:
        """Keep the clip; nothing is drawn yet.

        Args:
            cv2: the OpenCV module.
            clip: the motion.
            yaw_rad: where the camera stands, see `Camera`.
            width: of a picture, pixels.
            height: of a picture, pixels.
        """
        self._cv2, self._clip, self._size = cv2, clip, (width, height)
        self._camera = Camera(yaw_rad, width * _FINER, height * _FINER)
        self._figure = figure.build()
        self._stage = self._empty_stage()
        # A viewer's light, not the agent's: it stays where it is when the camera goes round.
        self._sun = _SUN @ np.stack(
            [self._camera.axes()[0], [0.0, 1.0, 0.0], np.cross(self._camera.axes()[0], [0, 1, 0])]
        )

    def frames(self, rows: NDArray[np.intp]) -> Iterator[Picture]:
        """Draw the named frames of the clip, in order."""
        for first in range(0, len(rows), _CHUNK):
            part = rows[first : first + _CHUNK]
            clip = self._clip
            some = Clip(clip.fps, clip.rotations[part], clip.hips_m[part], clip.hands[part])
            places = self._figure.vertices(some)
            seen = self._camera.see(places)
            corners = self._camera.project(seen)
            quads = self._figure.quads
            across = seen[:, quads[:, 2]] - seen[:, quads[:, 0]]
            upwards = seen[:, quads[:, 3]] - seen[:, quads[:, 1]]
            # `see` turned the third axis over, so the frame is left-handed and the outward normal is this product.
            normals = np.cross(upwards, across)
            normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-12)
            middles = seen[:, quads].mean(axis=2)
            facing = -np.einsum("tqi,tqi->tq", normals, middles) / np.linalg.norm(middles, axis=-1)
            colours = self._shade(normals, facing)
            near = middles[..., 2] - self._figure.nearer_m
            fixed = np.round(corners * 2**_SUBPIXEL_BITS).astype(np.int32)
            shadow = self._camera.project(self._camera.see(self._on_floor(places)))
            for t in range(len(part)):
                picture = self._stage.copy()
                self._draw_shadow(picture, shadow[t])
                shown = np.flatnonzero((facing[t] > 0.0) & (near[t] > 0.3))
                order = shown[np.argsort(-near[t, shown], kind="stable")]
                self._fill(picture, fixed[t][quads[order]], colours[t, order])
                yield self._cv2.resize(picture, self._size, interpolation=self._cv2.INTER_AREA)

    def _fill(self, picture: Picture, shapes: Array, colours: Array) -> None:
        fill, kind = self._cv2.fillConvexPoly, self._cv2.LINE_8
        for shape, colour in zip(shapes, colours.tolist(), strict=True):
            fill(picture, shape, colour, kind, _SUBPIXEL_BITS)

    def _shade(self, normals: Array, facing: Array) -> Array:
        """Colours [T, Q, 3], blue, green, red: sky from above, a lamp at the viewer's left, edges a little darker."""
        lamp = np.maximum(normals @ (_LAMP * np.array([1.0, 1.0, -1.0])), 0.0)
        sky = 0.5 + 0.5 * normals[..., 1]
        light = (0.42 + 0.20 * sky + 0.50 * lamp) * (0.80 + 0.20 * np.clip(facing * 1.6, 0.0, 1.0))
        lit = self._figure.colours[None] * light[..., None]
        # Bright places take on a little of the lamp's white.
        lit += (26.0 * lamp**6)[..., None]
        out: Array = np.clip(lit, 0.0, 255.0)[..., ::-1]
        return out

    def _on_floor(self, places: Array) -> Array:
        fall = places[..., 1:2] / self._sun[1]
        out: Array = places - fall * self._sun
        return out

    def _draw_shadow(self, picture: Picture, points: Array) -> None:
        cv2 = self._cv2
        height, width = picture.shape[:2]
        margin = 24
        low = np.clip(np.floor(points.min(axis=0)).astype(int) - margin, 0, [width, height])
        high = np.clip(np.ceil(points.max(axis=0)).astype(int) + margin, 0, [width, height])
        if (high - low < 2).any():
            return
        mask = np.full((high[1] - low[1], high[0] - low[0]), 255, dtype=np.uint8)
        local = (points - low).astype(np.float32)
        for rows in self._figure.outlines:
            hull = cv2.convexHull(local[rows])
            cv2.fillConvexPoly(mask, np.round(hull).astype(np.int32), int(255 * _SHADOW))
        mask = cv2.blur(cv2.blur(mask, (13, 9)), (13, 9))
        region = picture[low[1] : high[1], low[0] : high[0]]
        cv2.multiply(region, cv2.merge([mask, mask, mask]), dst=region, scale=1.0 / 255.0)

    def _empty_stage(self) -> Picture:
        """Wall, the line where it meets the floor, floor."""
        camera = self._camera
        straight = Camera(0.0, camera.width, camera.height)
        line = int(straight.project(straight.see(np.array([0.0, 0.0, -_WALL_BEHIND_M])))[1])
        rows = np.arange(camera.height)[:, None]
        wall = np.array(_WALL_TOP) + (np.array(_WALL_FOOT) - np.array(_WALL_TOP)) * (rows / max(line, 1))
        share = (rows - line) / max(camera.height - line, 1)
        floor = np.array(_FLOOR_BACK) + (np.array(_FLOOR_FRONT) - np.array(_FLOOR_BACK)) * share
        column = np.where(rows < line, wall, floor)
        return np.repeat(np.round(column).astype(np.uint8)[:, None], camera.width, axis=1)
