"""Which addresses only this machine can reach (the rule behind every demand for keys or a token), the page's own, and free ports."""

from __future__ import annotations

import errno
import ipaddress
import socket

from runtime.errors import AttuneError


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


def free_port(host: str, port: int) -> int:
    """Return the port to use: the one that was asked for if it is free, or for 0 any free one.

    Asked before any room starts, so that a port in use costs no start of a house. Raises AttuneError.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise bind_error(host, port, error) from None
        return int(probe.getsockname()[1])


def bind_error(host: str, port: int, error: OSError) -> AttuneError:
    """Return the error for an address that cannot be listened on, naming the mend."""
    if error.errno == errno.EADDRINUSE:
        return AttuneError(
            f"port {port} on {host} is in use", f"Choose another with --port {port + 1}, or --port 0 for any free one"
        )
    if error.errno == errno.EACCES:
        return AttuneError(f"port {port} may not be bound by this user", "Choose one above 1023 with --port 8765")
    return AttuneError(
        f"cannot listen on {host} port {port}: {error.strerror}", "Set avatar.host to an address of this machine"
    )
