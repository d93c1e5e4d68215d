"""Who is at hand for the scenes of one split: motion by style, listeners, and speakers; what was used least comes first.

A style is an actor with an emotion. Material of other splits is refused here, so that nothing leaks. Counts of use are the only state.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from motion.corpus.pairing.material import FPS, Material, sliced
from motion.corpus.pairing.search import Pool
from motion.corpus.pairing.speech import Utterance
from motion.corpus.pairing.splice import LEAST_FRAMES

Body = Literal["speak", "listen", "idle"]
Style = tuple[str, str]

LONGEST_S: Final = 12.0
OFFERED: Final = 10
STYLE_MIN_S: Final = 8.0
"""Of less motion no scene is made: it would repeat itself."""
_FEEDBACK_MAX_S: Final = 1.1
_OWN_QUIET: Final = 0.3
"""In how many scenes one listens with the narrator's own quiet stretches and not with those of a recorded listener."""
_OWN_LEAST: Final = 3
_AGENT_SHARES: Final = {
    "espeak": 0.6,
    "asterisk": 0.25,
    "librivox": 0.08,
    "ami": 0.04,
    "jfk": 0.01,
    "librispeech": 0.02,
}
_USER_SHARES: Final = {"espeak": 0.2, "asterisk": 0.35, "ami": 0.3, "librivox": 0.09, "jfk": 0.02, "librispeech": 0.04}
_AGENT_CLAUSES_MIN: Final = 4


class Cast:
    """The material of one split."""

    def __init__(self, materials: Sequence[Material], spoken: Sequence[Utterance], split: str) -> None:
        """Sort it.

        Raises:
            ValueError: the split has no motion to speak with, or no speech.
        """
        self.split = split
        parts = [part for m in materials if m.split == split for part in sliced(m, LONGEST_S)]
        parts = [part for part in parts if len(part.clip) >= LEAST_FRAMES]
        self.styles: dict[Style, list[Material]] = defaultdict(list)
        self.quiet: dict[str, list[Material]] = defaultdict(list)
        for part in parts:
            if part.activity in ("narrate", "talk"):
                self.styles[(part.actor, part.emotion)].append(part)
                if part.quiet:
                    self.quiet[part.actor].append(part)
        for style, of_style in list(self.styles.items()):
            if sum(len(part.clip) for part in of_style) < STYLE_MIN_S * FPS:
                del self.styles[style]
        self.listeners = [part for part in parts if part.activity == "listen"]
        self.idlers = [part for part in parts if part.activity == "idle"]
        # Motion for the test is met with speech of validation: both were never trained on.
        own = "train" if split == "train" else "validation"
        speakers: dict[tuple[str, str], list[Utterance]] = defaultdict(list)
        for utterance in spoken:
            if utterance.split == own:
                speakers[(utterance.source, utterance.speaker)].append(utterance)
        if not self.styles or not speakers:
            raise ValueError(
                f"split {split!r} has {len(self.styles)} styles of motion and {len(speakers)} speakers; both are needed"
            )
        self.pools = {key: Pool(said) for key, said in sorted(speakers.items())}
        self.used_s: defaultdict[Style, float] = defaultdict(float)
        self._uses: Counter[str] = Counter()

    def seconds(self, style: Style) -> float:
        """Motion there is of a style."""
        return sum(len(part.clip) for part in self.styles[style]) / FPS

    def next_style(self, rng: np.random.Generator) -> Style:
        """The style that was used least for what there is of it."""
        return min(sorted(self.styles), key=lambda s: (self.used_s[s] + 5.0 * rng.random()) / self.seconds(s))

    def own_quiet(self, style: Style, rng: np.random.Generator) -> bool:
        """Choose for a scene whether its listener is the narrator; changing within it would change the posture time and again."""
        return len(self.quiet.get(style[0], [])) >= _OWN_LEAST and bool(rng.random() < _OWN_QUIET)

    def offered(self, body: Body, style: Style, rng: np.random.Generator, own_quiet: bool = False) -> list[Material]:
        """Some pieces for a state of the body, those used least."""
        if body == "speak":
            pieces = self.styles[style]
        else:
            pieces = (self.idlers or self.listeners) if body == "idle" else (self.listeners or self.idlers)
            if own_quiet or not pieces:
                pieces = self.quiet.get(style[0], [])
            if not pieces:
                # Nobody rests in this split: then the calmest of the style.
                calm = sorted(self.styles[style], key=lambda m: float(m.speed_mps.mean()))
                pieces = calm[: max(1, len(calm) // 4)]
        # Never more than half of them, so that what fits itself best doesn't follow itself for ever.
        most = min(OFFERED, max(2, len(pieces) // 2))
        return sorted(pieces, key=lambda m: self._uses[m.name] + rng.random())[:most]

    def took(self, material: Material) -> None:
        """Count a use."""
        self._uses[material.name] += 1
        if material.activity in ("narrate", "talk"):
            self.used_s[(material.actor, material.emotion)] += len(material.clip) / FPS

    def agent(self, rng: np.random.Generator) -> Pool:
        """A speaker for the agent."""
        return self.pools[self._speaker(_AGENT_SHARES, rng, _AGENT_CLAUSES_MIN, None)]

    def user(self, agent: Pool, rng: np.random.Generator) -> Pool:
        """Another speaker for the user."""
        return self.pools[self._speaker(_USER_SHARES, rng, 1, agent.clauses[0].speaker.partition("@")[0])]

    def _speaker(
        self, shares: dict[str, float], rng: np.random.Generator, least: int, other_than: str | None
    ) -> tuple[str, str]:
        keys = [
            key
            for key, pool in self.pools.items()
            if len(pool.clauses) >= least and key[1].partition("@")[0] != other_than
        ] or list(self.pools)
        sources = sorted({source for source, _ in keys})
        weights = np.array([shares.get(source, 0.05) for source in sources])
        source = sources[int(rng.choice(len(sources), p=weights / weights.sum()))]
        fitting = [key for key in keys if key[0] == source]
        # Whoever has more to say speaks more often.
        sizes = np.sqrt([len(self.pools[key].clauses) for key in fitting])
        return fitting[int(rng.choice(len(fitting), p=sizes / sizes.sum()))]


def feedback(pool: Pool, longest_s: float, rng: np.random.Generator) -> Utterance | None:
    """A short word of a speaker; None where none is short enough."""
    short = [u for u in pool.clauses if u.duration_s <= min(longest_s + 0.3, _FEEDBACK_MAX_S)]
    return short[int(rng.integers(len(short)))] if short else None
