"""`attune motion evaluate` on made archives in the layout of mpi-ebedb, and what it refuses."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from motion import commands
from motion.commands import evaluate
from motion.evaluation import encoder
from motion.evaluation.baselines import procedural
from motion.evaluation.intentions import Intentions
from motion.evaluation.methods import Style
from motion.evaluation.score import Sample
from motion.evaluation.sessions import read_sessions
from runtime.errors import AttuneError
from tests.motion.training.small import small_corpus

RUN = CliRunner()


def archive(path: Path, actors: tuple[str, ...] = ("AnBh", "NoVo"), clips: int = 4, frames: int = 120) -> Path:
    """Made motion of an upright MVN body whose joints sway, in the layout of mpi-ebedb."""
    joints = [
        "Hips", "Chest", "Chest2", "Chest3", "Chest4", "Neck", "Head", "RightCollar", "RightShoulder", "RightElbow", "RightWrist",
        "LeftCollar", "LeftShoulder", "LeftElbow", "LeftWrist", "RightHip", "RightKnee", "RightAnkle", "RightToe", "LeftHip",
        "LeftKnee", "LeftAnkle", "LeftToe",
    ]  # fmt: skip
    parents = [-1, 0, 1, 2, 3, 4, 5, 4, 7, 8, 9, 4, 11, 12, 13, 0, 15, 16, 17, 0, 19, 20, 21]
    side = [(-3, 10, 0), (-13, 0, 0), (0, -30, 0), (0, -24, 0)]
    leg = [(-8, 0, 0), (0, -41, 0), (0, -40, 0), (0, -5, 11)]
    offsets = [(0, 0, 0), *[(0, 10, 0)] * 4, (0, 14, 0), (0, 9, 0), *side, *[(-x, y, z) for x, y, z in side], *leg,
               *[(-x, y, z) for x, y, z in leg]]  # fmt: skip
    names = [f"{who}_0708_ftf_tale{n % 2}_t3-001_{n}_0_4000_4000_Joy.bvh" for who in actors for n in range(clips)]
    rng = np.random.default_rng(0)
    t = np.arange(frames) / 30.0
    quats = []
    for _ in names:
        angle = sum(
            rng.normal(0, 0.1, (23, 3)) * np.sin(2 * np.pi * hz * t[:, None, None] + rng.uniform(0, 6, (23, 3)))
            for hz in (0.2, 0.7, 1.9)
        )
        q = np.concatenate([0.5 * np.asarray(angle), np.ones((frames, 23, 1))], axis=-1)
        quats.append(q / np.linalg.norm(q, axis=-1, keepdims=True))
    np.savez(
        path,
        quat_xyzw=np.concatenate(quats).astype(np.float16),
        root_cm=np.tile(np.array([0.0, 95.0, 0.0], np.float32), (frames * len(names), 1)),
        offsets_cm=np.tile(np.array(offsets, np.float32), (len(names), 1, 1)),
        start=np.arange(len(names) + 1) * frames,
        joints=np.array(joints),
        parents=np.array(parents),
        name=np.array(names),
    )
    return path


class Projection:
    """An encoder as good as any for what is tested here: fixed directions of the windows."""

    name, sha256, window_frames = "projection", "0" * 64, 60

    def encode(self, windows: np.ndarray) -> np.ndarray:
        flat = windows.reshape(len(windows), -1).astype(np.float64)
        directions = np.random.default_rng(0).normal(size=(flat.shape[1], 16)) / np.sqrt(flat.shape[1])
        return flat @ directions


@pytest.fixture(autouse=True)
def with_an_encoder_and_no_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encoder, "shipped", Projection)
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ATTUNE_DATA", raising=False)


def test_retrieval_plays_an_hour_of_the_data_that_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[float] = []

    def build(folder: Path, root: Path, speak: object, *, minutes: float, gesture_minutes: float) -> None:
        made.append(minutes + gesture_minutes)
        if root.name == "broken":
            raise ValueError("broken/mpi.npz is missing")
        small_corpus(folder)

    monkeypatch.setattr(evaluate, "build", build)
    assert evaluate.played_back(None, None) is None
    assert "no retrieval row: it needs --corpus" in capsys.readouterr().err
    assert evaluate.played_back(None, tmp_path / "broken") is None
    assert "no retrieval row: broken/mpi.npz is missing" in capsys.readouterr().err
    first, again = (evaluate.played_back(None, tmp_path) for _ in range(2))
    assert first is not None and again is not None and len(first.entries) == len(again.entries) > 0
    assert made == [60.0, 60.0]


def test_evaluate_gives_every_row_for_motion_it_has_never_seen(speech: Path, tmp_path: Path) -> None:
    arguments = ["evaluate", "--motion", str(archive(tmp_path / "a.npz")), "--speech", str(speech)]
    arguments += ["--requests", "0", "--steps", "1", "--json"]
    first, second = RUN.invoke(commands.app, arguments), RUN.invoke(commands.app, arguments)
    assert first.exit_code == 0, (first.output, first.exception)
    assert first.stdout == second.stdout, "deterministic"
    out = json.loads(first.stdout)
    others = {"procedural", "static", "mismatched_audio", "mismatched_style", "generator@1"}
    assert set(out["methods"]) == {"ground_truth", *others}
    rows = out["methods"]
    assert rows["ground_truth"]["fgd"] < rows["procedural"]["fgd"]
    assert rows["ground_truth"]["beat_beat"] is None and 0 <= rows["procedural"]["beat_beat"] <= 1
    assert rows["static"]["diversity"] < 1e-9 and rows["static"]["ldlj_rel"] is None
    assert len(out["encoder_sha256"]) == 64 and out["between_actors_fgd"] > 0
    table = RUN.invoke(commands.app, arguments[:-1]).stdout
    assert "ground_truth" in table and "Coverage" in table


def test_look_shows_every_method(speech: Path, tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")
    look = tmp_path / "look"
    short = procedural([], 0.2, 0)
    rows = {name: [Sample(short)] for name in ("ground_truth", "procedural")}
    evaluate.prepare(look)
    evaluate.show(look, rows, read_sessions(speech))
    assert sorted(path.name for path in look.iterdir()) == [
        f"{name}.{ending}" for name in ("ground_truth", "procedural") for ending in ("mp4", "png")
    ]
    assert cv2.VideoCapture(str(look / "procedural.mp4")).get(cv2.CAP_PROP_FRAME_COUNT) == 6
    if shutil.which("ffmpeg"):
        heard = {path.stem: b"mp4a" in path.read_bytes() for path in look.glob("*.mp4")}
        assert heard == {"ground_truth": False, "procedural": True}, "real motion has no sound of its own"


def test_evaluate_asks_for_gestures_and_tells_what_became_of_them(
    speech: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def measured(body: object, sessions: object, known: object, **asked_for: Any) -> Intentions:
        asked.append(asked_for["repeats"])
        return Intentions(0.9, (80.0, 200.0), (20.0, 60.0), (0.1, 0.5), 1.2, 1.0, float("nan"), 51, {}, {})

    monkeypatch.setattr(evaluate, "measure", measured)
    arguments = ["evaluate", "--motion", str(archive(tmp_path / "a.npz")), "--speech", str(speech), "--requests", "1"]
    arguments += ["--steps", "1"]
    out = json.loads(RUN.invoke(commands.app, [*arguments, "--json"]).stdout)
    assert out["methods"]["procedural"]["intention_accuracy"] == 0.9 and asked == [1, 1]
    assert out["methods"]["generator@1"]["intention_accuracy"] == 0.9
    assert out["methods"]["procedural"]["onset_delay_ms"] == 80.0
    assert "procedural, 51 requests: 90.0% recognised" in RUN.invoke(commands.app, arguments).stdout


@pytest.mark.slow
@pytest.mark.computing
def test_the_network_has_a_row_for_each_number_of_evaluations(speech: Path, tmp_path: Path, small_export: Path) -> None:
    arguments = ["evaluate", "--motion", str(archive(tmp_path / "a.npz")), "--speech", str(speech), "--requests", "0"]
    arguments += ["--model", str(small_export), "--steps", "2", "--steps", "1", "--json"]
    done = RUN.invoke(commands.app, arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    methods = json.loads(done.stdout)["methods"]
    assert {"generator@2", "generator@1", "mismatched_style"} <= set(methods)
    assert methods["generator@2"]["boundary_jerk_ratio"] > 0 and methods["generator@1"]["fgd"] > 0


def test_only_the_body_and_quick_networks_are_asked_for_gestures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "measure", lambda *arguments, **named: named)
    slow_and_quick = dict.fromkeys((50, 10, 1))
    assert list(evaluate.answers(slow_and_quick, [Style("A")], [], 1, 0)) == [
        "procedural",
        "generator@10",
        "generator@1",
    ]


def test_evaluate_says_in_one_sentence_what_is_wrong(
    speech: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = archive(tmp_path / "a.npz")
    short = archive(tmp_path / "b.npz", frames=40)
    single = archive(tmp_path / "c.npz", actors=("AnBh",), clips=1)
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.npz").write_text("no")
    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path / "empty"))
    for motion, folder, says in (
        (tmp_path / "none.npz", speech, "is no file"),
        (tmp_path / "text.npz", speech, "text.npz"),
        (short, speech, "no clip holds a window"),
        (single, speech, "at least two takes"),
        (good, tmp_path / "empty", "0 sound files"),
        (None, speech, "mpi_ebedb_30fps.npz is missing"),
        (good, speech, "is no corpus"),
    ):
        arguments = ["evaluate", "--speech", str(folder), *(["--motion", str(motion)] if motion else [])]
        arguments += ["--corpus", str(tmp_path / "empty")] if says == "is no corpus" else []
        done = RUN.invoke(commands.app, arguments)
        assert isinstance(done.exception, AttuneError) and says in str(done.exception), (says, done.exception)
    done = RUN.invoke(commands.app, ["evaluate", "--look", str(tmp_path / "text.npz")])
    assert isinstance(done.exception, AttuneError) and "cannot be made" in str(done.exception)
    monkeypatch.delenv("ATTUNE_DATA")
    done = RUN.invoke(commands.app, ["evaluate"])
    assert "ATTUNE_DATA names no folder" in str(done.exception)
