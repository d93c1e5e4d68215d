"""The driver of every body behind a link: its pace by the clock, stops from other threads, what becomes of its motors at the end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import numpy as np
import pytest

from motion.embodiment.bodies.driven import STALLED, DrivenBody
from motion.embodiment.bodies.link import Link
from motion.embodiment.bodies.table import Row, described
from motion.embodiment.contract import Measured
from motion.embodiment.description import Float64
from motion.embodiment.safety.filter import Command, SafetyFilter
from runtime.clock import NS_PER_S, MonotonicClock
from runtime.errors import AttuneError
from runtime.messages import MotionFrame

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
BODY = described(
    "toy", (Row("one", -90, 90, 100, 800, 16_000), Row("two", -60, 60, 150, 1_200, 24_000)), 50.0, {"head"}
)
PERIOD_NS = round(BODY.period_s * NS_PER_S)
FAR = BODY.vector("high_rad")


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.ns = 10 * NS_PER_S

    def now_ns(self) -> int:
        return self.ns

    async def sleep_until_ns(self, t_ns: int) -> None:
        self.ns = max(self.ns, t_ns)
        await asyncio.sleep(0)


class Motors(Link):
    """Takes every command, holds the body, is where it was told to be."""

    holds = True

    def __init__(self) -> None:
        super().__init__("toy")
        self.commands: list[tuple[int, Command]] = []
        self.switched: list[bool] = []
        self.connected_then: list[bool] = []
        self.fails_at_power = ""
        self.meanwhile: Callable[[], object] | None = None

    async def _reach(self) -> None: ...

    async def _leave(self) -> None: ...

    async def power(self, on: bool) -> None:
        await super().power(on)
        self.switched.append(on)
        self.connected_then.append(self.connected)
        if self.meanwhile is not None:
            self.meanwhile()
        if self.fails_at_power:
            self.lost(self.fails_at_power)

    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        self.commands.append((t_ns, command))

    def measured(self) -> Measured | None:
        return Measured(self.commands[-1][1].position_rad, self.commands[-1][0]) if self.commands else None


def made() -> tuple[DrivenBody, Motors, Hands]:
    clock, link = Hands(), Motors()
    return DrivenBody(clock, BODY, lambda frame: FAR, link), link, clock


def reached(link: Motors) -> None:
    link.connected, link.sessions = True, 1


def speeds(link: Motors) -> Float64:
    """By the clock, as shares of each joint's limit, [steps, joints]."""
    times = np.array([t_ns for t_ns, _ in link.commands]) / NS_PER_S
    positions = np.array([command.position_rad for _, command in link.commands])
    return np.asarray(abs(np.diff(positions, axis=0)) / np.diff(times)[:, None] / BODY.vector("velocity_rad_s"))


@pytest.mark.parametrize("stall_ms", [25, 39, 70, 100, 400])
def test_calls_that_come_at_once_after_a_stall_do_not_make_it_faster(stall_ms: int) -> None:
    body, link, clock = made()
    reached(link)
    for _ in range(20):
        clock.ns += PERIOD_NS
        body.follow(FAR)
    assert speeds(link).max() > 0.5, "it moves"
    for wait_ms in (stall_ms, 1, 1, 1, 12, 14, 20, 20):
        clock.ns += wait_ms * 1_000_000
        body.follow(FAR)
    assert speeds(link).max() <= 1.0 / 0.4 + 1e-6
    assert min(np.diff([t_ns for t_ns, _ in link.commands])) >= 0.4 * PERIOD_NS


def test_after_a_stall_it_gets_up_to_its_pace_slowly_and_within_its_limits() -> None:
    body, link, clock = made()
    reached(link)
    for _ in range(25):
        clock.ns += PERIOD_NS
        body.follow(FAR)
    full = link.commands[-1][1].velocity_rad_s
    assert (full > 0.6 * BODY.vector("velocity_rad_s")).all()
    clock.ns += round((STALLED + 0.5) * PERIOD_NS)
    for _ in range(10):
        body.follow(FAR)
        clock.ns += PERIOD_NS
    velocities = np.array([command.velocity_rad_s for _, command in link.commands])
    most = BODY.vector("acceleration_rad_s2") * BODY.period_s
    assert (abs(np.diff(velocities, axis=0)) <= most * (1 + 1e-6)).all()
    assert (velocities[-5:] < 0.5 * full).all() and link.commands[-1][1].state == "follows"


