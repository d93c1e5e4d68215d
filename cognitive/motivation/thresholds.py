"""The trigger types with their built-in thresholds, in one table; a profile overrides single ones (`cognitive.thresholds`).

A trigger's score is the probability that an initiative is called for (`cognitive.motivation.triggers`); the threshold is the one
from which it is worth the interruption of somebody who is free and attends to the agent; `cognitive.motivation.utility` raises it
for who is not. They are ours, set on the development scenes of the social bench (ProAct's are unpublished).

| type               | threshold | an initiative is called for when ... |
|--------------------|-----------|---|
| social_protocol    | 0.70      | somebody comes and turns to the agent, returns, takes leave, goes |
| user_intent        | 0.70      | a request stays open, somebody searches or waits |
| visual_change      | 0.70      | something happens that people would remark on |
| conversation_state | 0.75      | a talk has died down and the person looks at the agent |
| emotional_need     | 0.70      | sorrow, fear or joy that nobody has met with a word |
| confusion_repair   | 0.65      | somebody does not follow, or shows a wrong belief |
| promise_due        | 0.60      | the time of a promise has come |
| safety             | 0.50      | somebody may come to harm |
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from runtime.errors import AttuneError

SOCIAL = "social_protocol"
INTENT = "user_intent"
VISUAL = "visual_change"
CONVERSATION = "conversation_state"
EMOTION = "emotional_need"
CONFUSION = "confusion_repair"
PROMISE = "promise_due"
SAFETY = "safety"

OWED = frozenset({PROMISE, SAFETY})
"""Danger and a promise are due whatever one is at and whatever became of earlier ones; `cognitive.owed` settles each."""

THRESHOLDS: dict[str, float] = {
    SOCIAL: 0.70,
    INTENT: 0.70,
    VISUAL: 0.70,
    CONVERSATION: 0.75,
    EMOTION: 0.70,
    CONFUSION: 0.65,
    PROMISE: 0.60,
    SAFETY: 0.50,
}


def resolve_thresholds(overrides: Mapping[str, float]) -> dict[str, float]:
    """Return the threshold of every trigger type.

    Raises:
        AttuneError: an override names no trigger type.
    """
    for name in overrides:
        if name not in THRESHOLDS:
            near = difflib.get_close_matches(name, list(THRESHOLDS), n=1)
            mend = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(THRESHOLDS)}"
            raise AttuneError(f"profile: cognitive.thresholds: unknown trigger type '{name[:60]}'", mend)
    return {**THRESHOLDS, **overrides}
