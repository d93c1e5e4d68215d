"""ZeroMQ sockets on an asyncio loop: reading without starving the loop, and the ports for outside programs.

A reader registers the socket's file descriptor with the loop. That descriptor is edge-triggered and says only that
something may have changed, so a reader always reads until the socket is empty, in batches with the loop's other work
in between, and looks again after every send on the same socket (a send may swallow the signal of an arrival).
"""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zmq

from runtime import codec
from runtime.addresses import is_loopback
from runtime.errors import AttuneError
from runtime.keys import ServerKeys, load_server_keys
from runtime.settings import BusSettings

QUEUE_DEPTH = 20_000
"""Messages that wait for a slow subscriber (both sides) before the newest are lost, which the sequence numbers show."""
LINGER_MS = 500
"""Longest time that closing waits for unsent messages."""
RECONNECT_MS = 20
"""Pause before a room that is not there yet is tried again; local sockets are cheap to try."""
RECONNECT_MAX_MS = 100
BATCH = 64
"""Messages read in one go before the loop's other work gets its turn."""
PORT_PAIRS = 21
"""The configured pair of ports and the next 20."""
INTENTION_SOCKET_MAX_BYTES = 1 << 20
"""A peer that sends a larger frame to the intention socket is disconnected by libzmq before it is read."""
ENDPOINTS_FILE = "endpoints.json"


class SocketReader:
    """Hands every multipart message of one socket to a function, on the loop."""

    def __init__(self, socket: zmq.Socket[bytes], on_parts: Callable[[list[bytes]], None]) -> None:
        """Start reading on the running loop; `on_parts` must not raise."""
        self._socket = socket
        self._on_parts = on_parts
        self._loop = asyncio.get_running_loop()
        self._descriptor: int = socket.getsockopt(zmq.FD)  # type: ignore[assignment] # an int for this option
        self._scheduled: asyncio.Handle | None = None
        self._closed = False
        self._loop.add_reader(self._descriptor, self._drain)
        self.look_again()

    def look_again(self) -> None:
        """Read in the loop's next turn; to be called after every use of the socket for something else."""
        if self._scheduled is None and not self._closed:
            self._scheduled = self._loop.call_soon(self._drain)

    def close(self) -> None:
        """Stop reading; the socket is its owner's to close."""
        self._closed = True
        self._loop.remove_reader(self._descriptor)
        if self._scheduled is not None:
            self._scheduled.cancel()

    def _drain(self) -> None:
        if self._scheduled is not None:
            self._scheduled.cancel()
            self._scheduled = None
        for _ in range(BATCH):
            if self._closed:
                return
            try:
                parts = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            except zmq.ZMQError as error:
                if error.errno in (zmq.ETERM, zmq.ENOTSOCK):
                    return
                raise
            self._on_parts(parts)
        self.look_again()


@dataclass(slots=True)
class OutsideSockets:
    """What outside programs connect to; a socket is None where its port is 0.

    `notice` is a sentence for the user when other ports than the configured ones had to be taken, else empty.
    """

    streams: zmq.Socket[bytes] | None
    intentions: zmq.Socket[bytes] | None
    streams_port: int
    intentions_port: int
    keys: ServerKeys | None
    notice: str = ""


def new_socket(context: zmq.Context[zmq.Socket[bytes]], kind: int, max_bytes: int) -> zmq.Socket[bytes]:
    """Return a socket with the house's limits set."""
    socket = context.socket(kind)
    socket.setsockopt(zmq.LINGER, LINGER_MS)
    socket.setsockopt(zmq.SNDHWM, QUEUE_DEPTH)
    socket.setsockopt(zmq.RCVHWM, QUEUE_DEPTH)
    socket.setsockopt(zmq.MAXMSGSIZE, max_bytes)
    socket.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MS)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, RECONNECT_MAX_MS)
    return socket


def _publisher_socket(context: zmq.Context[zmq.Socket[bytes]]) -> zmq.Socket[bytes]:
    return new_socket(context, zmq.PUB, codec.MAX_PAYLOAD_BYTES)


def router_socket(context: zmq.Context[zmq.Socket[bytes]]) -> zmq.Socket[bytes]:
    """Return a socket for intentions that says when an answer's receiver is gone and lets a client come back."""
    socket = new_socket(context, zmq.ROUTER, INTENTION_SOCKET_MAX_BYTES)
    socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
    socket.setsockopt(zmq.ROUTER_HANDOVER, 1)
    # Backpressure begins early: what waits here has not been looked at by anyone.
    socket.setsockopt(zmq.RCVHWM, 256)
    return socket


