"""One body in a session: whose turn it is to move it, period by period, and what is told of it.

The agent's frames move it as they come; a goal of another program does while it runs, and then nobody else (`Lease`). `step` takes one
step of the body and publishes what left the safety filter, what was measured and, where something changed, its state. All of it on one
event loop; nothing here waits. A body that is lost is told by `JointCommand.connected` and, with the reason, in health, and goals end as
aborted. An emergency stop, an order to rest and how near people were outlast a restart of the process (`Lasting`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from motion.embodiment.contract import Embodiment, Lease, Sent
from motion.embodiment.description import Float64
from motion.embodiment.goals import GoalRefused, RunningGoal
from motion.embodiment.lasting import Lasting
from motion.embodiment.people import People
from motion.embodiment.safety.filter import at_limit
from runtime import messages as m
from runtime.body_settings import BodySettings
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError

ORDER_HOLDS_NS = 2 * NS_PER_S
"""For so long after a release a stop that is only said again is not obeyed, nor a rest after a resume, nor the other way round: it was on
its way before."""
GAP = 0.4
"""Least share of a period between two steps: short enough that steps find back to the frames' own times after a lapse."""
RESTED_RAD = 2e-3
"""A command this near to the rest pose is at rest."""
STATUS_EVERY_S = 0.2
"""Joints come to their limits and leave them many times a second: told at most this often."""


