"""The `avatar` section of a profile: where the page is served, to whom, and whom it shows. Needs only msgspec."""

from __future__ import annotations

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

    @property
    def secure(self) -> bool:
        """Whether the page is served over TLS."""
        return self.tls or bool(self.certificate)
