"""Which acts of the plans sentences, looks and words may be."""

from __future__ import annotations

import pytest

from cognitive.mind.goals import observing
from cognitive.mind.goals.observing import Observing
from cognitive.mind.goals.plans import Plans
from runtime.goals import Declared, Goal, GoalStep

STEPS = (
    GoalStep(looks_at=("coat rack", "red door", "blue door")),
    GoalStep(approaches=("coat rack", "counter", "ben")),
    GoalStep(handles=("umbrella", "ticket machine")),
    GoalStep(
        does=("takes the umbrella", "presses the button", "puts the coin in the machine", "hangs the coat on the hook")
    ),
    GoalStep(says=("where (is|are) [the] (toilet|toilets|restroom)", "I need a ticket *")),
)


@pytest.fixture
def seen() -> Observing:
    return Observing(Plans(Declared(goals=(Goal(id="all", prior=0.5, steps=STEPS),)), 2.0))


def words(seen: Observing, numbers: frozenset[int]) -> set[str]:
    return {f"{seen._plans.acts[n].kind}: {seen._plans.acts[n].text}" for n in numbers}


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("Anna takes the umbrella", {"handles: umbrella", "does: takes the umbrella"}),
        ("Anna picks up the umbrella", {"handles: umbrella", "does: takes the umbrella"}),
        ("Anna picks up her umbrella", {"handles: umbrella", "does: takes the umbrella"}),
        ("Anna opens the umbrella", {"handles: umbrella"}),
        ("Anna pressed the button", {"does: presses the button"}),
        (
            "Anna presses the big green button of the ticket machine",
            {"does: presses the button", "handles: ticket machine"},
        ),
        ("Anna touches the ticket machine", {"handles: ticket machine"}),
        ("Anna looks at the ticket machine", set()),
        ("Anna puts the coin in the machine", {"does: puts the coin in the machine"}),
        ("Anna puts the coin in the bag", set()),
        ("Anna hangs her coat on the hook", {"does: hangs the coat on the hook"}),
        ("Anna walks to the coat rack", {"approaches: coat rack"}),
        ("Anna heads towards the counter", {"approaches: counter"}),
        ("Anna goes up to Ben", {"approaches: ben"}),
        ("Anna walks away from the counter", set()),
        ("Anna looks at the red door", {"looks_at: red door"}),
        ("Anna stares at the door", set()),
        ("Ben takes the umbrella", {"handles: umbrella", "does: takes the umbrella"}),
    ],
)
def test_a_sentence_tells_acts_by_its_events_or_its_words(seen: Observing, sentence: str, acts: set[str]) -> None:
    deed = seen.sentence(sentence, ["anna", "ben"])
    found = frozenset() if deed is None else deed.acts
    assert words(seen, found) == acts
    if deed is not None:
        assert deed.person_id == sentence.split()[0].lower()


def test_what_nobody_who_is_here_does_tells_nothing(seen: Observing) -> None:
    assert seen.sentence("Carl takes the umbrella", ["anna"]) is None
    assert seen.sentence("The light goes out", ["anna"]) is None
    assert seen.sentence("", ["anna"]) is None


def test_she_is_who_was_spoken_of_last(seen: Observing) -> None:
    assert seen.sentence("Anna walks to the coat rack", ["anna", "ben"]) is not None
    deed = seen.sentence("She takes the umbrella", ["anna", "ben"])
    assert deed is not None and deed.person_id == "anna" and deed.acts


@pytest.mark.parametrize(
    "text", ["Anna tries the ticket machine in vain", "Anna cannot open the umbrella", "Anna fails to find it"]
)
def test_failing_at_something_is_no_step(seen: Observing, text: str) -> None:
    deed = seen.sentence(text, ["anna"])
    assert deed is not None and deed.failed and not deed.acts


@pytest.mark.parametrize(
    ("text", "other"), [("Anna waters the plants", True), ("Anna smiles", False), ("Anna says hello", False)]
)
def test_other_deeds_count_but_not_manners(seen: Observing, text: str, other: bool) -> None:
    deed = seen.sentence(text, ["anna"])
    assert (deed is not None and deed.other) is other


def test_a_look_must_name_the_whole_thing(seen: Observing) -> None:
    assert words(seen, seen.look("the red door")) == {"looks_at: red door"}
    assert words(seen, seen.look("coat racks")) == {"looks_at: coat rack"}
    assert not seen.look("door") and not seen.look("poster")


def test_words_fit_a_pattern_as_the_scenario_reads_it(seen: Observing) -> None:
    assert seen.says("excuse me where are the toilets")
    assert seen.says("I need a ticket to Lyon")
    assert not seen.says("where is the library") and not seen.says("what a lovely ticket")


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("yes please", True), ("oh yes, thank you", True), ("exactly", True),
        ("no thanks", False), ("I'm just looking, thanks", False), ("no I want something else", False), ("it is raining", None),
    ],
)  # fmt: skip
def test_what_an_offer_is_answered(text: str, taken: bool | None) -> None:
    assert observing.answer(text) is taken


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("it doesn't work", True),
        ("I can't get it open", True),
        ("how does this work", True),
        ("I can't wait", False),
        ("nice", False),
    ],
)
def test_words_of_failing(text: str, fails: bool) -> None:
    assert observing.failing(text) is fails
