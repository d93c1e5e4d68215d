"""How well an answerer does on stories: accuracy by kind of question, with true and false beliefs apart.

A question that is not attempted, or of which the answer failed, counts as wrong in the accuracy, and each is counted apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct, field

from cognitive.bench.stories.answer import EpistemicAnswerer, replay
from cognitive.bench.stories.staging import stage
from cognitive.bench.stories.story import (
    Answerer,
    AnswerFailed,
    NotAttempted,
    Question,
    Story,
    Truth,
    is_right,
    same_answer,
)
from cognitive.bench.stories.third_entrance import shared_end
from cognitive.mind.language import parse_question
from runtime.clock import NS_PER_S, Clock, MonotonicClock

EXAMPLES_MAX = 20
TRUTHS = frozenset({"true_belief", "false_belief"})
"""What follows the last dot in the name of a tally of true or false beliefs alone."""


class Tally(Struct):
    """Counts of one kind of question."""

    asked: int = 0
    right: int = 0
    not_attempted: int = 0
    failed: int = 0

    @property
    def accuracy(self) -> float | None:
        """Right answers among all that were asked; None where none were."""
        return self.right / self.asked if self.asked else None

    def figures(self) -> dict[str, float | int | None]:
        """Return the row of a table."""
        return {
            "asked": self.asked,
            "right": self.right,
            "not_attempted": self.not_attempted,
            "failed": self.failed,
            "accuracy": self.accuracy,
        }


class Wrong(Struct, frozen=True):
    """One wrong answer, to be looked into."""

    source: str
    line: int
    question: str
    expected: str
    given: str


class Report(Struct):
    """The result for a set of stories.

    Attributes:
        kinds: by kind of question, and by kind and truth of the belief ("first_order.false_belief").
        stories: how many.
        suspect: wrong second-order answers where the label is most likely at fault: see `_suspect_label`.
        wrong: the first of the wrong answers.
        faults: how often which fault kept an answer away.
        latencies_s: time from each question to its answer; only where it was timed, and where there was an answer.
    """

    kinds: dict[str, Tally] = field(default_factory=dict)
    stories: int = 0
    suspect: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    latencies_s: list[float] = field(default_factory=list)

    @property
    def whole(self) -> Tally:
        """All kinds together."""
        tallies = [
            tally for kind, tally in self.kinds.items() if "." not in kind or kind.rpartition(".")[2] not in TRUTHS
        ]
        return Tally(
            asked=sum(tally.asked for tally in tallies),
            right=sum(tally.right for tally in tallies),
            not_attempted=sum(tally.not_attempted for tally in tallies),
            failed=sum(tally.failed for tally in tallies),
        )

    def count(self, kind: str, truth: Truth, right: bool, attempted: bool, failed: bool = False) -> None:
        """Count one answer."""
        for name in (kind, f"{kind}.{truth}") if truth else (kind,):
            tally = self.kinds.setdefault(name, Tally())
            tally.asked += 1
            tally.right += right
            tally.not_attempted += not attempted
            tally.failed += failed

    def accuracy(self, kind: str) -> float | None:
        """Return the accuracy on a kind of question; None where none was asked."""
        tally = self.kinds.get(kind)
        return None if tally is None else tally.accuracy


class _Given(NamedTuple):
    """What came of one question; no answer: not attempted, or a fault."""

    answer: str | None
    fault: str = ""
    latency_s: float = 0.0


async def judge(
    stories: Iterable[Story],
    answerer: Answerer,
    at_once: int = 1,
    clock: Clock | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Report:
    """Ask every question of the stories, and return the report.

    Args:
        stories: with their questions; taken one by one.
        answerer: who is asked. An error of another kind than its two ends everything.
        at_once: questions under way at the same time. The report does not depend on the order in which answers come.
        clock: of the latencies; real time where None.
        progress: told how many questions are done, and of how many, after each.
    """
    stories = list(stories)
    questions = [(story, question) for story in stories for question in story.questions]
    clock = clock or MonotonicClock()
    given: list[_Given] = [_Given(None)] * len(questions)
    waiting = iter(range(len(questions)))
    done: list[int] = []

    async def work(numbers: Iterator[int]) -> None:
        for number in numbers:
            given[number] = await _ask(answerer, *questions[number], clock)
            done.append(number)
            progress(len(done), len(questions))

    workers = [asyncio.create_task(work(waiting)) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    report = Report(stories=len(stories))
    for (story, question), one in zip(questions, given, strict=True):
        _count(report, story, question, one.answer, one.fault)
        if one.answer is not None:
            report.latencies_s.append(one.latency_s)
    return report


async def _ask(answerer: Answerer, story: Story, question: Question, clock: Clock) -> _Given:
    begun_ns = clock.now_ns()
    try:
        answer = await answerer.answer(story, question)
    except NotAttempted:
        return _Given(None)
    except AnswerFailed as failure:
        return _Given(None, failure.fault)
    return _Given(answer, latency_s=(clock.now_ns() - begun_ns) / NS_PER_S)


def judge_epistemic(stories: Iterable[Story]) -> Report:
    """Return the report of the epistemic model, without an event loop."""
    report, answerer = Report(), EpistemicAnswerer()
    for story in stories:
        report.stories += 1
        for question in story.questions:
            given: str | None
            try:
                given = answerer.answer_now(story, question)
            except NotAttempted:
                given = None
            _count(report, story, question, given)
    return report


def _count(report: Report, story: Story, question: Question, given: str | None, fault: str = "") -> None:
    right = given is not None and is_right(question, given)
    truth = question.truth or _truth(story, question)
    report.count(question.kind, truth, right, given is not None or bool(fault), bool(fault))
    if fault:
        report.faults[fault] = report.faults.get(fault, 0) + 1
    if right:
        return
    if question.kind == "second_order" and _suspect_label(story, question):
        report.suspect += 1
    if len(report.wrong) < EXAMPLES_MAX:
        report.wrong.append(Wrong(story.source, question.line, question.text, question.answer, given or ""))


def _truth(story: Story, question: Question) -> Truth:
    """Return whether the expected belief is what is so at the end of the story; "" where that is not known."""
    if not question.kind.endswith("_order"):
        return ""
    query = parse_question(question.text)
    if query is None:
        return ""
    model, _ = replay(story, question.after)
    actual = model.actual(query.subject, query.attribute)
    if not actual:
        return ""
    return "true_belief" if same_answer(question.answer, actual) else "false_belief"


def _suspect_label(story: Story, question: Question) -> bool:
    """Return whether a label has the known fault of the published ToMi generator, see `third_entrance`.

    About an eighth of its second-order answers have it (Sclar et al. 2023 corrected such labels). They still count as wrong.
    """
    query = parse_question(question.text)
    if query is None:
        return False
    model, _ = replay(story, question.after)
    end = shared_end(stage(story.lines[: question.after]), model, query)
    return bool(end) and same_answer(question.answer, end)
