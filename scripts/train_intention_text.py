#!/usr/bin/env python3
"""Train the intention text model and write models/intention-text/intention_text_v1.npz.

    apt-get install wordnet-base    # or unpack the package anywhere; 3.0-37
    python scripts/train_intention_text.py [--wordnet /usr/share/wordnet] [--out OUT.npz] [--folds N]

Learns from motion/text/paraphrases.toml, labels and aliases of the lexicon, and WordNet 3.0; never from the held-out texts. `--folds N`
trains N times with a fifth of the paraphrases left out and prints how well these are recognised. Needs PyTorch and SciPy. About a minute on
one core. Seed 0. Prints size and SHA-256 for models/registry.toml.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np
import tomllib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion.procedural.lexicon import LABELS, LEXICON
from motion.text.encoder import HashedEncoder
from motion.training.text.fit import FitSettings, examples, fit
from motion.training.text.semantics import WordVectors, fit_vectors
from motion.training.text.wordnet import WordNet
from runtime.paths import models_dir

ROOT = Path(__file__).resolve().parent.parent
DIMENSIONS = 300
WORDS = 9000
PARTS = 5


def main() -> None:
    """Train, write, and print what was made."""
    parser = argparse.ArgumentParser(description="Train the intention text model.")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--out", type=Path, default=models_dir() / "intention-text" / "intention_text_v1.npz")
    parser.add_argument("--folds", type=int, default=0)
    given = parser.parse_args()
    with (ROOT / "motion" / "text" / "paraphrases.toml").open("rb") as file:
        written = tomllib.load(file)
    positive = {label: list(written["positive"][label]) for label in LABELS}
    nothing: list[str] = written["negative"]["nothing"]
    wordnet = WordNet(given.wordnet)
    sentences = list(wordnet.examples())
    wanted = {word for texts in positive.values() for text in texts for word in text.lower().split()}
    vectors = fit_vectors(wordnet.glosses(), DIMENSIONS, WORDS, wanted)
    settings = FitSettings()
    for fold in range(given.folds):
        cross_validate(positive, nothing, sentences, wordnet, vectors, settings, fold)
    texts, classes = examples(with_names(positive), nothing, sentences, wordnet, settings)
    arrays = fit(texts, classes, vectors, LABELS, settings)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.out, **arrays)
    data = given.out.read_bytes()
    print(f"{sum(map(len, positive.values()))} paraphrases of {len(LABELS)} labels, {len(texts)} examples")
    print(f"{given.out}: size = {len(data)}, sha256 = {hashlib.sha256(data).hexdigest()}")


def with_names(positive: dict[str, list[str]]) -> dict[str, list[str]]:
    """Add label and aliases of each gesture."""
    return {
        label: [*texts, *(name.replace("_", " ") for name in (label, *LEXICON[label].aliases))]
        for label, texts in positive.items()
    }


def cross_validate(
    positive: dict[str, list[str]], nothing: list[str], sentences: list[str], wordnet: WordNet, vectors: WordVectors,
    settings: FitSettings, fold: int,
) -> None:  # fmt: skip
    """Train without every fifth text and print how the texts left out fare."""

    def part(texts: list[str], left_out: bool) -> list[str]:
        return [text for index, text in enumerate(texts) if (index % PARTS == fold) == left_out]

    kept = with_names({label: part(texts, False) for label, texts in positive.items()})
    texts, classes = examples(kept, part(nothing, False), sentences, wordnet, settings)
    encoder = HashedEncoder(fit(texts, classes, vectors, LABELS, settings))
    asked = [(label, text) for label, own in positive.items() for text in part(own, True)]
    first = np.mean([encoder.labels[int(encoder.probabilities(text)[:-1].argmax())] == label for label, text in asked])
    found = [encoder.nearest(text).label == label for label, text in asked]
    refused = [encoder.nearest(text).label == "" for text in part(nothing, True)]
    print(
        f"fold {fold}: best label {first:.3f}, found above the floor {np.mean(found):.3f}, nothing refused {np.mean(refused):.3f}"
    )


if __name__ == "__main__":
    main()
