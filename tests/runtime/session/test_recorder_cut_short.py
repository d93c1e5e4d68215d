"""A recording that is cut short, by a full disk or a kill, leaves readable files, and a restart goes on beside them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from mcap.reader import make_reader

from runtime.messages import MotionFrame, TypedText
from runtime.session.reader import SessionReader
from tests.runtime.session.support import S, record, start, stop, user_audio


def test_a_write_that_fails_half_way_leaves_a_readable_file(tmp_path: Path) -> None:
    code = f"""
        import resource, signal
        from pathlib import Path
        from runtime.messages import TypedText, SessionControl, UserAudio
        from runtime.session.files import RecordingStopped, SessionFiles
        from runtime.settings import RecorderSettings
        import random
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
        files = SessionFiles(Path({str(tmp_path)!r}), RecorderSettings(agent_audio=False), {{}})
        noise = random.Random(1)
        files.write([(0, SessionControl(action="start"))], 0, 0)
        for number in range(100):
            text = "".join(chr(noise.randrange(33, 126)) for _ in range(3000))
            try:
                files.write([(number, TypedText(text=text, t_ns=number + 1))], 0, number)
            except RecordingStopped as stopped:
                print(number, stopped)
                break
    """
    result = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    number, _, reason = result.stdout.partition(" ")
    assert "File too large" in reason
    reader = SessionReader(tmp_path)
    assert len(list(reader.messages(TypedText))) == int(number) > 3
    assert not reader.truncated
    with (tmp_path / "session.mcap").open("rb") as file:
        assert sum(1 for _ in make_reader(file).iter_messages()) == int(number) + 1


def test_after_kill_9_every_written_chunk_is_there(tmp_path: Path) -> None:
    code = f"""
        import time
        from pathlib import Path
        import numpy as np
        from runtime.messages import SessionControl
        from runtime.session.files import SessionFiles
        from runtime.settings import RecorderSettings
        from tests.runtime.session.support import TICK_NS, frame, user_audio
        files = SessionFiles(Path({str(tmp_path)!r}), RecorderSettings(), {{}})
        files.write([(0, SessionControl(action="start"))], 0, 0)
        for number in range(10_000):
            batch = [(number * TICK_NS, frame(number)), (number * TICK_NS, user_audio(number, np.ones(320), number * TICK_NS))]
            files.write(batch, 0, (number + 1) * TICK_NS)
            print(number + 1, flush=True)
            time.sleep(0.001)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    written = 0
    while written < 20:
        written = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    reader = SessionReader(tmp_path)
    frames = [m.index for m in reader.messages(MotionFrame)]
    assert len(frames) >= 20 and frames == list(range(len(frames)))
    assert reader.truncated
    info = soundfile.info(tmp_path / "user.wav")
    assert info.samplerate == 16_000 and info.frames >= 19 * 320


def test_a_restarted_recorder_goes_on_beside_what_exists(tmp_path: Path) -> None:
    async def crashed(bus: Any, clock: Any) -> None:
        bus.publish(start())
        bus.publish(user_audio(0, np.full(16_000, 7), 0))
        bus.publish(TypedText(text="first", t_ns=1))
        await clock.sleep_until_ns(S)

    async def restarted(bus: Any, clock: Any) -> None:
        await clock.sleep_until_ns(2 * S)
        bus.publish(TypedText(text="second", t_ns=2 * S))
        bus.publish(user_audio(9, np.full(16_000, 9), 2 * S))
        await clock.sleep_until_ns(3 * S)
        bus.publish(stop(3 * S))

    record(tmp_path, crashed)
    whole = (tmp_path / "session.mcap").read_bytes()
    (tmp_path / "session.mcap").write_bytes(whole[: whole.rindex(b"attune.UserAudio") - 1])
    record(tmp_path, restarted)
    assert (tmp_path / "session-2.mcap").exists()
    reader = SessionReader(tmp_path)
    assert [m.text for m in reader.messages(TypedText)] == ["first", "second"]
    samples, _ = soundfile.read(tmp_path / "user.wav", dtype="int16")
    assert len(samples) == 48_000
    assert set(samples[:16_000]) == {7} and set(samples[16_000:32_000]) == {0} and set(samples[32_000:]) == {9}
