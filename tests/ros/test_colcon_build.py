"""`colcon build` of the Python packages without ROS: what it installs is where `ros2 run` and `ros2 launch` look for it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.ros.workspace import BRIDGE, PYTHON_PACKAGES, SRC, executables

pytestmark = [pytest.mark.slow, pytest.mark.computing, pytest.mark.timeout(600)]


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a clean Python environment."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "AMENT", "COLCON"))
    }
    return subprocess.run(
        command, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, timeout=500, check=False
    )


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that has colcon and nothing of ours; returns its folder of programs."""
    folder = tmp_path_factory.mktemp("colcon")
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / "bin"
    done = run(
        str(programs / "pip"),
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "colcon-common-extensions",
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return programs


@pytest.fixture(scope="module")
def installed(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace's install folder; without attune_msgs, which only ROS can build."""
    work = tmp_path_factory.mktemp("workspace")
    path = os.pathsep.join([str(tools), os.environ["PATH"]])
    done = run(
        str(tools / "colcon"), "--log-base", str(work / "log"), "build", "--base-paths", *(str(SRC / name) for name in PYTHON_PACKAGES),
        "--build-base", str(work / "build"), "--install-base", str(work / "install"),
        cwd=work, PATH=path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(PYTHON_PACKAGES)} packages finished" in done.stdout
    return work / "install"


@pytest.mark.parametrize("name", PYTHON_PACKAGES)
def test_packages_are_in_the_ament_index_with_their_files(installed: Path, name: str) -> None:
    share = installed / name / "share"
    assert (share / "ament_index" / "resource_index" / "packages" / name).is_file()
    assert (share / name / "package.xml").is_file()
    for kind in ("launch", "config", "rviz", "urdf"):
        files = [path for path in (SRC / name / kind).glob("*") if path.is_file()]
        assert all((share / name / kind / path.name).read_bytes() == path.read_bytes() for path in files), kind


def test_the_bridge_s_modules_and_data_are_installed(installed: Path) -> None:
    (place,) = (installed / "attune_bridge" / "lib").glob("python3*/site-packages")
    for path in BRIDGE.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert (place / path.relative_to(BRIDGE.parent)).is_file(), path.name


@pytest.mark.parametrize("executable", sorted(executables("attune_bridge")))
def test_an_installed_node_says_how_it_is_used_even_without_ros(installed: Path, executable: str) -> None:
    program = installed / "attune_bridge" / "lib" / "attune_bridge" / executable
    assert os.access(program, os.X_OK)
    (place,) = (installed / "attune_bridge" / "lib").glob("python3*/site-packages")
    done = run(str(program), "--help", cwd=installed, PYTHONPATH=str(place))
    assert done.returncode == 0, done.stderr
    assert executable in done.stdout


@pytest.mark.parametrize("executable", sorted(executables("attune_bridge")))
def test_what_a_node_lacks_is_one_line_with_the_mend(installed: Path, executable: str) -> None:
    program = installed / "attune_bridge" / "lib" / "attune_bridge" / executable
    (place,) = (installed / "attune_bridge" / "lib").glob("python3*/site-packages")
    done = run(str(program), cwd=installed, PYTHONPATH=str(place))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "pip install attune" in done.stderr


def test_the_environment_is_set_up_by_a_script_that_shells_can_source(installed: Path) -> None:
    assert (installed / "setup.bash").is_file() and (installed / "local_setup.bash").is_file()
    assert sys.version_info >= (3, 11)
