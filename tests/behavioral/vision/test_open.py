"""Which engine sees: `auto` explains itself, a name is used or refused."""

import sys
from pathlib import Path

import pytest

from behavioral.vision.open import choose_engine, open_eyes
from runtime.offload import InlineOffload
from runtime.settings import VisionSettings

pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "yunet.onnx"
    path.write_bytes(b"x")
    return str(path)


def test_auto_takes_the_best_that_is_set_up_and_says_why(model: str) -> None:
    chosen = [
        choose_engine(VisionSettings()),
        choose_engine(VisionSettings(yunet_model=model)),
        choose_engine(VisionSettings(yunet_model=model, mediapipe_python=sys.executable)),
        choose_engine(VisionSettings(engine="none")),
    ]
    assert [choice.engine for choice in chosen] == ["haar", "yunet", "mediapipe", "none"]
    assert [
        "embedded" in chosen[0].reason,
        "yunet_model" in chosen[1].reason,
        "mediapipe_python" in chosen[2].reason,
    ] == [True] * 3
    assert all(choice.note == "" for choice in chosen)


def test_auto_takes_the_next_best_where_what_was_set_is_not_there_and_health_says_so(tmp_path: Path) -> None:
    settings = VisionSettings(mediapipe_python=str(tmp_path / "python"), yunet_model=str(tmp_path / "y.onnx"))
    choice = choose_engine(settings)
    assert choice.engine == "haar"
    assert "mediapipe_python" in choice.note
    assert "y.onnx is not there" in choice.note
    eyes = open_eyes(settings, lambda name: InlineOffload())
    assert eyes is not None
    assert eyes.note == choice.note


@pytest.mark.parametrize(("engine", "said"), [("mediapipe", "attune doctor"), ("yunet", "face_detection_yunet")])
def test_an_engine_asked_for_by_name_is_refused_with_the_mend(engine: str, said: str) -> None:
    with pytest.raises(RuntimeError, match=said):
        choose_engine(VisionSettings(engine=engine))  # type: ignore[arg-type] # one of its names
