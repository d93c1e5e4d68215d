"""A worker process on a pipe: it may die, hang or lie, and its owner goes on."""

import os
import signal
import sys

import pytest

from runtime.offload import InlineOffload
from runtime.worker import WorkerDied, WorkerProcess, WorkerRefused

CODE = """
import os, time
from runtime.worker import serve_worker
def handle(header, payload):
    if header["do"] == "die":
        os._exit(7)
    if header["do"] == "hang":
        time.sleep(60)
    if header["do"] == "refuse":
        raise ValueError("sample_rate_hz must be 16000, not 8000")
    print("libraries may print")
    return {"pid": os.getpid()}, payload[::-1]
serve_worker("test worker", handle)
"""


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path or os.getcwd() for path in sys.path))
    process = WorkerProcess("test", [sys.executable, "-c", CODE], InlineOffload(), timeout_s=10.0)
    yield process
    process.kill()


def test_requests_are_answered_in_order(worker):
    replies = [worker.exchange({"do": "reverse"}, bytes([n, n + 1])) for n in range(5)]
    assert [payload for _, payload in replies] == [bytes([n + 1, n]) for n in range(5)]
    assert worker.restarts == 0


def test_a_large_payload_goes_through(worker):
    payload = os.urandom(1 << 20)
    assert worker.exchange({"do": "reverse"}, payload)[1] == payload[::-1]


def test_a_worker_that_dies_midway_is_replaced_by_the_next_request(worker):
    first, _ = worker.exchange({"do": "reverse"})
    with pytest.raises(WorkerDied):
        worker.exchange({"do": "die"})
    second, _ = worker.exchange({"do": "reverse"})
    assert second["pid"] != first["pid"]
    assert worker.restarts == 1


def test_a_worker_killed_from_outside_is_replaced(worker):
    first, _ = worker.exchange({"do": "reverse"})
    os.kill(first["pid"], signal.SIGKILL)
    with pytest.raises(WorkerDied):
        for _ in range(2):  # the kill may be noticed before the request, which then simply starts a fresh one
            if worker.exchange({"do": "reverse"})[0]["pid"] != first["pid"]:
                raise WorkerDied("replaced at once")
    assert worker.exchange({"do": "reverse"})[0]["pid"] != first["pid"]


def test_a_hung_worker_is_killed_after_its_timeout(worker):
    pid = worker.exchange({"do": "reverse"})[0]["pid"]
    worker._timeout_s = 0.2
    with pytest.raises(WorkerDied, match=r"no answer within 0\.2 s"):
        worker.exchange({"do": "hang"})
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_refusal_is_a_sentence_and_the_worker_lives(worker):
    pid = worker.exchange({"do": "reverse"})[0]["pid"]
    with pytest.raises(WorkerRefused, match="must be 16000"):
        worker.exchange({"do": "refuse"})
    assert worker.exchange({"do": "reverse"})[0]["pid"] == pid
