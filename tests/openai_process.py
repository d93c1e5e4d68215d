"""Runs `tests/openai_server.py`, or a server built on it, as a process and talks to its side doors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVER = Path(__file__).with_name("openai_server.py")


@dataclass
class ServerProcess:
    """A running server."""

    process: subprocess.Popen[str]
    port: int

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def say(self, **values: Any) -> None:
        """Set single values of good answers by property name."""
        self._call("say", values)

    def seen(self) -> list[dict[str, Any]]:
        """Return the requests so far: bodies and keys."""
        return self._call("seen", None)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=10)

    def _call(self, path: str, body: Any) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", data, timeout=10) as answer:
            return json.loads(answer.read())


@contextmanager
def openai_server(*arguments: str, port: int = 0, script: Path = SERVER) -> Iterator[ServerProcess]:
    """Start a server and stop it at the end, whatever has become of it."""
    command = [sys.executable, str(script), "--port", str(port), *arguments]
    here = {**os.environ, "PYTHONPATH": str(SERVER.parents[1])}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=here)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.strip().isdigit(), "the server did not start"
        yield ServerProcess(process, int(line))
    finally:
        process.kill()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()
