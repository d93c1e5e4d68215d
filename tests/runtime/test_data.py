"""Data: every recording has origin, licence, credit and hash, and pull brings it without touching what is derived."""

from __future__ import annotations

import hashlib
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from runtime import cli
from runtime.convert import samples_sha256
from runtime.data import data_registry, data_root
from runtime.pull import state_of
from runtime.registry import sha256_of


def test_every_data_set_has_origin_licence_and_credit() -> None:
    for item in data_registry().values():
        assert item.source and item.revision and item.licence and item.credit and item.about, item.name
        assert item.files or item.made or item.derived, item.name
        for file in item.entries:
            assert file.size > 0 and len(file.sha256) == 64, file.path
        for file in item.files:
            assert item.url_of(file).startswith("https://raw.githubusercontent.com/"), file.path
            assert "{" not in item.url_of(file)
            assert " " not in item.url_of(file), "spaces in addresses are written %20"
        for made in item.made:
            assert all(url.startswith("https://raw.githubusercontent.com/") for url in made.from_urls), made.path
        for derived in item.derived:
            assert derived.how, derived.path


def test_the_files_that_tests_run_on_are_those_listed(attune_data: Path) -> None:
    for item in data_registry().values():
        states = state_of(item, attune_data / item.name, hashes=False)
        assert not [path for path, state in states.items() if state.startswith("wrong")], item.name
    for made in data_registry()["ami-30s-excerpts"].made:
        path = attune_data / "ami-30s-excerpts" / made.path
        assert sha256_of(path) == made.sha256
        assert not made.samples_sha256 or samples_sha256(path) == made.samples_sha256
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
    assert found["pulled"]["voices"] == {
        "fetched": ["one.wav"], "made": [], "licence": "CC0-1.0", "credit": "nobody",
    }  # fmt: skip
    assert found["not_fetchable"]["voices"] == {"half.wav": "the first half of one.wav"}
    assert (to / "voices/one.wav").read_bytes() == b"RIFF" * 100
    assert cli.main(["data", "verify", "--to", str(to), "--registry", listed, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["voices"] == {"one.wav": "ok", "half.wav": "by hand"}
    (to / "voices/one.wav").write_bytes(b"RIFX" * 100)
    assert cli.main(["data", "verify", "--to", str(to), "--registry", listed]) == 1
    assert "wrong: voices/one.wav" in capsys.readouterr().out


def test_list_and_pull_for_people_name_licence_credit_and_folder(
    tmp_path: Path, listed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["data", "list", "--to", str(tmp_path / "to"), "--registry", listed]) == 0
    said = capsys.readouterr().out
    assert "by hand: voices/half.wav: the first half of one.wav; see here" in said
    assert "not fetched: 1 files of 1 data sets (voices)" in said
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


NAME = "tr\u00f100.wav"


@pytest.fixture
def meetings(tmp_path: Path, mirror: str) -> str:
    """List a FLAC made of a float32 WAV with an accent in its name, and a table made of two."""
    soundfile = pytest.importorskip("soundfile", reason="soundfile is not installed")
    origin = tmp_path / "origin"
    samples = np.random.default_rng(3).integers(-32768, 32768, 1600).astype(np.int16)
    soundfile.write(origin / NAME, samples.astype(np.float32) / 32768, 16000, format="WAV", subtype="FLOAT")
    (origin / "a.rttm").write_text("SPEAKER tr\u00f100 1 M\u00c9E1\nSPEAKER trn05 1 X\n", encoding="utf-8")
    (origin / "b.rttm").write_text("SPEAKER dev00 1 Y\nSPEAKER dev09 1 Z", encoding="utf-8")
    table = b"SPEAKER trn00 1 MEE1\nSPEAKER dev00 1 Y\n"
    path = tmp_path / "meetings.toml"
    path.write_text(
        '[[data]]\nname = "ami"\nabout = "a"\nsource = "here"\nrevision = "1"\nlicence = "CC0-1.0"\ncredit = "nobody"\n'
        f'made = [{{ path = "trn00.flac", size = 1, sha256 = "{"0" * 64}", convert = "wav-float32-to-flac16", limit_bytes = 9000, '
        f'samples_sha256 = "{hashlib.sha256(samples.astype("<i2").tobytes()).hexdigest()}", '
        f'from_urls = ["{mirror}/trn%CC%8300.wav", "{mirror}/tr%C3%B100.wav"] }},\n'
        f'{{ path = "turns.rttm", size = {len(table)}, sha256 = "{hashlib.sha256(table).hexdigest()}", convert = "join-text", '
        'limit_bytes = 1000, strip_accents = true, keep = ["SPEAKER trn00 ", "SPEAKER dev00 "], '
        f'from_urls = ["{mirror}/a.rttm", "{mirror}/b.rttm"] }}]\n',
        encoding="utf-8",
    )
    return str(path)


def pull(listed: str, to: Path) -> int:
    return cli.main(["data", "pull", "--to", str(to), "--registry", listed, "--json"])


def test_pull_makes_what_differs_from_its_origin_in_form_only(
    tmp_path: Path, meetings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "to"
    assert pull(meetings, to) == 0
    assert json.loads(capsys.readouterr().out)["pulled"]["ami"]["made"] == ["trn00.flac", "turns.rttm"]
    assert (to / "ami/turns.rttm").read_text() == "SPEAKER trn00 1 MEE1\nSPEAKER dev00 1 Y\n"
    assert sorted(path.name for path in (to / "ami").iterdir()) == ["trn00.flac", "turns.rttm"], "nothing is left over"
    assert cli.main(["data", "verify", "--to", str(to), "--registry", meetings, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["ami"] == {"trn00.flac": "ok", "turns.rttm": "ok"}
    assert pull(meetings, to) == 0
    assert json.loads(capsys.readouterr().out)["pulled"]["ami"]["made"] == [], "what is right is not made again"


def test_a_flac_is_verified_by_its_samples_not_by_its_bytes(
    tmp_path: Path, meetings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import soundfile

    to = tmp_path / "to"
    assert pull(meetings, to) == 0
    flac = to / "ami/trn00.flac"
    before = flac.read_bytes()
    samples, rate = soundfile.read(flac, dtype="int16")
    soundfile.write(flac, samples, rate, subtype="PCM_16", compression_level=0.0)
    with open(flac, "r+b") as file:  # the encoder's name, which differs from one libFLAC to the next
        data = file.read()
        file.seek(data.index(b"libFLAC"))
        file.write(b"another")
    assert flac.read_bytes() != before
    verify = ["data", "verify", "--to", str(to), "--registry", meetings]
    assert cli.main(verify) == 0
    samples[7] ^= 1
    soundfile.write(flac, samples, rate, subtype="PCM_16")
    capsys.readouterr()
    assert cli.main(verify) == 1
    assert "wrong: ami/trn00.flac" in capsys.readouterr().out
    flac.write_bytes(before[: len(before) // 2])
    assert cli.main(verify) == 1
    assert pull(meetings, to) == 0, "a wrong one is made again"
    assert samples_sha256(flac) != hashlib.sha256(samples.astype("<i2").tobytes()).hexdigest()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no sound", "is not a sound file"),
        (b"x" * 9001, "sends more than the 9000 bytes"),
        ("PCM_16", "not a float32 WAV"),
        ("lossy", "does not fit 16 bits without loss"),
        ("other", "has not the hash listed"),
    ],
)
def test_an_origin_that_differs_is_told_and_does_not_stop_the_others(
    tmp_path: Path, meetings: str, capsys: pytest.CaptureFixture[str], content: bytes | str, said: str
) -> None:
    import soundfile

    origin = tmp_path / "origin" / NAME
    if isinstance(content, bytes):
        origin.write_bytes(content)
    else:
        value = 1e-6 if content == "lossy" else 0.5
        subtype = "PCM_16" if content == "PCM_16" else "FLOAT"
        soundfile.write(origin, np.full(1600, value, np.float32), 16000, format="WAV", subtype=subtype)
    # only the address that exists, so that its own error is the one told
    listed = Path(meetings)
    text = listed.read_text(encoding="utf-8")
    first = text[text.index('from_urls = ["') + 13 : text.index(", ", text.index('from_urls = ["')) + 2]
    listed.write_text(text.replace(first, "", 1), encoding="utf-8")
    assert pull(meetings, tmp_path / "to") == 1
    found = json.loads(capsys.readouterr().out)
    assert said in found["failed"]["ami"]["trn00.flac"]
    assert found["pulled"]["ami"]["made"] == ["turns.rttm"]
    assert [path.name for path in (tmp_path / "to/ami").iterdir()] == ["turns.rttm"]


def test_without_soundfile_the_line_names_the_extra(
    tmp_path: Path, meetings: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    assert cli.main(["data", "pull", "--to", str(tmp_path / "to"), "--registry", meetings]) == 1
    said = capsys.readouterr().out
    assert "failed: ami/trn00.flac" in said and "pip install 'attune[agent]'" in said
    assert (tmp_path / "to/ami/turns.rttm").is_file()


def test_an_address_with_an_accent_in_it_is_a_mistake_of_the_list(
    tmp_path: Path, meetings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = Path(meetings)
    listed.write_text(listed.read_text(encoding="utf-8").replace("tr%C3%B100", "tr\u00f100"), encoding="utf-8")
    assert pull(meetings, tmp_path / "to") == 2
    assert "trn00.flac: from_urls must be https" in capsys.readouterr().err
