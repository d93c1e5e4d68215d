"""Data sets that a user downloads, in the forms they have."""

from __future__ import annotations

import json

import pytest

from cognitive.bench.stories.answer import EpistemicAnswerer
from cognitive.bench.stories.report import judge_epistemic
from cognitive.bench.stories.run import load
from cognitive.bench.stories.story import same_answer
from runtime.errors import AttuneError

HI_TOM = {
    "data": [
        {
            "prompting_type": "CoTP", "deception": True, "story_length": 1, "question_order": order, "sample_id": order,
            "story": "1 Ann, Bob and Cid entered the den.\n2 The key is in the red_tin.\n3 Ann moved the key to the jar.\n"
            "4 Ann exited the den.\n5 Bob moved the key to the bag.\n6 Bob exited the den.\n"
            "7 Cid made no movements and stayed in the den for 1 minute.\n"
            "8 Cid exited the den.\n9 Ann, Bob and Cid entered the waiting_room.\n10 Ann publicly claimed that key is in the red_tin.\n"
            "11 Cid privately told Ann that the key is in the bag.\n\n",
            "question": question, "choices": "A. red_tin, B. jar, C. bag", "answer": answer,
        }
        for order, question, answer in (
            (0, "Where is the key really?", "bag"),
            (1, "Where does Ann really think the key is?", "bag"),
            (1, "Where does Bob really think the key is?", "bag"),
            (2, "Where does Bob think Cid thinks the key is?", "bag"),
            (2, "Where does Ann think Bob thinks the key is?", "red_tin"),
        )
    ]
}  # fmt: skip
SOCIALVEIL = {
    "episode_id": "1", "scenario": "Two friends meet at a tea party.", "agent1_profile": "Leo, a dentist.",
    "agent2_profile": "Mia, a cook.",
    "barrier_type": "semantic_structure",
    "agent_goals_mcqas": [{"question": "What is Agent 2's goal?", "options": {"A": "To leave.", "B": "To stay."}, "correct_answer": "B"}],
    "agent_reasons_mcqas": [{"question": "What motivates Agent 1?", "options": {"A": "Money.", "B": "Tea."}, "correct_answer": "A"}],
}  # fmt: skip
T4D = {
    "story": "Owen entered the den. Nathan entered the den. The suit is in the cupboard. Owen exited the den. "
    "Nathan moved the suit to the box. Owen and Nathan plan to use the suit soon.",
    "question": "Who would you prefer to provide information to the most?", "options": ["Owen", "Nathan", "neither"], "answer": "A",
}  # fmt: skip
BIGTOM = ";".join(
    ["Noor fills a pitcher with oat milk. A coworker swaps the milk.", "Noor sees it.", "Noor does not see it.", "a", "b",
     "Does Noor believe it is oat milk or almond milk?", "d", "e", "Almond milk.", "f", "g", "Oat milk.", "h", "i", "j", "k", "l", "m"]
)  # fmt: skip
SOMI = (
    "character,Jack,Jane,John,image_url,dialogue_history,ground_truth,files\n"
    'Jack,A. Nothing B. 6 logs C. 3 logs,A. A boat B. Nothing C. Planks,A. Logs B. A boat C. Nothing,u,"Jack: I go.\nJane: I wait.",BBA,f\n'
)


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_hi_tom_is_found_by_its_fields_and_answered_with_its_rule_of_trust(tmp_path):
    path = written(tmp_path, "hi.json", HI_TOM)
    stories = list(load(path))
    assert stories[0].lines[0] == "Ann, Bob and Cid entered the den."
    assert stories[0].questions[0].choices == ("red_tin", "jar", "bag")
    report = judge_epistemic(stories)
    assert [w.question for w in report.wrong] == []
    assert set(report.kinds) >= {"reality", "first_order", "second_order"}


def test_socialveil_is_read_and_left_to_others(tmp_path):
    for path in (
        written(tmp_path, "sv.json", [SOCIALVEIL]),
        written(tmp_path, "sv.jsonl", json.dumps(SOCIALVEIL) + "\n"),
    ):
        (story,) = load(path)
        assert story.lines[0] == "Two friends meet at a tea party."
        assert [(q.kind, q.answer) for q in story.questions] == [
            ("goal.semantic_structure", "To stay."),
            ("motive.semantic_structure", "Money."),
        ]
        assert all(tally.not_attempted == tally.asked for tally in judge_epistemic([story]).kinds.values())


def test_t4d_asks_whom_to_help_and_that_is_who_is_mistaken(tmp_path):
    (story,) = load(written(tmp_path, "t4d.json", [T4D]))
    assert same_answer(EpistemicAnswerer().answer_now(story, story.questions[0]), "Owen")
    assert story.questions[0].answer == "Owen"


