"""CURVE keys: who may join the house from another machine.

A key folder holds the server's certificate, `clients/` with the public keys of everyone allowed in, and `issued/`
with the secret keys made for clients, each to be carried to its machine and deleted here. Certificates are ZeroMQ's
own format (`zmq.auth`). Secrets are readable by their owner only, and a secret that others can read is refused.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator

from runtime.errors import AttuneError

SERVER = "server"
CLIENTS = "clients"
ISSUED = "issued"
ZAP_DOMAIN = "attune"


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The house's key pair and the folder of the clients that may join."""

    public: bytes
    secret: bytes
    clients: Path

    def apply(self, socket: zmq.Socket[bytes]) -> None:
        """Make a socket demand CURVE; to be called before it binds."""
        socket.setsockopt(zmq.CURVE_SERVER, 1)
        socket.setsockopt(zmq.CURVE_PUBLICKEY, self.public)
        socket.setsockopt(zmq.CURVE_SECRETKEY, self.secret)
        socket.setsockopt(zmq.ZAP_DOMAIN, ZAP_DOMAIN.encode())

    def authenticator(self, context: zmq.Context[zmq.Socket[bytes]]) -> ThreadAuthenticator:
        """Start the thread that admits only the clients of the folder; the caller stops it."""
        thread = ThreadAuthenticator(context)
        thread.start()
        thread.configure_curve(domain=ZAP_DOMAIN, location=str(self.clients))
        return thread


def create_keys(folder: Path) -> Path:
    """Make a key folder with a server certificate and one client (`client`); return the public server certificate.

    Raises:
        AttuneError: the folder already has a server certificate, or CURVE is missing in libzmq.
    """
    _check_curve()
    if (folder / f"{SERVER}.key_secret").exists():
        raise AttuneError(f"{folder} already has keys", "Use another folder; replacing keys locks every client out.")
    for part in (folder, folder / CLIENTS, folder / ISSUED):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    public, secret = zmq.auth.create_certificates(folder, SERVER)
    Path(secret).chmod(0o600)
    create_client_key(folder, "client")
    return Path(public)


def create_client_key(folder: Path, name: str) -> Path:
    """Allow one more client; return the secret certificate that is to be carried to its machine.

    Raises:
        AttuneError: a name that is no file name, or one that is taken.
    """
    _check_curve()
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise AttuneError(f"client name {name[:64]!r} is not allowed", "Use letters, digits, - and _.")
    if (folder / CLIENTS / f"{name}.key").exists():
        raise AttuneError(
            f"{folder} already has a client {name}", "Use another name, or delete that client's key first."
        )
    public, secret = zmq.auth.create_certificates(folder / ISSUED, name)
    Path(secret).chmod(0o600)
    Path(public).replace(folder / CLIENTS / f"{name}.key")
    return Path(secret)


def load_server_keys(folder: Path) -> ServerKeys:
    """Return the house's keys.

    Raises:
        AttuneError: naming the file that is missing, unreadable, no certificate, or readable by others.
    """
    _check_curve()
    path = folder / f"{SERVER}.key_secret"
    mend = "Make a key folder with runtime.keys.create_keys and name it in bus.curve_keys."
    try:
        mode = path.stat().st_mode
        public, secret = zmq.auth.load_certificate(path)
    except (OSError, ValueError) as error:
        raise AttuneError(f"{path}: {error}", mend) from None
    if secret is None:
        raise AttuneError(f"{path} holds no secret key", mend)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise AttuneError(f"{path} can be read by other users", f"Run: chmod 600 {path}")
    clients = folder / CLIENTS
    if not clients.is_dir():
        raise AttuneError(f"{clients} is missing", mend)
    return ServerKeys(public, secret, clients)


def _check_curve() -> None:
    if not zmq.has("curve"):
        raise AttuneError("this libzmq has no CURVE encryption", "Install the pyzmq wheel from PyPI.")
