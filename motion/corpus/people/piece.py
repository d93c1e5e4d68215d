"""One uninterrupted stretch of a person's motion, as the corpus takes it up. Plain data; safe to share while nobody writes into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from motion.clip import Clip

Activity = Literal["narrate", "talk", "listen", "idle", "act"]
Split = Literal["train", "validation", "test"]

FPS: Final = 30.0
ACTIVITIES: Final[tuple[Activity, ...]] = ("narrate", "talk", "listen", "idle", "act")
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of motion.

    Attributes:
        name: unique among the pieces of its source.
        source: name of the data folder.
        actor: who moves; `rocketbox-f`, `rocketbox-m`, `movebox` and `mesh2motion` where the source names nobody.
        emotion: what the actor meant, in lower case; of the longer part where parts with two emotions were joined, "" where unknown.
        split: where it may be used; an actor has one split.
        activity: what the person is doing.
        label: the source's own word for it.
        clip: 30 fps, standing, facing +z, hips near their rest, feet planted, both hands' codes filled.
        emotions: first frame and emotion of each part that was joined, in order; empty where the emotion is unknown.
    """

    name: str
    source: str
    actor: str
    emotion: str
    split: Split
    activity: Activity
    label: str
    clip: Clip
    emotions: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        """Check what a reader can get wrong.

        Raises:
            ValueError: unknown split or activity, another rate than 30 fps, or parts out of order.
        """
        if self.split not in SPLITS:
            raise ValueError(f"{self.name}: split {self.split!r} is none of {', '.join(SPLITS)}")
        if self.activity not in ACTIVITIES:
            raise ValueError(f"{self.name}: activity {self.activity!r} is none of {', '.join(ACTIVITIES)}")
        if self.clip.fps != FPS:
            raise ValueError(f"{self.name}: the clip has {self.clip.fps} fps; resample it to {FPS:.0f}")
        starts = [frame for frame, _ in self.emotions]
        if starts != sorted(set(starts)) or (starts and not 0 <= starts[0] <= starts[-1] < len(self.clip)):
            raise ValueError(f"{self.name}: emotions begin at frames {starts}; they must rise within the clip")


def summary(pieces: Iterable[Piece]) -> str:
    """Minutes by source, actor, activity and split, one line each and the total, for people to read."""
    frames: dict[tuple[str, str, str, str], list[int]] = {}
    for piece in pieces:
        frames.setdefault((piece.source, piece.actor, piece.activity, piece.split), []).append(len(piece.clip))
    lines = [
        f"{source:20}{actor:14}{activity:9}{split:12}{len(lengths):5} pieces{sum(lengths) / FPS / 60.0:8.2f} min"
        for (source, actor, activity, split), lengths in sorted(frames.items())
    ]
    lengths = [length for group in frames.values() for length in group]
    return "\n".join([*lines, f"{'total':55}{len(lengths):5} pieces{sum(lengths) / FPS / 60.0:8.2f} min"])
