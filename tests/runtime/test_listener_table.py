"""The documented table of the listener's parameters is the settings: every field, its default, its meaning and a listed source."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import msgspec

from runtime.settings import ListenerSettings

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = (ROOT / "docs" / "listener.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("` "): [cell.strip() for cell in cells[1:]]
    for line in DOCUMENT.splitlines()
    if line.startswith("| `")
    for cells in [line.strip("|").split("|")]
}


def test_every_field_has_a_row_and_every_row_a_field() -> None:
    assert list(ROWS) == [field.name for field in msgspec.structs.fields(ListenerSettings)]


def test_the_defaults_are_those_of_the_settings() -> None:
    defaults = ListenerSettings()
    for name, (default, *_) in ROWS.items():
        value = getattr(defaults, name)
        numbers = [float(part) for part in default.split(",")]
        assert numbers == (list(value) if isinstance(value, tuple) else [value]), name


def test_every_row_says_what_it_means_and_where_it_comes_from() -> None:
    listed = set(re.findall(r"^- \*\*(.+?)\*\*: ", DOCUMENT.partition("## Sources")[2], re.MULTILINE))
    for name, (_default, meaning, source) in ROWS.items():
        assert len(meaning) > 15, name
        assert source in listed, f"{name}: {source} is not among the sources"
    assert {source for *_, source in ROWS.values()} >= listed - {"Ours"}, "a source that nothing rests on"


def test_the_table_is_what_the_script_makes() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/make_listener_table.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
