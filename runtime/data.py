"""List, pull and verify the real recordings that tests use.

`launch/data.toml` names them; none is in the repository. `attune data pull` fetches from the public origins what is used
unmodified, with hash, licence and credit, into `$ATTUNE_DATA` (or `--to`). Files that we derived from their origin cannot be fetched;
they are named with how they were made. Synchronous.
"""

from __future__ import annotations

from pathlib import Path

import typer

from runtime.errors import AttuneError
from runtime.paths import cache_dir, data_dir, launch_dir
from runtime.pull import human_size, print_json, print_table, pull_collection, state_of, summary_of
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
    for item in data_registry(registry).values():
        rows.append({
            "name": item.name, "about": item.about, "licence": item.licence, "credit": item.credit, "source": item.source,
            "revision": item.revision, "size_bytes": item.size, "files": len(item.files), "derived": len(item.derived),
            "state": summary_of(state_of(item, root / item.name, hashes=False)),
        })  # fmt: skip
    if json:
        print_json({"folder": str(root), "data": rows})
        return
    columns = ["name", "about", "licence", "size", "derived", "state"]
    print_table(
        columns,
        [[str(row[c] if c != "size" else human_size(int(str(row["size_bytes"])))) for c in columns] for row in rows],
    )
    print(f"folder: {root}")


@app.command("pull")
def pull_data(
    names: list[str] | None = _NAMES,
    to: Path | None = _TO,
    json: bool = _JSON,
    registry: Path | None = _LIST,
) -> None:
    """Fetch data sets from their public origins; names what was derived and cannot be fetched."""
    root = data_root(to)
    done: dict[str, dict[str, object]] = {}
    derived: dict[str, dict[str, str]] = {}
    for item in pick(data_registry(registry), names or [], "data set"):
        if item.files and not item.url:
            raise AttuneError(f"data set '{item.name}' has no address to fetch it from", f"see {item.source}")
        fetched, missing = pull_collection(item, root / item.name, quiet=json)
        done[item.name] = {"fetched": fetched, "licence": item.licence, "credit": item.credit}
        derived[item.name] = {file.path: file.how for file in missing}
    if json:
        print_json({"folder": str(root), "pulled": done, "not_fetchable": derived})
        return
    for name, result in done.items():
        print(f"{name}: fetched {result['fetched'] or 'nothing new'}; {result['licence']}; credit: {result['credit']}")
        for path, how in derived[name].items():
            print(f"  {path} cannot be fetched, it was derived: {how}")
    print(f"tests find them with: export ATTUNE_DATA={root}")


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
