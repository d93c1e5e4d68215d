"""The `cognitive.long_term` section of a profile: what is remembered of people beyond a session, where, and how it is found again.

Nothing of a person is written there without that person's consent (`docs/memory.md`). Needs only msgspec.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from runtime.section import NonNegative, Positive, Section, Share


class EmbeddingServerSettings(Section, frozen=True, kw_only=True):
    """A server with OpenAI's embeddings protocol; without `base_url` none is used and no memory leaves this machine."""

    base_url: str = ""
    """For example http://127.0.0.1:11434/v1 (Ollama); a key is sent over https only, or to loopback."""
    model: str = "text-embedding-3-small"
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable with the key; the key itself never stands in a profile."""
    timeout_s: Positive = 3.0
    """What is not answered within this is found by its words alone."""

    def __post_init__(self) -> None:
        """Refuse what is no web address.

        Raises:
            ValueError: naming the key.
        """
        if self.base_url:
            address = urlsplit(self.base_url)
            if address.scheme not in ("http", "https") or not address.hostname:
                raise ValueError(f"base_url: '{self.base_url}' is no http or https address")


class LongTermSettings(Section, frozen=True, kw_only=True):
    """Memory of people beyond their visit."""

    enabled: bool = True
    """Off: consents are answered with the session's memory only, nothing is kept beyond it."""
    folder: str = ""
    """Folder of `attune-memory.db`. Empty: the room's private folder, which goes with the session; name one (for example
    ~/.local/share/attune/memory) for people to be known again in later sessions."""
    bytes_max: Annotated[int, Meta(ge=1 << 18, le=1 << 32)] = 16 << 20
    """Most that the file holds; before that old episodes of little weight are summed up, then let go."""
    identity_confidence: Share = 0.8
    """A recogniser's `PersonIdentity` below this changes nothing."""
    spoken_names: bool = True
    """Whether somebody who names themself and says that they have been here before ("I'm Anna, remember me?") is taken for the only
    remembered person of that name. Off where anybody could claim to be somebody else and that would matter."""
    draft_s: Positive = 10.0
    """How often the episode of an encounter under way is written, for the case that the machine stops."""
    recency_half_life_days: Positive = 14.0
    """Age at which a memory's recency, one of three parts of its score, has halved."""
    recalled_max: Annotated[int, Meta(ge=0, le=16)] = 8
    """Most memories of a person that are brought to mind at once."""
    embedding_model: str = ""
    """Path of a sentence embedding model as .onnx with its `tokenizer.json` beside it (extra `memory`); never downloaded by a run."""
    embedding_server: EmbeddingServerSettings = EmbeddingServerSettings()
    vector_weight: NonNegative = 1.0
    """Weight of the ranking by vectors beside that by words, where there are vectors."""
