"""The better engine: MediaPipe's face mesh with irises, in a process of its own under its own Python.

Faces are found by the cascade and by their own mesh in the previous picture, which goes on finding them where they turn away. Each is
sent as a square picture of `CROP_PIXELS` to `mesh_server`: so that faces far away are as good as near ones (in the whole picture
MediaPipe's detector misses faces under about a tenth of its width: 0 of 61 pictures of one real clip), and any number of people costs
the same each (about 7 ms of a core on a 640x480 picture).
A server that dies is started again with the next picture; a missing or wrong Python is one error for people at each picture.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from behavioral.vision.contract import Face
from behavioral.vision.engines.appearance import appearance_of
from behavioral.vision.engines.cascade import CascadeFinder
from behavioral.vision.engines.contract import Frame, PixelBox
from behavioral.vision.engines.head_model import Matrix
from behavioral.vision.engines.mesh_face import POINTS, box_of_mesh, face_of
from runtime.offload import InlineOffload
from runtime.worker import WorkerDied, WorkerProcess

CROP_PIXELS = 256
CROP_SIZE = 2.0
"""Side of the square around a face, in sizes of its box."""
WHOLE_EVERY_S = 0.5
"""Where no face is known, the whole picture is asked about this often: who comes in profile is not found by the cascade."""
MAX_MESHES = 4
"""More faces than this are boxes only: the biggest come first."""
REMEMBER_S = 0.6
_SERVER = Path(__file__).with_name("mesh_server.py")
_TIMEOUT_S = 20.0  # under the owner's own, so that it hears which of the two hangs
_SAME = 0.6


class MediaPipeEngine:
    """Cascade and mesh."""

    name = "mediapipe"

    def __init__(self, cv2: Any, python: str) -> None:
        """Load the cascade; the mesh's process starts with the first face.

        Raises:
            ValueError: this OpenCV has no cascades, or `python` is no program.
        """
        if not Path(python).is_file():
            raise ValueError(f"vision.mediapipe_python: {python or 'nothing'} is not there; mend: see attune doctor")
        self._cv2 = cv2
        self._finder = CascadeFinder(cv2)
        # -I: neither this folder nor PYTHONPATH, where Attune's libraries are, comes before mediapipe's own.
        argv = [python, "-I", str(_SERVER)]
        self._server = WorkerProcess("mediapipe", argv, InlineOffload(), timeout_s=_TIMEOUT_S)
        self._meshes: list[tuple[PixelBox, float]] = []  # box, when it was seen
        self._whole_s = -math.inf

    def forget(self) -> None:
        """The next picture is of another source."""
        self._finder.forget()
        self._meshes.clear()
        self._whole_s = -math.inf

    def close(self) -> None:
        """End the mesh's process."""
        self._server.kill()

    def find(self, frame: Frame) -> list[Face]:
        """Return the faces, biggest first; ValueError where the mesh's process cannot work."""
        detected = [(found.box, found.confidence) for found in self._finder.find(frame)]
        self._meshes = [(box, t_s) for box, t_s in self._meshes if 0.0 <= frame.t_s - t_s <= REMEMBER_S]
        boxes = [box for box, _ in self._meshes]
        boxes += [box for box, _ in detected if not _is_in(box, boxes)]
        if not boxes and not self._whole_s <= frame.t_s < self._whole_s + WHOLE_EVERY_S:
            self._whole_s = frame.t_s
            width, height = frame.size
            inside = 1.0 / CROP_SIZE  # of the square that is cut out, so that it is the whole picture
            boxes = [(width * (1 - inside) / 2, height * (1 - inside) / 2, width * inside, height * inside)]
        boxes = sorted(boxes, key=lambda box: -box[2])
        faces: list[Face] = []
        meshed: list[PixelBox] = []
        for points in self._points(frame, boxes[:MAX_MESHES]):
            box = box_of_mesh(points)
            if _is_in(box, meshed):
                continue
            meshed.append(box)
            appearance = appearance_of(self._cv2, frame.bgr, box)
            faces.append(face_of(points, frame.size, frame.focal_px, appearance))
        # A cascade's box without a mesh is no face to the better judge, but for those that it was not asked about.
        unseen = [(box, t_s) for box, t_s in self._meshes if not _is_in(box, meshed)]
        self._meshes = [(box, frame.t_s) for box in meshed] + unseen
        return faces

    def _points(self, frame: Frame, boxes: list[PixelBox]) -> list[Matrix]:
        """Return the meshes that were found around these boxes, float64 [478, 3] in pixels of the picture."""
        if not boxes:
            return []
        cuts, pictures = [], []
        for x, y, width, height in boxes:
            side = CROP_SIZE * max(width, height)
            left, top = x + width / 2 - side / 2, y + height / 2 - side / 2
            scale = CROP_PIXELS / side
            cut = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]], dtype=np.float32)
            crop = self._cv2.warpAffine(frame.bgr, cut, (CROP_PIXELS, CROP_PIXELS))
            pictures.append(self._cv2.cvtColor(crop, self._cv2.COLOR_BGR2RGB).tobytes())
            cuts.append((left, top, side))
        try:
            request = {"sizes": [[CROP_PIXELS, CROP_PIXELS]] * len(pictures)}
            reply, data = self._server.exchange(request, b"".join(pictures))
        except WorkerDied as error:
            raise ValueError(f"{error}; mend: see attune doctor for mediapipe's environment") from error
        found = reply.get("found")
        if not isinstance(found, list) or len(found) != len(cuts) or len(data) != sum(map(bool, found)) * POINTS * 12:
            raise ValueError("mediapipe's process answers with something else than meshes")
        points = np.frombuffer(data, np.dtype("<f4")).reshape(-1, POINTS, 3).astype(np.float64)
        if not np.isfinite(points).all():
            raise ValueError("mediapipe's mesh is not finite")
        kept = [cut for cut, good in zip(cuts, found, strict=True) if good]
        return [mesh * side + np.array([left, top, 0.0]) for mesh, (left, top, side) in zip(points, kept, strict=True)]


def _is_in(box: PixelBox, others: list[PixelBox]) -> bool:
    """Say whether the box is one of the others' faces: their centres are near for their size."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return any(
        np.hypot(x - other[0] - other[2] / 2, y - other[1] - other[3] / 2) < _SAME * max(box[2], other[2])
        for other in others
    )
