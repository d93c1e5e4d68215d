"""Hi-ToM (He et al., 2023): beliefs up to the fourth order, with lies. One JSON file of objects under `data`.

Its rules beyond the model: whoever left a room earlier believes whoever left it later, and nobody else; nobody's telling changes what
the teller believes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cognitive.bench.stories.loaders.records import json_records, options_of, sentences_of, text_of
from cognitive.bench.stories.story import Question, Story
from cognitive.bench.stories.tomi import ORDERS
from runtime.errors import AttuneError


def read(path: Path) -> Iterator[Story]:
    """Yield the stories, one question each.

    Raises:
        AttuneError: for a file that is no Hi-ToM.
    """
    for number, record in json_records(path):
        order = record.get("question_order")
        if not isinstance(order, int) or not 0 <= order < len(ORDERS):
            raise AttuneError(
                f"{path}, story {number}: question_order is {order!r}.", "It is a number from 0 to 4 in Hi-ToM."
            )
        story = text_of(path, number, record, "story")
        lines = tuple(
            line for line in sentences_of(story) if not line.startswith(("Read the following", "Story:", "Note:"))
        )
        question = Question(
            text=text_of(path, number, record, "question"),
            answer=text_of(path, number, record, "answer"),
            kind="reality" if order == 0 else f"{ORDERS[order]}_order",
            after=len(lines),
            choices=tuple(options_of(record.get("choices")).values()),
        )
        yield Story(source=f"{path.name}:{number}", lines=lines, questions=(question,), convention="exit_order")
