"""How well an answerer does on stories: accuracy by kind of question, with true and false beliefs apart.

A question that is not attempted counts as wrong in the accuracy, and is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from cognitive.bench.stories.answer import EpistemicAnswerer, replay
from cognitive.bench.stories.staging import stage
from cognitive.bench.stories.story import Answerer, NotAttempted, Question, Story, Truth, same_answer
from cognitive.bench.stories.third_entrance import shared_end
from cognitive.mind.language import parse_question

EXAMPLES_MAX = 20


class Tally(Struct):
    """Counts of one kind of question."""

    asked: int = 0
    right: int = 0
    not_attempted: int = 0

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
    """

    kinds: dict[str, Tally] = field(default_factory=dict)
    stories: int = 0
    suspect: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    def count(self, kind: str, truth: Truth, right: bool, attempted: bool) -> None:
        """Count one answer."""
        for name in (kind, f"{kind}.{truth}") if truth else (kind,):
            tally = self.kinds.setdefault(name, Tally())
            tally.asked += 1
            tally.right += right
            tally.not_attempted += not attempted

    def accuracy(self, kind: str) -> float | None:
        """Return the accuracy on a kind of question; None where none was asked."""
        tally = self.kinds.get(kind)
        return None if tally is None else tally.accuracy


async def judge(stories: Iterable[Story], answerer: Answerer) -> Report:
    """Ask every question of the stories, and return the report. Answers are awaited one after the other."""
    report = Report()
    for story in stories:
        report.stories += 1
        for question in story.questions:
            try:
                given = await answerer.answer(story, question)
            except NotAttempted:
                given = None
            _count(report, story, question, given)
    return report


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


def _count(report: Report, story: Story, question: Question, given: str | None) -> None:
    right = given is not None and same_answer(given, question.answer)
    truth = question.truth or _truth(story, question)
    report.count(question.kind, truth, right, given is not None)
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
