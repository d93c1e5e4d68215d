"""What is said where an address cannot be listened on."""

from __future__ import annotations

import errno

from runtime.errors import AttuneError


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
