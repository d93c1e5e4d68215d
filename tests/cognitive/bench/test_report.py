"""The report counts honestly, and says which reading of a file it took."""

from __future__ import annotations

import asyncio

import pytest

from cognitive.bench.stories.report import judge, judge_epistemic
from cognitive.bench.stories.run import false_belief_figures, figures, load
from cognitive.bench.stories.story import NotAttempted, Question, Story, same_answer
from runtime.errors import AttuneError

LINES = (
    "Mara and Tobias are in the den.",
    "The key is in the tin.",
    "Mara left the den.",
    "Tobias moved the key to the jar.",
)


def story(*questions, lines=LINES):
    return Story(source="here", lines=lines, questions=tuple(
        Question(text=text, answer=answer, kind=kind, after=len(lines)) for text, answer, kind in questions
    ))  # fmt: skip


FIRST = ("Where will Mara look for the key?", "tin", "first_order")
SECOND = ("Where does Tobias think that Mara searches for the key?", "tin", "second_order")


def test_right_wrong_and_not_attempted_are_three_things():
    report = judge_epistemic(
        [
            story(
                FIRST,
                SECOND,
                ("Where will Mara look for the key?", "jar", "first_order"),
                ("Who is it?", "Mara", "other"),
            )
        ]
    )
    assert report.accuracy("first_order") == 0.5 and report.accuracy("second_order") == 1.0
    assert report.accuracy("other") == 0.0 and report.kinds["other"].not_attempted == 1
    assert [(w.question, w.expected, w.given) for w in report.wrong] == [
        (FIRST[0], "jar", "tin"),
        ("Who is it?", "Mara", ""),
    ]
    assert figures(report)["not_attempted"] == 1


def test_true_and_false_beliefs_are_apart():
    report = judge_epistemic([story(FIRST, ("Where will Tobias look for the key?", "jar", "first_order"))])
    assert report.kinds["first_order.false_belief"].asked == report.kinds["first_order.true_belief"].asked == 1


def test_what_was_not_asked_has_no_accuracy():
    assert figures(judge_epistemic([story(FIRST)]))["second_order"] is None


def test_any_answerer_may_be_judged():
    class Guess:
        async def answer(self, story, question):
            if question.kind == "second_order":
                raise NotAttempted("too hard")
            return "In the tin."

    report = asyncio.run(judge([story(FIRST, SECOND)], Guess()))
    assert report.accuracy("first_order") == 1.0 and report.kinds["second_order"].not_attempted == 1


def test_a_story_beyond_the_language_is_not_attempted():
    prose = ("Noor is a barista at a busy coffee shop.", "A coworker swaps the oat milk.")
    report = judge_epistemic([story(("Where will Noor look for the milk?", "fridge", "first_order"), lines=prose)])
    assert report.kinds["first_order"].not_attempted == 1


def test_the_known_fault_of_the_published_labels_is_counted_but_not_forgiven():
    lines = (*LINES[:2], "Oskar entered the den.", *LINES[2:])
    report = judge_epistemic([story((SECOND[0], "jar", "second_order"), lines=lines)])
    assert report.suspect == 1 and report.accuracy("second_order") == 0.0


def test_answers_are_the_same_in_any_dress():
    assert same_answer("green box", "in the Green_Box.")
    assert same_answer("anna's bag", "the bag")
    assert not same_answer("box", "bag")


CLASSIC = "".join(
    """1 Mara entered the den.
2 Tobias entered the den.
3 The key is in the tin.
4 Mara exited the den.
5 Tobias moved the key to the jar.
6 Mara entered the den.
7 Where will Mara look for the key?\t{}\t1
""" for _ in range(4)
)  # fmt: skip


def test_what_is_seen_on_coming_in_differs_between_data_sets_and_the_reading_taken_is_told(tmp_path):
    path = tmp_path / "stories.txt"
    path.write_text(CLASSIC.replace("{}", "jar"))
    found = false_belief_figures(path, seed=0)
    assert (found["form"], found["first_order"], found["other_forms"]) == ("tomi", 1.0, [])
    path.write_text(CLASSIC.replace("{}", "tin"))
    found = false_belief_figures(path, seed=0)
    assert (found["form"], found["first_order"]) == ("tom_babi", 1.0)
    assert found["other_forms"] == [
        {"form": form, "first_order": 0.0, "second_order": None} for form in ("tomi", "tomi_published")
    ]
    assert false_belief_figures(path, seed=0, form="tomi")["first_order"] == 0.0


def test_an_unknown_form_is_one_error(tmp_path):
    with pytest.raises(AttuneError, match="Known are"):
        load(tmp_path / "x.txt", "novel")
