"""Joint goals of the bridge's programs, from taken to ended: exactly as long as both the program and the body are there.

A goal ends with the body's answer. Where the body cannot give one the bridge does, as `aborted`: the body has begun a new life (the index
of its `JointCommand` falls), which knows nothing of it, or no command came for `BODY_SILENT_S`. Running goals are kept in the room's
state folder, so that the next life of this room aborts what an earlier one has left. All on the room's loop; session times in ns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from runtime import bridge_protocol as p
from runtime import messages as m
from runtime.bridge_member import Member
from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock

GOALS_MAX = 8
BODY_SILENT_S = 1.0
"""A body that moves tells a command each period; after so long without one it is gone, or hangs."""
STALL_NS = NS_PER_S // 5
"""When nobody has looked for this long, it was this process that stood still, not the body."""
LEFT_FOR_NS = NS_PER_S
"""Goals that an earlier life has left are aborted again and again for this long, since rooms first have to find the new one."""
RUNNING_FILE = "running_goals.json"
FINAL = frozenset({"rejected", "succeeded", "aborted", "cancelled"})


class BridgeGoals:
    """Whose goals run, and how those that ended have ended."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        state_dir: Path,
        members: Mapping[bytes, Member],
        count: Callable[[str], None],
    ) -> None:
        """Begin with none; `members` are the programs that are joined, as they come and go."""
        self._bus, self._clock, self._members, self._count = bus, clock, members, count
        self._file = state_dir / RUNNING_FILE
        self._ended: dict[str, dict[str, str]] = {}
        self._left: dict[str, int] = {}
        self._told = bus.subscribe(m.JointGoalAnswer, m.JointCommand)
        self._index = -1
        self._body_ns = self._looked_ns = clock.now_ns()

    def ended(self, name: str) -> dict[str, str]:
        """Return how earlier goals of a program have ended, by their ids."""
        return dict(self._ended.get(name, {}))

    def take(self, member: Member, goal: m.JointGoal) -> str:
        """Let a goal run; return why not."""
        if any(goal.goal_id in other.goals for other in self._members.values()):
            return f"{goal.goal_id} runs already"
        if len(member.goals) >= GOALS_MAX:
            return f"{len(member.goals)} goals run already"
        if self._silent_s() > BODY_SILENT_S:
            return f"the body is not there: nothing was heard of it for {self._silent_s():.0f} s"
        member.goals.add(goal.goal_id)
        self._keep()
        return ""

    def abort_left(self) -> None:
        """Abort what ran when an earlier life of this room was killed."""
        try:
            left: dict[str, str] = msgspec.json.decode(self._file.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.MsgspecError):
            return
        for goal_id, name in left.items():
            self._remember(name, goal_id, "aborted")
        self._left = dict.fromkeys(left, self._clock.now_ns() + LEFT_FOR_NS)

    def look(self) -> None:
        """Go on aborting what was left, and abort all where the body is silent."""
        now_ns = self._clock.now_ns()
        if now_ns - self._looked_ns > STALL_NS:
            self._body_ns += now_ns - self._looked_ns
        self._looked_ns = now_ns
        for goal_id, until_ns in list(self._left.items()):
            self._cancel(goal_id, "the bridge was restarted")
            if now_ns > until_ns:
                del self._left[goal_id]
        if self._silent_s() > BODY_SILENT_S:
            self._body_lost(f"nothing was heard of the body for {self._silent_s():.1f} s")

    def abort_all(self, member: Member, reason: str) -> None:
        """Abort a program's goals, which the body answers."""
        if not member.goals:
            return
        for goal_id in sorted(member.goals):
            self._count("goals_aborted")
            self._remember(member.name, goal_id, "aborted")
            self._cancel(goal_id, reason)
        member.goals.clear()
        self._keep()

    async def follow(self) -> None:
        """Follow what the body tells, until cancelled."""
        async for told in self._told:
            if isinstance(told, m.JointCommand):
                if told.index <= self._index:
                    self._body_lost("the body's process was restarted")
                self._index, self._body_ns = told.index, self._clock.now_ns()
            elif isinstance(told, m.JointGoalAnswer) and told.state in FINAL:
                self._end(told.goal_id, told.state)

    def _silent_s(self) -> float:
        return (self._clock.now_ns() - self._body_ns) / NS_PER_S

    def _body_lost(self, reason: str) -> None:
        """Abort all goals, and answer for a body that cannot; should it live after all, it is told."""
        for member in self._members.values():
            lost = sorted(member.goals)
            self.abort_all(member, reason)
            for goal_id in lost:
                now_ns = self._clock.now_ns()
                self._bus.publish(m.JointGoalAnswer(t_ns=now_ns, goal_id=goal_id, state="aborted", reason=reason[:128]))

    def _end(self, goal_id: str, state: str) -> None:
        self._left.pop(goal_id, None)
        for member in self._members.values():
            if goal_id in member.goals:
                member.goals.discard(goal_id)
                self._remember(member.name, goal_id, state)
                self._keep()

    def _cancel(self, goal_id: str, reason: str) -> None:
        now_ns = self._clock.now_ns()
        self._bus.publish(m.JointGoalCancel(t_ns=now_ns, goal_id=goal_id, state="aborted", reason=reason[:128]))

    def _remember(self, name: str, goal_id: str, state: str) -> None:
        ended = self._ended.setdefault(name, {})
        ended[goal_id] = state
        while len(ended) > p.ENDED_GOALS_MAX:
            del ended[next(iter(ended))]

    def _keep(self) -> None:
        running = {goal: member.name for member in self._members.values() for goal in sorted(member.goals)}
        try:
            self._file.write_bytes(msgspec.json.encode(running))
        except OSError:
            self._count("goals_not_kept")
