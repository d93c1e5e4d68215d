"""Which network addresses only this machine can reach (the rule behind every demand for keys or a token), and the page's own."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Return whether a bind address can be reached only from this machine.

    Args:
        host: an IP address, an IPv6 address in brackets, or a name; of names only `localhost` is taken to be local,
            because any other may be made to point elsewhere.
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def page_url(host: str, port: int, token: str = "", *, secure: bool = False) -> str:
    """Return the page's address; `secure` where it is served over TLS."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"{'https' if secure else 'http'}://{name}:{port}" + (f"/?token={token}" if token else "")


def operator_url(host: str, port: int, token: str, *, secure: bool = False) -> str:
    """Return the operator console's address, which carries its token."""
    return f"{page_url(host, port, secure=secure)}/operator?token={token}"
