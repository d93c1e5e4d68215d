"""Keys from the command line: private, for one client each, and never replaced by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime import cli
from runtime.keys import load_server_keys


def test_keys_are_created_private_and_one_more_client_is_admitted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "keys"
    assert cli.main(["keys", "create", str(folder)]) == 0
    assert cli.main(["keys", "add", str(folder), "console"]) == 0
    said = capsys.readouterr().out
    secret = folder / "issued" / "console.key_secret"
    assert str(secret) in said and secret.stat().st_mode & 0o077 == 0
    assert {path.stem for path in load_server_keys(folder).clients.iterdir()} == {"client", "console"}
    assert "secret-key" not in said and secret.read_text().splitlines()[-1].split('"')[1] not in said


def test_existing_keys_are_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["keys", "create", str(tmp_path)]) == 0
    assert cli.main(["keys", "create", str(tmp_path)]) == 2
    assert "already has keys" in capsys.readouterr().err
    assert cli.main(["keys", "add", str(tmp_path), "../x"]) == 2
