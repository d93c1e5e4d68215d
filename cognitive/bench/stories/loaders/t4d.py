"""T4D (Zhou et al., 2023): ToMi stories with the question whom to help. JSON or JSON lines.

The paper's own files are not public as of this writing; read are objects with `story` or `observations`, `question`, `options` or
`choices` (texts, or letters with texts) and `answer` (a letter or a text).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cognitive.bench.stories.loaders.records import json_records, options_of, sentences_of, text_of
from cognitive.bench.stories.story import Question, Story


def read(path: Path) -> Iterator[Story]:
    """Yield the stories, one question each.

    Raises:
        AttuneError: for a file without these fields.
    """
    for number, record in json_records(path):
        told = record.get("story", record.get("observations"))
        story = (
            "\n".join(map(str, told))
            if isinstance(told, list)
            else text_of(path, number, record, "story", "observations")
        )
        options = options_of(record.get("options", record.get("choices")))
        answer = text_of(path, number, record, "answer", "label")
        lines = sentences_of(story)
        question = Question(
            text=text_of(path, number, record, "question"),
            answer=options.get(answer, answer),
            kind="whom_to_help",
            after=len(lines),
            choices=tuple(options.values()),
        )
        yield Story(source=f"{path.name}:{number}", lines=lines, questions=(question,))
