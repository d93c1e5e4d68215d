"""What `attune models` and `attune data` share: compare a collection with the disk, pull what is missing, show both.

Rich is imported only where a progress bar is drawn.
"""

from __future__ import annotations

import sys
from pathlib import Path

from runtime.convert import check_made, make_file
from runtime.errors import AttuneError
from runtime.fetch import fetch
from runtime.registry import Collection, DerivedFile, MadeFile, RemoteFile, Status, check_file


def state_of(collection: Collection, folder: Path, *, hashes: bool) -> dict[str, Status]:
    """Return each file's status by path; `by hand` means not here and not fetched.

    Without `hashes` a file of the right size counts as ok, and so does a FLAC that we made, of any size.
    """
    states: dict[str, Status] = {}
    for file in collection.entries:
        path = folder / file.path
        if not path.is_file():
            states[file.path] = "by hand" if isinstance(file, DerivedFile) else "missing"
        elif hashes or not file.size:
            states[file.path] = check_made(path, file) if isinstance(file, MadeFile) else check_file(path, file)
        elif isinstance(file, MadeFile) and file.samples_sha256:
            states[file.path] = "ok"
        else:
            states[file.path] = "ok" if path.stat().st_size == file.size else "wrong size"
    return states


def summary_of(states: dict[str, Status]) -> str:
    """Return `ok`, `missing` (nothing there), or the number of files in each state."""
    kinds = sorted(set(states.values()))
    if len(kinds) == 1:
        return kinds[0]
    return ", ".join(f"{sum(state == kind for state in states.values())} {kind}" for kind in kinds) or "empty"


def pull_collection(collection: Collection, folder: Path, *, quiet: bool) -> tuple[list[str], list[DerivedFile]]:
    """Fetch the files that are missing or wrong; return the paths fetched and the derived files that stay missing.

    Raises:
        AttuneError: see `runtime.fetch.fetch`.
    """
    fetched: list[str] = []
    for file in collection.files:
        target = folder / file.path
        if check_file(target, file) in ("ok", "unchecked"):
            continue
        if not quiet:
            print(
                f"{collection.name}/{file.path} ({human_size(file.size)}) from {collection.url_of(file)}",
                file=sys.stderr,
            )
        _fetch_one(collection, file, target, quiet)
        fetched.append(file.path)
    return fetched, [file for file in collection.derived if not (folder / file.path).is_file()]


def make_collection(collection: Collection, folder: Path, *, quiet: bool) -> tuple[list[str], dict[str, str]]:
    """Make the files that are missing or wrong from their origins; return the paths made, and the failures by path.

    One failure does not stop the others: each file has an origin of its own.
    """
    made: list[str] = []
    failed: dict[str, str] = {}
    for file in collection.made:
        target = folder / file.path
        if check_made(target, file) in ("ok", "unchecked"):
            continue
        if not quiet:
            print(f"{collection.name}/{file.path} ({file.convert}) from {file.from_urls[0]}", file=sys.stderr)
        try:
            make_file(file, target)
            made.append(file.path)
        except AttuneError as error:
            failed[file.path] = str(error)
    return made, failed


def human_size(size: int) -> str:
    """Return a size for people."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB" if size else "size unknown"


def _fetch_one(collection: Collection, file: RemoteFile, target: Path, quiet: bool) -> None:
    url = collection.url_of(file)
    if quiet or not sys.stderr.isatty():
        fetch(url, target, size=file.size, sha256=file.sha256)
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(file.path, total=file.size or None)
        fetch(
            url, target, size=file.size, sha256=file.sha256, progress=lambda have, _: bar.update(task, completed=have)
        )
