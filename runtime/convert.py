"""Make the data files that differ from their public origin: a declared conversion, checked by hash, put in place whole.

Two conversions exist. `wav-float32-to-flac16` turns a float32 WAV into a 16-bit FLAC and compares the decoded samples (little-endian
int16), since encoders differ in their bytes. `join-text` joins UTF-8 text files, keeps lines by their beginning and may remove accents.
Blocking; a result with a wrong hash is deleted and never takes the place of the target. soundfile (extra `agent`) is imported only
for FLAC.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import unicodedata
from pathlib import Path
from typing import Any

from runtime.errors import AttuneError
from runtime.fetch import fetch
from runtime.registry import MadeFile, Status, sha256_of

_FULL_SCALE = 32768.0
_MAX_SAMPLES = 1 << 26
"""Most samples (frames times channels) decoded of one file: far above every listed one, and 256 MiB as float32."""


def make_file(file: MadeFile, target: Path) -> None:
    """Fetch the origins of `file`, convert them, and put the result at `target` by an atomic rename.

    Raises:
        AttuneError: see `runtime.fetch.fetch`; or soundfile is missing, an origin is not what it should be, or the hash differs.
    """
    if file.convert == "wav-float32-to-flac16":
        _soundfile()  # before anything is fetched
    sources: list[Path] = []
    made = target.with_name(target.name + ".made")
    try:
        if file.convert == "join-text":
            for index, url in enumerate(file.from_urls):
                sources.append(target.with_name(f"{target.name}.source{index}"))
                fetch(url, sources[-1], limit=file.limit_bytes)
            made.write_bytes(join_text(sources, file))
            right = sha256_of(made) == file.sha256
        else:
            sources.append(target.with_name(target.name + ".source"))
            _fetch_first(file, sources[0])
            _write_flac(sources[0], made)
            right = samples_sha256(made) == file.samples_sha256
        if not right:
            raise AttuneError(
                f"{target.name} made from {file.from_urls[0]} has not the hash listed",
                "the origin differs: do not use it",
            )
        os.replace(made, target)
    except OSError as error:
        raise AttuneError(
            f"{target} cannot be written: {error.strerror or error}", "free some space or choose another folder"
        ) from None
    finally:
        for path in [*sources, made]:
            with contextlib.suppress(OSError):  # not there, or a folder that cannot be written: told above
                path.unlink()


def check_made(path: Path, file: MadeFile) -> Status:
    """Return how a made file on disk compares: by its bytes, else for FLAC by its decoded samples.

    `unchecked` means a FLAC whose bytes differ where soundfile is not installed to decode it.
    """
    if not path.is_file():
        return "missing"
    if file.sha256 and sha256_of(path) == file.sha256:
        return "ok"
    if not file.samples_sha256:
        return "wrong hash"
    try:
        import soundfile  # noqa: F401  only asked whether it is there
    except (ImportError, OSError):
        return "unchecked"
    try:
        return "ok" if samples_sha256(path) == file.samples_sha256 else "wrong samples"
    except AttuneError:
        return "wrong samples"


def samples_sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's decoded samples, little-endian int16, channels interleaved.

    Raises:
        AttuneError: soundfile is missing, or the file is not sound of 16 bits.
    """
    info = _info(path)
    if info.subtype != "PCM_16":
        raise AttuneError(f"{path.name} holds {info.subtype}, not 16-bit samples", "pull it again")
    samples = _read(path, "int16")
    return hashlib.sha256(samples.astype("<i2").tobytes()).hexdigest()


def join_text(sources: list[Path], file: MadeFile) -> bytes:
    """Return the kept lines of the sources in their order, each ended by a newline, as UTF-8.

    Raises:
        AttuneError: a source is not UTF-8.
    """
    lines: list[str] = []
    for source, url in zip(sources, file.from_urls, strict=True):
        try:
            text = source.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise AttuneError(f"{url} is not UTF-8 text", "the origin has changed: do not use it") from None
        if file.strip_accents:
            text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        lines += [line for line in text.split("\n") if line and (not file.keep or line.startswith(file.keep))]
    return "".join(line + "\n" for line in lines).encode()


def _fetch_first(file: MadeFile, source: Path) -> None:
    """Fetch the first address that answers: the same file under two spellings of its name."""
    first: AttuneError | None = None
    for url in file.from_urls:
        try:
            fetch(url, source, limit=file.limit_bytes)
            return
        except AttuneError as error:
            first = first or error
    assert first is not None, "the list demands an address"
    raise first


def _write_flac(source: Path, made: Path) -> None:
    """Write a float32 WAV as 16-bit FLAC; every sample must be a multiple of 1/32768, so that nothing is lost."""
    import numpy as np

    info = _info(source)
    if info.format not in ("WAV", "WAVEX") or info.subtype != "FLOAT":
        raise AttuneError(
            f"{source.name} is {info.format} {info.subtype}, not a float32 WAV", "the origin has changed: do not use it"
        )
    scaled = _read(source, "float32") * _FULL_SCALE
    whole = np.rint(scaled)
    if not np.array_equal(scaled, whole) or whole.min(initial=0) < -32768 or whole.max(initial=0) > 32767:
        raise AttuneError(f"{source.name} does not fit 16 bits without loss", "the origin has changed: do not use it")
    _soundfile().write(str(made), whole.astype(np.int16), info.samplerate, format="FLAC", subtype="PCM_16")


def _info(path: Path) -> Any:
    soundfile = _soundfile()
    try:
        info = soundfile.info(str(path))
    except (RuntimeError, OSError):  # LibsndfileError is a RuntimeError
        raise AttuneError(f"{path.name} is not a sound file", "pull it again; the origin may have changed") from None
    if info.frames * info.channels > _MAX_SAMPLES:
        raise AttuneError(
            f"{path.name} holds more than {_MAX_SAMPLES} samples", "the origin has changed: do not use it"
        )
    return info


def _read(path: Path, dtype: str) -> Any:
    soundfile = _soundfile()
    try:
        return soundfile.read(str(path), dtype=dtype)[0]
    except (RuntimeError, OSError):
        raise AttuneError(f"{path.name} breaks off or is damaged", "pull it again") from None


def _soundfile() -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise AttuneError(
            f"FLAC files are made with soundfile, which cannot be imported: {error}", "pip install 'attune[agent]'"
        ) from None
    return soundfile
