"""The reasoner that a profile names, put together: embedded rules, embedded halves of strategies, a language model on top.

What needs an HTTP library is imported only where `cognitive.reasoner: llm` asks for it. On virtual time no server is asked: its answers
are not reproducible, and the embedded reasoner acts.
"""

from __future__ import annotations

from collections.abc import Callable

from cognitive.motivation.triggers import built_in_triggers
from cognitive.persona import Persona
from cognitive.reasoners.contract import Reasoner
from cognitive.reasoners.embedded import EmbeddedReasoner
from cognitive.reasoners.outgoing import OutgoingFilter, PlainWords
from cognitive.reasoners.server import open_client, require_server
from cognitive.reasoners.strategies.by_name import STRATEGIES
from cognitive.reasoners.strategies.empathy import Empathising
from cognitive.reasoners.strategies.repair import Repairing
from runtime.clock import Clock
from runtime.errors import AttuneError
from runtime.settings import CognitiveSettings

EMBEDDED_STRATEGIES = ("plain", "repair", "empathy")


def make_reasoner(
    settings: CognitiveSettings,
    persona: Persona,
    clock: Clock,
    *,
    virtual: bool,
    outgoing: OutgoingFilter | None = None,
    frame: Callable[[], bytes | None] = lambda: None,
) -> Reasoner:
    """Return the reasoner of a profile.

    Args:
        settings: the profile's section.
        persona: who the agent is.
        clock: session time.
        virtual: whether this is virtual time.
        outgoing: judges a language model's words; `PlainWords` where None.
        frame: returns the newest camera picture (JPEG) or None.

    Raises:
        AttuneError: the reasoner lacks a server or a library, or the strategy a language model.
    """
    embedded: Reasoner = EmbeddedReasoner(built_in_triggers(persona.name, settings.long_silence_s))
    if settings.strategy == "repair":
        embedded = Repairing(embedded)
    elif settings.strategy == "empathy":
        embedded = Empathising(embedded)
    if settings.reasoner == "embedded":
        if settings.strategy not in EMBEDDED_STRATEGIES:
            raise AttuneError(
                f"profile: cognitive.strategy: '{settings.strategy}' needs a language model",
                f"set cognitive.reasoner to llm, or the strategy to one of: {', '.join(EMBEDDED_STRATEGIES)}",
            )
        return embedded
    require_server(settings.llm, "cognitive.reasoner llm")
    if virtual:
        return embedded
    client = open_client(settings.llm, "cognitive.reasoner llm")
    from cognitive.reasoners.llm import LlmReasoner

    return LlmReasoner(
        embedded, STRATEGIES[settings.strategy](client.ask), persona, settings.llm, clock, outgoing or PlainWords(),
        frame=frame, close=client.aclose,
    )  # fmt: skip
