"""Finding and reading the small files of a data set's folder, with limits. Blocking. Faults are `ValueError` with the file's name."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from motion.corpus.words import TimedWord

MAX_FILES: Final = 500_000
MAX_TEXT_BYTES: Final = 8 << 20


def files_under(folder: Path, *suffixes: str) -> list[Path]:
    """All files whose names end so (in any case of letters), sorted; links to folders are not followed.

    Raises:
        ValueError: it is no folder, or holds more than `MAX_FILES` files.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder; name the one that the data set was unpacked into")
    found: list[Path] = []
    seen = 0
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        seen += len(names)
        if seen > MAX_FILES:
            raise ValueError(f"{folder} holds more than {MAX_FILES} files; name the data set's own folder")
        found += [Path(place, name) for name in names if name.lower().endswith(suffixes)]
    return sorted(found)


def partner(path: Path, suffix: str, folders: Iterable[str] = (), stem: str = "") -> Path | None:
    """The file of the same stem with another suffix: beside it, or in a sibling of its folder; None where there is none."""
    name = (stem or path.stem) + suffix
    for place in (path.parent, *(path.parent.parent / folder for folder in folders)):
        if (place / name).is_file():
            return place / name
    return None


def text_of(path: Path) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark.

    Raises:
        ValueError: it cannot be opened, is too large, or is no text.
    """
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise ValueError(f"{path} has more than {MAX_TEXT_BYTES >> 20} MiB; it cannot be what its name says")
        data = path.read_bytes()
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}); check that it is there") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no text (byte {error.start}); save it as UTF-8") from error


def rows_of(path: Path, delimiter: str = ",") -> list[list[str]]:
    """The rows of a table; between tabs a quote is a letter like any other. Empty lines are left out.

    Raises:
        ValueError: as `text_of`, or it is no table.
    """
    lines = io.StringIO(text_of(path), newline="")
    try:
        if delimiter == "\t":
            rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        else:
            rows = csv.reader(lines, delimiter=delimiter)
        return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ValueError(f"{path} is no table ({error}); save it as {'TSV' if delimiter != ',' else 'CSV'}") from error


def tsv_words(path: Path) -> tuple[TimedWord, ...]:
    """Words from lines `start TAB end TAB text` (seconds); where a line holds several they share its time equally.

    Marks without a letter or digit, as GENEA's `#` for laughter, are no words.

    Raises:
        ValueError: a line does not say when.
    """
    words: list[TimedWord] = []
    for number, row in enumerate(rows_of(path, "\t"), 1):
        if len(row) < 3:
            continue  # a time without text: nothing was said
        try:
            start_s, end_s = float(row[0]), float(row[1])
        except ValueError:
            start_s, end_s = 0.0, -1.0
        if not 0.0 <= start_s <= end_s < 1e6:
            raise ValueError(f"{path}, line {number}: {row[0][:20]!r} to {row[1][:20]!r} is no time in seconds")
        said = [text for text in " ".join(row[2:]).split() if any(letter.isalnum() for letter in text)]
        step_s = (end_s - start_s) / max(len(said), 1)
        words += [TimedWord(text, start_s + i * step_s, start_s + (i + 1) * step_s) for i, text in enumerate(said)]
    return tuple(words)
