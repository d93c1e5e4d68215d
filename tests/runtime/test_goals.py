"""Goals that a scenario declares: what is read, and one error that names file, field and mend for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.errors import AttuneError
from runtime.goals import read_goals

GOOD = """
name: station
rules: []
places:
  coat rack: {bearing_deg: 40, distance_m: 3.0}
goals:
  - id: hang_up_coat
    prior: 0.2
    steps:
      - {looks_at: [coat rack, hooks], says: "where * coat"}
      - {approaches: coat rack}
    offer: It is behind the door.
  - id: meet_ben
    about: find Ben
    prior: 0.1
    order: any
    steps:
      - {approaches: ben}
"""


def read(tmp_path: Path, text: str):
    path = tmp_path / "station.yaml"
    path.write_text(text)
    return read_goals(path)


def test_goals_are_read_with_their_places(tmp_path: Path) -> None:
    declared = read(tmp_path, GOOD)
    assert [goal.wish for goal in declared.goals] == ["hang up coat", "find Ben"]
    assert declared.goals[0].steps[0].observables() == [
        ("looks_at", "coat rack"), ("looks_at", "hooks"), ("says", "where * coat"),
    ]  # fmt: skip
    assert declared.places["coat rack"].radius_m == 1.0


def test_a_scenario_without_goals_has_none_and_is_not_even_parsed(tmp_path: Path) -> None:
    assert read(tmp_path, "name: x\nrules: [") is None
    assert read(tmp_path, "name: x\ngoals: []\n") is None
    assert read_goals("welcome") is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("prior: 0.2", "prior: 1.2", r"prior|goals\[0\]"),
        ("prior: 0.2", "priors: 0.2", r"unknown field `priors`.*did you mean 'prior'"),
        ("prior: 0.2", "prior: 0.9", "add up to 1.00.*leave at least 0.05"),
        ("id: meet_ben", "id: hang_up_coat", r"goals\[1\] \(hang_up_coat\): id: it stands twice"),
        ("id: meet_ben", "id: Meet Ben", r"goals\[1\].id"),
        ("- {approaches: ben}", "- {}", r"goals\[1\] \(meet_ben\): steps\[0\]: it names nothing.*looks_at, approaches"),
        ("- {approaches: ben}", "- {aproaches: ben}", "did you mean 'approaches'"),
        ("- {approaches: coat rack}", "- {approaches: coat rak}", "no place 'coat rak'.*did you mean 'coat rack'"),
        ("where * coat", "where (is coat", "says: .*close every bracket"),
        ("where * coat", "* {name}", "fits any words"),
        ("order: any", "order: random", r"order|goals\[1\]"),
        ("offer: It is behind the door.", "offer: '[smile] It is there.'", "offer: it holds a tag.*plain words"),
        ("distance_m: 3.0", "distance_m: -3.0", "distance_m"),
        ("steps:\n      - {approaches: ben}", "steps: []", "steps"),
        ("goals:\n", "goals:\n  - nonsense\n", r"goals\[0\]"),
    ],
)
def test_a_mistake_is_one_error_that_names_file_field_and_mend(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(AttuneError, match=f"(?s){told}") as error:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert str(error.value).startswith(str(tmp_path / "station.yaml")) and "\n" not in str(error.value)


def test_more_than_sixteen_goals_are_refused(tmp_path: Path) -> None:
    goals = "".join(f"  - {{id: g{n}, prior: 0.01, steps: [{{looks_at: thing {n}}}]}}\n" for n in range(17))
    with pytest.raises(AttuneError, match="16"):
        read(tmp_path, f"name: x\ngoals:\n{goals}")


def test_steps_that_name_too_much_are_refused(tmp_path: Path) -> None:
    things = ", ".join(f"thing {n}" for n in range(8))
    steps = f"{{looks_at: [{things}], handles: [{things}], does: [{things}]}}"
    goals = "".join(f"  - {{id: g{n}, prior: 0.05, steps: [{steps}]}}\n" for n in range(11))
    with pytest.raises(AttuneError, match=r"name 264 things.*at most 256"):
        read(tmp_path, f"name: x\ngoals:\n{goals}")


def test_a_scenario_that_does_not_exist_is_one_error() -> None:
    with pytest.raises(AttuneError, match="welcome"):
        read_goals("welcom")
