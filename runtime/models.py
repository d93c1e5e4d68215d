"""List, pull and verify models.

`models/registry.toml` names the shipped ones and those that can be fetched. Shipped models lie in the repository or wheel, pulled ones in
`$ATTUNE_CACHE/models/NAME` (default `~/.cache/attune`). A run never downloads anything: only `attune models pull` does. Synchronous.
"""

from __future__ import annotations

from pathlib import Path

import typer

from runtime.errors import AttuneError
from runtime.paths import cache_dir, models_dir
from runtime.printing import print_json, print_table
from runtime.pull import human_size, pull_collection, state_of, summary_of
from runtime.registry import Collection, pick, read_registry

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

_NAMES = typer.Argument(None, help="Models; all where none is named.")
_WANTED = typer.Argument(..., help="Models to fetch; see `attune models list`.")
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")
_REGISTRY = typer.Option(None, "--registry", help="Another registry file.", hidden=True)


def model_registry(path: Path | None = None) -> dict[str, Collection]:
    """Return every known model by name.

    Raises:
        AttuneError: the registry is broken.
    """
    return read_registry(path or models_dir() / "registry.toml", "model")


def model_folder(model: Collection) -> Path:
    """Return the folder where a model lies, whether or not it is there."""
    return models_dir() / model.name if model.shipped else cache_dir() / "models" / model.name


@app.command("list")
def list_models(
    json: bool = _JSON,
    registry: Path | None = _REGISTRY,
) -> None:
    """Show every model, its licence and size, and whether it is here."""
    rows = []
    for model in model_registry(registry).values():
        folder = model_folder(model)
        rows.append({
            "name": model.name, "task": model.task, "licence": model.licence, "size_bytes": model.size, "shipped": model.shipped,
            "state": summary_of(state_of(model, folder, hashes=False)), "folder": str(folder), "used_by": model.used_by,
            "source": model.source, "revision": model.revision,
        })  # fmt: skip
    if json:
        print_json({"models": rows})
        return
    columns = ["name", "task", "licence", "size", "state", "folder"]
    print_table(
        columns,
        [[str(row[c] if c != "size" else human_size(int(str(row["size_bytes"])))) for c in columns] for row in rows],
    )


@app.command("pull")
def pull_models(
    names: list[str] = _WANTED,
    json: bool = _JSON,
    registry: Path | None = _REGISTRY,
) -> None:
    """Fetch models into the cache; a transfer that broke is resumed, and a wrong file is never put in place."""
    done = {}
    for model in pick(model_registry(registry), names, "model"):
        folder = model_folder(model)
        if model.shipped:
            done[model.name] = {"folder": str(folder), "fetched": []}
            continue
        if not model.url:
            raise AttuneError(f"model '{model.name}' has no address to fetch it from", f"see {model.source}")
        fetched, _ = pull_collection(model, folder, quiet=json)
        done[model.name] = {"folder": str(folder), "fetched": fetched}
    if json:
        print_json({"pulled": done})
    else:
        for name, item in done.items():
            print(f"{name}: {'fetched' if item['fetched'] else 'already here'} in {item['folder']}")


@app.command("verify")
def verify_models(
    names: list[str] | None = _NAMES,
    json: bool = _JSON,
    registry: Path | None = _REGISTRY,
) -> None:
    """Compare size and SHA-256 of every model file that is here; exits with 1 where one is wrong or a shipped one is missing."""
    results, bad = verify(names or [], registry)
    if json:
        print_json({"ok": not bad, "models": results})
    else:
        print_table(
            ["file", "state"],
            [[f"{name}/{path}", _words(state)] for name, files in results.items() for path, state in files.items()],
        )
    if bad:
        raise typer.Exit(1)


def verify(names: list[str], registry: Path | None = None) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the status of each file of each model, and the `name/path` of those that are wrong.

    A pulled model of which nothing is here is not wrong unless it was named.
    """
    results: dict[str, dict[str, str]] = {}
    bad: list[str] = []
    for model in pick(model_registry(registry), names, "model"):
        states = state_of(model, model_folder(model), hashes=True)
        results[model.name] = dict(states)
        if not names and not model.shipped and set(states.values()) == {"missing"}:
            continue
        bad.extend(f"{model.name}/{path}" for path, state in states.items() if state not in ("ok", "unchecked"))
    return results, bad


def _words(state: str) -> str:
    return "present, but no hash is known to check it by" if state == "unchecked" else state
