"""`attune share DIR -o talk.html`: a recorded session as one page that plays anywhere, without attune and without a network."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from avatar.share.page import replay_page
from runtime.errors import AttuneError


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a recorded session.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The page to write, a new .html file.")],
    title: Annotated[str, typer.Option(help="Title of the page (the folder's name).")] = "",
    from_s: Annotated[float, typer.Option("--from", min=0.0, help="Where it begins, seconds.")] = 0.0,
    until_s: Annotated[
        float | None, typer.Option("--until", min=0.0, help="Where it ends, seconds (the session's end).")
    ] = None,
    avatar: Annotated[Path | None, typer.Option(help="A VRM file to show instead of the usual character.")] = None,
) -> None:
    """Write a recorded session as one self-contained page."""
    check_target(out, ".html")
    page = replay_page(folder, title=title, from_s=from_s, until_s=until_s, avatar=avatar).html.encode()
    write_new(out, page)
    held = "It holds the voices and words of everybody in the session, and what the agent thought of them"
    told = f"{out}: {len(page) / 1e6:.1f} MB. {held}; give it on only where they agree"
    print(told, file=sys.stderr)


def check_target(out: Path, suffix: str) -> None:
    """Refuse a file that is there already, is of another kind, or has no folder."""
    if out.suffix.lower() != suffix:
        raise AttuneError(f"{out}: must end in {suffix}", f"Name it {out.with_suffix(suffix)}")
    if out.exists():
        raise AttuneError(f"{out}: is there already", "Choose another name, or remove it first")
    if not out.parent.is_dir():
        raise AttuneError(f"{out.parent}: no such folder", "Make it first")


def write_new(out: Path, data: bytes) -> None:
    """Write a file for its owner alone."""
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise AttuneError(f"{out}: {error.strerror or error}", "Choose another place") from error
