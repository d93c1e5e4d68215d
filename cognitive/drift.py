"""Whether what the agent says stays with its persona: an explicit measure over its own utterances, and a language model's ratings of them.

Each utterance is turned into a few features of style (below). What the persona would have is known from its own sentences: their means,
spread by what differs between them. Two exponentially weighted means follow the session, a fast one (the present) and a slow one (how
this session began and went on); the distance of a mean is the fourth root of the mean fourth power of its features' deviations, in units
of spread, so that one feature far off weighs more than several that are a little off. The drift by style is the sum of two things: the
distance of the present, less that of the slow mean (at most `SETTLED_MAX`, what this session had settled at), and `BREAK_WEIGHT` for
each recent rule break, which fades with the utterances. It is judged from `UTTERANCES_MIN` utterances on, or at once after two rule breaks,
with hysteresis. Style counted in words says nothing of content; that the words are kind is the safety's
business. Where a language model rates utterances as well (`cognitive.drift_judge`), its ratings are smoothed, brought to the same scale and
judged by the same bounds: the larger of the two is the drift, and `sources` names whose it is. Ratings that are long past count no
more. Pure but for its saved state of numbers (no words are kept); microseconds an utterance.

| feature | of an utterance |
|---|---|
| words | words per sentence, logarithm |
| exclaims | exclamation marks per sentence |
| asks | questions per sentence |
| polite | polite words (please, thank, sorry, welcome, may, could ...) per word |
| self | I, me, my per word |
| you | you, your per word |
| hedges | maybe, perhaps, I think, a little ... per word |
| rough | commands and rough words (must, now, wrong, stupid, whatever ...) per word |
| long | share of words over seven letters |
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from msgspec import Struct, field

from cognitive.persona import Persona
from runtime.safety.refusals import Limits
from runtime.safety.settings import SafetySettings
from runtime.safety.speech import SpeechRules

FEATURES = ("words", "exclaims", "asks", "polite", "self", "you", "hedges", "rough", "long")
SPREAD_MIN = {
    "words": 0.45, "exclaims": 0.4, "asks": 0.4, "polite": 0.06, "self": 0.06, "you": 0.06, "hedges": 0.05, "rough": 0.03,
    "long": 0.08,
}  # fmt: skip
"""Least spread of each feature: what differs between utterances of anybody (design choices)."""
FAST, SLOW = 0.2, 0.03
"""Weights of a new utterance: the fast mean remembers about five utterances, the slow one about thirty."""
UTTERANCES_MIN = 5
DRIFTS_FROM, BACK_FROM = 1.2, 0.9
"""Drift at which the warning begins and ends, in spreads."""
SETTLED_MAX = 0.6
"""So much distance of a session's own settled style is taken for granted (a scenario's replies are not the persona's sentences)."""
BREAK_WEIGHT = 0.35
"""Of each rule break in the present."""
DEVIATION_MAX = 4.0
CHARS_MAX = 2_000
RATED = 0.6
"""Weight of a new rating by a language model in the mean of its ratings, which begins at the persona: one alone must be plain to warn."""
RATED_SCALE = 2.4
"""Spreads of the largest departure that there is: from over half of it on, if it lasts, the warning begins."""
RATED_FOR = 60
"""A rating counts for so many further utterances."""
STYLE, MODEL = "style", "language model"
"""Sources of a drift."""
SMOOTHING = 6
"""Words added to an utterance's before rates are taken: two words ("Thank you.") say little of a style."""

_WORD = re.compile(r"[a-z']+")
_SENTENCE = re.compile(r"[.!?…]+")
_POLITE = frozenset("please thank thanks sorry welcome may could would excuse gladly pleasure kind nice glad".split())
_SELF = frozenset("i me my mine i'm i'll i've i'd".split())
_YOU = frozenset("you your yours you're you'll you've".split())
_HEDGES = frozenset("maybe perhaps think guess might possibly somewhat little rather probably seems".split())
_ROUGH = frozenset(
    "must now wrong stupid whatever hurry nonsense obviously damn hell shut stop idiot boring listen dude bro ugh lol hate".split()
)


class DriftState(Struct, kw_only=True):
    """Numbers that outlive a restart."""

    utterances: int = 0
    breaks: float = 0.0
    fast: dict[str, float] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    drifting: bool = False
    by_style: bool = False
    by_rating: bool = False
    rated: dict[str, float] = field(default_factory=dict)
    """Mean departures by a language model's ratings, -1 to 1, by trait, and `style` from 0."""
    rated_breaks: float = 0.0
    rated_at: int = 0
    """Utterances when it rated last."""
    ratings: int = 0


