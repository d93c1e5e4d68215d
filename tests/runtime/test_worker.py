"""A worker process on a pipe: it may die, hang or lie, and its owner goes on."""

import os
import signal
import sys
import threading
import time

import pytest

from runtime.offload import InlineOffload
from runtime.worker import WorkerDied, WorkerProcess, WorkerRefused

pytestmark = pytest.mark.timeout(40)

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


DEAF = "import time; time.sleep(60)"
STOPS_AMID_ITS_REPLY = """
import os, struct, time
os.read(0, 65536)
os.write(1, struct.pack("<II", 2, 100) + b"{}" + bytes(50))
time.sleep(60)
"""
SAYS_TOO_MUCH = """
import os, struct, time
os.read(0, 65536)
os.write(1, struct.pack("<II", 2, 0) + b"{}" + bytes(50))
time.sleep(60)
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


def test_a_worker_that_does_not_read_is_killed_after_its_timeout():
    worker = WorkerProcess("deaf", [sys.executable, "-c", DEAF], InlineOffload(), timeout_s=0.2)
    with pytest.raises(WorkerDied, match=r"no answer within 0\.2 s"):
        worker.exchange({"do": "reverse"}, bytes(4 << 20))  # far more than a pipe holds
    assert worker.pid is None


def test_a_worker_that_stops_amid_its_reply_is_killed_after_its_timeout():
    argv = [sys.executable, "-c", STOPS_AMID_ITS_REPLY]
    worker = WorkerProcess("slow", argv, InlineOffload(), timeout_s=0.5)
    with pytest.raises(WorkerDied, match=r"no answer within 0\.5 s"):
        worker.exchange({"do": "reverse"})
    assert worker.pid is None


def test_who_waits_is_told_at_once_when_the_worker_is_ended_meanwhile():
    worker = WorkerProcess("deaf", [sys.executable, "-c", DEAF], InlineOffload(), timeout_s=50.0)

    def end():
        while worker.pid is None:
            time.sleep(0.01)
        time.sleep(0.1)
        worker.kill()

    ender = threading.Thread(target=end)
    ender.start()
    with pytest.raises(WorkerDied):  # long before the test's own time limit
        worker.exchange({"do": "reverse"})
    ender.join()


def test_a_worker_whose_reply_is_longer_than_it_says_is_killed():
    argv = [sys.executable, "-c", SAYS_TOO_MUCH]
    worker = WorkerProcess("talkative", argv, InlineOffload(), timeout_s=10.0)
    with pytest.raises(WorkerDied, match="longer than it says"):
        worker.exchange({"do": "reverse"})


def test_a_worker_that_cannot_be_started_is_one_that_died(tmp_path):
    worker = WorkerProcess("absent", [str(tmp_path / "nothing")], InlineOffload())
    with pytest.raises(WorkerDied, match=r"absent: .*No such file"):
        worker.exchange({"do": "reverse"})