def test_bigtom_in_both_its_forms(tmp_path):
    parts = list(load(written(tmp_path, "bigtom.csv", BIGTOM + "\n")))
    assert [(s.questions[0].truth, s.questions[0].answer) for s in parts] == [
        ("true_belief", "Almond milk."),
        ("false_belief", "Oat milk."),
    ]
    assert parts[1].lines[-1] == "Noor does not see it."
    (condition,) = load(written(tmp_path, "stories.csv", "Noor waits.;Does Noor believe it?;Yes.;No.\n"))
    assert condition.questions[0].answer == "Yes." and set(condition.questions[0].choices) == {"Yes.", "No."}


def test_somi_tom_asks_what_each_player_has(tmp_path):
    (story,) = load(written(tmp_path, "somi.csv", SOMI))
    assert story.lines == ("Jack: I go.", "Jane: I wait.")
    assert [q.answer for q in story.questions] == ["6 logs", "Nothing", "Logs"]
    assert story.questions[1].text == "You are Jack. What materials or tools does Jane currently have?"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "{nonsense"), ("a.json", {"data": 3}), ("a.json", [3]), ("a.json", [{"x": 1}]), ("a.json", []),
        ("a.json", {"data": [{"question_order": "one"}]}), ("a.json", {"data": [{"question_order": 1, "story": ""}]}),
        ("a.json", [{**SOCIALVEIL, "agent_goals_mcqas": [3]}]), ("a.json", [{"agent_goals_mcqas": [], "scenario": "Tea."}]),
        ("a.json", [{**SOCIALVEIL, "agent_goals_mcqas": [{"question": "What?", "options": {}, "correct_answer": "B"}]}]),
        ("a.json", [{"question": "Who?", "options": ["a"], "story": "x"}]), ("a.csv", "one;two\n"),
        ("a.csv", "character,ground_truth\nx,y\n"), ("a.csv", SOMI.replace("BBA", "BB")), ("a.csv", SOMI.replace("BBA", "BBX")),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_error_that_names_it(tmp_path, name, content):
    path = written(tmp_path, name, content)
    with pytest.raises(AttuneError) as error:
        list(load(path))
    assert name in str(error.value) and error.value.mend


def test_the_place_of_a_bigtom_choice_does_not_tell_which_is_right(tmp_path):
    rows = [f"Noor fills jug {n}.;What is in it?;Oat milk.;Almond milk." for n in range(60)]
    turned = [f"Noor fills jug {n}.;What is in it?;Almond milk.;Oat milk." for n in range(60)]
    told, other = (list(load(written(tmp_path, "stories.csv", "\n".join(lines)), "bigtom")) for lines in (rows, turned))
    first = [story.questions[0].choices[0] == story.questions[0].answer for story in told]
    assert 15 < sum(first) < 45
    assert [s.questions[0].choices for s in told] == [s.questions[0].choices for s in other]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", '{"data": [\n  {"story": "x",\n   "question" "y"}\n]}', "line 3, column 15: expecting ':' delimiter"),
        ("a.json", '[{"a": 1},\n {"b": 2}', "line 2, column 10: expecting ',' delimiter"),
        ("a.json", "", "line 1, column 1: expecting value"),
        ("stories.txt", '{"data": [\n  {"story": "x"', "line 2, column 16: expecting ',' delimiter"),
        ("stories.txt", '\n  [{"story": "x"},\n {]', "line 3, column 3: expecting property name enclosed in double quotes"),
        ("stories", '{"a": nothing}', "line 1, column 7: expecting value"),
        ("a.jsonl", '{"a": 1}\n\n{"a": 2\n', "line 3, column 8: expecting ',' delimiter"),
        ("a.json", '{"a": 1}\n{"a": x}\n', "line 2, column 7: expecting value"),
        ("a.json", '[1,\n NaN]', "line 2, column 2: JSON is malformed"),
        ("a.json", '["\udcff"]', "line 1, column 3: the text is no UTF-8"),
        ("a.json", '{"a": 1} and more', "line 1, column 10: extra data"),
    ],
)  # fmt: skip
def test_broken_json_is_said_to_be_that_with_line_and_column_whatever_the_file_is_called(tmp_path, name, content, told):
    path = tmp_path / name
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(AttuneError) as error:
        list(load(path))
    assert f"{name} is broken JSON: {told}" in str(error.value)


def test_json_that_is_nested_without_end_is_refused(tmp_path):
    with pytest.raises(AttuneError, match="nested too deeply"):
        list(load(written(tmp_path, "a.json", "[" * 200_000)))


def test_json_is_known_by_its_content_too_and_may_begin_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "hi_tom.txt"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(HI_TOM, indent=1).encode())
    assert len(list(load(path))) == len(HI_TOM["data"])
    pretty = '{"data": [\n' + ",\n".join(json.dumps(record) for record in HI_TOM["data"]) + "]}"
    assert len(list(load(written(tmp_path, "lines.json", pretty)))) == len(HI_TOM["data"]), "no line of it is an object"
