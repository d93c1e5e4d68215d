"""One overlap of the person's speech with a response: its stretches, what to do about it, and what it was.

Begins when the person speaks while a response is being prepared or said. While it goes on it may duck, pause or stop the
response. When the speech ends before that, what it was is known only with its words: a backchannel, or a short turn ("no, stop") that
must not be lost. A paused response waits for `resume_wait_ms`, or goes on at once for words that are backchannels; what may be the next
word puts that off, `WAITS_MAX` times as long at most, for clatter and music never end. Speech that begins again by then
("no, ... wait") is the same overlap, and its stretches count together. Whether the voice is halted only the voice knows: it is asked
with `paused`. Pure but for that and the times in its arguments (session ns).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from behavioral.hearing.events import FinalText
from behavioral.turns.barge_in import BargeIn, was_backchannel
from behavioral.turns.completeness import is_backchannel
from runtime.clock import NS_PER_MS
from runtime.settings import TurnSettings

STIR_MS = 130.0
"""A block that may be speech is known to be some, or none, after this."""
WAITS_MAX = 2.0
"""A paused response waits for so many times `resume_wait_ms` at most, whatever may be speech."""
Action = Literal["none", "duck", "pause", "resume", "backchannel", "stop"]


@dataclass(slots=True)
class Stretch:
    """One stretch of the person's speech.

    Attributes:
        onset_ns: when it began.
        voiced_until_ns: end of its last block with voice.
        offset_ns: when it ended; None while it goes on.
        final: its final words, once they have come.
        rest: whether it is what was left of speech about something else: then its words say nothing.
    """

    onset_ns: int
    voiced_until_ns: int
    offset_ns: int | None = None
    final: FinalText | None = None
    rest: bool = False

    @property
    def words(self) -> str:
        """Its final words, where there are any."""
        return self.final.text if self.final is not None and not self.rest else ""

    @property
    def length_ns(self) -> int:
        """How long it has sounded so far."""
        return (self.voiced_until_ns if self.offset_ns is None else self.offset_ns) - self.onset_ns


@dataclass(frozen=True, slots=True)
class OverlapDecision:
    """What to do now, with its evidence."""

    action: Action
    evidence: dict[str, float]


class Overlap:
    """The overlap that goes on or whose words are still to come, if any."""

    def __init__(self, settings: TurnSettings, paused: Callable[[], bool]) -> None:
        """Start without one; `paused` says whether the agent's voice is halted."""
        self._settings = settings
        self._paused = paused
        self._barge_in = BargeIn(settings)
        self._stretches: list[Stretch] = []
        self._stirred_ns = 0
        self._asked = False

    @property
    def going_on(self) -> bool:
        """Whether the person speaks over a response."""
        return bool(self._stretches) and self._stretches[-1].offset_ns is None

    @property
    def waiting(self) -> bool:
        """Whether the person has stopped, and what it was is not known yet."""
        return bool(self._stretches) and not self.going_on

    @property
    def known(self) -> bool:
        """Whether it has ended and all its final words have come."""
        return self.waiting and all(stretch.final is not None for stretch in self._stretches)

    @property
    def onset_ns(self) -> int:
        """When it began; 0 where there is none."""
        return self._stretches[0].onset_ns if self._stretches else 0

    @property
    def ducked(self) -> bool:
        """Whether the response is lower because of it."""
        return self._barge_in.ducked

    def begin(self, onset_ns: int, *, asked: bool = False) -> None:
        """The person began to speak, or goes on after a moment; `asked`: over the last words of a question."""
        if self._stretches:
            offset_ns = self._stretches[-1].offset_ns
            waited = offset_ns is None or onset_ns - offset_ns > self._settings.resume_wait_ms * NS_PER_MS
            if offset_ns is None or (waited and not self._paused()):
                self.take()
        self._asked = asked if not self._stretches else self._asked
        self._stretches.append(Stretch(onset_ns, onset_ns))

    def restart(self, now_ns: int) -> None:
        """What it was about is over: forget it, but for speech that still goes on, which counts by its length and from now on."""
        goes_on = self.going_on
        self.take()
        if goes_on:
            self._stretches.append(Stretch(now_ns, now_ns, rest=True))

    def voiced(self, until_ns: int) -> None:
        """A block up to `until_ns` held voice."""
        if self.going_on:
            self._stretches[-1].voiced_until_ns = max(self._stretches[-1].voiced_until_ns, until_ns)

    def stirred(self, until_ns: int) -> None:
        """A block up to `until_ns` may be the beginning of speech: do not start to speak into it."""
        self._stirred_ns = max(self._stirred_ns, until_ns)

    def end(self, offset_ns: int) -> None:
        """The person has stopped speaking since `offset_ns`.

        Raises:
            RuntimeError: when nobody overlaps.
        """
        if not self.going_on:
            raise RuntimeError("nobody overlaps")
        self._stretches[-1].offset_ns = offset_ns

    def resumed(self) -> None:
        """The response goes on at full level; a new stretch may halt it again."""
        self._barge_in = BargeIn(self._settings)

    def judge(self, now_ns: int, text: str) -> OverlapDecision:
        """Decide at one moment, with the newest hypothesis of the present stretch: duck, pause or stop; go on when nothing follows.

        Raises:
            RuntimeError: when there is no overlap.
        """
        if not self._stretches:
            raise RuntimeError("nobody overlaps")
        words = self._words(text)
        action: Action = "none"
        if self.going_on:
            action = self._barge_in.heard(self._speech_ms, words, paused=self._paused())
        elif self._paused():
            waited_ns = now_ns - (self._stretches[-1].offset_ns or 0)
            wait_ns = self._settings.resume_wait_ms * NS_PER_MS
            stirs = now_ns - self._stirred_ns < STIR_MS * NS_PER_MS and waited_ns < WAITS_MAX * wait_ns
            passed = is_backchannel(words) and not self._asked
            action = "resume" if passed or (waited_ns >= wait_ns and not stirs) else "none"
        return OverlapDecision(action, self._evidence(words))

    def final(self, final: FinalText) -> OverlapDecision:
        """Take final words; where they are the last that were waited for, say what the overlap was: `backchannel` or `stop`.

        While the response is paused for something whose words say little, `none`: it was a backchannel if nothing follows.
        """
        for number, stretch in enumerate(self._stretches):
            later = self._stretches[number + 1 :]
            if (
                stretch.final is None
                and final.end_ns >= stretch.onset_ns
                and not (later and final.end_ns >= later[0].onset_ns)
            ):
                stretch.final = final
                break
        else:
            return OverlapDecision("none", {})
        words = self._words("")
        if not self.known:
            return OverlapDecision("none", {})
        sure = min((s.final.confidence for s in self._stretches if s.final is not None and s.words), default=0.0)
        if (self._asked and words) or not was_backchannel(self._settings, words, self._speech_ms, sure):
            return OverlapDecision("stop", self._evidence(words))
        return OverlapDecision(
            "none" if self._paused() and not is_backchannel(words) else "backchannel", self._evidence(words)
        )

    def take(self) -> list[Stretch]:
        """Return its stretches and forget it."""
        stretches, self._stretches, self._asked = self._stretches, [], False
        self._barge_in = BargeIn(self._settings)
        return stretches

    @property
    def _speech_ms(self) -> float:
        return sum(stretch.length_ns for stretch in self._stretches) / NS_PER_MS

    def _words(self, text: str) -> str:
        if self.going_on and self._stretches[-1].rest:
            text = ""
        return " ".join([*(stretch.words for stretch in self._stretches if stretch.words), text]).strip()

    def _evidence(self, words: str) -> dict[str, float]:
        return {"speech_ms": round(self._speech_ms, 1), "words": float(len(words.split()))}
