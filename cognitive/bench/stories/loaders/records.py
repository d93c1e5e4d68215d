"""Records of a JSON, JSON-lines or CSV file, checked, with their place in the file for the error."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from cognitive.bench.stories.story import STORIES_MAX, check_file, read_lines
from runtime.errors import AttuneError

FIELD_CHARS_MAX = 200_000
BOM = b"\xef\xbb\xbf"
DOWNLOADED = "Give the file as it was downloaded."

_SENTENCE = re.compile(r"[^.!?]+[.!?]*[\"']?")


def json_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and content of the objects of a file: a list, an object with a list under `data`, or one object a line.

    Raises:
        AttuneError: if it is neither; of broken JSON with line and column.
    """
    check_file(path)
    try:
        raw = path.read_bytes().removeprefix(BOM)
    except OSError as error:
        raise AttuneError(f"{path} cannot be read: {error.strerror or error}.") from None
    found = _decoded_lines(path, raw) if _has_lines(path, raw) else _decoded(path, raw)
    if isinstance(found, dict):
        found = found.get("data", found)
    if not isinstance(found, list) or len(found) > STORIES_MAX:
        raise AttuneError(
            f"{path} holds no list of stories.", f"A list, or a list under `data`, of at most {STORIES_MAX}."
        )
    for number, record in enumerate(found, 1):
        if not isinstance(record, dict):
            raise AttuneError(f"{path}, story {number}: no object.", DOWNLOADED)
        yield number, record


def looks_like_json(path: Path) -> bool:
    """Return whether a file begins as JSON does, whatever its name is; no sentence of a story begins with a bracket.

    Raises:
        AttuneError: if it cannot be read.
    """
    check_file(path)
    try:
        with path.open("rb") as file:
            return file.read(256).removeprefix(BOM).lstrip()[:1] in (b"{", b"[")
    except OSError as error:
        raise AttuneError(f"{path} cannot be read: {error.strerror or error}.") from None


def _has_lines(path: Path, raw: bytes) -> bool:
    """Return whether each line is an object of its own."""
    lines = raw.lstrip().split(b"\n", 1)
    if path.suffix.lower() == ".jsonl":
        return True
    if len(lines) < 2 or not lines[1].strip() or not lines[0].startswith(b"{"):
        return False
    try:
        return isinstance(msgspec.json.decode(lines[0]), dict)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _decoded_lines(path: Path, raw: bytes) -> list[Any]:
    return [_decoded(path, line, number) for number, line in enumerate(raw.split(b"\n"), 1) if line.strip()]


def _decoded(path: Path, raw: bytes, first_line: int = 1) -> Any:
    """Return what is written in JSON, or say where it is broken."""
    try:
        return msgspec.json.decode(raw)
    except RecursionError:
        raise AttuneError(f"{path} is no JSON of stories: it is nested too deeply.", DOWNLOADED) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        line, column, why = _place(raw, str(error))
        place = f"line {first_line + line - 1}, column {column}"
        raise AttuneError(f"{path} is broken JSON: {place}: {why}.", DOWNLOADED) from None


def _place(raw: bytes, said: str) -> tuple[int, int, str]:
    """Return line and column (from 1) of the first thing that is no JSON, and what is wrong there."""
    try:
        json.loads(raw.decode("utf-8"))
    except json.JSONDecodeError as error:
        return error.lineno, error.colno, error.msg[:1].lower() + error.msg[1:].rstrip(":")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        return before.count(b"\n") + 1, len(before) - before.rfind(b"\n"), "the text is no UTF-8"
    except (RecursionError, ValueError):
        pass
    at = re.search(r"\(byte (\d+)\)", said)  # what Python's reader takes for good: NaN, control signs
    before = raw[: int(at[1])] if at else raw
    return before.count(b"\n") + 1, len(before) - before.rfind(b"\n"), said.partition(" (byte")[0]


def csv_rows(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and fields of the rows of a CSV file.

    Raises:
        AttuneError: if it cannot be read as such.
    """
    check_file(path)
    csv.field_size_limit(FIELD_CHARS_MAX)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            for row in reader:
                yield reader.line_num, row
    except (csv.Error, UnicodeDecodeError) as error:
        raise AttuneError(f"{path} is no CSV file: {error}.", "Give the file as it was downloaded, in UTF-8.") from None
    except OSError as error:
        raise AttuneError(f"{path} cannot be read: {error.strerror or error}.") from None


def text_of(path: Path, number: int, record: dict[str, Any], *names: str) -> str:
    """Return the first of some fields, which must be a text.

    Raises:
        AttuneError: if there is none.
    """
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value[:FIELD_CHARS_MAX]
    raise AttuneError(f"{path}, story {number}: no text in {' or '.join(names)}.", DOWNLOADED)


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, without numbers of lines."""
    found: list[str] = []
    for line in text.splitlines():
        line = re.sub(r"^\s*\d+\s+", "", line).strip()
        if line.endswith(".") and line.count(".") == 1:
            found.append(line)
        else:
            found.extend(part.strip() for part in _SENTENCE.findall(line) if part.strip(" .!?\"'"))
    return tuple(found)


def options_of(given: Any) -> dict[str, str]:
    """Return the answers to choose from by their letter, of {"A": ...}, [...], or "A. box, B. bag"."""
    if isinstance(given, dict):
        return {str(letter): str(text) for letter, text in given.items()}
    if isinstance(given, list):
        return {chr(ord("A") + i): str(text) for i, text in enumerate(given[:26])}
    if isinstance(given, str):
        parts = re.split(r"(?:^|[\s,;]+)([A-Z])[.)]\s+", given)
        return {letter: text.strip(" ,;") for letter, text in zip(parts[1::2], parts[2::2], strict=False)}
    return {}


__all__ = ["csv_rows", "json_records", "looks_like_json", "options_of", "read_lines", "sentences_of", "text_of"]
