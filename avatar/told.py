"""What of the bus a page is told beside picture, voice and words: that which shows what the agent thinks, and no more of it.

Pages are told how long an answer took, not every span of the house; of a cognitive cycle the scores, minds and beliefs, not
the agent's whole memory, of which `Knowledge` has what concerns the person, and only when it has changed. Nor are they told that a
person stands behind the agent (docs/operator.md): neither what an operator has it do nor that one holds it back; what they see and hear
of it is the agent's. With `avatar.thinking` off they are told nothing of what it thinks. No clock, no input or output.
"""

from __future__ import annotations

from collections import deque

import msgspec

from runtime import messages as m

SPANS = frozenset({"end_of_turn_to_first_audio", "end_of_turn_wait", "asr_final_after_end", "barge_in_to_silence"})
"""Those that a person at the page can follow: each at most once a turn."""


OPERATORS = frozenset({"operator", "emergency stop", "condition"})
"""Reasons that tell of an operator (behavioral/operator/channels.py)."""
TRIGGER = "operator"
KEPT_MAX = 256
THOUGHTS = (m.CognitiveCycle, m.Intention, m.IntentionAnswer, m.TurnDecision, m.Span)


class ToldToPages:
    """Turns what is on the bus into what pages get of it."""

    def __init__(self, *, thinking: bool = True) -> None:
        """Begin with no intention of an operator; without `thinking` nothing is told of what the agent thinks."""
        self._thinking = thinking
        self._operators: deque[str] = deque(maxlen=KEPT_MAX)

    def told(self, message: m.Message) -> m.Message | None:
        """Return a message as pages get it, or None if it is not for them."""
        if not self._thinking and isinstance(message, THOUGHTS):
            return None
        if isinstance(message, m.Span):
            return message if message.name in SPANS else None
        if isinstance(message, m.CognitiveCycle):
            return msgspec.structs.replace(message, memory={})
        if isinstance(message, m.Knowledge):
            if not self._thinking:  # what becomes of a person's own wish is theirs to know
                return m.Knowledge(
                    t_ns=message.t_ns, source=message.source, consent=message.consent, forgotten=message.forgotten
                )
            return msgspec.structs.replace(message, persona="", manner="")
        if isinstance(message, m.SessionControl):
            return msgspec.structs.replace(message, reason="")
        if isinstance(message, m.Intention) and message.trigger == TRIGGER:
            self._operators.append(message.id)
            return None
        if isinstance(message, m.IntentionAnswer):
            return self._answer(message)
        return message

    def _answer(self, answer: m.IntentionAnswer) -> m.IntentionAnswer | None:
        if answer.intention_id in self._operators:
            return None
        if answer.reason in OPERATORS or answer.superseded_by in self._operators:
            return msgspec.structs.replace(answer, reason="", superseded_by="")
        return answer
