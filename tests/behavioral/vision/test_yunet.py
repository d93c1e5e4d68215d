"""The YuNet adapter on a real ONNX network of the same outputs that a test builds: it takes bright patches for faces.

The true model is not shipped and was not run here; its outputs' names, shapes and decoding are those of OpenCV's `FaceDetectorYN`.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from behavioral.vision.engines.contract import Frame, focal_px
from behavioral.vision.engines.head_model import (
    LEFT_EYE_M,
    LEFT_MOUTH_M,
    NOSE_TIP_M,
    RIGHT_EYE_M,
    RIGHT_MOUTH_M,
    rotation_of,
)
from behavioral.vision.engines.yunet import YuNetEngine

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")
onnx = pytest.importorskip("onnx", reason="onnx is not installed; mend: pip install onnx")

WIDTH, HEIGHT = 320, 224
FOCAL = focal_px(WIDTH, 60.0)
POINTS = np.array([RIGHT_EYE_M, LEFT_EYE_M, NOSE_TIP_M, RIGHT_MOUTH_M, LEFT_MOUTH_M])
CELL = (20, 14)
"""Column and row of the bright cell of stride 8: at the middle of the picture."""


def network(path: Path, angles: tuple[float, float, float], away_m: float) -> Path:
    """Write a network that says, at each bright 8x8 patch, a box of 64 pixels with the points of a head at those angles."""
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    nodes, weights, outputs = [], [], []
    seen = POINTS @ rotation_of(*angles).T
    pixels = FOCAL * seen[:, :2] * [1, -1] / (away_m - seen[:, 2:])
    kps = (pixels + np.array([WIDTH / 2, HEIGHT / 2]) - np.array(CELL) * 8) / 8
    constants = {"bbox": np.array([0.5, 0.5, math.log(8), math.log(8)]), "kps": kps.reshape(-1)}
    for stride in (8, 16, 32):
        nodes.append(
            helper.make_node("AveragePool", ["input"], [f"p{stride}"], kernel_shape=[stride] * 2, strides=[stride] * 2)
        )
        for name in ("cls", "obj", "bbox", "kps"):
            bright = name in ("cls", "obj")
            count = 1 if bright else len(constants[name])
            weight = np.full((count, 3, 1, 1), 0.1 if bright and stride == 8 else 0.0, np.float32)
            bias = np.full(count, -60.0, np.float32) if bright else constants[name].astype(np.float32)
            key = f"{name}_{stride}"
            weights += [numpy_helper.from_array(weight, f"w_{key}"), numpy_helper.from_array(bias, f"b_{key}")]
            weights.append(numpy_helper.from_array(np.array([1, -1, count], np.int64), f"s_{key}"))
            nodes.append(helper.make_node("Conv", [f"p{stride}", f"w_{key}", f"b_{key}"], [f"c_{key}"]))
            last = f"c_{key}"
            if bright:
                nodes.append(helper.make_node("Sigmoid", [last], [f"a_{key}"]))
                last = f"a_{key}"
            nodes.append(helper.make_node("Transpose", [last], [f"t_{key}"], perm=[0, 2, 3, 1]))
            nodes.append(helper.make_node("Reshape", [f"t_{key}", f"s_{key}"], [key]))
    for name, count in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
        for stride in (8, 16, 32):
            cells = (WIDTH // stride) * (HEIGHT // stride)
            outputs.append(helper.make_tensor_value_info(f"{name}_{stride}", onnx.TensorProto.FLOAT, [1, cells, count]))
    given = helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, [1, 3, HEIGHT, WIDTH])
    graph = helper.make_graph(nodes, "bright", [given], outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=7)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return path


def frame(*cells: tuple[int, int], zoom: int = 1) -> Frame:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for column, row in cells:
        picture[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8] = 255
    picture = np.repeat(np.repeat(picture, zoom, axis=0), zoom, axis=1)
    return Frame(picture, picture[..., 0].copy(), 0.0, focal_px(WIDTH * zoom, 60.0))


@pytest.mark.parametrize("angles", [(0.0, 0.0, 0.0), (0.4, 0.0, 0.0), (-0.3, 0.2, 0.1)])
@pytest.mark.parametrize("zoom", [1, 2])
def test_box_pose_and_distance_of_a_face(tmp_path: Path, angles: tuple[float, float, float], zoom: int) -> None:
    engine = YuNetEngine(cv2, str(network(tmp_path / "net.onnx", angles, 0.8)))
    (face,) = engine.find(frame(CELL, zoom=zoom))
    assert face.confidence > 0.9
    middle = ((CELL[0] + 0.5) * 8 / WIDTH, (CELL[1] + 0.5) * 8 / HEIGHT)
    assert face.box == pytest.approx((middle[0] - 0.1, middle[1] - 32 / HEIGHT, 0.2, 64 / HEIGHT), abs=0.01)
    assert face.head_rad == pytest.approx(angles, abs=0.03)
    assert face.distance_m == pytest.approx(0.8, abs=0.02)
    assert (face.gaze_rad, face.mouth_open, face.eyes_open, face.smile) == (None, None, None, None)


def test_nobody_and_two(tmp_path: Path) -> None:
    engine = YuNetEngine(cv2, str(network(tmp_path / "net.onnx", (0.0, 0.0, 0.0), 0.8)))
    assert engine.find(frame()) == []
    faces = engine.find(frame((8, 14), (32, 14)))
    assert sorted(round(face.box[0], 1) for face in faces) == [0.1, 0.7]
    # At the picture's side the same points are a head turned by as much as the camera's ray.
    left, right = sorted(faces, key=lambda face: face.box[0])
    assert left.head_rad is not None
    assert right.head_rad is not None
    assert left.head_rad[0] == pytest.approx(-right.head_rad[0], abs=0.06)


def test_files_that_are_no_model_are_refused(tmp_path: Path) -> None:
    (tmp_path / "noise.onnx").write_bytes(b"no model at all")
    with pytest.raises(ValueError, match="not a YuNet model"):
        YuNetEngine(cv2, str(tmp_path / "noise.onnx"))
    with pytest.raises(ValueError, match="is not there"):
        YuNetEngine(cv2, str(tmp_path / "missing.onnx"))
