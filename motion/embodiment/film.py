"""A film of a body in MuJoCo: poses over time, drawn without a display, with the session's sound.

Off screen by EGL (Mesa where there is no GPU; `MUJOCO_GL` chooses otherwise). Drawn one picture after the other, so that a slow machine
makes the same film as a fast one: some 20 to 80 ms a picture without a GPU. Blocking.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.embodiment.bodies.physics import look_at_upper_body
from motion.embodiment.description import Float64
from motion.embodiment.engine import load_mujoco
from motion.video.movie import load_cv2
from motion.video.sink import FfmpegSink, OpenCvSink, Sink
from runtime.errors import AttuneError

Picture = NDArray[np.uint8]
SIZE = (960, 720)
FPS = 25.0
CAMERA = "front"
"""A model's own camera of this name is taken, else one that sees the whole upper body from in front."""


class Camera:
    """Draws poses of one model; close it when done."""

    def __init__(self, model: Any, joints: Sequence[str], size: tuple[int, int] = SIZE) -> None:
        """Open an off-screen picture.

        Args:
            model: the `MjModel`.
            joints: names of the joints, in the order of the poses.
            size: width and height in pixels.

        Raises:
            AttuneError: nothing can be drawn here.
        """
        mujoco = load_mujoco("a film of the body")
        self._mujoco, self._model, self._data = mujoco, model, mujoco.MjData(model)
        self._rows = [int(model.joint(name).qposadr[0]) for name in joints]
        width, height = size
        model.vis.global_.offwidth, model.vis.global_.offheight = max(width, 640), max(height, 480)
        try:
            self._renderer = mujoco.Renderer(model, height, width)
        except Exception as error:  # whatever the machine's OpenGL says
            raise AttuneError(
                f"no picture of the body can be drawn ({str(error)[:200]})",
                "On Debian: apt-get install libegl1 libgl1-mesa-dri; or set MUJOCO_GL=osmesa",
            ) from None
        self._renderer.scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = 0  # eight times as long without a GPU
        self._renderer.scene.flags[mujoco.mjtRndFlag.mjRND_REFLECTION] = 0
        model.vis.headlight.ambient[:] = 0.35  # some models have no light of their own
        self._view = self._own_view() if mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_CAMERA, CAMERA) < 0 else CAMERA

    def picture(self, position_rad: Float64) -> Picture:
        """Return a picture of a pose, [joints], as uint8 [height, width, 3], red, green, blue."""
        self._data.qpos[self._rows] = position_rad
        self._mujoco.mj_forward(self._model, self._data)
        self._renderer.update_scene(self._data, self._view)
        drawn: Picture = self._renderer.render()
        return drawn

    def close(self) -> None:
        """Give the picture back."""
        self._renderer.close()

    def _own_view(self) -> Any:
        self._mujoco.mj_forward(self._model, self._data)
        view = self._mujoco.MjvCamera()
        look_at_upper_body(view, self._data)
        return view


def write_film(
    model: Any,
    joints: Sequence[str],
    times_s: Float64,
    positions_rad: Float64,
    out: Path,
    *,
    sound: tuple[NDArray[np.float32], int] | None = None,
    size: tuple[int, int] = SIZE,
    fps: float = FPS,
    progress: Callable[[float], None] = lambda _share: None,
) -> float:
    """Write an mp4 of a body's motion; return its length in seconds.

    Args:
        model: the `MjModel` to draw.
        joints: names of its joints.
        times_s: [poses], rising; the film begins at 0 and ends with the last.
        positions_rad: [poses, joints].
        out: the file; one that is there is replaced.
        sound: samples from time 0 on and their rate; heard where the program ffmpeg is there.
        size: width and height, even.
        fps: pictures a second.
        progress: told the share that is done, once a second of film.

    Raises:
        AttuneError: there is no pose, nothing can be drawn, or the file cannot be written.
    """
    if not len(times_s):
        raise AttuneError(f"{out}: there is no motion of a body to film", "Give the session a body with --body")
    pictures = max(1, round(float(times_s[-1]) * fps))
    with _camera(model, joints, size) as camera, _sink(out, size, fps, sound) as sink:
        for index in range(pictures):
            row = min(len(times_s) - 1, int(np.searchsorted(times_s, index / fps)))
            sink.write(np.ascontiguousarray(camera.picture(positions_rad[row])[:, :, ::-1]))
            if index % round(fps) == 0:
                progress(index / pictures)
    out.chmod(0o600)
    return pictures / fps


@contextmanager
def _camera(model: Any, joints: Sequence[str], size: tuple[int, int]) -> Iterator[Camera]:
    camera = Camera(model, joints, size)
    try:
        yield camera
    finally:
        camera.close()


def _sink(out: Path, size: tuple[int, int], fps: float, sound: tuple[NDArray[np.float32], int] | None) -> Sink:
    program = shutil.which("ffmpeg")
    if program is not None:
        return FfmpegSink(program, out, *size, fps, sound)
    return OpenCvSink(load_cv2("a film without the program ffmpeg"), out, *size, fps)
