"""`attune motion generate`: files that others read, the same for the same seed, and one sentence for what is wrong."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from motion import commands
from motion.commands import generate
from motion.commands.clip_files import read_clip
from motion.commands.intentions import parse
from motion.evaluation.baselines import Intended
from motion.formats import bvh_source, npz
from motion.kinematics import positions
from motion.retarget.solve import retarget
from motion.retarget.tables import WRITABLE, find
from motion.skeleton import INDEX
from runtime.errors import AttuneError

RUN = CliRunner()


@pytest.fixture(autouse=True)
def without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests say of the procedural body holds whether or not a network is shipped."""
    monkeypatch.setattr(generate, "is_shipped", lambda: False)


def test_generate_writes_what_other_programs_read(speech: Path, tmp_path: Path) -> None:
    clips = {}
    for name, note in (("m.bvh", "(without fingers"), ("m.npz", ""), ("m.vrma", "")):
        out = tmp_path / name
        done = RUN.invoke(commands.app, ["generate", "--agent-audio", str(speech / "0.wav"), "--out", str(out)])
        assert done.exit_code == 0 and "180 frames, 6.0 s, procedural body" in done.stdout and note in done.stdout
        clips[name] = read_clip(out)
    whole = clips["m.npz"]
    assert {len(clip) for clip in clips.values()} == {180}
    assert np.ptp(whole.rotations, axis=0).max() > 0.1, "it moves"
    wanted = positions(whole.rotations, whole.hips_m)
    for clip in clips.values():
        assert np.abs(positions(clip.rotations, clip.hips_m) - wanted).max() < 2e-4, "metres"
    assert np.abs(clips["m.vrma"].hands[..., :5] - whole.hands[..., :5]).max() < 0.05
    assert not clips["m.bvh"].hands.any()


@pytest.mark.parametrize("family", sorted(WRITABLE))
def test_a_bvh_with_the_joint_names_of_a_family_is_read_as_one_of_theirs(
    family: str, speech: Path, tmp_path: Path
) -> None:
    out, ours = tmp_path / "m.bvh", tmp_path / "m.npz"
    arguments = ["generate", "--agent-audio", str(speech / "0.wav"), "--out"]
    assert RUN.invoke(commands.app, [*arguments, str(out), "--skeleton", family]).exit_code == 0
    assert RUN.invoke(commands.app, [*arguments, str(ours)]).exit_code == 0
    source = bvh_source.read(out)
    assert find(source.joints).name == family
    there, here = retarget(source), npz.read(ours)
    arms = [row for name, row in INDEX.items() if name.endswith(("LowerArm", "Hand", "head"))]
    # Retargeting puts a person's middle over the origin.
    a, b = (positions(clip.rotations, 0.0 * clip.hips_m)[:, arms] for clip in (there, here))
    assert np.abs(a - b).max() < 0.005, "metres"


def test_a_skeleton_that_is_none_or_has_no_place_is_refused(speech: Path, tmp_path: Path) -> None:
    arguments = ["generate", "--agent-audio", str(speech / "0.wav"), "--skeleton"]
    unknown = RUN.invoke(commands.app, [*arguments, "daz", "--out", str(tmp_path / "m.bvh")])
    assert "--skeleton daz is none of vrm" in str(unknown.exception)
    other = RUN.invoke(commands.app, [*arguments, "vrm", "--out", str(tmp_path / "m.npz")])
    assert "is for a .bvh file" in str(other.exception)


def test_generate_makes_a_video_with_the_agents_voice(speech: Path, tmp_path: Path) -> None:
    pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")
    recording = tmp_path / "a.wav"
    soundfile.write(recording, soundfile.read(speech / "0.wav")[0][:16_000], 16_000)
    out = tmp_path / "m.mp4"
    done = RUN.invoke(commands.app, ["generate", "--agent-audio", str(recording), "--out", str(out)])
    assert done.exit_code == 0 and "30 frames, 1.0 s" in done.stdout, done.output
    assert b"ftyp" in out.read_bytes()[:16]
    assert (b"mp4a" in out.read_bytes()) == (shutil.which("ffmpeg") is not None)


