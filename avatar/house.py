"""Runs a house with a page: what `attune demo` and `attune replay` share.

The supervisor starts the rooms; when all are ready, the page's address is fetched once, printed, and opened in the
browser where there is one. Ctrl-C ends everything within the supervisor's stop timeout.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from avatar.access import AccessPolicy
from avatar.addresses import bind_error
from runtime.addresses import operator_url, page_url
from runtime.errors import AttuneError
from runtime.house import HouseResult, RoomSpec
from runtime.settings import AvatarSettings, Profile
from runtime.supervisor import Supervisor

FETCH_TIMEOUT_S = 3.0


def run_with_page(
    profile: Profile,
    rooms: Sequence[RoomSpec],
    *,
    port: int | None,
    browser: bool,
    options: Mapping[str, object],
    session_dir: Path | None = None,
    seed: int | None = None,
) -> HouseResult:
    """Run a house whose rooms include the avatar, until it ends.

    Args:
        profile: the validated profile.
        rooms: rooms in the order of their start.
        port: of the page; None takes the profile's, 0 a free one.
        browser: whether to open the page.
        options: launch options of the rooms.
        session_dir: folder of the recording, or None.
        seed: of random choices, or None.

    Raises:
        AttuneError: the port is taken, or the house could not start.
    """
    settings = profile.avatar
    if port is not None:
        settings = msgspec.structs.replace(settings, port=port)
    settings = msgspec.structs.replace(settings, port=free_port(settings))
    profile = msgspec.structs.replace(profile, avatar=settings)
    url = page_url(settings.host, settings.port, settings.token)
    console = ""
    if settings.operator_token and "replay_dir" not in options:
        console = operator_url(settings.host, settings.port, settings.operator_token)

    def ready(endpoints: dict[str, object]) -> None:
        if notice := endpoints.get("notice"):
            print(notice, file=sys.stderr, flush=True)
        threading.Thread(target=_announce, args=(url, browser, console), daemon=True, name="announce").start()

    supervisor = Supervisor(profile, rooms, session_dir, seed, dict(options), on_ready=ready)
    return asyncio.run(supervisor.run())


def free_port(settings: AvatarSettings) -> int:
    """Return the port to use: the one that was asked for if it is free, or for 0 any free one.

    Asked before any room starts, so that a port in use costs no start of a house. Raises AttuneError.
    """
    AccessPolicy(settings.host, settings.port, settings.token)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
            probe.listen(1)
        except OSError as error:
            raise bind_error(settings.host, settings.port, error) from None
        return int(probe.getsockname()[1])


def _announce(url: str, browser: bool, console: str = "") -> None:
    """Fetch the page once, say where it and the operator console are, and open it."""
    try:
        with urllib.request.urlopen(url, timeout=FETCH_TIMEOUT_S) as page:
            page.read(1)
    except (OSError, urllib.error.URLError) as error:
        print(f"the page at {url} does not answer: {error}", file=sys.stderr, flush=True)
        return
    print(f"Attune is at {url}  (Ctrl-C ends it)", flush=True)
    if console:
        print(f"The operator console is at {console}", flush=True)
    if browser and has_display():
        webbrowser.open(url)


def has_display() -> bool:
    """Return whether a browser window can be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check_result(result: HouseResult) -> None:
    """Raise AttuneError for a house that ended otherwise than meant."""
    if not result.ok:
        raise AttuneError(f"The session ended early: {result.reason}")
