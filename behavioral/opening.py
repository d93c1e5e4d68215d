"""The scripted first minute: what the agent says of its own accord while nobody speaks.

Begins when somebody can see the agent (a page has joined, or at once without a page) and ends for good as
soon as the person speaks or types.
"""

from __future__ import annotations

import asyncio

from behavioral.conversation import Conversation
from behavioral.dialogue.authored import Authored
from behavioral.dialogue.scenario import Scenario
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.messages import AnyMessage, Viewer
from runtime.streams import Stream

LOOK_EVERY_NS = 50 * NS_PER_MS


async def play_opening(
    scenario: Scenario, conversation: Conversation, clock: Clock, viewers: Stream[AnyMessage] | None
) -> None:
    """Say the scenario's opening lines, each after its pause of quiet.

    Args:
        scenario: whose `opening` is said.
        conversation: says it, and knows whether the person has spoken.
        clock: session time.
        viewers: page events to wait for, None to begin at once.
    """
    if viewers is not None:
        async for viewer in viewers:
            if isinstance(viewer, Viewer) and viewer.state == "joined":
                break
    for line in scenario.file.opening:
        quiet_since_ns = clock.now_ns()
        while clock.now_ns() - quiet_since_ns < line.after_s * NS_PER_S:
            await clock.sleep_until_ns(clock.now_ns() + LOOK_EVERY_NS)
            if conversation.user_has_spoken:
                return
            if not conversation.floor_is_free:
                quiet_since_ns = clock.now_ns()
        conversation.say(Authored(line.say))
        await asyncio.sleep(0)
