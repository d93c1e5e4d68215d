"""The trigger types: ProAct's five, and confusion repair, promises and safety. Each is a small class in a file of its own."""

from __future__ import annotations

from cognitive.motivation.triggers.confusion_repair import ConfusionRepair
from cognitive.motivation.triggers.contract import Trigger
from cognitive.motivation.triggers.conversation_state import ConversationState
from cognitive.motivation.triggers.emotional_need import EmotionalNeed
from cognitive.motivation.triggers.promise_due import PromiseDue
from cognitive.motivation.triggers.safety import Safety
from cognitive.motivation.triggers.social_protocol import SocialProtocol
from cognitive.motivation.triggers.user_intent import UserIntent
from cognitive.motivation.triggers.visual_change import VisualChange

__all__ = ["Trigger", "built_in_triggers"]


def built_in_triggers(agent_name: str, long_silence_s: float) -> tuple[Trigger, ...]:
    """Return one trigger of each type."""
    return (
        Safety(),
        SocialProtocol(),
        PromiseDue(),
        UserIntent(agent_name),
        ConfusionRepair(),
        EmotionalNeed(),
        VisualChange(),
        ConversationState(long_silence_s),
    )
