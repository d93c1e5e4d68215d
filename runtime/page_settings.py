"""The `avatar` section of a profile: where the page is served, to whom, and whom it shows. Needs only msgspec."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from runtime.section import Port, Section


class AvatarSettings(Section, frozen=True, kw_only=True):
    """The web page."""

    host: str = "127.0.0.1"
    """Address to bind. Anything but loopback needs a token."""
    port: Port = 8765
    token: str = ""
    operator_token: str = ""
    """Opens the operator console; `--operator` makes one where this is empty, and without either there is no console."""
    character: str = ""
    """Path of a VRM file (0.x or 1.0, at most 64 MiB) that the page shows; empty for the character that comes with Attune."""
    tls: bool = False
    """Serve https with a certificate made on this machine (`avatar.tls`): other machines' browsers need it for microphone and camera."""
    certificate: str = ""
    """A PEM file of your own instead, with `key`."""
    key: str = ""

    webrtc: Literal["off", "network", "always"] = "network"
    """Whether pages may use WebRTC on a poor connection (extra `webrtc`): `network` offers it where the page is served beyond loopback."""
    thinking: bool = True
    """Whether pages show what the agent thinks. Without, as participants of a study mostly should see it, none of it is sent to them."""
    stun_servers: tuple[
        Annotated[str, Meta(pattern=r"^stuns?:[A-Za-z0-9.\-]+(:[0-9]{1,5})?$", max_length=200)], ...
    ] = ()
    """Like `stun:HOST:PORT`: who tells page and house their addresses where routers lie between; nobody is asked otherwise."""

    @property
    def secure(self) -> bool:
        """Whether the page is served over TLS."""
        return self.tls or bool(self.certificate)
