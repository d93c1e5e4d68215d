"""A tiny body: accepts joint goals, which end when they are cancelled or their time is over, and says where it is every 20 ms.

An emergency stop is only said to hold."""

import asyncio
import struct

from runtime import messages as m


async def serve(context):
    bus, clock = context.bus, context.clock
    orders = bus.subscribe(m.JointGoal, m.JointGoalCancel, m.BodyControl)
    described = m.BodyDescribed(
        body="test",
        joints=("neck_yaw", "neck_pitch"),
        low_rad=(-1.0, -0.5),
        high_rad=(1.0, 0.5),
        velocity_rad_s=(2.0, 2.0),
        rate_hz=50,
    )
    await context.session_started()
    running: dict[str, m.JointGoal] = {}
    began: dict[str, int] = {}
    position, index, stopped = [0.0, 0.0], 0, False

    def answer(goal_id, state, reason=""):
        bus.publish(m.JointGoalAnswer(t_ns=clock.now_ns(), goal_id=goal_id, state=state, reason=reason))

    while True:
        for order in orders.flush():
            if isinstance(order, m.BodyControl):
                stopped = order.action == "emergency_stop"
            elif isinstance(order, m.JointGoalCancel):
                if running.pop(order.goal_id, None):
                    answer(order.goal_id, order.state, order.reason)
            elif unknown := [name for name in order.joints if name not in described.joints]:
                answer(order.goal_id, "rejected", f"no joint {unknown[0]!r}")
            else:
                running[order.goal_id], began[order.goal_id] = order, clock.now_ns()
                answer(order.goal_id, "accepted")
        velocity = [0.0, 0.0]
        for goal_id, goal in list(running.items()):
            now_ms = (clock.now_ns() - began[goal_id]) / 1e6
            values = list(struct.iter_unpack(f"<{len(goal.joints)}f", goal.position_rad))
            end_ms = goal.time_from_start_ms[-1]
            for joint, target in zip(goal.joints, values[-1], strict=True):
                place = described.joints.index(joint)
                before = position[place]
                share = min(1.0, 20 / max(20.0, end_ms - now_ms + 20))
                position[place] += (target - before) * share
                velocity[place] = (position[place] - before) / 0.02
            if now_ms > end_ms:
                del running[goal_id]
                answer(goal_id, "succeeded")
        if index % 50 == 0:
            bus.publish(described)
        bus.publish(
            m.JointCommand(
                t_ns=clock.now_ns(),
                body="test",
                index=index,
                state="stopped" if stopped else "follows" if running else "rests",
                connected=True,
                position_rad=struct.pack("<2f", *position),
                velocity_rad_s=struct.pack("<2f", *velocity),
            )
        )
        index += 1
        await asyncio.sleep(0.02)