def test_calls_a_little_early_or_late_still_make_a_step_each() -> None:
    body, link, clock = made()
    reached(link)
    random = np.random.default_rng(5)
    start_ns = clock.ns
    for tick in range(1, 201):
        clock.ns = start_ns + tick * PERIOD_NS + int(random.uniform(-2e6, 2e6))
        body.follow(FAR)
    assert len(link.commands) == 200


def test_an_emergency_stop_of_another_thread_in_the_middle_of_a_release_holds() -> None:
    body, link, clock = made()
    reached(link)
    body.idle()
    body.emergency_stop()
    clock.ns += PERIOD_NS
    body.idle()
    real, stops = body._filter.release, threading.Thread(target=body.emergency_stop)

    def release() -> bool:
        ended = real()
        stops.start()  # now, before the driver has noted that it has ended
        stops.join(0.2)
        return ended

    body._filter.release = release  # type: ignore[method-assign]
    body.release()
    stops.join()
    link.sessions += 1  # the filter begins anew
    clock.ns += PERIOD_NS
    assert body.follow(FAR).command.state == "stopped"


def ends(before: Callable[[DrivenBody], None]) -> Motors:
    """Move a body away from rest, let `before` happen, and disconnect it; its link has the commands of the end."""
    body, link, clock = made()

    async def go(what: Callable[[], object], periods: int) -> None:
        for _ in range(periods):
            what()
            await clock.sleep_until_ns(clock.now_ns() + PERIOD_NS)

    async def main() -> None:
        await body.connect()
        await body.prepare()
        await go(lambda: body.follow(FAR), 30)
        before(body)
        await go(body.idle, 10)
        link.commands.clear()
        await body.disconnect()

    asyncio.run(asyncio.wait_for(main(), 30))
    return link


def test_at_the_end_its_motors_are_let_go_of_at_rest(caplog: pytest.LogCaptureFixture) -> None:
    link = ends(lambda body: None)
    assert link.switched == [True, False] and not caplog.text
    assert link.commands[-1][1].position_rad == pytest.approx(BODY.vector("rest_rad"), abs=1e-3)


def test_while_an_emergency_stop_holds_its_motors_are_left_on_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    link = ends(DrivenBody.emergency_stop)
    assert link.switched == [True] and "motors are left on: an emergency stop holds" in caplog.text
    assert all((abs(command.velocity_rad_s) < 1e-4).all() for _, command in link.commands), "and nothing moves"


def test_where_somebody_stands_in_its_way_to_rest_its_motors_are_left_on(caplog: pytest.LogCaptureFixture) -> None:
    link = ends(lambda body: body.person_at(0.1))
    assert link.switched == [True] and "has not got to its rest pose" in caplog.text


def test_while_its_motors_are_switched_nothing_is_sent_whoever_calls() -> None:
    body, link, clock = made()
    left, sent = np.array([0.4, -0.3]), []

    def calls() -> None:
        for _ in range(20):
            clock.ns += PERIOD_NS
            sent.append(body.follow(FAR).command)
            sent.append(body.idle().command)

    async def main() -> None:
        await body.connect()
        link.commands.append((clock.ns, Command(left, 0.0 * left, "rests", 0)))  # where it was left
        link.meanwhile = calls
        await body.prepare()
        await body.disconnect()

    asyncio.run(asyncio.wait_for(main(), 30))
    assert [command.position_rad.tolist() for command in sent[:40]] == [left.tolist()] * 40, (
        "it stands where it was left"
    )
    assert len({id(command) for command in sent}) == 2, "one pose before, one at the end"
    steps = np.diff([command.position_rad for _, command in link.commands], axis=0)
    assert (abs(steps) <= BODY.vector("velocity_rad_s") * BODY.period_s).all()


