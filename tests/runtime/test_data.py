"""Data: every recording has origin, licence, credit and hash, and pull brings it without touching what is derived."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from runtime import cli
from runtime.data import data_registry, data_root
from runtime.pull import state_of
from runtime.registry import sha256_of


def test_every_data_set_has_origin_licence_and_credit() -> None:
    for item in data_registry().values():
        assert item.source and item.revision and item.licence and item.credit and item.about, item.name
        assert item.files or item.derived, item.name
        for file in item.entries:
            assert file.size > 0 and len(file.sha256) == 64, file.path
        for file in item.files:
            assert item.url_of(file).startswith("https://raw.githubusercontent.com/"), file.path
            assert "{" not in item.url_of(file)
            assert " " not in item.url_of(file), "spaces in addresses are written %20"
        for derived in item.derived:
            assert derived.how, derived.path


def test_the_files_that_tests_run_on_are_those_listed(attune_data: Path) -> None:
    for item in data_registry().values():
        states = state_of(item, attune_data / item.name, hashes=False)
        assert not [path for path, state in states.items() if state.startswith("wrong")], item.name
    item = data_registry()["jfk-inaugural"]
    assert sha256_of(attune_data / "jfk-inaugural" / "jfk.flac") == item.files[0].sha256


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """Serve a folder over HTTP on loopback."""
    (tmp_path / "origin/wavs").mkdir(parents=True)
    (tmp_path / "origin/wavs/one.wav").write_bytes(b"RIFF" * 100)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "origin")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def listed(tmp_path: Path, mirror: str) -> str:
    path = tmp_path / "data.toml"
    digest = sha256_of(tmp_path / "origin/wavs/one.wav")
    path.write_text(
        '[[data]]\nname = "voices"\nabout = "a voice"\nsource = "here"\nrevision = "1"\nlicence = "CC0-1.0"\ncredit = "nobody"\n'
        f'url = "{mirror}/{{path}}"\n'
        f'files = [{{ path = "one.wav", origin = "wavs/one.wav", size = 400, sha256 = "{digest}" }}]\n'
        f'derived = [{{ path = "half.wav", size = 200, sha256 = "{"0" * 64}", how = "the first half of one.wav" }}]\n'
    )
    return str(path)


def test_pull_brings_files_to_their_own_names_and_tells_what_was_derived(
    tmp_path: Path, listed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "to"
    assert cli.main(["data", "pull", "--to", str(to), "--registry", listed, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pulled"]["voices"] == {"fetched": ["one.wav"], "licence": "CC0-1.0", "credit": "nobody"}
    assert found["not_fetchable"]["voices"] == {"half.wav": "the first half of one.wav"}
    assert (to / "voices/one.wav").read_bytes() == b"RIFF" * 100
    assert cli.main(["data", "verify", "--to", str(to), "--registry", listed, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["voices"] == {"one.wav": "ok", "half.wav": "missing"}
    (to / "voices/one.wav").write_bytes(b"RIFX" * 100)
    assert cli.main(["data", "verify", "--to", str(to), "--registry", listed]) == 1
    assert "wrong: voices/one.wav" in capsys.readouterr().out


def test_list_and_pull_for_people_name_licence_credit_and_folder(
    tmp_path: Path, listed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["data", "list", "--to", str(tmp_path / "to"), "--registry", listed]) == 0
    assert "voices" in capsys.readouterr().out
    assert cli.main(["data", "pull", "voices", "--to", str(tmp_path / "to"), "--registry", listed]) == 0
    said = capsys.readouterr().out
    assert "credit: nobody" in said and f"ATTUNE_DATA={tmp_path / 'to'}" in said and "the first half of one.wav" in said


def test_an_unknown_data_set_lists_the_known_ones(listed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "pull", "nix", "--registry", listed]) == 2
    assert capsys.readouterr().err == "there is no data set 'nix'. known: voices\n"


def test_the_folder_is_the_option_then_the_variable_then_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path))
    assert data_root(tmp_path / "x") == tmp_path / "x"
    assert data_root() == tmp_path
    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path / "absent"))
    assert data_root() == tmp_path / "cache/data"
