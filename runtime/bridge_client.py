"""The other end of the bridge, for a program outside the house: msgspec and pyzmq are all it needs, on Python 3.10 or later.

A `BridgeClient` belongs to one thread and never blocks: its owner calls `poll` often, at least every `BEAT_S`, from a timer or whenever
`fileno` is readable; `poll` joins (again, where the house has restarted or the connection broke), beats, and returns what has come.
A program that hangs does not poll and so falls silent, which aborts its joint goals in the house: that is meant. Times in ns; failures of
the network are no errors here, `joined` says how things are.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Union

import zmq
import zmq.auth

from runtime import bridge_protocol as p
from runtime import codec
from runtime.errors import AttuneError
from runtime.messages import AnyMessage, Message

REJOIN_S = 0.25
LOST_S = 1.0
"""A house that has not answered a beat for this long is lost."""
POLL_MAX = 256
"""Messages read in one go."""
SEND_DEPTH = 1_000

Heard = Union[AnyMessage, p.Welcome, p.Refusal]  # noqa: UP007 - a runtime union on Python 3.10


class BridgeClient:
    """One program's connection to the house."""

    def __init__(
        self,
        endpoint: str,
        name: str,
        wants: Sequence[type[Message]] = (),
        *,
        server_key: str = "",
        client_key: str = "",
    ) -> None:
        """Connect; the house need not be there yet.

        Args:
            endpoint: for example tcp://127.0.0.1:8772.
            name: this program's; a second one of this name takes the first one's place.
            wants: message types to be sent here.
            server_key: file of the house's public certificate, where it demands CURVE.
            client_key: file of one's own secret certificate, with it.

        Raises:
            AttuneError: an endpoint or a key that cannot be used.
        """
        self._join = p.Join(name=name, wants=tuple(str(kind.__struct_config__.tag) for kind in wants))
        try:
            p.decode_control(p.encode_control(self._join))
        except ValueError as error:
            raise AttuneError(f"name {name[:80]!r}: {error}", "Use at most 64 letters, digits, _ . and -.") from None
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._joined = False
        self._asked_s = self._beat_s = self._heard_s = -1e9
        self._offsets: list[tuple[int, int]] = []
        self.counters = {"sent": 0, "received": 0, "refused": 0, "dropped": 0, "undecodable": 0}
        socket = self._socket
        socket.setsockopt(zmq.ROUTING_ID, f"{name[:64]}-{secrets.token_hex(8)}".encode())
        socket.setsockopt(zmq.LINGER, 100)
        socket.setsockopt(zmq.SNDHWM, SEND_DEPTH)
        socket.setsockopt(zmq.RCVHWM, 20_000)
        socket.setsockopt(zmq.MAXMSGSIZE, codec.MAX_PAYLOAD_BYTES)
        socket.setsockopt(zmq.IMMEDIATE, 1)  # nothing old is sent to a house that comes back
        socket.setsockopt(zmq.RECONNECT_IVL, 20)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 200)
        socket.setsockopt(zmq.TCP_KEEPALIVE, 1)
        try:
            if server_key or client_key:
                self._use_keys(server_key, client_key)
            socket.connect(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise AttuneError(
                f"endpoint {endpoint[:200]!r}: {error.strerror}", "It looks like tcp://127.0.0.1:8772."
            ) from None

    @property
    def joined(self) -> bool:
        """Whether the house has let this program in and has been heard lately."""
        return self._joined and time.monotonic() - self._heard_s < LOST_S

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when something may have come (edge-triggered: then `poll` until empty)."""
        return int(self._socket.getsockopt(zmq.FD))

    def session_ns(self) -> int:
        """Return the house's session time by the beat that travelled fastest of late; 0 before the first answer."""
        if not self._offsets:
            return 0
        return max(0, time.monotonic_ns() + min(self._offsets)[1])

    def poll(self) -> list[Heard]:
        """Join and beat where it is due, and return what has come; a welcome among it means that all starts anew."""
        heard: list[Heard] = []
        for _ in range(POLL_MAX):
            try:
                parts = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.ZMQError:
                break
            if len(parts) != 2:
                self.counters["undecodable"] += 1
                continue
            self._heard_s = time.monotonic()
            item = self._message(parts[1]) if parts[0] == p.MESSAGE else self._control(parts[1])
            if item is not None:
                heard.append(item)
        self._keep_up()
        return heard

    def send(self, message: Message) -> bool:
        """Send a message without waiting; return whether it is on its way (the house is there and has room)."""
        if not self._joined:
            self.counters["dropped"] += 1
            return False
        return self._transmit(p.MESSAGE, codec.encode(message))

    def close(self) -> None:
        """Leave and disconnect."""
        if self._socket.closed:
            return
        if self._joined:
            self._transmit(p.CONTROL, p.encode_control(p.Leave()))
        self._socket.close()
        self._context.term()

    def _keep_up(self) -> None:
        now_s = time.monotonic()
        if self._joined and now_s - self._heard_s > LOST_S:
            self._joined = False
        if not self._joined:
            if now_s - self._asked_s >= REJOIN_S:
                self._asked_s = now_s
                self._transmit(p.CONTROL, p.encode_control(self._join))
        elif now_s - self._beat_s >= p.BEAT_S * 0.9:
            self._beat_s = now_s
            self._transmit(p.CONTROL, p.encode_control(p.Beat(sent_ns=time.monotonic_ns())))

    def _message(self, payload: bytes) -> AnyMessage | None:
        try:
            message = codec.decode(payload)
        except codec.Undecodable:
            self.counters["undecodable"] += 1
            return None
        self.counters["received"] += 1
        return message

    def _control(self, payload: bytes) -> p.Welcome | p.Refusal | None:
        try:
            control = p.decode_control(payload)
        except ValueError:
            self.counters["undecodable"] += 1
            return None
        if isinstance(control, p.BeatAnswer):
            now_ns = time.monotonic_ns()
            travelled_ns = max(0, now_ns - control.sent_ns)
            self._offsets = [*self._offsets[-19:], (travelled_ns, control.session_ns + travelled_ns // 2 - now_ns)]
            return None
        if isinstance(control, p.Welcome):
            self._joined = True
            self._offsets = [(10**9, control.session_ns - time.monotonic_ns())]
            return control
        if isinstance(control, p.Refusal):
            self.counters["refused"] += 1
            if control.about == "join":
                self._joined = False
            return control
        return None

    def _transmit(self, kind: bytes, payload: bytes) -> bool:
        try:
            self._socket.send_multipart((kind, payload), zmq.NOBLOCK)
        except zmq.ZMQError:
            self.counters["dropped"] += 1
            return False
        self.counters["sent"] += 1
        return True

    def _use_keys(self, server_key: str, client_key: str) -> None:
        try:
            public, _ = zmq.auth.load_certificate(Path(server_key))
            own_public, own_secret = zmq.auth.load_certificate(Path(client_key))
        except (OSError, ValueError) as error:
            self.close()
            raise AttuneError(
                f"bridge keys: {error}", "Name the house's server.key and a client's key_secret."
            ) from None
        if own_secret is None:
            self.close()
            raise AttuneError(f"{client_key} holds no secret key", "Name the client's file that ends in .key_secret.")
        self._socket.setsockopt(zmq.CURVE_SERVERKEY, public)
        self._socket.setsockopt(zmq.CURVE_PUBLICKEY, own_public)
        self._socket.setsockopt(zmq.CURVE_SECRETKEY, own_secret)
