"""What of the bus a page is told beside picture, voice and words: that which shows what the agent thinks, and no more of it.

Pages are told how long an answer took, not every span of the house; of a cognitive cycle the scores, minds and beliefs, not
the agent's whole memory, of which `Knowledge` has what concerns the person, and only when it has changed. Pure.
"""

from __future__ import annotations

import msgspec

from runtime import messages as m

SPANS = frozenset({"end_of_turn_to_first_audio", "end_of_turn_wait", "asr_final_after_end", "barge_in_to_silence"})
"""Those that a person at the page can follow: each at most once a turn."""


def told_to_pages(message: m.Message) -> m.Message | None:
    """Return a message as pages get it, or None if it is not for them."""
    if isinstance(message, m.Span):
        return message if message.name in SPANS else None
    if isinstance(message, m.CognitiveCycle):
        return msgspec.structs.replace(message, memory={})
    if isinstance(message, m.Knowledge):
        return msgspec.structs.replace(message, persona="", manner="")
    return message
