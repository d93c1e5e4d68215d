"""SoMi-ToM (Fan et al., 2025): three players craft together. CSV of the first-person part (what each has) and of the third-person part.

First person: columns character, Jack, Jane, John (three options each), image_url, dialogue_history, ground_truth (one letter a player).
Third person: video_paths, goal, behavior, behavior_Jack ..., ground_truth. Pictures and videos are not read here: the stories are the
words, for answerers with a language model.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cognitive.bench.stories.loaders.records import csv_rows, options_of
from cognitive.bench.stories.story import Question, Story
from runtime.errors import AttuneError

PLAYERS = ("Jack", "Jane", "John")
_THIRD = ("goal", "behavior", "behavior_Jack", "behavior_Jane", "behavior_John")
_ASKED = {"goal": "What is the goal of the players?", "behavior": "Which behaviour do the players show?"}


def read(path: Path) -> Iterator[Story]:
    """Yield the stories, with as many questions as letters in `ground_truth`.

    Raises:
        AttuneError: for a file without these columns.
    """
    header: list[str] = []
    for number, row in csv_rows(path, ","):
        if not header:
            header = [name.strip() for name in row]
            if "ground_truth" not in header or not ({"dialogue_history", "video_paths"} & set(header)):
                raise AttuneError(
                    f"{path} has the columns {', '.join(header)[:200]}.",
                    "SoMi-ToM has ground_truth and dialogue_history or video_paths.",
                )
            continue
        record = dict(zip(header, row, strict=False))
        asked = (
            PLAYERS
            if "dialogue_history" in header
            else tuple(name for name in _THIRD if name in header and record.get(name))
        )
        letters = [letter for letter in record.get("ground_truth", "") if letter.isalpha()]
        if len(letters) != len(asked):
            raise AttuneError(
                f"{path}, line {number}: {len(letters)} answers to {len(asked)} questions.", "One letter a question."
            )
        who = record.get("character", "")
        lines = tuple(line.strip() for line in record.get("dialogue_history", "").splitlines() if line.strip())
        questions = []
        for name, letter in zip(asked, letters, strict=True):
            options = options_of(record.get(name, ""))
            if letter not in options:
                raise AttuneError(
                    f"{path}, line {number}: no option {letter} for {name}.", "Give the file as it was downloaded."
                )
            text = (
                f"You are {who}. What materials or tools does {name} currently have?"
                if name in PLAYERS
                else _ASKED.get(name, f"Which behaviour does {name.removeprefix('behavior_')} show?")
            )
            questions.append(
                Question(
                    text=text, answer=options[letter], kind="inventory" if name in PLAYERS else name.partition("_")[0],
                    after=len(lines), line=number, choices=tuple(options.values()),
                )
            )  # fmt: skip
        yield Story(source=f"{path.name}:{number}", lines=lines, questions=tuple(questions))
