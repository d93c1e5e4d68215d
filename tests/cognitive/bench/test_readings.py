"""Published ToMi labels: the rule that their second order follows, and which reading a file is given by its own answers."""

from __future__ import annotations

import random

import pytest

from cognitive.bench.stories.answer import EpistemicAnswerer
from cognitive.bench.stories.readings import least_gain
from cognitive.bench.stories.run import false_belief_figures
from cognitive.bench.stories.story import Question, Story
from tests.cognitive.bench.two_passes import TwoPasses, file_text

MOVED = """Mara entered the cellar.
Tobias entered the cellar.
The key is in the tin.
Tobias exited the cellar.
Mara moved the key to the jar."""
OF_THE_OTHER = "Where does Mara think that Tobias searches for the key?"
OF_THE_MOVER = "Where does Tobias think that Mara searches for the key?"


def asked(text, question, convention="third_entrance"):
    lines = tuple(text.splitlines())
    story = Story(source="here", lines=lines, questions=(), convention=convention)
    return EpistemicAnswerer().answer_now(story, Question(text=question, answer="", after=len(lines)))


class TestThirdEntrance:
    """The rule, and where it ends."""

    @pytest.mark.parametrize("line", range(6))
    def test_wherever_a_third_person_comes_in_the_two_share_the_end(self, line):
        lines = MOVED.splitlines()
        lines.insert(line, "Ines entered the cellar.")
        text = "\n".join(lines)
        assert asked(text, OF_THE_OTHER) == asked(text, OF_THE_MOVER) == "jar"
        assert asked(text, OF_THE_OTHER, "") == asked(text, OF_THE_MOVER, "") == "tin"

    def test_without_a_third_person_nothing_differs(self):
        assert asked(MOVED, OF_THE_OTHER) == asked(MOVED, OF_THE_MOVER) == "tin"

    def test_their_own_beliefs_stay(self):
        text = f"Ines entered the cellar.\n{MOVED}"
        assert asked(text, "Where will Tobias look for the key?") == "tin"
        assert asked(text, "Where was the key at the beginning?") == "tin"

    def test_another_room_shows_nothing(self):
        assert asked(f"{MOVED}\nInes entered the attic.", OF_THE_OTHER) == "tin"

    def test_who_left_before_the_other_came_back_is_no_onlooker(self):
        text = f"Ines entered the cellar.\n{MOVED}\nMara exited the cellar.\nTobias entered the cellar."
        assert asked(text, OF_THE_OTHER) == asked(text, OF_THE_MOVER) == "tin"

    def test_who_came_back_elsewhere_still_is_one(self):
        assert asked(f"Ines entered the cellar.\n{MOVED}\nTobias entered the attic.", OF_THE_OTHER) == "jar"

    def test_neither_the_two_nor_the_mover_is_a_third_person(self):
        text = f"Ines entered the cellar.\n{MOVED}"
        assert asked(text, "Where does Tobias think that Ines searches for the key?") == "tin"

    def test_yes_and_no_follow_it_too(self):
        text = f"Ines entered the cellar.\n{MOVED}"
        assert asked(text, "Does Mara think that Tobias thinks that the key is in the jar?") == "yes"
        assert asked(text, "Does Mara think that Tobias thinks that the key is in the tin?") == "no"

    def test_a_question_in_the_middle_knows_only_what_came_before(self):
        lines = (*MOVED.splitlines(), "Ines entered the cellar.")
        story = Story(source="here", lines=lines, questions=(), convention="third_entrance")
        assert EpistemicAnswerer().answer_now(story, Question(text=OF_THE_OTHER, answer="", after=5)) == "tin"


def written(tmp_path, text, name="stories.txt"):
    path = tmp_path / name
    path.write_text(text)
    return path


def orders(found):
    return found["first_order"], found["second_order"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_published_labels_are_read_by_their_own_rule_and_what_else_was_possible_is_told(tmp_path, seed):
    found = false_belief_figures(written(tmp_path, file_text(60, honest=False, seed=seed)), seed=0)
    assert (found["form"], *orders(found), found["suspect_labels"]) == ("tomi_published", 1.0, 1.0, 0)
    others = {other["form"]: orders(other) for other in found["other_forms"]}
    assert others.keys() == {"tomi", "tom_babi"}
    assert others["tomi"][0] == 1.0 and others["tomi"][1] < 0.95


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_right_labels_keep_the_default(tmp_path, seed):
    path = written(tmp_path, file_text(60, honest=True, seed=seed))
    found = false_belief_figures(path, seed=0)
    assert (found["form"], *orders(found), found["other_forms"]) == ("tomi", 1.0, 1.0, [])
    assert orders(false_belief_figures(path, seed=0, form="tomi_published"))[1] < 0.95


def test_a_pinned_reading_stays_whatever_the_answers_are(tmp_path):
    path = written(tmp_path, file_text(40, honest=False))
    found = false_belief_figures(path, seed=0, form="tomi")
    assert found["form"] == "tomi" and found["other_forms"] == []
    assert found["suspect_labels"] > 0 and found["second_order_without_suspect"] == 1.0 > found["second_order"]


def shared_at_the_end():
    """Return stories in which the rule changes both second-order answers."""
    found = (TwoPasses(seed) for seed in range(100))
    return [story for story in found if all(story.honest[pair] != story.nested[pair] for pair in story.honest)]


def test_one_odd_label_in_a_small_file_is_no_reading_of_its_own(tmp_path):
    plain = "".join(
        story.text(honest=True) for story in map(TwoPasses, range(200, 220)) if story.nested == story.honest
    )
    odd = shared_at_the_end()[0].text(honest=False)
    assert (
        false_belief_figures(written(tmp_path, plain + odd), seed=0)["form"] == "tomi_published"
    )  # nothing speaks against
    one = odd[: odd.rindex("\n1 ") + 1]  # without its second odd answer
    found = false_belief_figures(written(tmp_path, plain + one), seed=0)
    assert found["form"] == "tomi" and found["suspect_labels"] == 1
    assert {other["form"]: other["second_order"] for other in found["other_forms"]}["tomi_published"] == 1.0


@pytest.mark.parametrize("stories", [10, 40])
def test_a_few_wrong_labels_do_not_make_a_file_a_published_one(tmp_path, stories):
    dice = random.Random(stories)
    for trial in range(4):
        lines = file_text(stories, honest=True, seed=trial).splitlines()
        for i, line in enumerate(lines):
            if "?" in line and dice.random() < 0.05:
                lines[i] = line.replace("\ttin", "\tJAR").replace("\tjar", "\ttin").replace("JAR", "jar")
        found = false_belief_figures(written(tmp_path, "\n".join(lines)), seed=0)
        assert found["form"] == "tomi"


def test_in_a_file_of_both_kinds_the_greater_part_counts(tmp_path):
    few, many = shared_at_the_end()[:3], shared_at_the_end()[3:12]
    for honest, form in ((True, "tomi"), (False, "tomi_published")):
        text = "".join(s.text(honest=honest) for s in many) + "".join(s.text(honest=not honest) for s in few)
        assert false_belief_figures(written(tmp_path, text), seed=0)["form"] == form


def test_the_margin_grows_with_the_file():
    assert [least_gain("tomi_published", n) for n in (4, 200, 4_000)] == [2, 2, 40]
    assert least_gain("tom_babi", 4_000) == 1
