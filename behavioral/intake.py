"""Where intentions come in, from the link, from the dialogue, from an operator: told to everybody, and begun or rejected.

Runs on the behavioral room's loop; nothing blocks. Who holds the channel that an intention speaks to decides `operator.channels`.
"""

from __future__ import annotations

from behavioral.body.intention_acts import Acts
from behavioral.body.realiser import Realiser, Refused, received
from behavioral.operator.channels import Channels
from runtime.bus import Bus
from runtime.clock import Clock
from runtime.messages import Intention, IntentionCancel


class Intake:
    """The door before the realiser."""

    def __init__(self, acts: Acts, realiser: Realiser, channels: Channels, bus: Bus, clock: Clock) -> None:
        """Wire the parts."""
        self._acts = acts
        self._realiser = realiser
        self._channels = channels
        self._bus = bus
        self._clock = clock

    def take(self, taken: Intention | IntentionCancel) -> None:
        """Take what came by the link."""
        if isinstance(taken, Intention) and (refusal := self._channels.refusal(taken, taken.source)):
            now_ns = self._clock.now_ns()
            self._bus.publish(received(taken, now_ns))
            self._realiser.reject(taken, now_ns, refusal)
        else:
            self.begin(taken)

    def begin(self, taken: Intention | IntentionCancel) -> None:
        """Take one without asking who holds its channel."""
        now_ns = self._clock.now_ns()
        told = received(taken, now_ns)
        self._bus.publish(told)
        self._realiser.take(told, now_ns)

    def own(self, intention: Intention) -> str:
        """Take an intention of the agent's own dialogue; return why it is refused, or an empty text."""
        if refusal := self._channels.refusal(intention, ""):
            return refusal
        try:
            self._acts.check(intention)
        except Refused as refused:
            return str(refused)
        self.begin(intention)
        return ""
