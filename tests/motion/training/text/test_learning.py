"""Learning what texts mean: a dictionary of a few synsets, variants of paraphrases, and a model that is fitted to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from motion.text.encoder import HashedEncoder
from motion.text.features import words
from motion.training.text.augment import FRAMES, Augmenter, unrelated
from motion.training.text.semantics import WordVectors, fit_vectors
from motion.training.text.wordnet import WordNet
from runtime.errors import AttuneError

pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")
pytest.importorskip("scipy", reason="scipy is not installed: pip install scipy")
from motion.training.text.fit import FitSettings, examples, fit

POSITIVE = {
    "applaud": ["clap your hands", "clap for the singer", "applaud the singer", "give applause"],
    "no": ["shake your head", "shake the head", "deny it", "say no"],
}
NOTHING = ["the lake is cold", "bread and butter"]
SYNSETS = {
    "verb": [
        ("00000001", "v", ["clap", "applaud", "acclaim"], [("+", "00000001", "n")], 'strike hands; "They clapped for the singer"'),
        ("00000002", "v", ["deny", "gainsay"], [], 'say that it is not so; "He denied what she had said"'),
        ("00000003", "v", ["waggle", "shake"], [], "move to and fro"),
    ],
    "noun": [
        ("00000001", "n", ["applause", "hand_clapping"], [("+", "00000001", "v")], "clapping of hands"),
        ("00000009", "n", ["lake"], [], 'water with land around it; "the lake froze over in the winter"'),
    ],
    "adj": [],
    "adv": [],
}  # fmt: skip


@pytest.fixture
def wordnet(tmp_path: Path) -> WordNet:
    for part, synsets in SYNSETS.items():
        senses: dict[str, list[str]] = {}
        data = ["  1 This software and database is being provided to you"]
        for at, kind, lemmas, pointers, gloss in synsets:
            names = " ".join(f"{lemma} 0" for lemma in lemmas)
            others = "".join(f" {symbol} {other} {pos} 0000" for symbol, other, pos in pointers)
            data.append(f"{at} 00 {kind} {len(lemmas):02x} {names} {len(pointers):03d}{others} | {gloss}")
            for lemma in lemmas:
                senses.setdefault(lemma, []).append(at)
        index = [f"{lemma} {part[0]} {len(at)} 0 {len(at)} 0 {' '.join(at)}" for lemma, at in sorted(senses.items())]
        (tmp_path / f"data.{part}").write_text("\n".join(data) + "\n")
        (tmp_path / f"index.{part}").write_text("\n".join(["  1 licence", *index]) + "\n")
    return WordNet(tmp_path)


def test_words_of_one_synset_and_derived_ones_are_related(wordnet: WordNet) -> None:
    related = wordnet.related("clap")
    assert related["applaud"] == related["acclaim"] == 1.0
    assert 0.0 < related["applause"] < 1.0 and "hand clapping" in related
    assert "clap" not in related and wordnet.related("xyzzy") == {}


def test_examples_are_what_stands_in_quotes(wordnet: WordNet) -> None:
    assert "the lake froze over in the winter" in list(wordnet.examples())


def test_a_folder_without_the_files_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="wordnet-base"):
        WordNet(tmp_path / "none")


def test_variants_say_it_in_other_words_and_are_the_same_under_the_seed(wordnet: WordNet) -> None:
    first, again = (Augmenter(POSITIVE, wordnet, 3) for _ in range(2))
    texts = [first.vary("clap for the singer") for _ in range(60)]
    assert texts == [again.vary("clap for the singer") for _ in range(60)]
    said = {word for text in texts for word in words(text)}
    assert said & {"applaud", "acclaim", "applause"} and "clap" in said
    assert len(set(texts)) > 20
    assert "clap" in first.around("applaud")
    assert all(frame.count("{}") == 1 for frame in FRAMES)


def test_sentences_that_use_the_words_of_gestures_are_not_about_nothing(wordnet: WordNet) -> None:
    known = Augmenter(POSITIVE, wordnet, 0).vocabulary()
    chosen = unrelated(["she claps and denies it", "the lake froze over"], known, 5, np.random.default_rng(0))
    assert chosen == ["the lake froze over"]


def test_what_is_fitted_knows_its_labels_and_words_it_met_only_in_the_dictionary(wordnet: WordNet) -> None:
    names = sorted({"acclaim", "applaud", "applause", "clap", "deny", "gainsay", "lake", "shake"})
    rng = np.random.default_rng(0)
    vectors = WordVectors(
        names, rng.normal(size=(len(names), 6)).astype(np.float32) / 2.4, np.ones(len(names), np.float32)
    )
    settings = FitSettings(buckets=256, size=8, variants=12, nothing_as_written=30, sentences=2, epochs=50, rate=2e-2)
    texts, classes = examples(POSITIVE, NOTHING, list(wordnet.examples()), wordnet, settings)
    assert set(classes) == {0, 1, 2} and len(texts) == len(classes)
    made = fit(texts, classes, vectors, list(POSITIVE), settings)
    again = fit(texts, classes, vectors, list(POSITIVE), settings)
    assert all(np.array_equal(made[key], again[key]) for key in made)
    encoder = HashedEncoder(made)
    assert encoder.labels == ("applaud", "no")
    assert encoder.nearest("please clap").label == "applaud" and encoder.nearest("shake your head").label == "no"
    assert encoder.nearest("acclaim her").label == "applaud", "never written, but related"
    assert encoder.nearest("the lake is cold").label == ""


def test_words_that_are_explained_alike_lie_near_each_other() -> None:
    rng = np.random.default_rng(0)
    topics = (("boat", "ship", "sail", "harbour", "sea"), ("bread", "flour", "oven", "crust", "dough"))
    glosses = [([str(rng.choice(topic))], " ".join(rng.choice(topic, 4)), []) for topic in topics for _ in range(60)]
    found = fit_vectors(glosses, 2, 20, {"boat"})
    row = {word: index for index, word in enumerate(found.words)}
    near = found.vectors @ found.vectors[row["boat"]]
    assert near[row["ship"]] > 0.5 > near[row["bread"]]
    again = fit_vectors(glosses, 2, 20, {"boat"})
    np.testing.assert_array_equal(found.vectors, again.vectors)
