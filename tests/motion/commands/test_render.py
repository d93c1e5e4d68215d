"""`attune motion render`: sheets and videos of clips in every readable format, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from motion import commands
from motion.clip import Clip
from motion.evaluation.baselines import procedural
from motion.formats import bvh, npz, vrma
from runtime.errors import AttuneError

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")
RUN = CliRunner()


@pytest.fixture(scope="module")
def clip() -> Clip:
    return procedural([], 0.5, 0)


@pytest.mark.parametrize(("name", "write"), [("a.bvh", bvh.write), ("a.npz", npz.write), ("a.vrma", vrma.write)])
def test_a_sheet_of_every_format(clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, write) -> None:
    write(tmp_path / name, clip)
    monkeypatch.chdir(tmp_path)
    done = RUN.invoke(commands.app, ["render", name, "--moments", "3"])
    assert done.exit_code == 0 and "a.png: 3 moments of 0.5 s" in done.stdout, done.output
    picture = cv2.imread(str(tmp_path / "a.png"))
    assert picture.shape == (2 * 270, 3 * 240, 3), "a row a view, a column a moment"
    assert picture.std() > 10


def test_a_long_sheet_wraps(clip: Clip, tmp_path: Path) -> None:
    npz.write(tmp_path / "a.npz", clip)
    arguments = [
        "render",
        str(tmp_path / "a.npz"),
        "--out",
        str(tmp_path / "s.png"),
        "--moments",
        "10",
        "--view",
        "side",
    ]
    assert RUN.invoke(commands.app, arguments).exit_code == 0
    picture = cv2.imread(str(tmp_path / "s.png"))
    assert picture.shape == (2 * 270, 8 * 240, 3)
    assert (picture[280:, 2 * 240 :] == 255).all() and not (picture[280:, : 2 * 240] == 255).all()


def test_a_video_has_a_panel_a_view(clip: Clip, tmp_path: Path) -> None:
    npz.write(tmp_path / "a.npz", clip)
    arguments = [
        "render",
        str(tmp_path / "a.npz"),
        "--out",
        str(tmp_path / "v.mp4"),
        "--view",
        "front",
        "--view",
        "side",
    ]
    done = RUN.invoke(commands.app, arguments)
    assert done.exit_code == 0 and "15 frames, 960 x 540" in done.stdout, done.output
    assert cv2.VideoCapture(str(tmp_path / "v.mp4")).get(cv2.CAP_PROP_FRAME_COUNT) == 15


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.npz"], "none.npz cannot be read"),
        (["a.fbx"], "a.fbx must end in .bvh, .npz or .vrma"),
        (["text.npz"], "not an NPZ file"),
        (["text.bvh"], "text.bvh, line 1"),
        (["text.vrma"], "text.vrma"),
        (["a.npz", "--out", "a.gif"], "must end in .png or .mp4"),
        (["a.npz", "--out", "none/a.png"], "none is no folder"),
        (["a.npz", "--audio", "a.wav"], "--audio a.wav has no place in a picture"),
        (["a.npz", "--out", "a.mp4", "--audio", "a.wav"], "a.wav cannot be read as sound"),
        (["a.npz", "--moments", "0"], "--moments is 0"),
        (["a.npz", "--moments", "1000"], "1000 moments"),
        (["broken.npz"], "not finite"),
    ],
)
def test_render_says_in_one_sentence_what_is_wrong(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    npz.write("a.npz", clip)
    npz.write("broken.npz", Clip(clip.fps, clip.rotations, np.full_like(clip.hips_m, np.nan), clip.hands))
    for name in ("text.npz", "text.bvh", "text.vrma"):
        Path(name).write_text("no")
    done = RUN.invoke(commands.app, ["render", *arguments])
    assert isinstance(done.exception, AttuneError) and says in str(done.exception), done.exception
