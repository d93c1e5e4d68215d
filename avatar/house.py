"""Runs a house with a page: what `attune demo` and `attune replay` share.

The supervisor starts the rooms; when all are ready, the page's address is fetched once, printed, and opened in the
browser where there is one. Ctrl-C ends everything within the supervisor's stop timeout.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from avatar.access import AccessPolicy
from avatar.tls import Certificate, certificate_of, lan_addresses
from avatar.vrm_file import character_of
from runtime.addresses import free_port, is_loopback, operator_url, page_url
from runtime.display import has_display
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
        AttuneError: the port is taken, the character cannot be shown, there is no certificate for TLS, or the house could not start.
    """
    settings = profile.avatar
    if port is not None:
        settings = msgspec.structs.replace(settings, port=port)
    settings = msgspec.structs.replace(settings, port=checked_port(settings))
    character_of(settings)  # before any room starts, so that a bad file costs no start of a house
    profile = msgspec.structs.replace(profile, avatar=settings)
    certificate = certificate_of(settings)
    console = settings.operator_token if "replay_dir" not in options else ""

    def ready(endpoints: dict[str, object]) -> None:
        if notice := endpoints.get("notice"):
            print(notice, file=sys.stderr, flush=True)
        announcing = (settings, certificate, browser, console)
        threading.Thread(target=_announce, args=announcing, daemon=True, name="announce").start()

    supervisor = Supervisor(profile, rooms, session_dir, seed, dict(options), on_ready=ready)
    return asyncio.run(supervisor.run())


def checked_port(settings: AvatarSettings) -> int:
    """Return the port to use, as `runtime.addresses.free_port`; raises AttuneError, also for an open address without a token."""
    AccessPolicy(settings.host, settings.port, settings.token)
    return free_port(settings.host, settings.port)


def _announce(settings: AvatarSettings, certificate: Certificate | None, browser: bool, console: str) -> None:
    """Fetch the page once, say where it and the operator console (its token, if there is one) are, and open it."""
    secure = certificate is not None
    url = page_url(settings.host, settings.port, settings.token, secure=secure)
    trusted = None if certificate is None else certificate.client_context()
    try:
        with urllib.request.urlopen(url, timeout=FETCH_TIMEOUT_S, context=trusted) as page:
            page.read(1)
    except (OSError, urllib.error.URLError) as error:
        print(f"the page at {url} does not answer: {error}", file=sys.stderr, flush=True)
        return
    print(f"Attune is at {url}  (Ctrl-C ends it)", flush=True)
    for line in elsewhere(settings, certificate):
        print(line, flush=True)
    if console:
        told = operator_url(settings.host, settings.port, console, secure=secure)
        print(f"The operator console is at {told}", flush=True)
    if browser and has_display():
        webbrowser.open(url)


def elsewhere(settings: AvatarSettings, certificate: Certificate | None) -> list[str]:
    """Return how to reach the page from other machines, and how to tell its certificate from another's."""
    lines: list[str] = []
    if settings.host in ("0.0.0.0", "::"):
        for host in lan_addresses():
            if settings.host == "::" or ":" not in host:
                url = page_url(host, settings.port, settings.token, secure=certificate is not None)
                lines.append(f"From other machines: {url}")
    if certificate is not None:
        lines.append(f"Its certificate's SHA-256 fingerprint: {certificate.fingerprint}")
        if not settings.certificate:
            lines.append("It is made on this machine, so a browser warns once; compare the fingerprint, then go on.")
    elif not is_loopback(settings.host):
        lines.append("Browsers on other machines give no microphone or camera to http pages: add --tls for https.")
    return lines


def check_result(result: HouseResult) -> None:
    """Raise AttuneError for a house that ended otherwise than meant."""
    if not result.ok:
        raise AttuneError(f"The session ended early: {result.reason}")