class Moving:
    """The writer of one body."""

    def __init__(
        self,
        body: Embodiment,
        publish: Callable[[m.Message], None],
        clock: Clock,
        settings: BodySettings,
        state_dir: Path,
        *,
        tells_measured: bool = True,
    ) -> None:
        """Begin with nobody moving it; an emergency stop or a rest of an earlier life of the room goes on.

        Args:
            body: reached.
            publish: tells the other rooms.
            clock: session time.
            settings: of the profile.
            state_dir: survives a restart of the room.
            tells_measured: whether its measurements come from here; else from the bus.
        """
        self._tells_measured = tells_measured
        self._body, self._publish, self._clock, self._settings = body, publish, clock, settings
        self.description = body.describe()
        self._lease = Lease(self.description.name)
        self._lasting = Lasting(state_dir)
        self._period_ns = round(self.description.period_s * NS_PER_S)
        self._due_ns = self._stepped_ns = -self._period_ns
        self._frame: m.MotionFrame | None = None
        self._followed_ns = 0
        self._goal: RunningGoal | None = None
        self._answered: tuple[str, ...] = ()
        """The newest goals that have ended: whoever cancels one of them has been answered."""
        self._held = self.description.vector("rest_rad")
        self._sent: Sent | None = None
        self._releasing = False
        self._ends = False
        self._released_ns = self._rest_ordered_ns = -ORDER_HOLDS_NS
        self._people = People(settings, self._lasting.people, clock.now_ns())
        self._index = 0
        self._measured_ns = -1
        self._told: tuple[object, ...] = ()
        self._told_ns = -NS_PER_S
        self.status = ""
        """What is wrong with the body, in words; empty when it is well."""
        if self._lasting.stopped:
            body.emergency_stop()
        self._look_out(clock.now_ns())

    def due(self, late: float) -> bool:
        """Return whether a step may be taken now.

        Args:
            late: by how much of a period the next step must be late; negative where it may come early. However steps were held up, two of
                them are at least `GAP` of a period apart: the filter takes each for a whole one.
        """
        now_ns = self._clock.now_ns()
        if now_ns < self._stepped_ns:  # a clock that jumped back
            self._due_ns, self._stepped_ns = now_ns, now_ns - self._period_ns
        gap_ns = now_ns - self._stepped_ns
        return gap_ns >= GAP * self._period_ns and now_ns - self._due_ns >= late * self._period_ns

    @property
    def _resting(self) -> bool:
        return self._ends or self._lasting.resting

    @property
    def rested(self) -> bool:
        """Whether the body is commanded to be at rest, or cannot be brought there: stopped, or away."""
        sent = self._sent
        if sent is None or not sent.connected or sent.command.state == "stopped":
            return True
        return bool((abs(sent.command.position_rad - self.description.vector("rest_rad")) < RESTED_RAD).all())

    def take_frame(self, frame: m.MotionFrame) -> None:
        """Take the agent's newest frame; an older one that still waits gives way."""
        self._frame = frame

    def step(self) -> None:
        """Let the body take one step and tell what came of it."""
        now_ns = self._stepped_ns = self._clock.now_ns()
        self._due_ns = max(self._due_ns, now_ns - self._period_ns) + self._period_ns
        self._look_out(now_ns)
        if self._releasing:
            self._release()
        sent = self._move(now_ns / NS_PER_S)
        self._publish(
            m.JointCommand(
                t_ns=self._clock.now_ns(),  # when it has left: retargeting and filter are behind it
                body=self.description.name,
                index=self._index,
                position_rad=_packed(sent.command.position_rad),
                velocity_rad_s=_packed(sent.command.velocity_rad_s),
                state=sent.command.state,
                connected=sent.connected,
                refused=sent.command.refused,
                motion_t_ns=self._followed_ns,
            )
        )
        self._index += 1
        if self._tells_measured:
            self._tell_measured(now_ns)
        self._tell_status(sent, now_ns)
        self._judge_goal(sent, now_ns / NS_PER_S)

    def describe(self) -> None:
        """Tell what the body is."""
        body = self.description
        self._publish(
            m.BodyDescribed(
                t_ns=self._clock.now_ns(),
                body=body.name,
                joints=body.names,
                low_rad=tuple(body.vector("low_rad").tolist()),
                high_rad=tuple(body.vector("high_rad").tolist()),
                velocity_rad_s=tuple(body.vector("velocity_rad_s").tolist()),
                rate_hz=body.rate_hz,
                parts=tuple(sorted(body.parts)),
            )
        )

    def control(self, action: str, reason: str = "") -> None:
        """Obey: `emergency_stop`, `release`, `rest`, `resume`. What is only said again undoes nothing that was ordered just before."""
        now_ns, again = self._clock.now_ns(), reason == m.SAID_AGAIN
        before_ns = self._released_ns if action == "emergency_stop" else self._rest_ordered_ns
        if again and now_ns - before_ns < ORDER_HOLDS_NS:
            return
        if action == "emergency_stop":
            self._releasing = False
            self._body.emergency_stop()
            self._lasting.stop(True)
            self._end_goal("aborted", "an emergency stop")
        elif action == "release":
            self._releasing, self._released_ns = True, now_ns
        else:
            if not again:
                self._rest_ordered_ns = now_ns
            self._rest(action == "rest")

    def end(self) -> None:
        """Send the body to rest because the room ends: for this life only, whatever is ordered meanwhile."""
        self._ends = True
        self._end_goal("aborted", "the body was sent to rest")
        self._body.stop()

    def person_at(self, distance_m: float, sensor: str = "") -> None:
        """Take a distance that a sensor measured; of several sensors the nearest counts."""
        self._people.measured(distance_m, sensor, self._clock.now_ns())
        self._look_out(self._clock.now_ns())

    def person_seen(self, percept: m.PersonPercept) -> None:
        """Take what the agent's eyes say of a person."""
        self._people.seen(percept, self._clock.now_ns())
        self._look_out(self._clock.now_ns())

    def begin_goal(self, goal: m.JointGoal) -> None:
        """Begin a goal, or say why not."""
        now_s = self._clock.now_ns() / NS_PER_S
        try:
            if self._body.stopped:
                raise GoalRefused("an emergency stop holds; release it first")
            if self._resting:
                raise GoalRefused("the body was sent to rest; resume first")
            if self.status:
                raise GoalRefused(self.status)
            running = RunningGoal(goal, self.description, self._held, now_s)
            self._lease.take(f"goal {goal.goal_id}")
        except (GoalRefused, AttuneError) as refused:
            self._answer(goal.goal_id, "rejected", str(refused))
            return
        self._goal, self._frame = running, None
        self._body.stop()  # whoever moved it before is at its end: begin gently
        self._answer(goal.goal_id, "accepted", "")

    def end_goal(self, cancel: m.JointGoalCancel) -> None:
        """End a goal that is no longer wanted; one of which this life of the process knows nothing has ended, and somebody waits for it."""
        if self._goal is not None and self._goal.goal_id == cancel.goal_id:
            self._end_goal(cancel.state, cancel.reason)
        elif cancel.goal_id not in self._answered:
            self._answer(cancel.goal_id, cancel.state, cancel.reason or "it does not run")

    def _move(self, now_s: float) -> Sent:
        if self._goal is not None:
            sent = self._body.follow(self._goal.target(self._held, now_s))
        elif self._frame is not None and not self._resting:
            self._followed_ns = self._frame.t_ns
            sent = self._body.send(self._frame)
        else:
            sent = self._body.idle()
        self._frame = None
        self._held, self._sent = sent.command.position_rad, sent
        return sent

    def _judge_goal(self, sent: Sent, now_s: float) -> None:
        goal = self._goal
        if goal is None:
            return
        if not sent.connected:
            self._end_goal("aborted", "the body is away")
        elif goal.reached(sent.command.position_rad, now_s):
            self._end_goal("succeeded", "")
        elif goal.given_up(now_s):
            self._end_goal("aborted", "not reached in time: the safety filter held it back")

    def _end_goal(self, state: m.JointGoalStatus, reason: str) -> None:
        goal, self._goal = self._goal, None
        if goal is None:
            return
        self._lease.give_back(f"goal {goal.goal_id}")
        self._body.stop()
        self._answer(goal.goal_id, state, reason)

    def _answer(self, goal_id: str, state: m.JointGoalStatus, reason: str) -> None:
        if state != "accepted":
            self._answered = (*self._answered[-63:], goal_id)
        self._publish(m.JointGoalAnswer(t_ns=self._clock.now_ns(), goal_id=goal_id, state=state, reason=reason[:128]))

    def _release(self) -> None:
        if self._body.release():
            self._releasing = False
            self._lasting.stop(False)

    def _rest(self, ordered: bool) -> None:
        if ordered == self._lasting.resting:
            return  # it is on its way, and said again once a second
        self._lasting.rest(ordered)
        if ordered:
            self._end_goal("aborted", "the body was sent to rest")
        self._body.stop()

    def _look_out(self, now_ns: int) -> None:
        """Tell the body how near people are."""
        self._body.person_at(self._people.nearest_m(now_ns))
        self._lasting.near(self._people.kept(now_ns), now_ns)

    def _tell_measured(self, now_ns: int) -> None:
        if now_ns - self._measured_ns < 0.75 * NS_PER_S / self._settings.measured_hz and self._measured_ns >= 0:
            return
        measured = self._body.measured()
        if measured is None or measured.t_ns == self._measured_ns:
            return
        self._measured_ns = measured.t_ns
        self._publish(
            m.JointMeasured(
                t_ns=max(0, measured.t_ns), body=self.description.name, position_rad=_packed(measured.position_rad)
            )
        )

    def _tell_status(self, sent: Sent, now_ns: int) -> None:
        first = (sent.command.state, sent.connected)
        if self._told[:2] == first and now_ns - self._told_ns < STATUS_EVERY_S * NS_PER_S:
            return
        names = self.description.names
        limited = tuple(names[row] for row in np.flatnonzero(at_limit(self.description, sent.command)))
        self.status = self._wrong(sent)
        now = (*first, limited, self.status)
        if now == self._told:
            return
        self._told, self._told_ns = now, now_ns
        self._publish(
            m.BodyStatus(
                t_ns=now_ns,
                body=self.description.name,
                state=sent.command.state,
                connected=sent.connected,
                at_limit=limited,
                detail=self.status,
            )
        )

    def _wrong(self, sent: Sent) -> str:
        if sent.connected:
            return ""
        name, why = self.description.name, self._body.trouble
        away = f"the body {name} is away"
        # As long as a heartbeat's detail may be: a longer one could not be read, and the room would count as hung.
        return (f"{away}: {why.removeprefix(f'body {name}: ')}" if why else away)[:128]


def _packed(values: Float64) -> bytes:
    return values.astype("<f4").tobytes()
