"""`attune run --audio mic` at a virtual sound card: a person speaks into it, the agent answers out of it, and it is unplugged in between.

One null sink is loudspeaker and, by its monitor, microphone: the agent hears itself at -10 dB beside the person, and echo
cancellation (on by default) has to tell them apart.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from behavioral.hearing.asr.grammar import plain
from runtime.messages import Turn, UserAudio
from runtime.session.reader import SessionReader
from tests.e2e.recorded import assert_no_frame_is_missing, found, troubles

pytestmark = [pytest.mark.pulse, pytest.mark.slow, pytest.mark.timeout(240)]
Spoken = Callable[[Sequence[tuple[str, float]]], Path]
ROOT = Path(__file__).parents[2]
PIECE = 4_800
"""Samples (0.3 s) that are looked for at once: the canceller moves sounds by fractions of a millisecond, a reopened device by a few."""


class SoundServer:
    """The virtual sound card as its tools show it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {**environment, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}

    def pactl(self, *words: str) -> str:
        done = subprocess.run(["pactl", *words], env=self.environment, capture_output=True, text=True, timeout=10)
        return done.stdout.strip()

    def wait_for_session(self) -> None:
        """Until the session both plays to the card and hears it; its voice is turned down to what comes back in a loud room."""
        wait_until(self._turned_down, "no loudspeaker")
        wait_until(lambda: bool(self.pactl("list", "short", "source-outputs")), "no microphone")

    def _turned_down(self) -> bool:
        """Turn down whoever plays; return whether they still do: a card that comes back may be tried before it is used."""
        playing = self.pactl("list", "short", "sink-inputs").split()[:1]
        for number in playing:
            self.pactl("set-sink-input-volume", number, "-10dB")
        return bool(playing) and self.pactl("list", "short", "sink-inputs").split()[:1] == playing

    def record(self, wav: Path) -> subprocess.Popen[bytes]:
        """Record what the card plays, as anybody in the room would hear it."""
        recorder = subprocess.Popen(
            ["parecord", "--device=attune.monitor", "--file-format=wav", "--channels=1", "--rate=16000", str(wav)],
            env=self.environment,
        )
        wait_until(lambda: wav.is_file() and wav.stat().st_size > 8_000, "the recorder never began")
        return recorder

    def say(self, wav: Path) -> None:
        subprocess.run(["paplay", "--device=attune", str(wav)], env=self.environment, timeout=30, check=True)


def wait_until(there: Callable[[], bool], missing: str, timeout_s: float = 40.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not there():
        assert time.monotonic() < deadline, missing
        time.sleep(0.1)


def spoke_and_paused(recording: Path) -> bool:
    """Whether a recording that is being written holds a voice and ends with two quiet seconds: a moment to speak."""
    data = recording.read_bytes()[44:]
    level = np.abs(np.frombuffer(data[: len(data) & ~1], "<i2").astype(int))
    return bool((level > 1_000).any()) and int(level[-2 * 16_000 :].max()) < 100


def mono_16k(path: Path) -> NDArray[np.float64]:
    samples, rate_hz = soundfile.read(path)
    return samples if rate_hz == 16_000 else soxr.resample(samples, rate_hz, 16_000)  # type: ignore[no-any-return]


def test_a_conversation_through_a_card_that_is_unplugged_in_the_middle(
    frail_pulse_server: dict[str, str], spoken: Spoken, tmp_path: Path
) -> None:
    pytest.importorskip("pyaudio", reason="no PyAudio: apt-get install portaudio19-dev && pip install 'attune[mic]'")
    card, out = SoundServer(frail_pulse_server), tmp_path / "s"
    first, second = spoken([("what can you do?", 0.3)]), spoken([("please wave your hand.", 0.3)])
    session = subprocess.Popen(
        [sys.executable, "-m", "runtime", "run", "--audio", "mic", "--out", str(out), "--set", "vision.enabled=false"],
        env=card.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    recorders = []
    try:
        card.wait_for_session()
        recorders.append(card.record(tmp_path / "before.wav"))
        wait_until(lambda: spoke_and_paused(tmp_path / "before.wav"), "it does not greet whoever is there")
        card.say(first)
        time.sleep(9.0)
        card.pactl("unload-module", "module-null-sink")
        time.sleep(5.0)
        assert session.poll() is None
        card.pactl("load-module", "module-null-sink", "sink_name=attune", "rate=44100")
        card.wait_for_session()
        recorders.append(card.record(tmp_path / "after.wav"))
        wait_until(lambda: spoke_and_paused(tmp_path / "after.wav"), "nothing is heard of it any more")
        card.say(second)
        time.sleep(8.0)
        session.send_signal(signal.SIGINT)
        assert session.stderr is not None
        told_people = session.communicate(timeout=30)[1]
    finally:
        for process in (session, *recorders):
            if process.poll() is None:
                process.terminate()
            process.wait(timeout=20)
    assert "Traceback" not in told_people
    subprocess.run([sys.executable, "-m", "runtime", "finish", str(out)], check=True, timeout=60, env=card.environment)

    reader = SessionReader(out)
    heard, spoke = mono_16k(out / "user.wav"), mono_16k(out / "agent.wav")
    said_at_s = []
    for wav in (first, second):
        words = mono_16k(wav)[8_000:-4_800]
        pieces = range(0, len(words) - PIECE, PIECE)
        places, likeness = zip(*(found(words[first : first + PIECE], heard) for first in pieces), strict=True)
        begins = [at_s - first / 16_000 for at_s, first in zip(places, pieces, strict=True)]
        assert max(begins) - min(begins) < 0.03, "every piece of the person's words is in the recording, in its place"
        assert np.mean(likeness) > 0.5, "as the echo canceller leaves them; by chance it is 0.1"
        said_at_s.append(begins[0])
    assert said_at_s[1] - said_at_s[0] > 13.0

    turns = [m for m in reader.messages(Turn) if isinstance(m, Turn) and m.state == "ended"]
    asked = ("what can you do", "please wave your hand")
    people = [turn for turn in turns if turn.speaker == "user" and plain(turn.text) in asked]
    assert [plain(turn.text) for turn in people] == list(asked), "the person is understood"
    # A machine that is overloaded while this runs lets the device run empty; that moves the echo, and one onset may get through.
    assert sum(turn.speaker == "user" for turn in turns) <= len(people) + 1, "and the agent not by itself"
    zero_ns = reader.media_zero_ns
    for turn, room in zip(people, ("before", "after"), strict=True):
        answer = next(t for t in turns if t.speaker == "agent" and t.t_ns > turn.t_ns)
        assert answer.text and not answer.interrupted
        ended = round(16_000 * (turn.end_ns - zero_ns) / 1e9)
        begin = ended + int(np.flatnonzero(np.abs(spoke[ended:]) > 0.02)[0])
        voice = spoke[begin : begin + 12_000]
        assert found(voice, mono_16k(tmp_path / f"{room}.wav"))[1] > 0.6, "the answer was heard in the room"

    blocks = [m for m in reader.messages(UserAudio) if isinstance(m, UserAudio)]
    assert [block.index for block in blocks] == list(range(len(blocks))), "no block is missing"
    assert len(heard) / 16_000 - len(blocks) * 0.032 < 3.0
    assert_no_frame_is_missing(reader)
    told = troubles(reader)
    assert any("microphone default" in trouble for trouble in told), "health says so"
    assert any("loudspeaker" in trouble for trouble in told)
    assert told[-1] == "", "and is well again"