class DriftMonitor:
    """Follows what is said in one session."""

    def __init__(self, persona: Persona, state: DriftState) -> None:
        """Take the persona's sentences as the measure; continue from a saved state."""
        self.state = state
        self._rules = SpeechRules(SafetySettings(), Limits(boundaries=persona.boundaries, refusals=persona.refusals))
        spoken = [
            features(text.format(name=persona.name, topic="the weather"))
            for texts in persona.sentences.values()
            for text in texts
        ]
        self._mean = {name: sum(one[name] for one in spoken) / len(spoken) for name in FEATURES}
        self._spread = {
            name: max(
                SPREAD_MIN[name], math.sqrt(sum((one[name] - self._mean[name]) ** 2 for one in spoken) / len(spoken))
            )
            for name in FEATURES
        }

    def said(self, text: str) -> None:
        """Take what the person heard of one of the agent's turns."""
        text = text[:CHARS_MAX]
        if not _WORD.search(text.lower()):
            return
        state, found = self.state, features(text)
        state.utterances += 1
        broken = float(self._rules.judge(text) is not None)
        state.breaks = (1.0 - FAST) * state.breaks + broken
        for mean, weight in ((state.fast, FAST), (state.slow, SLOW)):
            for name, value in found.items():
                old = mean.get(name, self._mean[name])  # the persona is where both begin
                mean[name] = old + weight * (value - old)
        judged = state.utterances >= UTTERANCES_MIN or state.breaks >= 2.0
        state.by_style = judged and self.style_drift >= (BACK_FROM if state.by_style else DRIFTS_FROM)
        self._settle()

    def rated(self, departures: Mapping[str, float], breaks: int) -> None:
        """Take a language model's rating of the last utterances.

        Args:
            departures: by trait, -1 (far less than the persona's) to 1 (far more); and `style`, 0 to 1.
            breaks: utterances that break a boundary of the persona.
        """
        state = self.state
        if self.rated_drift == 0.0:  # what is long past is no part of the mean
            state.rated, state.rated_breaks = {}, 0.0
        for name, value in departures.items():
            old = state.rated.get(name, 0.0)
            state.rated[name] = old + RATED * (max(-1.0, min(1.0, value)) - old)
        state.rated_breaks = (1.0 - RATED) * state.rated_breaks + breaks
        state.rated_at, state.ratings = state.utterances, state.ratings + 1
        self._settle()

    def _settle(self) -> None:
        """Bring both sources together into the one warning."""
        state = self.state
        state.by_rating = self.rated_drift >= (BACK_FROM if state.by_rating else DRIFTS_FROM)
        state.drifting = state.by_style or state.by_rating

    @property
    def sources(self) -> tuple[str, ...]:
        """Whose warning it is; empty for none."""
        state = self.state
        return tuple(name for name, warns in ((STYLE, state.by_style), (MODEL, state.by_rating)) if warns)

    @property
    def drift(self) -> float:
        """How far the present is from the persona, in spreads, by either source; below 1 is nothing."""
        return max(self.style_drift, self.rated_drift)

    @property
    def rated_drift(self) -> float:
        """The same by the language model's ratings alone; 0 without a recent one."""
        state = self.state
        if not state.ratings or state.utterances - state.rated_at > RATED_FOR:
            return 0.0
        furthest = max((abs(value) for value in state.rated.values()), default=0.0)
        return RATED_SCALE * furthest + BREAK_WEIGHT * state.rated_breaks

    @property
    def style_drift(self) -> float:
        """The same by counted style and broken rules alone."""
        settled = min(SETTLED_MAX, self._distance(self.state.slow))
        style = max(0.0, self._distance(self.state.fast) - settled)
        return style + BREAK_WEIGHT * self.state.breaks

    @property
    def why(self) -> str:
        """The features that are furthest away, in words; no words of anybody."""
        deviations = self._deviations(self.state.fast)
        furthest = sorted(deviations, key=lambda name: -abs(deviations[name]))[:2]
        parts = [f"{name} {deviations[name]:+.1f}" for name in furthest if abs(deviations[name]) >= 1.0]
        if self.state.breaks >= 0.5:
            parts.append(f"rules broken {self.state.breaks:.1f}")
        return ", ".join([*parts, *self._rated_in_words()])

    def _rated_in_words(self) -> list[str]:
        """Return what stands out in the language model's ratings, its source named."""
        state = self.state
        if self.rated_drift < 0.5:
            return []
        name, value = max(state.rated.items(), key=lambda item: abs(item[1]), default=(STYLE, 0.0))
        broken = f", boundaries broken {state.rated_breaks:.1f}" if state.rated_breaks >= 0.5 else ""
        return [f"rated by the language model {self.rated_drift:.2f} ({name} {value:+.1f}{broken})"]

    def in_words(self) -> str:
        """Return the account for the published memory."""
        why = self.why
        return f"drift {self.drift:.2f} of {DRIFTS_FROM:g} over {self.state.utterances} utterances" + (
            f": {why}" if why else ""
        )

    def _deviations(self, mean: dict[str, float]) -> dict[str, float]:
        """Return how far a running mean is off, in spreads; a mean of five differs less than one, hence the factor."""
        scale = math.sqrt((2.0 - FAST) / FAST) / 2.0
        off = {
            name: scale * (mean.get(name, middle) - middle) / self._spread[name] for name, middle in self._mean.items()
        }
        return {name: max(-DEVIATION_MAX, min(DEVIATION_MAX, value)) for name, value in off.items()}

    def _distance(self, mean: dict[str, float]) -> float:
        deviations = self._deviations(mean)
        return math.sqrt(math.sqrt(sum(value**4 for value in deviations.values()) / len(deviations)))


def features(text: str) -> dict[str, float]:
    """Return the features of an utterance."""
    words = _WORD.findall(text.lower())
    count = len(words) + SMOOTHING
    sentences = max(1, len([part for part in _SENTENCE.split(text) if part.strip()]))
    return {
        "words": math.log1p(len(words) / sentences),
        "exclaims": min(3.0, text.count("!") / sentences),
        "asks": min(2.0, text.count("?") / sentences),
        "polite": sum(word in _POLITE for word in words) / count,
        "self": sum(word in _SELF for word in words) / count,
        "you": sum(word in _YOU for word in words) / count,
        "hedges": sum(word in _HEDGES for word in words) / count,
        "rough": sum(word in _ROUGH for word in words) / count,
        "long": sum(len(word) > 7 for word in words) / count,
    }
