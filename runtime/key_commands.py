"""Make the CURVE keys that let other machines join.

`attune keys create DIR` makes a key folder, to be named in the profile as `bus.curve_keys`; `attune keys add DIR NAME` admits one more
client. The secrets are not printed: carry the named file to its machine and delete it here.
"""

from __future__ import annotations

from pathlib import Path

import typer

from runtime.keys import create_client_key, create_keys

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

_FOLDER = typer.Argument(..., metavar="DIR", help="The key folder.")
_NAME = typer.Argument(..., help="Letters, digits, - and _.")


@app.command("create")
def create(folder: Path = _FOLDER) -> None:
    """Make a key folder with the house's own key and one for a client named `client`."""
    public = create_keys(folder)
    print(f"house: {public} (public; clients need it)")
    print(f"client: {folder / 'issued' / 'client.key_secret'} (secret; carry it to its machine, then delete it here)")
    print(f"use it with: attune run --set bus.curve_keys={folder}")


@app.command("add")
def add(folder: Path = _FOLDER, name: str = _NAME) -> None:
    """Admit one more client."""
    print(f"{name}: {create_client_key(folder, name)} (secret; carry it to its machine, then delete it here)")