def bind_outside(context: zmq.Context[zmq.Socket[bytes]], settings: BusSettings, run_dir: Path) -> OutsideSockets:
    """Bind the ports for outside programs, write `endpoints.json` into the run folder and return the sockets.

    Tried are the ports of an earlier life of this room, then the configured ones and the next 20 pairs.

    Raises:
        AttuneError: a host beyond loopback without keys, no free pair, or an address that cannot be bound.
    """
    check_host(settings)
    keys = load_server_keys(Path(settings.curve_keys)) if settings.curve_keys else None
    wanted = (settings.intentions_port, settings.streams_port)
    if wanted == (0, 0):
        return OutsideSockets(None, None, 0, 0, keys)
    for ports in _candidates(wanted, run_dir):
        sockets = _try_pair(context, settings.host, ports, keys)
        if sockets is None:
            continue
        if ports != wanted:
            sockets.notice = _notice(wanted, ports)
        _write_endpoints(run_dir / ENDPOINTS_FILE, settings, sockets)
        return sockets
    first = min(port for port in wanted if port)
    raise AttuneError(
        f"ports {first} to {first + 2 * PORT_PAIRS - 1} on {settings.host} are in use",
        "Set bus.intentions_port and bus.streams_port in the profile to free ports, or to 0 for none.",
    )


def check_host(settings: BusSettings) -> None:
    """Refuse to be reachable from other machines without keys.

    Raises:
        AttuneError: see above.
    """
    if settings.curve_keys or is_loopback(settings.host):
        return
    raise AttuneError(
        f"bus.host {settings.host} is reachable from other machines, but bus.curve_keys is empty",
        "Make keys with 'attune keys create DIR' and name DIR in bus.curve_keys, or set bus.host to 127.0.0.1.",
    )


def read_endpoints(run_dir: Path) -> dict[str, object] | None:
    """Return what `bind_outside` wrote, or None while it has not."""
    try:
        endpoints = json.loads((run_dir / ENDPOINTS_FILE).read_text())
    except (OSError, ValueError):
        return None
    return endpoints if isinstance(endpoints, dict) else None


def _candidates(wanted: tuple[int, int], run_dir: Path) -> list[tuple[int, int]]:
    pairs = [
        (wanted[0] + 2 * step if wanted[0] else 0, wanted[1] + 2 * step if wanted[1] else 0)
        for step in range(PORT_PAIRS)
        if max(wanted) + 2 * step <= 65_535
    ]
    earlier = read_endpoints(run_dir)
    if earlier is not None:
        ports = (earlier.get("intentions_port"), earlier.get("streams_port"))
        pairs.sort(key=lambda pair: pair != ports)
    return pairs


def _try_pair(
    context: zmq.Context[zmq.Socket[bytes]], host: str, ports: tuple[int, int], keys: ServerKeys | None
) -> OutsideSockets | None:
    bound: list[zmq.Socket[bytes] | None] = []
    makers = (router_socket, _publisher_socket)
    for port, make in zip(ports, makers, strict=True):
        if port == 0:
            bound.append(None)
            continue
        socket = make(context)
        bound.append(socket)
        if keys is not None:
            keys.apply(socket)
        socket.setsockopt(zmq.TCP_KEEPALIVE, 1)
        if ":" in host:
            socket.setsockopt(zmq.IPV6, 1)
        try:
            socket.bind(f"tcp://{_in_url(host)}:{port}")
        except zmq.ZMQError as error:
            for opened in bound:
                if opened is not None:
                    opened.close(linger=0)
            if error.errno == errno.EADDRINUSE:
                return None
            raise AttuneError(
                f"bus.host {host}, port {port}: {error.strerror}",
                "Use an address of this machine, ports above 1023.",
            ) from None
    return OutsideSockets(bound[1], bound[0], ports[1], ports[0], keys)


def _notice(wanted: tuple[int, int], ports: tuple[int, int]) -> str:
    parts = []
    for name, want, got in zip(("intentions", "streams"), wanted, ports, strict=True):
        if want:
            parts.append(f"{name} are on {got} (not {want})")
    return f"{wanted[0] or wanted[1]} or its neighbour is in use: {', '.join(parts)}"


def _write_endpoints(path: Path, settings: BusSettings, sockets: OutsideSockets) -> None:
    host = _in_url(settings.host)
    endpoints = {
        "intentions": f"tcp://{host}:{sockets.intentions_port}" if sockets.intentions_port else "",
        "streams": f"tcp://{host}:{sockets.streams_port}" if sockets.streams_port else "",
        "intentions_port": sockets.intentions_port,
        "streams_port": sockets.streams_port,
        "encrypted": sockets.keys is not None,
        "notice": sockets.notice,
    }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(endpoints))
    partial.replace(path)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
