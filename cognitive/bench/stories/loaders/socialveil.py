"""SocialVeil (Xuan et al., 2026): episodes with a barrier to understanding (vague words, strong feelings). JSON or JSON lines.

Each episode has questions about the goal, the motive and the private knowledge of each side; they are for answerers with a language
model. The scene and what is public of both sides is the story; the secrets are not told to the answerer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cognitive.bench.stories.loaders.records import json_records, options_of, sentences_of, text_of
from cognitive.bench.stories.story import Question, Story
from runtime.errors import AttuneError

_QUIZZES = {"agent_goals_mcqas": "goal", "agent_reasons_mcqas": "motive", "agent_knowledge_mcqas": "private_knowledge"}


def read(path: Path) -> Iterator[Story]:
    """Yield the episodes.

    Raises:
        AttuneError: for an episode without scenario or questions.
    """
    for number, record in json_records(path):
        lines = list(sentences_of(text_of(path, number, record, "scenario")))
        for side in ("agent1_profile", "agent2_profile"):
            if isinstance(record.get(side), str):
                lines.extend(sentences_of(f"{side.partition('_')[0].replace('agent', 'Agent ')}: {record[side]}"))
        barrier = record.get("barrier_type")
        questions = tuple(
            _question(
                path, number, quiz, f"{kind}.{barrier}" if isinstance(barrier, str) and barrier else kind, len(lines)
            )
            for field, kind in _QUIZZES.items()
            for quiz in (record.get(field) or ())
        )
        if not questions:
            raise AttuneError(
                f"{path}, story {number}: no questions in {', '.join(_QUIZZES)}.", "Give the file as it was downloaded."
            )
        yield Story(source=f"{path.name}:{record.get('episode_id', number)}", lines=tuple(lines), questions=questions)


def _question(path: Path, number: int, quiz: Any, kind: str, after: int) -> Question:
    if not isinstance(quiz, dict):
        raise AttuneError(f"{path}, story {number}: a question is no object.", "Give the file as it was downloaded.")
    options = options_of(quiz.get("options"))
    letter = text_of(path, number, quiz, "correct_answer")
    if letter not in options:
        raise AttuneError(f"{path}, story {number}: no option {letter[:10]}.", "Give the file as it was downloaded.")
    return Question(
        text=text_of(path, number, quiz, "question"),
        answer=options[letter],
        kind=kind,
        after=after,
        choices=tuple(options.values()),
    )
