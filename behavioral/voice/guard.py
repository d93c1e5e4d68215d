"""The last thing between a reply and the voice: each clause is judged before sound is made of it.

A clause that breaks a rule of the session's safety is replaced by a kind sentence, and the rest of its reply is dropped; words that the
owner has written (`Authored`) pass, they were judged at load (`behavioral.dialogue.doubts`). What a speech server says is judged by its
transcript, whose place in the sound is an estimate. Tells the bus what it decided, about which intention, without
the words. Synchronous; tens of microseconds a clause. A fault of its own refuses the clause.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from behavioral.dialogue.authored import Authored
from runtime.messages import Knowledge, SafetyDecision
from runtime.safety.refusals import KIND
from runtime.safety.speech import Finding, SpeechRules, Utterance
from runtime.trouble import place_of

TRANSCRIPT_CHARS = 600
UNJUDGED = "unjudged"
"""Rule of a decision about a clause at which the rules themselves failed."""
logger = logging.getLogger(__name__)


class VoiceGuard:
    """Judges what the agent is about to say in a session."""

    def __init__(
        self, rules: SpeechRules, publish: Callable[[SafetyDecision], object], now_ns: Callable[[], int]
    ) -> None:
        """Judge by `rules`; `publish` takes what was decided."""
        self._rules = rules
        self._publish = publish
        self._now_ns = now_ns
        self.refused = 0
        self.passed = 0

    def know(self, knowledge: Knowledge) -> None:
        """Take from the slow system whether a child is here."""
        self._rules.child = knowledge.child

    def reply(self, response_id: str, intention_id: str = "") -> ReplyGuard:
        """Return what judges one reply; `intention_id`: whose words it says, where they are an intention's."""
        return ReplyGuard(self, self._rules, response_id, intention_id)

    def found(self, finding: Finding, response_id: str, intention_id: str = "") -> None:
        """Tell what was found in a reply."""
        if finding.refused:
            self.refused += 1
        else:
            self.passed += 1
        self._publish(
            SafetyDecision(
                t_ns=self._now_ns(),
                decision="refused" if finding.refused else "passed",
                rule=finding.category,
                where="voice",
                about=response_id,
                intention_id=intention_id,
                mode=self._rules.settings.mode,
            )
        )


class ReplyGuard:
    """Judges one reply."""

    def __init__(self, guard: VoiceGuard, rules: SpeechRules, response_id: str, intention_id: str = "") -> None:
        """Begin before its first piece."""
        self._guard = guard
        self._rules = rules
        self._response_id = response_id
        self._intention_id = intention_id
        self._utterance = Utterance(rules)
        self._authored = True
        self._heard = ""
        self.over = False
        """Whether the rest of the reply is dropped."""

    def takes(self, piece: object) -> None:
        """Note whose words the next ones are; a reply that holds anything but the owner's is judged from there on."""
        self._authored = self._authored and isinstance(piece, Authored)

    def hears(self, words: str) -> str:
        """Take more of a transcript, in pieces of any size; return as `instead`."""
        self._heard = f"{self._heard}{words}"[-TRANSCRIPT_CHARS:]
        whole = self._heard[
            : self._heard.rfind(" ") + 1
        ]  # the last word may go on; at the latest its clause is judged with it
        return self.instead(whole, anew=True) if whole else ""

    def instead(self, words: str, *, anew: bool = False) -> str:
        """Return what is to be said instead of a clause, an empty text if it may be said; `anew`: the clause is all there is."""
        if self._authored:
            return ""
        try:
            finding = self._rules.judge(words) if anew else self._utterance.judge(words)
        except Exception as error:  # what cannot be judged is not said
            logger.error("a clause could not be judged: %s", place_of(error))
            self._guard.found(Finding(UNJUDGED, True), self._response_id, self._intention_id)
            self.over = True
            return KIND
        if finding is None:
            return ""
        self._guard.found(finding, self._response_id, self._intention_id)
        if not finding.refused:
            return ""
        self.over = True
        return self._rules.instead(finding.category)
