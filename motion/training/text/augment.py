"""Many ways to say each paraphrase: related words, phrases around it, words left out. For training only; deterministic under the seed."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from motion.text.features import COMMON, plain, words

# fmt: off
FRAMES: Final = (
    "{}", "{}", "{}", "please {}", "{} please", "could you {}", "can you {}", "now {}", "{} now", "i want you to {}", "you should {}",
    "the agent should {}", "let the robot {}", "make the avatar {}", "{} to the user", "{} for the person", "{} slowly", "{} quickly",
    "{} gently", "{} with your left hand", "{} with the right hand", "{} with both hands", "{} a bit", "{} again", "try to {}", "then {}",
    "just {}", "{} and smile", "{} at the visitor", "show {}", "gesture {}", "a gesture of {}", "make a {} gesture", "{} gesture",
    "{} towards the guest", "start to {}", "while talking {}", "go and {}", "{} like a person would",
)
# fmt: on
_REPLACED: Final = 0.45
_LEFT_OUT: Final = 0.1


class Thesaurus(Protocol):
    """Where related words come from; `motion.training.text.wordnet.WordNet` is one."""

    def related(self, word: str, senses: int = 2) -> dict[str, float]:
        """Words that may stand for a word, with their nearness."""


class Augmenter:
    """Varies the texts of labels."""

    def __init__(self, positive: Mapping[str, Sequence[str]], thesaurus: Thesaurus, seed: int) -> None:
        """Look up what the words of the paraphrases are related to."""
        self._rng = np.random.default_rng(seed)
        self._related: dict[str, tuple[list[str], np.ndarray]] = {}
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for label, texts in positive.items():
            for text in texts:
                for word in words(text):
                    counts[word][label] += 1
        self._telling: dict[str, list[str]] = defaultdict(list)
        for word, labels in counts.items():
            if word in COMMON or len(word) < 3:
                continue
            near = next((found for form in plain(word) if (found := thesaurus.related(form))), {})
            if near:
                names = sorted(near)
                weights = np.array([near[name] for name in names])
                self._related[word] = names, weights / weights.sum()
            label, most = labels.most_common(1)[0]
            if most >= 2 and most / sum(labels.values()) >= 0.6:
                self._telling[label].append(word)

    def vocabulary(self) -> set[str]:
        """Words of the paraphrases that mean something, and what they are related to."""
        out = set(self._related)
        for names, _ in self._related.values():
            out.update(name for name in names if " " not in name)
        return out

    def around(self, label: str) -> list[str]:
        """A telling word of the label, or one related to it, by itself."""
        out = []
        for word in self._telling[label]:
            out.append(word)
            if word in self._related:
                names, weights = self._related[word]
                out += [str(x) for x in self._rng.choice(names, size=min(6, len(names)), p=weights)]
        return out

    def vary(self, text: str) -> str:
        """Say it in another way."""
        rng = self._rng
        out = []
        tokens = words(text)
        for token in tokens:
            draw = rng.random()
            if token in self._related and draw < _REPLACED:
                names, weights = self._related[token]
                out.append(str(rng.choice(names, p=weights)))
            elif draw > 1.0 - _LEFT_OUT and len(tokens) > 2:
                continue
            else:
                out.append(token)
        return FRAMES[int(rng.integers(len(FRAMES)))].format(" ".join(out) or text)


def unrelated(sentences: Sequence[str], vocabulary: set[str], count: int, rng: np.random.Generator) -> list[str]:
    """Sentences about other things: those with no word that a gesture's paraphrases are known by."""
    chosen = []
    for index in rng.permutation(len(sentences)):
        tokens = [word for word in words(sentences[index]) if word not in COMMON]
        known = sum(any(form in vocabulary for form in plain(word)) for word in tokens)
        if tokens and known <= math.floor(0.25 * len(tokens)):
            chosen.append(sentences[index])
            if len(chosen) == count:
                break
    return chosen
