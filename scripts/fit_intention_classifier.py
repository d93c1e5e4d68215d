#!/usr/bin/env python3
"""Train the intention classifier and write models/intention-classifier/classifier_v1.onnx.

    ATTUNE_DATA=... OMP_NUM_THREADS=1 python scripts/fit_intention_classifier.py [--out FILE] [--each 200] [--epochs 14]

A developer's script (extra `train`). Gestures of the whole lexicon are performed on the training pieces of `motion.corpus.people`; it is
tested on other performances over actors and clips that it has not seen (the validation and the held-out actors). Seeded; about
ten minutes on a free core. Prints accuracy, size and SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion.corpus.intentions.performance import Variation
from motion.corpus.people.pieces import read_pieces
from motion.evaluation import classifier
from motion.procedural.definition import Definition
from motion.procedural.lexicon import LABELS
from motion.procedural.variation import style_of, varying
from motion.training.classifier import examples, train, write
from runtime.paths import data_dir, models_dir

TRAIN_SEED = 11
TEST_SEED = 12
TEST_EACH = 30
LEAST_S = 4.0
PEOPLE = 200
"""Persons whose habits a performance may have."""


def by_somebody(crowd: str) -> Variation:
    """Each performance in the manner of one person of a crowd."""

    def vary(definition: Definition, rng: np.random.Generator) -> Definition:
        return varying(style_of(f"{crowd}-{rng.integers(PEOPLE)}"))(definition, rng)

    return vary


def main() -> None:
    """Perform, train, test, write, and print what was made."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=models_dir() / classifier.MODEL / "classifier_v1.onnx")
    parser.add_argument("--each", type=int, default=200, help="performances of each gesture")
    parser.add_argument("--epochs", type=int, default=14)
    given = parser.parse_args()
    root = data_dir()
    if root is None:
        sys.exit("ATTUNE_DATA names no folder: attune data pull, then export ATTUNE_DATA=FOLDER")
    torch.set_num_threads(1)
    begun_s = time.monotonic()
    pieces = [piece for piece in read_pieces(root) if piece.clip.duration_s >= LEAST_S and piece.activity != "act"]
    known = [piece.clip for piece in pieces if piece.split == "train"]
    unseen = [piece.clip for piece in pieces if piece.split != "train"]
    labels = (classifier.NONE, *LABELS)
    learnt = examples(known, labels, given.each * len(labels), TRAIN_SEED, by_somebody("learnt"))
    tested = examples(unseen, labels, TEST_EACH * len(labels), TEST_SEED, by_somebody("tested"))
    print(f"{len(learnt.rows)} and {len(tested.rows)} windows, {time.monotonic() - begun_s:.0f} s", flush=True)
    model = train(learnt, len(labels), given.epochs, TRAIN_SEED, note=lambda text: print(text, flush=True))
    write(model, labels, given.out)
    found = np.array([labels.index(label) for label in classifier.load(given.out).recognise(tested.windows)])
    right = found == tested.rows
    print(
        f"accuracy on unseen actors and performances: {right.mean():.4f} of {len(right)}; {time.monotonic() - begun_s:.0f} s"
    )
    for row, label in enumerate(labels):
        mine = tested.rows == row
        if mine.any() and right[mine].mean() < 0.95:
            wrong = [labels[other] for other in found[mine & ~right]]
            print(f"  {label}: {right[mine].mean():.2f}, taken for {', '.join(sorted(set(wrong)))}")
    data = given.out.read_bytes()
    print(f"{given.out}: size = {len(data)}, sha256 = {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
