"""A worker process on a pipe: heavy, crash-prone or differently licensed code kept out of the fast process.

One request, one reply, in order. A frame is two little-endian uint32 lengths, a JSON header and a binary payload; nothing but the
standard library is needed on the worker's side. A worker that dies, hangs past its timeout or answers nonsense is
killed, `WorkerDied` is raised to whoever waits, and the next request starts a fresh one. The timeout is one for the
whole exchange, so that neither a worker that does not read nor one that stops amid its reply holds its owner. Requests
block, so they go through the owner's `Offload`: a thread in real time, inline under virtual time.
"""

from __future__ import annotations

import json
import os
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import IO, Any

from runtime.offload import Offload

_LENGTHS = struct.Struct("<II")
MAX_FRAME_BYTES = 64 << 20
READ_BYTES = 1 << 20
"""Most that is taken from the pipe at once."""

Header = dict[str, Any]


class WorkerDied(RuntimeError):
    """The worker ended, hung or broke the protocol; its next request starts a fresh one."""


class WorkerRefused(ValueError):
    """The worker is well and says that the request cannot be done; the message is for people."""


class WorkerProcess:
    """The owner's end of one worker."""

    def __init__(self, name: str, argv: Sequence[str], offload: Offload, *, timeout_s: float = 30.0) -> None:
        """Describe a worker; it is started by its first request.

        Args:
            name: for error messages and `ps`.
            argv: command line.
            offload: where the blocking exchange runs.
            timeout_s: longest time for one exchange, from the first byte of the request to the last of its reply.
        """
        self.name = name
        self.restarts = -1
        self._argv = list(argv)
        self._offload = offload
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id while the worker runs."""
        return self._process.pid if self._process is not None else None

    async def request(self, header: Header, payload: bytes = b"") -> tuple[Header, bytes]:
        """Send a request and return the reply's header and payload.

        Raises:
            WorkerDied: it ended, hung or broke the protocol.
            WorkerRefused: it answered with an error for people.
        """
        return await self._offload.run(self.exchange, header, payload)

    def exchange(self, header: Header, payload: bytes = b"") -> tuple[Header, bytes]:
        """Do what `request` does, blocking."""
        try:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None
            request = _pack(header, payload)
            reply, data = _exchange(process.stdin, process.stdout, request, self._timeout_s)
        except (OSError, EOFError, ValueError, RecursionError) as error:
            self.kill()
            raise WorkerDied(f"{self.name}: {error or 'ended'}") from error
        if "error" in reply:
            raise WorkerRefused(str(reply["error"]))
        return reply, data

    def kill(self) -> None:
        """End the worker at once; harmless if it has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # unsent bytes of a dead worker
                    continue
        process.wait()

    async def aclose(self) -> None:
        """End the worker and its offload."""
        self.kill()
        self._offload.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.kill()
        self.restarts += 1
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            self._argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment
        )
        self._process = process
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)  # our ends only; the worker's block
        return process


def serve_worker(title: str, handle: Callable[[Header, bytes], tuple[Header, bytes]], *, niceness: int = 5) -> None:
    """Be a worker of some niceness: answer requests on stdin/stdout until stdin closes.

    A `ValueError` or `OSError` from `handle` is sent as the reply's error; any other exception ends the worker. Standard output of
    libraries is diverted to standard error, so that it cannot corrupt the protocol.
    """
    import signal

    import setproctitle

    from runtime.processes import set_niceness

    setproctitle.setproctitle(f"attune: {title}")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the owner closes our stdin
    set_niceness(niceness)
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    while True:
        try:
            header, payload = read_frame(requests)
        except (EOFError, OSError):
            return
        try:
            reply, data = handle(header, payload)
        except (ValueError, OSError) as error:
            reply, data = {"error": str(error)}, b""
        try:
            write_frame(replies, reply, data)
        except OSError:  # the owner is gone
            return


def write_frame(pipe: IO[bytes], header: Header, payload: bytes) -> None:
    """Write one frame and flush it."""
    pipe.write(_pack(header, payload))
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> tuple[Header, bytes]:
    """Read one frame; EOFError when the other end has closed, ValueError when it is not a frame."""
    head_size, data_size = _sizes(_read_exactly(pipe, _LENGTHS.size))
    return _header(_read_exactly(pipe, head_size)), _read_exactly(pipe, data_size)


def _pack(header: Header, payload: bytes) -> bytes:
    head = json.dumps(header).encode()
    return b"".join((_LENGTHS.pack(len(head), len(payload)), head, payload))


def _sizes(lengths: bytes) -> tuple[int, int]:
    head_size, data_size = _LENGTHS.unpack(lengths)
    if head_size + data_size > MAX_FRAME_BYTES:
        raise ValueError(f"frame of {head_size + data_size} bytes is too large")
    return head_size, data_size


def _header(head: bytes) -> Header:
    header = json.loads(head)
    if not isinstance(header, dict):
        raise ValueError("frame header is not an object")
    return header


def _read_exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size) if size else b""
    if len(data) < size:
        raise EOFError("the pipe closed")
    return data


def _exchange(stdin: IO[bytes], stdout: IO[bytes], request: bytes, timeout_s: float) -> tuple[Header, bytes]:
    """Write a request and read its reply on two unbuffered, non-blocking pipes, within one deadline."""
    deadline_s = time.monotonic() + timeout_s
    unsent, reply = memoryview(request), bytearray()
    size, head_end = _LENGTHS.size, 0  # of what is wanted of the reply: its lengths first, then all of it
    # Poll and not epoll: it wakes up even if another thread has ended the worker and closed the pipes meanwhile.
    with selectors.PollSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        selector.register(stdin, selectors.EVENT_WRITE)
        while len(reply) < size or not head_end:
            left_s = deadline_s - time.monotonic()
            ready = {key.fileobj for key, _ in selector.select(left_s)} if left_s > 0.0 else set()
            if not ready:
                raise OSError(f"no answer within {timeout_s:g} s")
            if stdin in ready:
                unsent = unsent[stdin.write(unsent) or 0 :]
                if not unsent:
                    selector.unregister(stdin)
            if stdout in ready:
                data = stdout.read(READ_BYTES)
                if not data:
                    raise EOFError("the pipe closed")
                reply += data
            if not head_end and len(reply) >= size:
                head_size, data_size = _sizes(bytes(reply[:size]))
                head_end = size + head_size
                size = head_end + data_size
    if unsent or len(reply) > size:
        raise ValueError("the reply is longer than it says, or came before the request was read")
    return _header(bytes(reply[_LENGTHS.size : head_end])), bytes(reply[head_end:])