def test_generate_is_the_same_for_the_same_seed_and_an_intention_changes_it(speech: Path, tmp_path: Path) -> None:
    def clip(name: str, *more: str) -> np.ndarray:
        out = tmp_path / f"{name}.npz"
        done = RUN.invoke(commands.app, ["generate", "--agent-audio", str(speech / "0.wav"), "--out", str(out), *more])
        assert done.exit_code == 0, done.output
        return npz.read(out).rotations

    plain, again, other, waving = (
        clip("a"),
        clip("b"),
        clip("c", "--seed", "1"),
        clip("d", "--intend", "wave right@3.0"),
    )
    assert np.array_equal(plain, again) and not np.array_equal(plain, other)
    assert np.allclose(plain[:85], waving[:85], atol=1e-5) and np.abs(plain[100:140] - waving[100:140]).max() > 0.3


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("wave@2.0", Intended("wave", 2.0)),
        ("wave left@4.5:stroke", Intended("wave", 4.5, True, 1.0)),
        ("could you wave with your left hand@2", Intended("wave", 2.0, False, 1.0)),
        (" calm down right @ 3 ", Intended("calm down", 3.0, False, -1.0)),
    ],
)
def test_intentions_are_read(text: str, wanted: Intended) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize("text", ["wave", "wave@", "@2", "wave@-1", "wave@2:hold", "wave@1e3"])
def test_odd_intentions_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not of the form"):
        parse(text)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--out", "m.fbx"], "--out m.fbx must end in .bvh, .npz, .vrma or .mp4"),
        (["--agent-audio", "none.wav"], "none.wav cannot be read"),
        (["--intend", "levitate@1"], "unknown gesture"),
        (["--intend", "wave@99"], "outside the clip"),
        (["--out", "no/such/folder/m.npz"], "cannot be written: no/such/folder is no folder"),
        (["--out", "."], "must end in"),
        (["--steps", "4"], "--steps is for the learned body"),
        (["--style", "AnBh/joy"], "--style is for the learned body"),
        (["--user-audio", "u.wav"], "--user-audio is for the learned body"),
        (["--body", "learned"], "take --body procedural"),
        (["--body", "learned", "--steps", "0"], "--steps is 0"),
        (["--body", "learned", "--style", "a b"], "is not of the form actor"),
    ],
)
def test_generate_says_in_one_sentence_what_is_wrong(speech: Path, tmp_path: Path, more: list[str], says: str) -> None:
    arguments = ["generate", "--agent-audio", str(speech / "0.wav"), "--out", str(tmp_path / "m.npz"), *more]
    done = RUN.invoke(commands.app, arguments)
    assert isinstance(done.exception, AttuneError) and says in str(done.exception)


def test_without_opencv_a_video_is_refused_before_the_work(
    speech: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    monkeypatch.setattr(generate, "read_speech", lambda path: pytest.fail("the work has begun"))
    arguments = ["generate", "--agent-audio", str(speech / "0.wav"), "--out", str(tmp_path / "m.mp4")]
    done = RUN.invoke(commands.app, arguments)
    assert isinstance(done.exception, AttuneError) and "attune[vision]" in str(done.exception)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("", ("", "")), ("AnBh", ("AnBh", "")), ("AnBh/joy", ("AnBh", "joy")), ("/sadness", ("", "sadness"))],
)
def test_styles_are_read(text: str, wanted: tuple[str, str]) -> None:
    assert generate.parse_style(text) == wanted


def test_a_network_moves_the_body(speech: Path, tmp_path: Path, small_export: Path) -> None:
    short = tmp_path / "u.wav"
    soundfile.write(short, 0.5 * np.ones(8_000), 16_000)
    arguments = ["generate", "--agent-audio", str(speech / "0.wav"), "--model", str(small_export), "--seed", "7"]
    plain = RUN.invoke(commands.app, [*arguments, "--out", str(tmp_path / "m.npz")])
    assert plain.exit_code == 0 and "learned body" in plain.stdout, plain.output
    arguments += ["--user-audio", str(short), "--steps", "1", "--style", "ann/joy", "--intend", "wave left@2:stroke"]
    asked = RUN.invoke(commands.app, [*arguments, "--out", str(tmp_path / "n.npz")])
    assert asked.exit_code == 0, asked.output
    one, two = npz.read(tmp_path / "m.npz"), npz.read(tmp_path / "n.npz")
    assert len(one) == len(two) == 180
    assert not np.allclose(one.rotations, two.rotations)


def test_a_style_that_the_network_does_not_know_is_refused(speech: Path, tmp_path: Path, small_export: Path) -> None:
    arguments = ["generate", "--agent-audio", str(speech / "0.wav"), "--model", str(small_export), "--style", "zoe"]
    done = RUN.invoke(commands.app, [*arguments, "--out", str(tmp_path / "m.npz")])
    assert isinstance(done.exception, AttuneError) and "'zoe' is none of ann, bob" in str(done.exception)
