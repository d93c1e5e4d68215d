"""The shipped corpus in one call: recorded people of the data folder joined with speech, stored for training, with its measures.

About ten minutes on one core for 300 minutes of conversation; blocking; equal data, voices and seed give equal scenes. Faults are
`ValueError`, `AttuneError` or `OSError` that name the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from motion.corpus import store
from motion.corpus.intentions import build as intentions
from motion.corpus.pairing.build import TRAIN_MINUTES, VALIDATION_MINUTES, scenes
from motion.corpus.pairing.measure import Measures
from motion.corpus.pairing.sources import CREDITS, Speak, read_utterances
from motion.corpus.pairing.speech import Utterance
from motion.corpus.people.piece import Piece
from motion.corpus.people.pieces import read_pieces
from motion.corpus.scene import Scene

_SPARE: Final = 1.2


def build(
    folder: Path,
    data_root: Path,
    speak: Speak | None,
    *,
    seed: int = 1,
    minutes: float = TRAIN_MINUTES,
    gesture_minutes: float | None = None,
    texts: Sequence[str] | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> tuple[store.Corpus, dict[str, Any]]:
    """Build and store.

    Args:
        folder: made if absent; an older corpus in it is replaced.
        data_root: the data folder.
        speak: the agent's voices (`motion.corpus.voices`); None leaves synthetic speech out.
        seed: of all chance.
        minutes: for training; a twentieth of it, at most 15, comes on top for validation.
        gesture_minutes: of further scenes in which gestures of the lexicon are performed, for the control; by default half as many.
        texts: what the voices say; by default all sentences of the project.
        progress: is told what is done.

    Returns:
        The stored corpus, and the measures of the join that are also in `FOLDER/pairing.json`.
    """
    pieces = read_pieces(data_root)
    progress(f"{len(pieces)} pieces of motion")
    spoken = read_utterances(data_root, speak, texts=texts)
    progress(f"{len(spoken)} clauses of speech")
    measures = Measures()
    validation = min(VALIDATION_MINUTES, minutes / 20.0)
    made = scenes(pieces, spoken, seed, minutes, validation, measures.note)
    if gesture_minutes is None:
        gesture_minutes = 0.5 * minutes
    also = performed(pieces, spoken, seed + 1, gesture_minutes) if gesture_minutes > 0.0 else ()
    about = {"seed": seed, "minutes": minutes, "gesture_minutes": gesture_minutes, "speech": dict(CREDITS)}
    corpus = store.write(folder, chain(made, also), about)
    summary = measures.summary()
    (folder / "pairing.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return corpus, summary


def performed(pieces: Sequence[Piece], spoken: Sequence[Utterance], seed: int, minutes: float) -> Iterator[Scene]:
    """Scenes like the others, made anew, on which gestures of the lexicon are performed; both splits."""
    validation = min(VALIDATION_MINUTES, minutes / 20.0)
    # Gestures need more room than a scene may have, so more is made than is used.
    base = scenes(pieces, spoken, seed, _SPARE * minutes, _SPARE * validation)
    left_s = {"train": 60.0 * minutes, "validation": 60.0 * validation}
    for scene in intentions.scenes(base, seed, 2.0 * (minutes + validation)):
        if left_s[scene.split] > 0.0:
            left_s[scene.split] -= scene.clip.duration_s
            yield scene
