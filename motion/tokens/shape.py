"""The shape of the generator network: everything that training, export and the running generator must agree on.

Plain numbers, stored as JSON beside a checkpoint. A file that does not fit is a `ValueError` naming it and the field.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from motion.features.layout import CHANNEL_SIZE
from motion.tokens.layout import FPS, FRAMES_PER_TOKEN

MAX_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes, windows and vocabularies.

    Attributes:
        width: of the hidden state.
        layers: blocks of the base, and of its control copy.
        heads: of the attention.
        context_tokens: committed tokens that a token can look back on.
        block_tokens: tokens predicted together: the committed chunk and the horizon beyond it.
        chunk_tokens: tokens committed at a time.
        agent_back_frames: agent's speech before a token's frame that its condition holds.
        agent_ahead_frames: and after it: speech of the agent is known ahead.
        user_frames: user's speech that a token's condition holds.
        user_delay_frames: how far behind the token's frame the user's speech ends: what has been heard when a chunk is made.
        steps: evaluations a chunk that the checkpoint is shipped for.
        distilled: whether the network wants to be told the solver's step.
        actors: styles by person; a token of style 0 is nobody's.
        emotions: styles by emotion, likewise.
        labels: gestures, in the order of the checkpoint.
    """

    width: int = 192
    layers: int = 6
    heads: int = 6
    context_tokens: int = 45
    block_tokens: int = 6
    chunk_tokens: int = 2
    agent_back_frames: int = 4
    agent_ahead_frames: int = 12
    user_frames: int = 8
    user_delay_frames: int = 8
    steps: int = 4
    distilled: bool = False
    actors: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()
    labels: tuple[str, ...] = field(default=(), repr=False)

    @property
    def agent_size(self) -> int:
        """Numbers of the agent's speech in a token's condition."""
        return (self.agent_back_frames + self.agent_ahead_frames) * CHANNEL_SIZE

    @property
    def user_size(self) -> int:
        """Numbers of the user's speech in a token's condition."""
        return self.user_frames * CHANNEL_SIZE

    @property
    def chunk_frames(self) -> int:
        """Frames in a committed chunk."""
        return self.chunk_tokens * FRAMES_PER_TOKEN

    @property
    def chunk_s(self) -> float:
        """Duration of a committed chunk."""
        return self.chunk_frames / FPS

    def style(self, actor: str, emotion: str) -> tuple[int, int]:
        """Rows of a style in the embedding tables; 0 for a name that is not known."""
        return (
            self.actors.index(actor) + 1 if actor in self.actors else 0,
            self.emotions.index(emotion) + 1 if emotion in self.emotions else 0,
        )


def write(path: str | os.PathLike[str], shape: Shape) -> None:
    """Store a shape as JSON."""
    Path(path).write_bytes(msgspec.json.format(msgspec.json.encode(shape), indent=1) + b"\n")


def read(path: str | os.PathLike[str]) -> Shape:
    """Read a shape.

    Raises:
        ValueError: the file is missing, too large or of another form; names the field.
    """
    where = Path(path)
    try:
        if where.stat().st_size > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES} bytes")
        return msgspec.json.decode(where.read_bytes(), type=Shape)
    except (OSError, ValueError) as error:
        raise ValueError(f"{where} describes no generator ({error}); export the checkpoint again") from error
