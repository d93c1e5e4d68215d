"""Replay: the same messages, in the same order, at the same distances."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from runtime.clock import VirtualClock, run_virtual
from runtime.errors import AttuneError
from runtime.messages import AgentAudio, Heartbeat, Message, MotionFrame, SessionControl, TypedText, Word
from runtime.session import replay as replay_room
from runtime.session.mcap_part import McapPart
from runtime.session.reader import SessionReader
from runtime.transport.inprocess import InProcessHub
from tests.runtime.session.support import MS, S, agent_audio, context_for, frame, start, stop, write_part

ZERO = 3 * S


def recorded(folder: Path) -> SessionReader:
    """A session from 3 s on whose voice arrives 80 ms before it is heard."""
    part = McapPart(folder / "session.mcap", {})
    part.add(start(ZERO), ZERO)
    for i in range(10):
        part.add(frame(i, zero_ns=ZERO), ZERO + i * 20 * MS)
    part.add(agent_audio("r", 0, np.ones(320), ZERO + 280 * MS), ZERO + 200 * MS)
    part.add(Word(op="add", unit_id="u", start_ns=ZERO + 100 * MS, t_ns=ZERO + 150 * MS), ZERO + 250 * MS)
    part.add(Heartbeat(pid=1, t_ns=ZERO + 250 * MS), ZERO + 250 * MS)
    part.add(stop(ZERO + S), ZERO + S)
    part.close()
    return SessionReader(folder)


def play(reader: SessionReader, speed: float, types: list[type[Message]] | None = None) -> list[tuple[int, Message]]:
    """Replay from virtual time 1 s on; return when what was published."""
    played: list[tuple[int, Message]] = []

    async def main() -> None:
        clock = VirtualClock(asyncio.get_running_loop())  # type: ignore[arg-type]
        await clock.sleep_until_ns(S)
        await replay_room.replay(reader, clock, lambda m: played.append((clock.now_ns(), m)), speed, types)

    run_virtual(main())
    return played


def test_messages_come_at_the_distances_of_their_arrival(tmp_path: Path) -> None:
    played = play(recorded(tmp_path), 1.0)
    frames = [t for t, m in played if isinstance(m, MotionFrame)]
    assert frames == [S + i * 20 * MS for i in range(10)]
    assert played[-1][0] == 2 * S


def test_times_inside_the_messages_move_along(tmp_path: Path) -> None:
    played = play(recorded(tmp_path), 1.0)
    (came_ns, voice), *_ = [(t, m) for t, m in played if isinstance(m, AgentAudio)]
    assert (came_ns, voice.t_ns) == (S + 200 * MS, S + 280 * MS)
    (word,) = [m for _, m in played if isinstance(m, Word)]
    assert (word.t_ns, word.start_ns, word.end_ns) == (S + 150 * MS, S + 100 * MS, 0)


def test_twice_the_speed_is_half_the_time(tmp_path: Path) -> None:
    played = play(recorded(tmp_path), 2.0, [MotionFrame])
    assert [t for t, _ in played] == [S + i * 10 * MS for i in range(10)]
    assert all(t == m.t_ns for t, m in played)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_a_speed_that_never_ends_is_refused(tmp_path: Path, speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        play(recorded(tmp_path), speed)


def test_the_room_replays_the_session_and_says_when_it_is_over(tmp_path: Path) -> None:
    recorded(tmp_path)

    async def main() -> list[Message]:
        clock, hub = VirtualClock(asyncio.get_running_loop()), InProcessHub()  # type: ignore[arg-type]
        page = hub.bus("avatar")
        stream = page.subscribe(MotionFrame, AgentAudio, SessionControl, Heartbeat, Word)
        context = context_for(tmp_path, hub.bus("behavioral"), clock, 5 * S, options={"replay_dir": str(tmp_path)})
        await replay_room.serve(context)
        return list(stream.flush())

    seen = run_virtual(main())
    assert [type(m) for m in seen] == [MotionFrame] * 10 + [AgentAudio, Word, SessionControl]
    assert seen[0].t_ns == 5 * S and seen[-1].action == "finished"


def test_the_room_reads_more_than_one_batch_without_losing_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_room, "READ_AHEAD", 7)
    write_part(tmp_path / "session.mcap", [TypedText(text=str(i), t_ns=i + 1) for i in range(40)])

    async def main() -> list[str]:
        clock, hub = VirtualClock(asyncio.get_running_loop()), InProcessHub()  # type: ignore[arg-type]
        stream = hub.bus("avatar").subscribe(TypedText)
        options = {"replay_dir": str(tmp_path)}
        await replay_room.serve(context_for(tmp_path, hub.bus("behavioral"), clock, S, options=options))
        return [m.text for m in stream.flush() if isinstance(m, TypedText)]

    assert run_virtual(main()) == [str(i) for i in range(40)]


@pytest.mark.parametrize("options", [{}, {"replay_dir": "nowhere"}, {"replay_dir": ".", "replay_speed": 0}])
def test_a_wrong_option_is_one_clear_error(tmp_path: Path, options: dict[str, object]) -> None:
    async def main() -> None:
        clock = VirtualClock(asyncio.get_running_loop())  # type: ignore[arg-type]
        await replay_room.serve(context_for(None, InProcessHub().bus("behavioral"), clock, 0, options=options))

    with pytest.raises(AttuneError):
        run_virtual(main())
