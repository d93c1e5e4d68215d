"""What the agent does while the person waits for its answer: look away to think, then breathe or think aloud, but not for ever.

An answer that is not ready soon after the person's end is announced by an averted gaze (proact.md 4.7: within 300 ms; Andrist et al.
2013 measure cognitive aversions from about a second before speech on). Later a small sound says that one is coming: "uh" and its
like for a short delay, words for a longer one (Clark and Fox Tree 2002). No more than `fillers_max`, never the same twice in a
row, none once the reply has its place on the clock. While a tool runs after the first words the wait begins anew.
Deterministic under its seed; the tick asks, nothing is timed in here. Times in session ns.
"""

from __future__ import annotations

import random

from behavioral.voice.breath import BREATH
from runtime.clock import NS_PER_MS
from runtime.settings import DialogueSettings

SETTLE_NS = 80 * NS_PER_MS
"""An answer that comes this soon after the turn's end was decided is not waited for: the gaze stays."""
FIRST: tuple[str, ...] = ("Hmm.", "Mm.", "Uh.", "Um.", BREATH)
LATER: tuple[str, ...] = ("Um, let me think.", "Let me see.", "One moment.", "Let me think about that.")
TOOL: tuple[str, ...] = ("One moment.", "Let me see.", "Just a second.")


class Waiting:
    """The policy of one agent; one wait at a time."""

    def __init__(self, settings: DialogueSettings, seed: int | str) -> None:
        """Wait for nothing yet."""
        self._look_away_ns = round(settings.look_away_after_ms * NS_PER_MS)
        self._first_ns = round(settings.filler_after_ms * NS_PER_MS)
        self._again_ns = round(settings.filler_again_ms * NS_PER_MS)
        self._most = settings.fillers_max
        self._random = random.Random(f"{seed} waiting")
        self._avert_ns: int | None = None
        self._due_ns: int | None = None
        self._made = 0
        self._last = ""
        self._tool_waited = False

    def turn_ended(self, speech_end_ns: int, now_ns: int) -> None:
        """An answer is wanted from now on, to speech that ended at `speech_end_ns`."""
        self._avert_ns = max(speech_end_ns + self._look_away_ns, now_ns + SETTLE_NS)
        self._due_ns = now_ns + self._first_ns
        self._made = 0
        self._tool_waited = False

    def over(self) -> None:
        """Nothing is waited for any more: the answer is heard, or the person has the floor."""
        self._avert_ns = self._due_ns = None

    def thinking(self, now_ns: int) -> bool:
        """Whether the wait has lasted so long that the agent looks away; before, it is still attentive."""
        return self._avert_ns is None or now_ns >= self._avert_ns

    def filler(self, now_ns: int, *, scheduled: bool, tool_in_silence: bool = False) -> str:
        """Return what to utter now, mostly nothing.

        Args:
            now_ns: session time.
            scheduled: whether sound of the reply has its place on the clock.
            tool_in_silence: whether the reply waits for a tool and all that it had to say before has been heard.
        """
        if tool_in_silence and not self._tool_waited:
            self._tool_waited = True
            self._due_ns = now_ns + self._first_ns
        if scheduled and not tool_in_silence:
            if not self._tool_waited:
                self._due_ns = None
            return ""
        if self._due_ns is None or now_ns < self._due_ns:
            return ""
        if self._made >= self._most:
            self._due_ns = None
            return ""
        words = TOOL if tool_in_silence else LATER if self._made else FIRST
        self._last = self._random.choice([word for word in words if word != self._last])
        self._made += 1
        self._due_ns = now_ns + self._again_ns
        return self._last
