r"""The ToMi format: numbered sentences, a question line with a tab and the answer; many stories in a file.

    1 Sally entered the kitchen.
    2 The ball is in the basket.
    3 Where will Sally look for the ball?\tbasket\t1

A number that does not go up begins a new story. Read too: lines without numbers (an empty line ends a story), spaces or a comma for the
tab, `Answer:` on the next line, questions in the middle of a story (ToM-bAbi), Windows line ends, ids behind a tab after a sentence. Beside
`NAME.txt` may lie `NAME.trace` with one line a question, whose fields say what kind it is and whether the belief is true.

Sources: Le, Boureau & Nickel (2019), whose stories let people see everything in a room that they enter; Nematzadeh et al. (2018), whose
stories (ToM-bAbi) do not. Which of the readings fits a file is settled in `readings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cognitive.bench.stories.story import (
    LINE_CHARS_MAX,
    STORIES_MAX,
    STORY_LINES_MAX,
    Convention,
    Question,
    Story,
    Truth,
    read_lines,
)
from cognitive.mind.language import parse_question
from cognitive.mind.state import Sight
from runtime.errors import AttuneError

ORDERS = ("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")

_NUMBERED = re.compile(r"^\s*(\d{1,6})[.):]?\s+(.*)$")
_SUPPORT = re.compile(r"(?:[\s,]+\d+)+\s*$")
_ANSWER_LINE = re.compile(r"^\s*(?:\d+\s+)?answer\s*:\s*(.+)$", re.IGNORECASE)
_QUESTION_LABEL = re.compile(r"^\s*question\s*:\s*", re.IGNORECASE)


def read(path: Path, sight: Sight = "all", convention: Convention = "") -> Iterator[Story]:
    """Yield the stories of a file.

    Args:
        path: of the text file; its `.trace` is read too where it lies beside it.
        sight: "all" for ToMi, "nothing" for ToM-bAbi.
        convention: "third_entrance" for second-order answers as the published ToMi generator has them.

    Raises:
        AttuneError: for a file or line that is none of this format.
    """
    trace = _Trace(path.with_suffix(".trace"))
    lines: list[str] = []
    questions: list[Question] = []
    last_number = stories = 0
    awaiting: Question | None = None

    def done() -> Story:
        return Story(
            source=f"{path.name}:{stories + 1}",
            lines=tuple(lines),
            questions=tuple(questions),
            sight=sight,
            convention=convention,
        )

    for number, line in read_lines(path):
        if awaiting is not None:
            if not line.strip():
                continue
            match = _ANSWER_LINE.match(line)
            if match is None:
                raise AttuneError(
                    f"{path}, line {awaiting.line}: a question without an answer.",
                    "Put a tab and the answer behind it.",
                )
            questions.append(trace.label(_with_answer(awaiting, match[1].strip())))
            awaiting = None
            continue
        match = _NUMBERED.match(line)
        text = match[2] if match is not None else line.strip()
        if not text.strip():
            if match is None and questions and last_number == 0:
                yield done()
                stories, lines, questions = stories + 1, [], []
            continue
        if match is not None:
            if int(match[1]) <= last_number and (lines or questions):
                if not questions:
                    raise AttuneError(
                        f"{path}, line {number}: a new story begins, but the one before it has no question.",
                        "End each story with a question, a tab and the answer.",
                    )
                yield done()
                stories, lines, questions = stories + 1, [], []
            last_number = int(match[1])
        if len(lines) + len(questions) > STORY_LINES_MAX or stories > STORIES_MAX:
            raise AttuneError(
                f"{path}, line {number}: a story of more than {STORY_LINES_MAX} lines.", "Number each story from 1."
            )
        if "?" in text:
            question = _question(text, len(lines), number)
            if question.answer:
                questions.append(trace.label(question))
            else:
                awaiting = question
        else:
            lines.append(text.partition("\t")[0].strip()[:LINE_CHARS_MAX])
    if awaiting is not None:
        raise AttuneError(
            f"{path}, line {awaiting.line}: a question without an answer.", "Put a tab and the answer behind it."
        )
    if questions:
        yield done()
    elif stories == 0:
        raise AttuneError(
            f"{path} has no question.",
            "A story in the ToMi format is numbered sentences and a line with a question, a tab and the answer.",
        )
    trace.end(path)


def _question(text: str, after: int, line: int) -> Question:
    """Return the question of a line."""
    at = text.rindex("?")
    asked = _QUESTION_LABEL.sub("", text[: at + 1]).strip()
    rest = text[at + 1 :]
    fields = [field.strip() for field in rest.split("\t") if field.strip()]
    answer = fields[0] if fields and "\t" in rest else _SUPPORT.sub("", " " + rest).strip()
    answer = _SUPPORT.sub("", answer).strip(" ,.;\"'") if answer and not answer.isdigit() else ""
    return Question(text=asked, answer=answer, kind=kind_of(asked), after=after, line=line)


def _with_answer(question: Question, answer: str) -> Question:
    return Question(text=question.text, answer=answer, kind=question.kind, after=question.after, line=question.line)


def kind_of(text: str) -> str:
    """Return the kind of a question by its wording; "other" where it is not understood."""
    query = parse_question(text)
    if query is None:
        return "other"
    if query.kind in {"memory", "reality"}:
        return query.kind
    order = len(query.chain)
    return f"{ORDERS[order]}_order" if order < len(ORDERS) else "other"


class _Trace:
    """The labels beside a file of stories, one line a question."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines = [line for _, line in read_lines(path) if line.strip()] if path.is_file() else None
        self._used = 0

    def label(self, question: Question) -> Question:
        """Return the question with what the trace says of it."""
        if self._lines is None:
            return question
        if self._used >= len(self._lines):
            raise AttuneError(
                f"{self.path} has fewer lines than there are questions.",
                "It has one line a question; remove it otherwise.",
            )
        fields = self._lines[self._used].replace("\t", ",").split(",")
        self._used += 1
        truth: Truth = ""
        kind = question.kind
        for field in fields:
            if field.startswith(("first_order", "second_order")):
                kind = field[: field.index("_order")] + "_order"
                truth = "true_belief" if field.endswith("no_tom") else "false_belief"
        return Question(
            text=question.text, answer=question.answer, kind=kind, after=question.after, line=question.line, truth=truth
        )

    def end(self, path: Path) -> None:
        """Refuse a trace that does not fit."""
        if self._lines is not None and self._used != len(self._lines):
            raise AttuneError(
                f"{self.path} has {len(self._lines)} lines for the {self._used} questions of {path.name}.",
                "It has one line a question; remove it otherwise.",
            )
