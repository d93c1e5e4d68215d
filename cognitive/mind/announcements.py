"""What is announced of times and numbers, kept in the epistemic model, so that it is known who has missed a change.

"Until five o'clock" is a fact about what was spoken of (the hall) with the attribute `time`; "gate twenty" one with the attribute `gate`.
A later announcement of the same kind about the same thing replaces it for those who hear it. Who was away and then reckons with the old
value says so with that value. What an answer is about is also told by what was said before it. Pure but for the model; raises at nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cognitive.formulas import any_of, plain
from cognitive.mind import particulars
from cognitive.mind import state as st
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import Fact, IsSo, Thinks
from cognitive.mind.language import sentences
from cognitive.mind.particulars import Particular
from cognitive.mind.showing import Wrong
from cognitive.mind.sightings import Evidence
from runtime.clock import NS_PER_S

KINDS = frozenset(
    """time day gate platform room track terminal bay hall ward lane court stand booth studio line bus window counter desk stop pier
    screen entrance exit lift floor level corridor""".split()
)
ANSWERS_WITHIN_S = 15.0
"""What is said within this time after a question may answer it."""
_OF_SPEAKERS = frozenset("i i'm i'll i've me my mine we we're we'll our us you your you're he she his her".split())
_NOTE = re.compile(
    r"^(?:(?:please )?note(?: that)?|by the way|attention(?: please)?|remember|just so you know|yes|no|right|well|oh)[,:]? ",
    re.IGNORECASE,
)
_CHANGES = any_of(
    r"""
    moved / moves / changed / changes / now / instead / actually / no longer / not / new / earlier / later / postponed / delayed / today /
    from now on / any ?more / rather / after all / isn't / wasn't / another / different / or
    """
)
"""Who says so brings news rather than being mistaken."""
QUOTED_CHARS = 110
KEPT_MAX = 16
HERE = ""
"""The place of everybody who is seen."""


class Announcements:
    """Reads announcements into a model."""

    def __init__(self, model: EpistemicModel) -> None:
        """Work on a model, which may already know some."""
        self._model = model
        self._before: tuple[int, str, tuple[str, ...]] = (0, "", ())
        self._announcers: dict[tuple[str, str], str] = {}

    def happened(self, text: str, t_ns: int, seen_by: Iterable[str] | None) -> bool:
        """Take in an event that tells a time or number ("The Madrid flight moves to gate twenty"); return whether it does."""
        known = False
        words = particulars.topic(text)
        for particular in particulars.read(text):
            subject = self._subject(particular, words, the_only_one=True)
            if particular.kind != "time" or subject:
                self._announce(particular, tuple(subject.split()) or words, text, t_ns, seen_by)
                known = True
        return known

    def said(self, text: str, speaker: str, t_ns: int) -> None:
        """Take in what somebody here said, after what it shows of their beliefs was found."""
        before_ns, asker, asked = self._before
        answers = asker != speaker and t_ns - before_ns <= ANSWERS_WITHIN_S * NS_PER_S
        for sentence in sentences(text):
            words = particulars.topic(sentence)
            for particular in particulars.read(sentence) if not sentence.endswith("?") else ():
                about = (*words, *(asked if answers else ()))
                subject = self._subject(particular, about)
                outdated = any(
                    self._is_old(speaker, one, particular) for one in ([subject] if subject else self._of(particular))
                )
                if not subject and not words and (known := self._about_known(particular)):
                    about = tuple(known.split())  # "by four, okay": said again
                if about and not outdated:
                    self._announce(particular, about, sentence, t_ns, None, by=speaker)
        self._before = (t_ns, speaker, particulars.topic(text))

    def misremembered(self, text: str, speaker: str, t_ns: int) -> None:
        """Take in that somebody states another value than was announced: not news, but what they take it to be.

        Words that say that something has changed, and those of whoever announced it, are news.
        """
        if speaker == self._model.state.me or _CHANGES.search(plain(text)):
            return
        for sentence in sentences(text):
            words, told = particulars.topic(sentence), particulars.read(sentence)
            kinds = [one.kind for one in told]
            for one in told if words and not sentence.endswith("?") else ():
                subject = self._subject(one, words) if kinds.count(one.kind) == 1 else ""
                announcer = self._announcers.get((subject, one.kind), speaker)
                actual = self._model.actual(subject, one.kind) if subject else None
                if announcer != speaker and actual not in (None, "", one.value):
                    self._model.apply(Thinks(speaker, Fact(subject, one.kind, one.value)), t_ns, text=text)

    def forget(self, speaker: str) -> None:
        """Drop who announced what, where it was this speaker, and what was said last."""
        self._before = (0, "", ())
        self._announcers = {key: by for key, by in self._announcers.items() if by != speaker}

    def reckoned(self, wrongs: Sequence[Wrong], text: str) -> list[tuple[Wrong, str]]:
        """Return which outdated values somebody reckons with who says this, and how they are said."""
        told = particulars.read(text)
        return [
            (wrong, particulars.phrase(one))
            for wrong in wrongs
            for one in told
            if wrong.attribute in KINDS and wrong.attribute == one.kind and wrong.believed == one.value
        ]

    def _announce(
        self,
        one: Particular,
        about: tuple[str, ...],
        text: str,
        t_ns: int,
        seen_by: Iterable[str] | None,
        *,
        by: str = "",
    ) -> None:
        subject = self._subject(one, about) or " ".join(tuple(dict.fromkeys(about))[: particulars.TOPIC_WORDS])
        if subject:
            self._make_room(subject, one.kind)
            self._announcers[(subject, one.kind)] = by
            while len(self._announcers) > 2 * KEPT_MAX:
                del self._announcers[next(iter(self._announcers))]
            told = IsSo(Fact(subject, one.kind, one.value), HERE, by=by)
            self._model.apply(told, t_ns, seen_by=seen_by, text=text)

    def _make_room(self, subject: str, kind: str) -> None:
        """Let the oldest announcement go where there are too many, so that they never crowd out where things are."""
        facts = self._model.state.facts
        if st.key(subject, kind) in facts:
            return
        told = [name for name, record in facts.items() if record.attribute in KINDS]
        while len(told) >= KEPT_MAX:
            oldest = min(told, key=lambda name: (facts[name].touched_ns, name))
            told.remove(oldest)
            del facts[oldest]

    def _subject(self, one: Particular, about: Iterable[str], *, the_only_one: bool = False) -> str:
        """Return of what a value of this kind is already known that these words are about; empty for nothing.

        `the_only_one`: "the tour" is the tour of the cellars where no other is known.
        """
        words = set(about)
        best, most = "", 0
        alike: list[str] = []
        for record in self._model.state.facts.values():
            if record.attribute != one.kind:
                continue
            own = set(record.subject.split())
            shared = words & own
            telling = shared if own <= particulars.GENERIC else shared - particulars.GENERIC
            if telling and len(shared) > most:
                best, most = record.subject, len(shared)
            elif shared:
                alike.append(record.subject)
        return best or (alike[0] if the_only_one and len(alike) == 1 else "")

    def _of(self, one: Particular) -> list[str]:
        """Return of what values of this kind are known."""
        return [record.subject for record in self._model.state.facts.values() if record.attribute == one.kind]

    def _about_known(self, one: Particular) -> str:
        """Return of what the value is already known to be; empty for nothing."""
        known = (
            r.subject for r in self._model.state.facts.values() if r.attribute == one.kind and r.actual == one.value
        )
        return next(known, "")

    def _is_old(self, speaker: str, subject: str, one: Particular) -> bool:
        """Return whether the speaker repeats what they believed before a change that they have missed."""
        held = self._model.belief(speaker, subject, one.kind)
        actual = self._model.actual(subject, one.kind)
        return held is not None and held.value == one.value and actual is not None and actual != one.value


def news(kind: str, value: str, instead_of: str, since: Evidence | None) -> str:
    """Return the truth as a clause that can be said: the announcement itself where it can stand alone, else the new value."""
    new, old = (particulars.phrase(Particular(kind, one)) for one in (value, instead_of))
    for sentence in sentences(since.text) if since is not None else ():
        said = _NOTE.sub("", sentence.rstrip(".! "))
        own = {word.strip(",.;:!") for word in said.lower().split()} & _OF_SPEAKERS
        stands_alone = not own and len(said.split()) > 3 and len(said) <= QUOTED_CHARS
        if stands_alone and Particular(kind, value) in particulars.read(said):
            first, _, rest = said.partition(" ")
            return f"{first.lower() if first in ('The', 'A', 'It', 'There', 'This', 'That', 'Our', 'In', 'At') else first} {rest}"
    return f"it is {new} now, not {old}"
