"""The trigger types with their built-in thresholds, in one table; a profile overrides single ones (`cognitive.thresholds`).

A score is compared with its type's threshold each cycle. The scores' formulas are in `cognitive.motivation.triggers`; the
thresholds are set so that one clear sign (a person in front, a plain request, one strong feeling word said with stress) or two
weak ones cross, and a single weak one does not. They are ours, not ProAct's (which are unpublished).

| type               | threshold | crosses for                                                             |
|--------------------|-----------|-------------------------------------------------------------------------|
| social_protocol    | 0.50      | a face seen with confidence >= 0.65, half turned to the agent; leave      |
| user_intent        | 0.60      | a request or question that stays unanswered over 3 s; coming close       |
| visual_change      | 0.55      | newcomer beside others, departure, motion or light of magnitude >= 0.6   |
| conversation_state | 0.70      | silence of `long_silence_s`; the agent's question open for 8 s           |
| emotional_need     | 0.60      | mean valence <= -0.35 over 1 s, or one clear feeling word; joy >= 0.5    |
| confusion_repair   | 0.60      | two signs of not understanding that no answer has settled               |
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

THRESHOLDS: dict[str, float] = {
    SOCIAL: 0.50, INTENT: 0.60, VISUAL: 0.55, CONVERSATION: 0.70, EMOTION: 0.60, CONFUSION: 0.60,
}  # fmt: skip


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
