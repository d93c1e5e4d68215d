"""Files in the ToMi format, as they are found."""

from __future__ import annotations

import pytest

from cognitive.bench.stories import tomi
from cognitive.bench.stories.answer import EpistemicAnswerer
from cognitive.bench.stories.story import LINE_CHARS_MAX, same_answer
from runtime.errors import AttuneError

STORY = """1 Mara entered the cellar.
2 Tobias entered the cellar.
3 The green_pepper is in the red_box.
4 Mara exited the cellar.
5 Tobias moved the green_pepper to the jar.
"""
QUESTIONS = {
    "Where will Mara look for the green_pepper?": ("red_box", "first_order"),
    "Where does Tobias think that Mara searches for the green_pepper?": ("red_box", "second_order"),
    "Where was the green_pepper at the beginning?": ("red_box", "memory"),
    "Where is the green_pepper really?": ("jar", "reality"),
}


def written(tmp_path, text, name="test.txt"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def as_file(answer_form="\t{}\t1"):
    return "".join(STORY + f"6 {text}{answer_form.format(answer)}\n" for text, (answer, _) in QUESTIONS.items())


def assert_all_right(path, **how):
    stories = list(tomi.read(path, **how))
    answerer = EpistemicAnswerer()
    asked = [(story, question) for story in stories for question in story.questions]
    assert asked
    for story, question in asked:
        assert same_answer(answerer.answer_now(story, question), question.answer), question.text
    return stories


@pytest.mark.parametrize(
    "form", ["\t{}\t1", "\t{}", " {} 1", "    {}", ",{}", "\t{}\t1 3", "\tin the {}.", "\n7 Answer: {}", "\nAnswer: {}"]
)
def test_the_answer_stands_behind_a_tab_or_what_people_made_of_it(tmp_path, form):
    stories = assert_all_right(written(tmp_path, as_file(form)))
    assert [q.kind for story in stories for q in story.questions] == [kind for _, kind in QUESTIONS.values()]


def test_windows_line_ends_a_byte_order_mark_and_no_line_end_at_the_end(tmp_path):
    text = as_file().replace("\n", "\r\n").rstrip()
    assert len(assert_all_right(written(tmp_path, b"\xef\xbb\xbf" + text.encode()))) == len(QUESTIONS)


def test_stories_without_numbers_are_parted_by_empty_lines(tmp_path):
    bare = "\n".join(line[2:] for line in STORY.splitlines())
    text = "\n\n".join(f"{bare}\n{question}\t{answer}" for question, (answer, _) in QUESTIONS.items())
    assert len(assert_all_right(written(tmp_path, text))) == len(QUESTIONS)


def test_several_questions_to_one_story(tmp_path):
    text = STORY + "".join(f"{6 + i} {q}\t{a}\n" for i, (q, (a, _)) in enumerate(QUESTIONS.items()))
    (story,) = assert_all_right(written(tmp_path, text))
    assert len(story.questions) == len(QUESTIONS)


def test_a_question_in_the_middle_is_about_what_came_before(tmp_path):
    text = STORY.replace("4 Mara", "4 Where will Mara look for the green_pepper?\tred_box\t1\n5 Mara").replace(
        "5 Tobias", "6 Tobias"
    )
    text += "7 Where is the green_pepper?\tjar\n8 Tobias moved the green_pepper to the bag.\n9 Where is the green_pepper?\tbag\n"
    (story,) = assert_all_right(written(tmp_path, text))
    assert [q.after for q in story.questions] == [3, 5, 6]


def test_distractors_and_ids_behind_a_tab(tmp_path):
    text = as_file().replace("2 Tobias entered the cellar.", "2 Tobias entered the cellar.\t1 2").replace(
        "5 Tobias", "5 Oliver hates the tomato\n6 Phone rang.\n7 Tobias"
    ).replace("6 Where", "8 Where")  # fmt: skip
    assert_all_right(written(tmp_path, text))


def test_tom_babi_people_do_not_see_into_boxes_on_coming_in(tmp_path):
    text = STORY + "6 Mara entered the cellar.\n7 Where will Mara look for the green_pepper?\tred_box\t1\n"
    assert_all_right(written(tmp_path, text), sight="nothing")
    peeked = (
        STORY
        + "6 Mara entered the cellar.\n7 Mara looked in the jar.\n8 Where will Mara look for the green_pepper?\tjar\t1\n"
    )
    assert_all_right(written(tmp_path, peeked), sight="nothing")


def test_a_third_person_elsewhere_does_not_change_where_things_are(tmp_path):
    text = """1 Ines entered the attic.
2 Noor entered the hall.
3 Emil entered the hall.
4 The hat is in the crate.
5 Ines exited the attic.
6 Noor exited the hall.
7 Ines entered the hall.
8 Emil moved the hat to the bag.
9 Where will Ines look for the hat?\tbag\t1
1 Ines entered the attic.
2 Emil entered the hall.
3 Noor entered the attic.
4 The hat is in the crate.
5 Emil moved the hat to the bag.
6 Where will Emil look for the hat?\tbag\t1
"""
    assert_all_right(written(tmp_path, text))


def test_a_pantry_may_be_a_room_and_a_box(tmp_path):
    text = """1 Mia entered the hall.
2 Noah entered the hall.
3 The hat is in the crate.
4 Mia exited the hall.
5 Mia entered the pantry.
6 Noah moved the hat to the pantry.
7 Where will Mia look for the hat?\tcrate\t1
1 Mia entered the hall.
2 Noah entered the hall.
3 The hat is in the pantry.
4 Mia exited the hall.
5 Noah moved the hat to the crate.
6 Mia entered the pantry.
7 Where does Noah think that Mia searches for the hat?\tpantry\t1
"""
    assert_all_right(written(tmp_path, text))


def test_the_trace_says_kind_and_truth(tmp_path):
    path = written(tmp_path, as_file())
    written(
        tmp_path, "a,first_order_0_tom,false_belief\na,second_order_0_no_tom,x\na,memory,x\na,reality,x\n", "test.trace"
    )
    labels = [(q.kind, q.truth) for story in tomi.read(path) for q in story.questions]
    assert labels == [("first_order", "false_belief"), ("second_order", "true_belief"), ("memory", ""), ("reality", "")]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "no question"),
        ("1 Mara entered the cellar.\n", "no question"),
        ("1 Mara entered the cellar.\n2 Where is the ball?\n", "line 2: a question without an answer"),
        ("1 Mara entered the cellar.\n2 Where is the ball?\n3 Mara left.\n", "line 2: a question without an answer"),
        ("1 Mara entered.\n1 Mara left.\n2 Where is Mara?\tout\n", "line 2: a new story begins"),
        ("1 " + "x" * (LINE_CHARS_MAX + 1), "line 1: a line of"),
        (b"1 \xff\xfe\n", "UTF-8"),
    ],
)
def test_a_bad_file_is_one_error_with_file_and_line(tmp_path, text, where):
    path = written(tmp_path, text)
    with pytest.raises(AttuneError) as error:
        list(tomi.read(path))
    assert where in str(error.value) and "test.txt" in str(error.value)
    assert error.value.mend


def test_a_story_has_an_end(tmp_path):
    path = written(tmp_path, "".join(f"{i} It rained.\n" for i in range(1, 3_000)))
    with pytest.raises(AttuneError, match="more than 2000 lines"):
        list(tomi.read(path))


def test_a_trace_that_does_not_fit_is_refused(tmp_path):
    path = written(tmp_path, as_file())
    for lines in ("memory\n", "memory\n" * 9):
        written(tmp_path, lines, "test.trace")
        with pytest.raises(AttuneError, match="one line a question"):
            list(tomi.read(path))


def test_no_file(tmp_path):
    with pytest.raises(AttuneError, match="no file"):
        list(tomi.read(tmp_path / "missing.txt"))
    with pytest.raises(AttuneError, match="is no file"):
        list(tomi.read(tmp_path))


def test_a_line_may_hold_several_sentences_and_people_may_have_been_there_all_along(tmp_path):
    text = """1 Sally puts the ball in the basket and leaves the room. While Sally is away, Anne moves the ball from the basket to the box.
2 Where will Sally look for the ball first when she returns?\tbasket
3 Where does Anne think that Sally looks for the ball?\tbasket
4 Where is the ball?\tbox
"""
    assert_all_right(written(tmp_path, text))
