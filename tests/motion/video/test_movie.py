"""Videos are what was asked for: frames, size, sound, the right moment, and one sentence where that cannot be."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS
from motion.video import movie
from motion.video.movie import Panel, still, write_video
from runtime.errors import AttuneError

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")
SMALL = (160, 180)


def raising_an_arm(duration_s: float = 2.0, fps: float = 30.0, side: str = "right") -> Clip:
    frames = round(duration_s * fps)
    turns = np.repeat(NEUTRAL_ROTATIONS[None].astype(float), frames, axis=0)
    sign = 1.0 if side == "left" else -1.0
    row = INDEX[f"{side}UpperArm"]
    lift = np.linspace(0.0, sign * 2.4, frames)[:, None] * np.array([0.0, 0.0, 1.0])
    turns[:, row] = rot.multiply(rot.exp(lift), turns[:, row])
    return Clip(fps, turns.astype(np.float32), np.zeros((frames, 3), np.float32), np.zeros((frames, 2, 6), np.float32))


def frames_of(path: Path) -> list[Any]:
    reader, out = cv2.VideoCapture(str(path)), []
    while (got := reader.read())[0]:
        out.append(got[1])
    return out


def streams_of(path: Path) -> list[dict[str, Any]]:
    if not shutil.which("ffprobe"):
        pytest.skip("no ffmpeg: apt-get install ffmpeg")
    command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=20)
    found: list[dict[str, Any]] = json.loads(done.stdout)["streams"]
    return found


def test_two_seconds_side_by_side_have_their_frames_and_size(tmp_path: Path) -> None:
    panels = [Panel("front", raising_an_arm()), Panel("from the left", raising_an_arm(1.0), movie.SIDE_RAD)]
    done = write_video(panels, tmp_path / "a.mp4", size=SMALL)
    pictures = frames_of(tmp_path / "a.mp4")
    assert len(pictures) == done.frames == 60
    assert pictures[0].shape == (180, 320, 3) and (done.width, done.height) == (320, 180)
    assert not done.sound and not done.note, "nothing is missing where no sound was given"
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"], "nothing is left beside it"
    right = [picture[:, 160:].astype(int) for picture in (pictures[35], pictures[58])]
    left = [picture[:, :160].astype(int) for picture in (pictures[35], pictures[58])]
    assert np.abs(left[0] - left[1]).max() > 60, "the longer clip still moves"
    assert (np.abs(right[0] - right[1]).max(axis=2)[:160] < 40).all(), "the shorter one holds its last pose"


def test_sound_goes_along_with_ffmpeg(tmp_path: Path) -> None:
    tone = 0.4 * np.sin(2 * np.pi * 220 * np.arange(5 * 16_000) / 16_000).astype(np.float32)
    if not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg: apt-get install ffmpeg")
    done = write_video([Panel("", raising_an_arm())], tmp_path / "a.mp4", tone, size=SMALL)
    assert done.sound and not done.note and done.height == 180 + movie.STRIP
    video, sound = sorted(streams_of(tmp_path / "a.mp4"), key=lambda stream: str(stream["codec_type"]), reverse=True)
    assert video["codec_name"] == "h264" and video["pix_fmt"] == "yuv420p" and int(video["nb_frames"]) == 60
    assert sound["codec_name"] == "aac" and float(sound["duration"]) == pytest.approx(2.0, abs=0.1), "cut to the motion"
    assert len(frames_of(tmp_path / "a.mp4")) == 60


def test_without_ffmpeg_the_video_is_silent_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movie.shutil, "which", lambda name: None)
    sound = np.zeros(32_000, np.float32)
    done = write_video([Panel("front", raising_an_arm())], tmp_path / "a.mp4", sound, size=SMALL)
    assert not done.sound and "apt-get install ffmpeg" in done.note
    assert len(frames_of(tmp_path / "a.mp4")) == 60
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_a_clip_of_another_rate_is_shown_in_its_own_time(tmp_path: Path) -> None:
    fast, slow = raising_an_arm(2.0, 60.0), raising_an_arm(2.0, 30.0)
    for t_s in (0.5, 1.5):
        a, b = still([Panel("", fast)], t_s, SMALL), still([Panel("", slow)], t_s, SMALL)
        assert np.abs(a.astype(int) - b.astype(int)).mean() < 1.5
    first, last = (still([Panel("", slow)], t_s, SMALL).astype(int) for t_s in (0.0, 1.9))
    assert np.abs(first - last).mean() > 3.0


def test_the_camera_sees_the_agents_right_arm_at_the_left_and_goes_round_to_its_left() -> None:
    def changed(side: str, yaw_rad: float) -> Any:
        """Where a raised arm makes a difference."""
        clip = raising_an_arm(side=side)
        before, after = (still([Panel("", clip, yaw_rad)], t_s, SMALL)[:160].astype(int) for t_s in (0.0, 1.5))
        return np.abs(before - after).max(axis=2)[:, 0:160] > 40

    front, back = changed("right", 0.0), changed("right", np.pi)
    assert front[:, :60].sum() > max(100, 5 * front[:, 100:].sum())
    assert back[:, 100:].sum() > max(100, 5 * back[:, :60].sum())
    near, far = changed("left", movie.SIDE_RAD), changed("right", movie.SIDE_RAD)
    assert near.sum() > 1.5 * far.sum(), "from its left the trunk hides some of its right arm"


def test_equal_motion_gives_equal_pictures() -> None:
    clip = raising_an_arm(0.2)
    assert np.array_equal(still([Panel("a", clip)], 0.1, SMALL), still([Panel("a", clip)], 0.1, SMALL))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"panels": []}, "0 panels"),
        ({"fps": 0.0}, "fps is 0"),
        ({"size": (161, 180)}, "must be even"),
        ({"audio": np.zeros((2, 9), np.float32)}, "audio has shape"),
    ],
)
def test_what_cannot_be_shown_is_named(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    arguments = {"panels": [Panel("front", raising_an_arm(0.2))], "path": tmp_path / "a.mp4", "size": SMALL, **change}
    with pytest.raises(ValueError, match=says):
        write_video(**arguments)
    assert not list(tmp_path.iterdir())


def test_motion_that_is_not_finite_is_named_by_its_panel(tmp_path: Path) -> None:
    clip = raising_an_arm(0.2)
    clip.hips_m[2, 1] = np.nan
    with pytest.raises(ValueError, match="'broken' holds a number that is not finite"):
        write_video([Panel("broken", clip)], tmp_path / "a.mp4", size=SMALL)


@pytest.mark.parametrize("ffmpeg", [True, False])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, ffmpeg: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movie.shutil, "which", lambda name: "/bin/true" if ffmpeg else None)
    with pytest.raises(AttuneError, match=r"no/such/a\.mp4 cannot be written"):
        write_video([Panel("front", raising_an_arm(0.2))], tmp_path / "no/such/a.mp4", size=SMALL)


def test_an_ffmpeg_that_fails_leaves_nothing_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho 'Unknown encoder libx264' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(movie.shutil, "which", lambda name: str(program))
    (tmp_path / "a.mp4").write_text("old")
    with pytest.raises(AttuneError, match=r"a\.mp4: ffmpeg could not write it \(Unknown encoder libx264\)"):
        write_video([Panel("front", raising_an_arm(0.5))], tmp_path / "a.mp4", size=SMALL)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "ffmpeg"]
    assert (tmp_path / "a.mp4").read_text() == "old"


def test_without_opencv_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(AttuneError, match=r"needs OpenCV, the vision extra.*attune\[vision\]"):
        write_video([Panel("front", raising_an_arm(0.2))], tmp_path / "a.mp4", size=SMALL)