def test_a_body_that_comes_back_is_connected_only_when_its_motors_are_on_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motion.embodiment.bodies.link.AGAIN_FIRST_S", 0.01)

    async def main() -> None:
        link = Motors()
        await link.open()
        await link.power(True)
        link.lost("pulled")
        await asyncio.sleep(0.1)
        assert link.connected and link.switched == [True, True] and link.sessions == 2
        assert link.connected_then == [True, False], "so nobody else wrote meanwhile"
        link.fails_at_power = "and gone again"
        link.lost("pulled")
        await asyncio.sleep(0.15)
        assert not link.connected and link.sessions == 2 and "gone again" in link.trouble
        link.fails_at_power = ""
        await asyncio.sleep(0.4)
        assert link.connected and link.sessions == 3 and link.trouble == ""
        await asyncio.sleep(0.1)
        assert link.connected and link.sessions == 3, "and stays so"
        await link.close()

    asyncio.run(asyncio.wait_for(main(), 10))


def test_a_body_lost_while_it_was_reached_is_an_error_when_it_is_opened() -> None:
    class Gone(Motors):
        async def _reach(self) -> None:
            self.lost("it hung up")

    with pytest.raises(AttuneError, match="body toy: it hung up"):
        asyncio.run(Gone().open())


class Sdk(Motors):
    """A robot's library, which raises plain exceptions: with the next command, or while it is looked for or let go of."""

    def __init__(self) -> None:
        super().__init__()
        self.fails: set[str] = set()
        self.tries = 0

    def _may(self, what: str) -> None:
        if what in self.fails:
            raise RuntimeError(f"{what} failed")

    async def _reach(self) -> None:
        self.tries += 1
        self._may("reach")

    async def _leave(self) -> None:
        self._may("leave")

    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        self._may("push")
        super().push(command, frame, t_ns)


def test_a_library_that_raises_when_it_is_handed_a_command_ends_neither_the_room_nor_the_watchdog(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("motion.embodiment.bodies.link.AGAIN_FIRST_S", 0.01)

    async def main() -> None:
        link = Sdk()
        body = DrivenBody(MonotonicClock(), BODY, lambda frame: FAR, link)
        await body.connect()
        body.idle()
        link.fails = {"push", "reach"}
        await asyncio.sleep(0.3)  # nobody calls: the driver steps alone
        assert "took no command" in caplog.text and "push failed" in caplog.text and "reach failed" in body.trouble
        assert not body.idle().connected, "and whoever calls is told, not hit"
        link.fails.clear()
        await asyncio.sleep(0.6)
        assert link.connected and body.trouble == ""
        link.commands.clear()
        body.emergency_stop()
        await asyncio.sleep(0.5)
        assert len(link.commands) > 10 and link.commands[-1][1].state == "stopped"
        await body.disconnect()

    asyncio.run(asyncio.wait_for(main(), 20))


def test_whatever_fails_in_a_step_of_its_own_the_watchdog_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    step, fails, over = SafetyFilter.step, [True] * 3, asyncio.Event()

    def failing(self: SafetyFilter, now_s: float) -> Command:
        if fails:
            fails.pop()
            raise ArithmeticError("no way")
        over.set()
        return step(self, now_s)

    async def main() -> None:
        link = Sdk()
        body = DrivenBody(MonotonicClock(), BODY, lambda frame: FAR, link)
        await body.connect()
        body.idle()
        # Of the class: the body has another filter once its link is back, which may be before all have failed.
        monkeypatch.setattr(SafetyFilter, "step", failing)
        await over.wait()
        assert caplog.text.count("watchdog's step failed") == 1, "said once"
        link.commands.clear()
        await asyncio.sleep(1.0)
        assert len(link.commands) > 5
        await body.disconnect()

    asyncio.run(asyncio.wait_for(main(), 20))


def test_a_body_is_looked_for_whatever_its_library_raises(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("motion.embodiment.bodies.link.AGAIN_FIRST_S", 0.01)

    async def main() -> None:
        link = Sdk()
        await link.open()
        link.fails = {"reach", "leave"}
        link.lost("pulled")
        await asyncio.sleep(0.3)
        assert link.tries > 3 and not link.connected and "RuntimeError" in link.trouble
        assert caplog.text.count("could not be reached again") == 1, "said once"
        link.fails.clear()
        await asyncio.sleep(0.5)
        assert link.connected and link.trouble == ""
        await link.close()

    asyncio.run(asyncio.wait_for(main(), 20))
