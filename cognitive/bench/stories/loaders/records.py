"""Records of a JSON, JSON-lines or CSV file, checked, with their place in the file for the error."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from cognitive.bench.stories.story import STORIES_MAX, check_file, read_lines
from runtime.errors import AttuneError

FIELD_CHARS_MAX = 200_000

_SENTENCE = re.compile(r"[^.!?]+[.!?]*[\"']?")


def json_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and content of the objects of a file: a list, an object with a list under `data`, or one object a line.

    Raises:
        AttuneError: if it is neither.
    """
    check_file(path)
    try:
        raw = path.read_bytes()
        if path.suffix == ".jsonl" or (raw.lstrip()[:1] == b"{" and raw.count(b"\n{") > 0):
            found: Any = [msgspec.json.decode(line) for line in raw.splitlines() if line.strip()]
        else:
            found = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise AttuneError(f"{path} is no JSON: {error}.", "Give the file as it was downloaded.") from None
    except OSError as error:
        raise AttuneError(f"{path} cannot be read: {error.strerror or error}.") from None
    if isinstance(found, dict):
        found = found.get("data", found)
    if not isinstance(found, list) or len(found) > STORIES_MAX:
        raise AttuneError(
            f"{path} holds no list of stories.", f"A list, or a list under `data`, of at most {STORIES_MAX}."
        )
    for number, record in enumerate(found, 1):
        if not isinstance(record, dict):
            raise AttuneError(f"{path}, story {number}: no object.", "Give the file as it was downloaded.")
        yield number, record


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
    raise AttuneError(
        f"{path}, story {number}: no text in {' or '.join(names)}.", "Give the file as it was downloaded."
    )


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


__all__ = ["csv_rows", "json_records", "options_of", "read_lines", "sentences_of", "text_of"]
