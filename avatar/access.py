"""Who may talk to the page server: address, `Host`, `Origin` and token checks.

On loopback a browser is the only gate, and any web site open in it may try to connect; so the `Host` header must name
this very server (which defeats DNS rebinding) and a WebSocket's `Origin` must be the page's own. Beyond loopback a
token is required as well: given once in the address (`/?token=...`), then kept by the browser in a strict, script-
invisible cookie.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from runtime.addresses import is_loopback
from runtime.errors import AttuneError

MIN_TOKEN_CHARS = 16


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """The checks for one bound address.

    Attributes:
        host: bind address.
        port: bound TCP port.
        token: shared secret, or empty on loopback.
        secure: whether the page is served over TLS.
        setting: name of the profile's key that holds the token.
    """

    host: str
    port: int
    token: str = ""
    secure: bool = False
    setting: Literal["token", "operator_token"] = "token"

    def __post_init__(self) -> None:
        """Refuse an address that others can reach without a token."""
        if not is_loopback(self.host) and not self.token:
            raise AttuneError(
                f"avatar.host: {self.host} can be reached from other machines, so a token is needed",
                f"Set avatar.token to at least {MIN_TOKEN_CHARS} characters, or use avatar.host 127.0.0.1",
            )
        if self.token and len(self.token) < MIN_TOKEN_CHARS:
            raise AttuneError(
                f"avatar.{self.setting} has {len(self.token)} characters", f"Use at least {MIN_TOKEN_CHARS}"
            )

    @property
    def cookie(self) -> str:
        """Name of the cookie that carries the token; cookies are shared between ports, so the port is part of it."""
        return f"attune-{self.port}" if self.setting == "token" else f"attune-operator-{self.port}"

    def host_refusal(self, host_header: str | None) -> str:
        """Return why a `Host` header is refused, or an empty string."""
        name, port = _split_host(host_header or "", 443 if self.secure else 80)
        if port != self.port:
            return "this address is not the page's own"
        if is_loopback(self.host) and name not in ("localhost", "127.0.0.1", "::1", self.host):
            return "this name is not the page's own"
        return ""

    def origin_refusal(self, origin: str | None, host_header: str | None) -> str:
        """Return why a WebSocket from an `Origin` is refused, or an empty string; a missing origin is refused."""
        if not origin:
            return "no Origin header: only the page itself may connect"
        parts = urlsplit(origin)
        if parts.scheme != ("https" if self.secure else "http") or parts.netloc != (host_header or ""):
            return "another web site may not connect"
        return ""

    def token_refusal(self, query: Mapping[str, str], cookies: Mapping[str, str]) -> str:
        """Return why a request is refused for its token, or an empty string."""
        if not self.token:
            return ""
        given = query.get("token") or cookies.get(self.cookie) or ""
        if hmac.compare_digest(given.encode(errors="replace"), self.token.encode()):
            return ""
        what = "page" if self.setting == "token" else "operator console"
        return f"open the {what} by the full address that was printed at the start: it carries the token"


def _split_host(header: str, usual_port: int) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{header}")
        return parts.hostname or "", parts.port or usual_port
    except ValueError:
        return "", -1
