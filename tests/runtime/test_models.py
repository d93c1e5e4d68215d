"""Models: the registry is sound, what is shipped runs, and a pull gives a whole, right file or one error."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from runtime import cli, models
from runtime.errors import AttuneError
from runtime.fetch import fetch
from runtime.models import model_folder, model_registry, verify
from runtime.paths import models_dir
from runtime.registry import check_file, read_registry

BODY = bytes(range(256)) * 4_000  # 1 MB


class Origin(http.server.BaseHTTPRequestHandler):
    """Serves BODY under /good/, and misbehaves as the first part of the path says."""

    protocol_version = "HTTP/1.1"
    requests: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        how = self.path.split("/")[1]
        wanted = self.headers.get("Range", "")
        self.requests.append((self.path, wanted))
        if how == "absent":
            self.send_error(404)
            return
        start = int(wanted[6:-1]) if wanted and how != "norange" else 0
        body = (BODY if how != "changed" else BODY[::-1])[start:]
        if how == "longer":
            body += b"more"
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if how == "breaks" and not wanted:
            self.wfile.write(body[:300_000])
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def origin() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    server.block_on_close = False
    Origin.requests = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


SHA = hashlib.sha256(BODY).hexdigest()


def write_registry(
    folder: Path, url: str, *, key: str = "model", sha256: str = SHA, size: int = len(BODY), path: str = "sub/a.bin"
) -> Path:
    file = folder / "registry.toml"
    file.write_text(
        f'[[model]]\nname = "tiny"\nsource = "test"\nrevision = "1"\nlicence = "CC0-1.0"\ncredit = "nobody"\nurl = "{url}/{{path}}"\n'
        f'files = [{{ path = "{path}", size = {size}, sha256 = "{sha256}" }}]\n'
    )
    return file


def test_the_registry_names_source_revision_and_licence_of_everything() -> None:
    registry = model_registry()
    assert "silero-vad" in registry
    for model in registry.values():
        assert model.files and model.source and model.revision and model.licence and model.credit
        assert model.shipped or model.revision in model.url or "{path}" in model.url
        for file in model.files:
            assert file.size > 0
            assert not file.sha256 or model.hash_origin


def test_shipped_models_are_as_registered_and_have_card_and_licence() -> None:
    results, bad = verify([])
    assert bad == []
    for model in model_registry().values():
        if model.shipped:
            assert set(results[model.name].values()) == {"ok"}
            assert (model_folder(model) / "card.md").is_file()
            assert (model_folder(model) / "LICENSE").is_file()


def test_the_shipped_voice_detector_tells_a_tone_sweep_of_speech_from_silence(attune_data: Path) -> None:
    numpy, onnxruntime, soundfile = (pytest.importorskip(name) for name in ("numpy", "onnxruntime", "soundfile"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    (model,) = (models_dir() / "silero-vad").glob("*.onnx")
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def mean_probability(samples: object) -> float:
        state, context, found = numpy.zeros((2, 1, 128), "f4"), numpy.zeros(64, "f4"), []
        for block in samples:
            window = numpy.concatenate([context, block])[None].astype("f4")
            output, state = session.run(None, {"input": window, "state": state})
            context = window[0, -64:]
            found.append(float(output[0, 0]))
        return sum(found) / len(found)

    wav = next(iter(sorted((attune_data / "librivox-austen-aligned").glob("*.wav"))))
    speech, rate = soundfile.read(wav, dtype="float32")
    assert rate == 16_000
    blocks = speech[: len(speech) // 512 * 512].reshape(-1, 512)
    noise = numpy.random.default_rng(1).normal(0, 0.01, blocks.shape)
    assert mean_probability(blocks) > 0.5
    assert mean_probability(noise) < 0.2


def test_pull_fetches_checks_and_is_idempotent(
    origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "cache"))
    registry = str(write_registry(tmp_path, f"{origin}/good"))
    assert cli.main(["models", "pull", "tiny", "--registry", registry, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pulled"]["tiny"]["fetched"] == ["sub/a.bin"]
    assert (tmp_path / "cache/models/tiny/sub/a.bin").read_bytes() == BODY
    assert cli.main(["models", "pull", "tiny", "--registry", registry, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pulled"]["tiny"]["fetched"] == []
    assert len(Origin.requests) == 1
    assert cli.main(["models", "verify", "tiny", "--registry", registry, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "models": {"tiny": {"sub/a.bin": "ok"}}}


def test_verify_finds_a_changed_file_and_is_honest_without_a_hash(
    origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    target = tmp_path / "models/tiny/sub/a.bin"
    target.parent.mkdir(parents=True)
    target.write_bytes(BODY[::-1])
    assert cli.main(["models", "verify", "--registry", str(write_registry(tmp_path, origin)), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["models"]["tiny"] == {"sub/a.bin": "wrong hash"}
    assert cli.main(["models", "verify", "--registry", str(write_registry(tmp_path, origin, sha256=""))]) == 0
    assert "no hash is known" in " ".join(capsys.readouterr().out.split())


def test_a_transfer_that_broke_is_resumed(origin: str, tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    with pytest.raises(AttuneError, match="it resumes"):
        fetch(f"{origin}/breaks/a", target, size=len(BODY), sha256=SHA)
    assert not target.exists()
    kept = (tmp_path / "a.bin.part").stat().st_size
    assert 0 < kept < len(BODY)
    fetch(f"{origin}/breaks/a", target, size=len(BODY), sha256=SHA)
    assert target.read_bytes() == BODY
    assert Origin.requests[-1] == ("/breaks/a", f"bytes={kept}-")
    assert not (tmp_path / "a.bin.part").exists()


def test_a_server_that_cannot_resume_is_asked_for_everything(origin: str, tmp_path: Path) -> None:
    (tmp_path / "a.bin.part").write_bytes(b"old" * 100)
    fetch(f"{origin}/norange/a", tmp_path / "a.bin", size=len(BODY), sha256=SHA)
    assert (tmp_path / "a.bin").read_bytes() == BODY


@pytest.mark.parametrize(("how", "size", "part"), [
    ("changed", len(BODY), "has not the SHA-256 listed"),
    ("longer", len(BODY), "sends more than"),
    ("good", len(BODY) + 9, "ended after"),
    ("absent", len(BODY), "answers 404"),
])  # fmt: skip
def test_a_wrong_file_is_never_put_in_place(origin: str, tmp_path: Path, how: str, size: int, part: str) -> None:
    (tmp_path / "a.bin").write_bytes(b"the one that was here")
    with pytest.raises(AttuneError, match=part):
        fetch(f"{origin}/{how}/a", tmp_path / "a.bin", size=size, sha256=SHA)
    assert (tmp_path / "a.bin").read_bytes() == b"the one that was here"


def test_no_network_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    registry = write_registry(tmp_path, "http://127.0.0.1:1")
    assert cli.main(["models", "pull", "tiny", "--registry", str(registry), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("cannot reach 127.0.0.1: ") and len(said.err.splitlines()) == 1


def test_unknown_names_and_plain_http_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "pull", "nix"]) == 2
    assert "there is no model 'nix'. known: silero-vad" in capsys.readouterr().err
    with pytest.raises(AttuneError, match="not an https address"):
        fetch("http://example.org/a", tmp_path / "a")
    with pytest.raises(AttuneError, match="not an https address"):
        fetch("file:///etc/passwd", tmp_path / "a")


@pytest.mark.parametrize(("change", "part"), [
    ({"path": "../a"}, "leaves its folder"),
    ({"path": "/etc/a"}, "leaves its folder"),
    ({"sha256": "abc"}, "Expected"),
    ({"size": -1}, "Expected"),
    ({"url": "http://example.org"}, "must be https"),
])  # fmt: skip
def test_a_broken_registry_is_one_error(tmp_path: Path, change: dict[str, object], part: str) -> None:
    arguments: dict[str, object] = {"url": "https://example.org", **change}
    file = write_registry(tmp_path, str(arguments.pop("url")), **arguments)  # type: ignore[arg-type]
    with pytest.raises(AttuneError, match=part):
        read_registry(file, "model")


def test_text_that_is_no_toml_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("[[model]\n")
    with pytest.raises(AttuneError, match=r"r\.toml: .*line 1"):
        read_registry(tmp_path / "r.toml", "model")


def test_a_file_whose_hash_is_unknown_is_unchecked(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    file = models.Collection(name="a", source="", revision="", licence="", credit="", files=(models_file("a"),)).files[
        0
    ]
    assert check_file(tmp_path / "a", file) == "unchecked"
    assert check_file(tmp_path / "b", file) == "missing"


def models_file(path: str) -> object:
    from runtime.registry import RemoteFile

    return RemoteFile(path=path)
