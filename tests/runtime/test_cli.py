"""The command line: only the wanted command is loaded, and every error is one line with its exit status."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import tomllib

from runtime import __version__, cli
from runtime.errors import AttuneError
from runtime.extras import LIBRARIES

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Register commands from modules written to a folder; each says on loading that it was loaded."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("ATTUNE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("ATTUNE_DEBUG", raising=False)
    modules = {
        "greets": "def command(name: str, loud: bool = False) -> None:\n    print('HI' if loud else 'hi', name)\n",
        "missing_extra": "import soxr_is_absent_here\n",
        "lacks_library": "import cv2x\ndef command() -> None: ...\n",
        "bad_input": (
            "from runtime.errors import AttuneError\n"
            "def command() -> None:\n    raise AttuneError('the file\\nis empty', 'fill it')\n"
        ),
        "breaks": "def command() -> None:\n    raise ZeroDivisionError('secret words')\n",
        "interrupted": "def command() -> None:\n    raise KeyboardInterrupt\n",
        "no_command": "command = 7\n",
        "group": (
            "import typer\ncommand = typer.Typer()\n@command.command()\ndef one() -> None:\n    print('one')\n"
            "@command.command()\ndef two() -> None:\n    raise typer.Exit(3)\n"
        ),
    }
    points = []
    for name, body in modules.items():
        (tmp_path / f"plug_{name}.py").write_text(f'"""The line of {name}.\n\nMore."""\nprint("loaded {name}")\n{body}')
        points.append(EntryPoint(name.replace("_", "-"), f"plug_{name}:command", cli.GROUP))
    points.append(EntryPoint("gone", "plug_gone.deeper:command", cli.GROUP))
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: points if group == cli.GROUP else [])
    yield tmp_path
    for name in modules:
        sys.modules.pop(f"plug_{name}", None)


def test_version_and_help_load_no_command(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert f"attune {__version__}" in shown
    assert "The line of greets." in shown
    assert "(not installed)" in shown  # of the command whose module is gone
    assert "loaded" not in shown


def test_a_line_of_help_does_not_repeat_the_command(plugins: Path) -> None:
    (plugins / "plug_greets.py").write_text('"""`attune greets NAME`: say hello: twice."""\n')
    assert cli.first_line("plug_greets") == "Say hello: twice."
    assert cli.first_line("plug_absent.deeper") == ""


def test_a_command_runs_and_loads_no_other(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["greets", "Ada", "--loud"]) == 0
    assert capsys.readouterr().out == "loaded greets\nHI Ada\n"


def test_a_group_keeps_its_sub_commands_and_their_exit_status(
    plugins: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["group", "one"]) == 0
    assert capsys.readouterr().out.endswith("one\n")
    assert cli.main(["group", "two"]) == 3


@pytest.mark.parametrize("arguments", [["nonsense"], ["greets"], ["greets", "Ada", "--nix"], ["--nix"]])
def test_wrong_usage_is_status_2(plugins: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert "Usage: attune" in capsys.readouterr().err


def test_bad_input_is_one_line_without_traceback(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bad-input"]) == 2
    assert capsys.readouterr().err == "the file is empty. fill it\n"


def test_an_absent_command_module_says_so(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["gone"]) == 2
    assert capsys.readouterr().err == "attune gone is registered but plug_gone is not installed. install attune again\n"


def test_a_missing_library_of_an_extra_is_one_line(
    plugins: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    (plugins / "plug_lacks_library.py").write_text("import cv2\n")
    assert cli.main(["lacks-library"]) == 2
    assert capsys.readouterr().err == "attune lacks-library needs the vision extra: pip install 'attune[vision]'\n"


def test_an_unexpected_error_names_the_file_with_its_traceback(
    plugins: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["breaks"]) == 1
    line = capsys.readouterr().err
    assert line.startswith("attune breaks: unexpected ZeroDivisionError; the traceback is in ")
    assert "secret words" not in line
    (kept,) = (plugins / "state" / "errors").iterdir()
    assert line.strip().endswith(str(kept))
    assert "secret words" in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


def test_an_unexpected_error_survives_a_state_folder_that_cannot_be_written(
    plugins: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (plugins / "file").write_text("")
    monkeypatch.setenv("ATTUNE_STATE", str(plugins / "file"))
    assert cli.main(["breaks"]) == 1
    assert "run it with attune --debug" in capsys.readouterr().err


def test_debug_shows_the_traceback(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--debug", "breaks"]) == 1
    assert "ZeroDivisionError: secret words" in capsys.readouterr().err


def test_an_import_error_of_no_extra_is_unexpected(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["missing-extra"]) == 1
    assert "unexpected ModuleNotFoundError" in capsys.readouterr().err


def test_ctrl_c_is_status_130(plugins: Path) -> None:
    assert cli.main(["interrupted"]) == 130


def test_an_object_that_is_no_command_is_named(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["no-command"]) == 2
    assert "plug_no_command:command" in capsys.readouterr().err


def test_every_registered_command_exists_in_the_tree() -> None:
    for name, value in PROJECT["entry-points"][cli.GROUP].items():
        module = value.partition(":")[0]
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__init__.py").is_file(), f"{name} = {value}"
        assert cli.first_line(module), f"{module} has no docstring for attune --help"


def test_the_table_of_extras_is_that_of_pyproject() -> None:
    declared = {
        (extra, line.partition(";")[0].split("[")[0].split(">")[0].split("=")[0].strip())
        for extra, lines in PROJECT["optional-dependencies"].items()
        if extra not in ("dev", "demo")
        for line in lines
    }
    listed = {(library.extra, library.distributions[0]) for library in LIBRARIES}
    assert {pair for pair in declared if pair[1] != "numpy"} | {("agent", "numpy")} == listed


def test_error_text_is_message_and_mend() -> None:
    assert str(AttuneError("a is wrong", "mend a")) == "a is wrong. mend a"
    assert str(AttuneError("a is wrong")) == "a is wrong"


def test_help_through_a_closed_pipe_is_quiet() -> None:
    done = subprocess.run(
        f"{sys.executable} -m runtime.cli --help | head -1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
