"""The `cognitive.llm` section of a profile: the language model of the slow loop, and how far it is trusted with time and words."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from runtime.section import NonNegative, Positive, Section, Share


class ReasonerLlmSettings(Section, frozen=True, kw_only=True):
    """An OpenAI-compatible chat server for `cognitive.reasoner: llm`. What is sent to it: docs/reasoners.md."""

    base_url: str = ""
    """For example http://127.0.0.1:11434/v1 (Ollama) or http://127.0.0.1:8080/v1 (llama.cpp). Needed for `reasoner: llm`."""
    model: str = ""
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable with the key; the key itself never stands in a profile."""
    wait_ms: Annotated[float, Meta(ge=0, le=2_000)] = 40.0
    """A cycle waits this long for an answer under way; a later one serves the next cycle, if the situation is still the same."""
    timeout_s: Positive = 8.0
    """Longest time for one assessment, all requests of its strategy together."""
    ask_every_s: Positive = 2.0
    """Time between the first two assessments of an unchanged situation; doubles up to 16 times this. A change is asked about at once."""
    valid_s: Positive = 6.0
    """An answer counts for this long, as long as the situation is the one that it was made for."""
    weight: Share = 0.5
    """Share of the model's probability in a score that the embedded reasoner gives as well; the rest is the embedded one's."""
    temperature: NonNegative = 0.2
    words: bool = False
    """Let the model choose the words of what it proposes, as far as the safety mode lets them pass (docs/safety.md); else the persona's
    sentences are said: the only way to be sure of what is said unasked."""
    images: bool = False
    """Send the newest camera frame with each request, where the server takes pictures. Off: no picture leaves this machine."""
    drift_every: Annotated[int, Meta(ge=0, le=1_000)] = 10
    """With `reasoner: llm` the agent's last utterances are rated against the persona each so many of them (docs/personas.md); 0: never."""
    request_extra: dict[str, Any] = {}
    """Further keys of each request, for what a server needs beside the standard (`{think: false}`, `{max_tokens: 600}`)."""
