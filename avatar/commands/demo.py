"""`attune demo`: talk with the agent on a web page.

Starts the fast process, the slow process and the page, and prints the page's address when it can be opened. Nothing
is recorded unless a folder is named.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from avatar.house import check_result, run_with_page
from runtime.errors import AttuneError
from runtime.house import RoomSpec
from runtime.operator_access import with_operator, without_operator
from runtime.profile import load_profile
from runtime.session.folder import prepare_session_folder, remove_unbegun

RECORDER = RoomSpec("recorder", "runtime.session.recorder")
ROOMS = (
    RoomSpec("avatar", "avatar.process"),
    RoomSpec("cognitive", "cognitive.process"),
    RoomSpec("behavioral", "behavioral.process", essential=True),
)


def command(
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port of the page (8765); 0 takes a free one.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    profile: Annotated[str, typer.Option(help="Name in launch/profiles, or a YAML file.")] = "cpu",
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
    record: Annotated[Path | None, typer.Option(help="Record the session to this new folder.")] = None,
    operator: Annotated[
        bool, typer.Option("--operator", help="Serve the operator console at an address of its own (docs/operator.md).")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Seed of every random choice.")] = None,
) -> None:
    """Talk with the agent on a web page."""
    chosen = load_profile(profile, settings or ())
    chosen = with_operator(chosen) if operator else without_operator(chosen)
    rooms = [room for room in ROOMS if room.name != "cognitive" or chosen.cognitive.enabled]
    existed = record is not None and record.exists()
    folder: Path | None = None
    if record is not None:
        folder = prepare_session_folder(record, chosen.recorder.min_free_mb, "--record")
        rooms.insert(0, RECORDER)
    try:
        result = run_with_page(
            chosen,
            rooms,
            port=port,
            browser=not no_browser,
            options={"audio": "browser", "opening": True},
            session_dir=folder,
            seed=seed,
        )
    except AttuneError:
        if folder is not None and not existed:
            remove_unbegun(folder)
        raise
    if record is not None:
        told = f"{record}: {result.duration_s:.1f} s recorded; complete it with: attune finish {record}"
        print(f"{told}; play it with: attune replay {record}", file=sys.stderr)
    check_result(result)
