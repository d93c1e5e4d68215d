"""Prosody tags in a reply: `[soft] I am sorry. [pause 600ms] [slow] It is gone.` The voice changes, and never says the tag.

| tag | effect |
|---|---|
| `[slow]`, `[fast]` | rate x 0.75, x 1.3 |
| `[soft]`, `[loud]` | level -8 dB, +5 dB |
| `[low]`, `[high]` | pitch -3, +3 semitones, where the engine can (espeak-ng) |
| `[plain]` | back to the voice of the profile |
| `[pause]`, `[pause 400ms]`, `[pause 1.5s]` | silence at this place, 400 ms where no length is named, at most 3 s |

A tag holds to the end of its sentence. Tags of different kinds add up; of one kind the last counts. Every engine speaks one phrase with one
prosody, so a tag within a sentence begins a new phrase there. Other tags are left in the text (`behavioral.dialogue.tags`). Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from behavioral.dialogue.tags import split_tags

PAUSE_MS = 400.0
PAUSE_MAX_MS = 3_000.0
LOUDEST = 32_000.0
"""Louder speech is compressed from half of this on instead of clipped."""


@dataclass(frozen=True, slots=True)
class Prosody:
    """How a phrase differs from the voice's own way: factor on the rate, semitones, decibels."""

    rate: float = 1.0
    pitch_st: float = 0.0
    gain_db: float = 0.0


PLAIN = Prosody()
_TAGS: dict[str, dict[str, float]] = {
    "slow": {"rate": 0.75},
    "fast": {"rate": 1.3},
    "soft": {"gain_db": -8.0},
    "loud": {"gain_db": 5.0},
    "low": {"pitch_st": -3.0},
    "high": {"pitch_st": 3.0},
}
PROSODY_TAGS: tuple[str, ...] = (*_TAGS, "plain", "pause")
"""For prompts and documentation."""
_TAG = re.compile(
    rf"\[\s*(?:(?P<name>{'|'.join((*_TAGS, 'plain'))})|pause(?:[\s:]+(?P<length>\d{{1,5}}(?:\.\d{{1,3}})?)\s*(?P<unit>ms|s)?)?)\s*\]",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]\s]*$")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text to be said in one way, behaviour tags still inside, after so much silence beyond what its place asks for."""

    text: str
    prosody: Prosody
    pause_ms: float


class ProsodyReader:
    """Takes the clauses of one reply in order; one instance per reply."""

    def __init__(self) -> None:
        """Begin plainly."""
        self._prosody = PLAIN
        self._pause_ms = 0.0
        self._wordless = ""
        """Behaviour tags that wait for a word to act at."""

    def phrases(self, clause: str) -> list[Phrase]:
        """Return a clause's phrases; those without a word are joined to the next one, of this clause or a later one."""
        phrases: list[Phrase] = []
        at = 0
        for tag in _TAG.finditer(clause):
            self._say(clause[at : tag.start()], phrases)
            self._obey(tag)
            at = tag.end()
        self._say(clause[at:], phrases)
        if _SENTENCE_END.search(_TAG.sub("", clause)):
            self._prosody = PLAIN
        return phrases

    def _say(self, text: str, phrases: list[Phrase]) -> None:
        text = f"{self._wordless} {text}" if self._wordless else text
        if not _WORD.search(split_tags(text).text):
            last = phrases[-1] if phrases else None
            if last is not None and split_tags(text).text and not split_tags(text).tags:
                phrases[-1] = replace(last, text=last.text + text.strip())  # a full stop after a tag
            else:
                self._wordless = text
            return
        self._wordless = ""
        phrases.append(Phrase(text, self._prosody, self._pause_ms))
        self._pause_ms = 0.0

    def _obey(self, tag: re.Match[str]) -> None:
        name = (tag["name"] or "").lower()
        if name == "plain":
            self._prosody = PLAIN
        elif name:
            self._prosody = replace(self._prosody, **_TAGS[name])
        else:
            scale = 1_000.0 if (tag["unit"] or "").lower() == "s" else 1.0
            length_ms = float(tag["length"]) * scale if tag["length"] else PAUSE_MS
            self._pause_ms = min(PAUSE_MAX_MS, self._pause_ms + length_ms)


def with_gain(pcm: NDArray[np.int16], gain_db: float) -> NDArray[np.int16]:
    """Return int16 samples at another level; peaks that would clip are bent softly."""
    if gain_db == 0.0 or not len(pcm):
        return pcm
    loud = pcm.astype(np.float32) * np.float32(10.0 ** (gain_db / 20.0))
    if gain_db > 0.0:
        knee = LOUDEST / 2
        over = np.abs(loud) > knee
        bent = knee + knee * np.tanh((np.abs(loud[over]) - knee) / knee)
        loud[over] = np.sign(loud[over]) * bent
    return np.asarray(np.rint(loud), dtype=np.int16)
