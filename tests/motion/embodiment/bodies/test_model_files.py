"""Models are found where they are, pulled only when asked, and refused where they are not what was meant."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from behavioral.commands.sim import pull_model
from motion.embodiment.bodies import mapping, model_files
from motion.embodiment.bodies.mapping import Mapping
from runtime.errors import AttuneError
from tests.motion.embodiment import toy_robot

FOLDER = "toy_robots/models/toy"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("MENAGERIE_ROOT", raising=False)


def wheel(folder: Path, **files: str) -> Path:
    """Write a package with a model, and more files."""
    path = folder / "toy_robots-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{FOLDER}/toy.xml", toy_robot.MJCF)
        archive.writestr(f"{FOLDER}/assets/a.stl", "mesh")
        archive.writestr("toy_robots/__init__.py", "raise SystemExit('it was run')")
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def toy(tmp_path: Path, sha256: str, **source: Any) -> Mapping:
    carried = {
        "package": "toy-robots", "version": "1.0", "sha256": sha256, "folder": FOLDER, "file": "toy.xml",
        "licence": "MIT", "credit": "nobody",
    }  # fmt: skip
    return mapping.read(toy_robot.write(tmp_path, {"model": {"wheel": carried, **source}}))


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """Let pip give the toy's wheel; the commands that it was given."""
    asked: list[list[str]] = []
    given = wheel(tmp_path)

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        into = Path(command[command.index("--dest") + 1])
        (into / given.name).write_bytes(given.read_bytes())
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(model_files.subprocess, "run", run)
    return asked


def digest(tmp_path: Path) -> str:
    return hashlib.sha256((tmp_path / "toy_robots-1.0-py3-none-any.whl").read_bytes()).hexdigest()


def test_a_model_that_is_not_here_is_not_fetched_but_the_way_to_it_is_said(
    tmp_path: Path, pip: list[list[str]]
) -> None:
    robot = toy(tmp_path, digest(tmp_path), menagerie="unitree_g1")
    with pytest.raises(AttuneError, match=r"body toy: its model is not here.*MENAGERIE_ROOT.*pull"):
        model_files.locate(robot, tmp_path / "toy.yaml")
    assert not pip


def test_pulled_once_it_is_there(tmp_path: Path, pip: list[list[str]]) -> None:
    robot = toy(tmp_path, digest(tmp_path))
    file = model_files.pull(robot)
    assert file.read_text() == toy_robot.MJCF
    assert (file.parent / "assets" / "a.stl").is_file()
    assert not list((tmp_path / "cache").rglob("__init__.py")), "only the model's folder is unpacked"
    assert model_files.locate(robot, tmp_path / "toy.yaml") == file == model_files.pull(robot)
    assert len(pip) == 1
    assert pip[0][0] == sys.executable and "--no-deps" in pip[0] and pip[0][-1] == "toy-robots==1.0"


def test_the_command_tells_licence_and_place(
    tmp_path: Path, pip: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    toy(tmp_path, digest(tmp_path))
    pull_model(str(tmp_path / "toy.yaml"))
    told = capsys.readouterr().err
    assert "MIT" in told and Path(told.split(" is ")[-1].strip()).is_file()
    with pytest.raises(AttuneError, match="toi"):
        pull_model("toi")


def test_another_file_than_was_meant_is_refused(tmp_path: Path, pip: list[list[str]]) -> None:
    with pytest.raises(AttuneError, match=r"toy-robots 1.0: the wheel has not the SHA-256"):
        model_files.pull(toy(tmp_path, "0" * 64))
    assert not list((tmp_path / "cache").rglob("*.xml"))


def test_a_name_that_leaves_the_folder_is_not_unpacked(tmp_path: Path, pip: list[list[str]]) -> None:
    wheel(tmp_path, **{f"{FOLDER}/../../../evil.txt": "x"})
    file = model_files.pull(toy(tmp_path, digest(tmp_path)))
    assert not list(tmp_path.rglob("evil.txt")) and file.is_file()


def test_what_pip_says_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "ERROR: No matching distribution found")

    monkeypatch.setattr(model_files.subprocess, "run", run)
    with pytest.raises(AttuneError, match="No matching distribution found"):
        model_files.pull(toy(tmp_path, "0" * 64))


def test_a_copy_of_menagerie_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mujoco_menagerie", reason="pip install 'attune[menagerie]'")
    copied = tmp_path / "menagerie" / "booster_t1"
    copied.mkdir(parents=True)
    (copied / "t1.xml").write_text(toy_robot.MJCF)
    monkeypatch.setenv("MENAGERIE_ROOT", str(copied.parent))
    robot = mapping.read(toy_robot.write(tmp_path, {"model": {"menagerie": "booster_t1"}}))
    assert model_files.locate(robot, tmp_path / "toy.yaml") == copied / "t1.xml"
    wrong = msgspec.structs.replace(robot, model=msgspec.structs.replace(robot.model, menagerie="booster_t9"))
    with pytest.raises(AttuneError, match="booster_t9"):
        model_files.locate(wrong, tmp_path / "toy.yaml")


def test_every_shipped_mapping_can_be_read_and_names_its_source() -> None:
    from runtime.launch_files import find_launch_file, launch_names

    for name in launch_names("bodies"):
        robot = mapping.read(find_launch_file("bodies", name))
        assert robot.name == name
        assert robot.model.menagerie or robot.model.wheel
