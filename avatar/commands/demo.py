"""`attune demo`: talk with the agent on a web page.

Starts the fast process, the slow process and the page, and prints the page's address when it can be opened. Nothing
is recorded unless a folder is named.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from avatar.house import check_result, run_with_page
from avatar.vrm_file import showing
from runtime.addresses import is_loopback
from runtime.errors import AttuneError
from runtime.house import RoomSpec, body_rooms
from runtime.operator_access import with_operator, without_operator
from runtime.profile import load_profile
from runtime.session.folder import prepare_session_folder, remove_unbegun
from runtime.settings import AvatarSettings

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
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (127.0.0.1); 0.0.0.0 lets other machines in, with a token.")
    ] = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Serve https, which other machines need for microphone and camera.")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    profile: Annotated[str, typer.Option(help="Name in launch/profiles, or a YAML file.")] = "cpu",
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
    avatar: Annotated[Path | None, typer.Option(help="A VRM file to show instead of the usual character.")] = None,
    record: Annotated[Path | None, typer.Option(help="Record the session to this new folder.")] = None,
    body: Annotated[
        str | None,
        typer.Option(help="A body with motors besides the page, as mujoco:attune or nao:HOST (docs/bodies.md)."),
    ] = None,
    bridge: Annotated[
        bool, typer.Option("--bridge", help="Let outside programs take part, such as the ROS 2 nodes (docs/ros.md).")
    ] = False,
    operator: Annotated[
        bool, typer.Option("--operator", help="Serve the operator console at an address of its own (docs/operator.md).")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Seed of every random choice.")] = None,
) -> None:
    """Talk with the agent on a web page."""
    chosen = load_profile(profile, [*(settings or ()), *([] if body is None else [f"body.name={body}"])])
    shown = showing(chosen.avatar, avatar)
    chosen = msgspec.structs.replace(chosen, avatar=reachable(shown, host, tls=tls))
    chosen = with_operator(chosen) if operator else without_operator(chosen)
    rooms = [room for room in ROOMS if room.name != "cognitive" or chosen.cognitive.enabled]
    rooms[:0] = body_rooms(chosen.body, bridge=bridge)
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


def reachable(settings: AvatarSettings, host: str | None, *, tls: bool) -> AvatarSettings:
    """Return the page's settings for an address; one that others can reach gets a token where none is set."""
    if host is not None:
        settings = msgspec.structs.replace(settings, host=host)
        if not settings.token and not is_loopback(host):
            settings = msgspec.structs.replace(settings, token=secrets.token_urlsafe(16))
    return msgspec.structs.replace(settings, tls=True) if tls else settings
