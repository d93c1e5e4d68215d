"""List, pull and verify the real recordings that tests use.

`launch/data.toml` names them; none is in the repository. `attune data pull` fetches from the public origins what is used
unmodified, and makes by a declared conversion what differs from its origin in form only, with hash, licence and credit, into
`$ATTUNE_DATA` (or `--to`). What is not fetched is named, counted, and told with how it was made. Synchronous.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from runtime.errors import AttuneError
from runtime.paths import cache_dir, data_dir, launch_dir
from runtime.printing import print_json, print_table
from runtime.pull import human_size, make_collection, pull_collection, state_of, summary_of
from runtime.registry import Collection, pick, read_registry

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

_NAMES = typer.Argument(None, help="Data sets; all where none is named.")
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")
_TO = typer.Option(None, "--to", help="Folder (default: $ATTUNE_DATA, else ~/.cache/attune/data).")
_LIST = typer.Option(None, "--registry", help="Another list of data sets.", hidden=True)


def data_registry(path: Path | None = None) -> dict[str, Collection]:
    """Return every data set by name.

    Raises:
        AttuneError: the list is broken.
    """
    return read_registry(path or launch_dir() / "data.toml", "data")


def data_root(to: Path | None = None) -> Path:
    """Return the folder that holds one folder per data set."""
    return to or data_dir() or cache_dir() / "data"


@app.command("list")
def list_data(
    json: bool = _JSON,
    to: Path | None = _TO,
    registry: Path | None = _LIST,
) -> None:
    """Show every data set with its licence, credit, size and whether it is here."""
    root = data_root(to)
    rows = []
    by_hand: dict[str, dict[str, str]] = {}
    for item in data_registry(registry).values():
        states = state_of(item, root / item.name, hashes=False)
        by_hand[item.name] = {file.path: file.how for file in item.derived if states[file.path] == "by hand"}
        rows.append({
            "name": item.name, "about": item.about, "licence": item.licence, "credit": item.credit, "source": item.source,
            "revision": item.revision, "size_bytes": item.size, "files": len(item.files), "made": len(item.made),
            "derived": len(item.derived), "state": summary_of(states),
            "by_hand": by_hand[item.name],
        })  # fmt: skip
    if json:
        print_json({"folder": str(root), "data": rows})
        return
    columns = ["name", "about", "licence", "size", "state"]
    print_table(
        columns,
        [[str(row[c] if c != "size" else human_size(int(str(row["size_bytes"])))) for c in columns] for row in rows],
    )
    _print_by_hand(by_hand, data_registry(registry))
    print(f"folder: {root}")


@app.command("pull")
def pull_data(
    names: list[str] | None = _NAMES,
    to: Path | None = _TO,
    json: bool = _JSON,
    registry: Path | None = _LIST,
) -> None:
    """Fetch data sets from their public origins; names what is not fetched. Exits with 1 where a file could not be made."""
    root = data_root(to)
    done: dict[str, dict[str, Any]] = {}
    derived: dict[str, dict[str, str]] = {}
    failed: dict[str, dict[str, str]] = {}
    for item in pick(data_registry(registry), names or [], "data set"):
        if item.files and not item.url:
            raise AttuneError(f"data set '{item.name}' has no address to fetch it from", f"see {item.source}")
        fetched, missing = pull_collection(item, root / item.name, quiet=json)
        made, failed[item.name] = make_collection(item, root / item.name, quiet=json)
        done[item.name] = {"fetched": fetched, "made": made, "licence": item.licence, "credit": item.credit}
        derived[item.name] = {file.path: file.how for file in missing}
    failures = sum(len(files) for files in failed.values())
    if json:
        print_json({"folder": str(root), "pulled": done, "failed": failed, "not_fetchable": derived})
    else:
        for name, result in done.items():
            got = [*result["fetched"], *result["made"]]
            fetchable = data_registry(registry)[name].size > 0
            said = ", ".join(got) or ("nothing new" if fetchable else "nothing, no file of it is fetched")
            print(f"{name}: fetched {said}; {result['licence']}; credit: {result['credit']}")
        _print_by_hand(derived, data_registry(registry))
        for name, files in failed.items():
            for path, why in files.items():
                print(f"failed: {name}/{path}: {why}")
        print(f"tests find them with: export ATTUNE_DATA={root}")
    if failures:
        raise typer.Exit(1)


@app.command("verify")
def verify_data(
    names: list[str] | None = _NAMES,
    to: Path | None = _TO,
    json: bool = _JSON,
    registry: Path | None = _LIST,
) -> None:
    """Compare size and SHA-256 of every data file that is here; exits with 1 where one is wrong."""
    root = data_root(to)
    results = {
        item.name: dict(state_of(item, root / item.name, hashes=True))
        for item in pick(data_registry(registry), names or [], "data set")
    }
    bad = [
        f"{name}/{path}"
        for name, files in results.items()
        for path, state in files.items()
        if state.startswith("wrong")
    ]
    if json:
        print_json({"ok": not bad, "folder": str(root), "data": results})
    else:
        print_table(["data set", "state"], [[name, summary_of(dict(files))] for name, files in results.items()])
        for wrong in bad:
            print(f"wrong: {wrong}")
    if bad:
        raise typer.Exit(1)


def _print_by_hand(by_hand: dict[str, dict[str, str]], registry: dict[str, Collection]) -> None:
    """Print the files that are neither here nor fetched, with the reason and where their origin is, and their number."""
    absent = {name: files for name, files in by_hand.items() if files}
    for name, files in absent.items():
        for path, how in files.items():
            print(f"by hand: {name}/{path}: {how}; see {registry[name].source}")
    if absent:
        count = sum(len(files) for files in absent.values())
        print(f"not fetched: {count} files of {len(absent)} data sets ({', '.join(absent)})")
