"""Cameras that freeze, vanish and come back: the real worker code on a camera that a test holds in its hand."""

from typing import Any

import numpy as np
import pytest

from behavioral.vision.sources import FROZEN_AFTER_S, Stillness
from behavioral.vision.worker import Looker, open_engine

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")


class Device:
    """What `cv2.VideoCapture` is to a driver: a sensor with noise, which may be stuck or unplugged."""

    def __init__(self) -> None:
        self.plugged, self.stuck = True, False
        self.count = 0

    def picture(self) -> np.ndarray:
        self.count += not self.stuck
        return np.random.default_rng(self.count).integers(90, 110, (120, 160, 3), dtype=np.uint8)


class Capture:
    """An opened device."""

    def __init__(self, device: Device) -> None:
        self.device = device

    def isOpened(self) -> bool:
        return self.device.plugged

    def set(self, which: int, value: float) -> bool:
        return True

    def get(self, which: int) -> float:
        return {cv2.CAP_PROP_FRAME_WIDTH: 160.0, cv2.CAP_PROP_FRAME_HEIGHT: 120.0}.get(which, 0.0)

    def read(self) -> tuple[bool, np.ndarray | None]:
        return (True, self.device.picture()) if self.device.plugged else (False, None)

    def release(self) -> None:
        return


class OpenCv:
    """The real OpenCV with one camera of ours."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def __getattr__(self, name: str) -> Any:
        return getattr(cv2, name)

    def VideoCapture(self, index: int) -> Capture:
        return Capture(self._device)


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def looker(device: Device) -> Looker:
    return Looker(OpenCv(device), open_engine(cv2, "haar"))


def look(looker: Looker, t_s: float) -> dict[str, Any]:
    return looker.handle({"op": "look_camera", "t_s": t_s}, b"")[0]


def test_a_frozen_camera_is_said_after_a_while_and_seen_again_when_it_moves(looker: Looker, device: Device) -> None:
    assert looker.handle({"op": "open_camera", "index": 0}, b"")[0]["width"] == 160
    assert look(looker, 0.0)["luminance"] == pytest.approx(0.39, abs=0.02)
    device.stuck = True
    assert look(looker, 0.1)
    assert look(looker, FROZEN_AFTER_S - 0.1), "a short stall is none"
    for t_s in (FROZEN_AFTER_S + 0.2, 10.0, 60.0):
        with pytest.raises(ValueError, match="the same picture"):
            look(looker, t_s)
    device.stuck = False
    assert look(looker, 60.1)


def test_a_camera_that_vanishes_is_said_and_opened_again_when_it_is_back(looker: Looker, device: Device) -> None:
    looker.handle({"op": "open_camera", "index": 0}, b"")
    look(looker, 0.0)
    device.plugged = False
    with pytest.raises(ValueError, match="gives no picture"):
        look(looker, 0.1)
    with pytest.raises(ValueError, match="camera 0 cannot be opened"):
        looker.handle({"op": "open_camera", "index": 0}, b"")
    with pytest.raises(ValueError, match="no camera is open"):
        look(looker, 0.2)
    device.plugged = True
    looker.handle({"op": "open_camera", "index": 0}, b"")
    assert look(looker, 20.0)


def test_a_page_that_sends_one_picture_again_and_again_is_frozen(looker: Looker) -> None:
    def jpeg(value: int) -> bytes:
        return bytes(cv2.imencode(".jpg", np.full((48, 64, 3), value, np.uint8))[1])

    for t_s in (0.0, 1.0):
        assert looker.handle({"op": "look_jpeg", "t_s": t_s}, jpeg(50))
    with pytest.raises(ValueError, match="page's camera"):
        looker.handle({"op": "look_jpeg", "t_s": FROZEN_AFTER_S + 0.5}, jpeg(50))
    assert looker.handle({"op": "look_jpeg", "t_s": 3.0}, jpeg(90))


def test_a_clock_that_starts_again_is_no_freeze() -> None:
    still = Stillness("it")
    still.check(b"same", 100.0)
    still.check(b"same", 1.0)
    still.check(b"same", 2.0)
    with pytest.raises(ValueError, match="it shows the same picture"):
        still.check(b"same", 3.5)
