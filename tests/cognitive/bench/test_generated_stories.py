"""Our own stories: the same under a seed, rich in mistakes, and answered by the model as the oracle has them."""

from __future__ import annotations

from collections import Counter

import pytest

from cognitive.bench.stories import generator, tomi
from cognitive.bench.stories.oracle import Oracle
from cognitive.bench.stories.report import judge_epistemic
from cognitive.bench.stories.run import false_belief_figures
from cognitive.mind.events import Enters, Fact, IsAt, Leaves, Moves, Searches, Tells


def test_the_same_seed_gives_the_same_stories():
    assert list(generator.stories(7, 20)) == list(generator.stories(7, 20))
    assert list(generator.stories(7, 20)) != list(generator.stories(8, 20))


def test_in_most_stories_somebody_is_mistaken():
    truths = Counter(q.truth for story in generator.stories(3, 200) for q in story.questions)
    assert truths["false_belief"] > 500 and truths["true_belief"] > 500


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_model_holds_what_it_has_to(seed):
    report = judge_epistemic(generator.stories(seed, 200))
    assert report.accuracy("first_order") >= 0.99
    assert report.accuracy("second_order") >= 0.95
    assert report.accuracy("first_order.false_belief") >= 0.99
    assert report.accuracy("second_order.false_belief") >= 0.95
    assert report.accuracy("memory") == report.accuracy("reality") == 1.0


def test_the_figures_without_a_file_are_of_our_own_stories():
    found = false_belief_figures(None, seed=5)
    assert found["stories"] == 400 and found["form"] == "generated"
    assert found["first_order"] >= 0.99 and found["second_order"] >= 0.95
    assert found["questions"] > 3_000 and found["not_attempted"] == 0


def test_written_stories_are_read_again(tmp_path):
    path = tmp_path / "own.txt"
    generator.write(path, seed=4, number=30)
    assert sum(len(story.questions) for story in tomi.read(path)) == sum(
        len(s.questions) for s in generator.stories(4, 30)
    )
    found = false_belief_figures(path, seed=0)
    assert found["first_order"] == found["second_order"] == 1.0 and found["form"] == "tomi"


class TestOracle:
    """The oracle is right by itself."""

    def test_sally_and_anne(self):
        oracle = Oracle(("sally", "anne"))
        for event in (
            Enters("sally", "room"), Enters("anne", "room"), IsAt("ball", "basket", "in", "room"),
            Leaves("sally"), Moves("anne", "ball", "box"),
        ):  # fmt: skip
            oracle.happens(event)
        assert oracle.believes(("sally",), "ball") == oracle.believes(("anne", "sally"), "ball") == "basket"
        assert oracle.believes(("anne",), "ball") == oracle.really["ball"] == "box"
        oracle.happens(Enters("sally", "room"))
        assert oracle.believes(("sally",), "ball") == oracle.believes(("anne", "sally"), "ball") == "box"

    def test_a_lie(self):
        oracle = Oracle(("anna", "ben"))
        for event in (
            Enters("anna", "den"),
            IsAt("key", "tin", "in", "den"),
            Enters("ben", "hall"),
            Enters("anna", "hall"),
        ):
            oracle.happens(event)
        oracle.happens(Tells("anna", Fact("key", "place", "jar"), ("ben",)))
        assert oracle.believes(("anna",), "key") == "tin"
        assert (
            oracle.believes(("ben",), "key")
            == oracle.believes(("ben", "anna"), "key")
            == oracle.believes(("anna", "ben"), "key")
            == "jar"
        )

    def test_what_it_does_not_know_it_refuses(self):
        with pytest.raises(ValueError, match="Searches"):
            Oracle(("anna",)).happens(Searches("anna", "key"))
