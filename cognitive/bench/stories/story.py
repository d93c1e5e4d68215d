"""A story with questions, whatever file it comes from, and who may answer them.

Readers yield `Story` one by one. What a reader cannot take (a file too large, a line that is no story) is one `AttuneError` that names
file, line and mend. Nothing is downloaded: the user brings the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from cognitive.mind.names import normal
from cognitive.mind.state import Sight
from runtime.errors import AttuneError

FILE_BYTES_MAX = 64 * 1024 * 1024
LINE_CHARS_MAX = 4_000
STORY_LINES_MAX = 2_000
STORIES_MAX = 500_000

_OWNER = re.compile(r"(?<!\w)\w+'s ")

Truth = Literal["", "true_belief", "false_belief"]
Convention = Literal["", "exit_order", "third_entrance"]
"""Of a data set, beyond the model: exit_order (Hi-ToM): who left a room earlier believes who left it later, and nobody else;
third_entrance (ToMi as published): a third person's entrance shows two others the end of the story, see that file."""


class Question(Struct, frozen=True, kw_only=True):
    """One question about a story.

    Attributes:
        text: the question.
        answer: the expected one, as the file has it; "" where the file has none.
        kind: first_order, second_order, third_order ..., memory, reality, or a name of the data set's own.
        after: how many lines of the story come before it.
        line: number of the line of the file, from 1; 0 where lines mean nothing.
        truth: whether the asked belief is true or false; "" where that is open.
        choices: answers to choose from.
    """

    text: str
    answer: str
    kind: str = ""
    after: int = 0
    line: int = 0
    truth: Truth = ""
    choices: tuple[str, ...] = ()


class Story(Struct, frozen=True, kw_only=True):
    """A story, its questions, and how it is to be read.

    Attributes:
        source: name of the file or generator, with what finds it there.
        lines: sentences, without numbers.
        questions: in the order of the file.
        sight: what somebody sees on coming into a place.
        convention: of the data set.
    """

    source: str
    lines: tuple[str, ...]
    questions: tuple[Question, ...]
    sight: Sight = "all"
    convention: Convention = ""


class NotAttempted(Exception):
    """An answerer says that it cannot read the story or question."""


class AnswerFailed(Exception):
    """An answerer was asked and gave no usable answer: the server is down, slow, or answers nonsense."""

    def __init__(self, fault: str) -> None:
        """Name the fault in a word or two; nothing that the server said."""
        super().__init__(fault)
        self.fault = fault


class Answerer(Protocol):
    """Answers questions about stories: the epistemic model, a language model, a strategy on top of one."""

    async def answer(self, story: Story, question: Question) -> str:
        """Return the answer.

        Raises:
            NotAttempted: if it cannot read them; that is counted apart from wrong answers.
            AnswerFailed: if none came; so is that.
        """
        ...


def same_answer(given: str, expected: str) -> bool:
    """Return whether two answers say the same: "in the green_box." and "green box" do."""
    return _bare(given) == _bare(expected)


def is_right(question: Question, given: str) -> bool:
    """Return whether an answer is the expected one: of choices that very choice (long ones differ in one word only), else `same_answer`."""
    chosen = given.strip()
    known = {choice.strip() for choice in question.choices}
    if chosen in known and question.answer.strip() in known:
        return chosen == question.answer.strip()
    return same_answer(given, question.answer)


def _bare(answer: str) -> str:
    words = _OWNER.sub("", normal(answer)).split()
    while words and words[0] in {"in", "on", "under", "inside", "at", "behind", "the", "a", "an", "it", "is"}:
        words.pop(0)
    return " ".join(words)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text of the lines of a text file, without line ends.

    Raises:
        AttuneError: if the file is missing, too large, not UTF-8, or has a line of more than 4000 characters.
    """
    check_file(path)
    try:
        with path.open(encoding="utf-8-sig", newline=None) as file:
            for number, line in enumerate(file, 1):
                if len(line) > LINE_CHARS_MAX:
                    raise AttuneError(
                        f"{path}, line {number}: a line of {len(line)} characters.",
                        f"A line has at most {LINE_CHARS_MAX}; is this a file of stories?",
                    )
                yield number, line.rstrip("\r\n")
    except UnicodeDecodeError:
        raise AttuneError(f"{path} is no UTF-8 text.", "Save it as UTF-8.") from None
    except OSError as error:
        raise AttuneError(f"{path} cannot be read: {error.strerror or error}.") from None


def check_file(path: Path, limit_bytes: int = FILE_BYTES_MAX) -> None:
    """Refuse what is no file or too large.

    Raises:
        AttuneError: with the mend.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise AttuneError(
            f"There is no file {path}: {error.strerror or error}.", "Give the path of a file of stories."
        ) from None
    if not path.is_file():
        raise AttuneError(f"{path} is no file.", "Give the path of a file of stories.")
    if size > limit_bytes:
        raise AttuneError(f"{path} has {size} bytes.", f"At most {limit_bytes} are read; split the file.")
