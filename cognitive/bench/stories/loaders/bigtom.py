"""BigToM (Gandhi et al., 2023): causal stories in free prose, with a question about belief, action or desire and two answers.

Two files: `bigtom.csv` with the parts of each story (semicolons, no header), and the `stories.csv` of a condition with four columns:
story, question, right answer, wrong answer. Of the former the two conditions of forward belief are made: the person sees the change, or
does not. The prose is beyond the controlled language: it is for answerers with a language model. The file has the right answer always
first, so the choices are put in an order that does not depend on which is right.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from cognitive.bench.stories.loaders.records import csv_rows, sentences_of
from cognitive.bench.stories.story import Question, Story, Truth
from runtime.errors import AttuneError

CONDITION_COLUMNS = 4
PARTS_COLUMNS_MIN = 14
_STORY, _AWARE, _UNAWARE, _BELIEF_QUESTION, _BELIEF_AWARE, _BELIEF_UNAWARE = 0, 1, 2, 5, 8, 11


def read(path: Path) -> Iterator[Story]:
    """Yield the stories, one question each.

    Raises:
        AttuneError: for a row that is none of the two forms.
    """
    for number, row in csv_rows(path, ";"):
        if not row:
            continue
        source = f"{path.name}:{number}"
        if len(row) == CONDITION_COLUMNS:
            yield _story(source, number, row[0], row[1], row[2], row[3], "")
        elif len(row) >= PARTS_COLUMNS_MIN:
            question = row[_BELIEF_QUESTION]
            aware, unaware = row[_BELIEF_AWARE], row[_BELIEF_UNAWARE]
            yield _story(source, number, f"{row[_STORY]} {row[_AWARE]}", question, aware, unaware, "true_belief")
            yield _story(source, number, f"{row[_STORY]} {row[_UNAWARE]}", question, unaware, aware, "false_belief")
        else:
            raise AttuneError(
                f"{path}, line {number}: {len(row)} columns.",
                f"BigToM has {CONDITION_COLUMNS} (a condition) or at least {PARTS_COLUMNS_MIN} (bigtom.csv), parted by semicolons.",
            )


def _story(source: str, line: int, text: str, question: str, right: str, wrong: str, truth: Truth) -> Story:
    lines = sentences_of(text)
    asked = Question(
        text=question.strip(), answer=right.strip(), kind="first_order", after=len(lines), line=line, truth=truth,
        choices=_mixed(text, right.strip(), wrong.strip()),
    )  # fmt: skip
    return Story(source=source, lines=lines, questions=(asked,))


def _mixed(text: str, *answers: str) -> tuple[str, ...]:
    """Return the answers in an order that depends on the texts alone."""
    choices = sorted(answers)
    random.Random(text).shuffle(choices)  # the same on every machine: seeds that are texts are hashed by SHA-512
    return tuple(choices)
