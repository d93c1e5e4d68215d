"""How well the evidence tells ends from pauses."""

import numpy as np

from behavioral.bench.script import Script, Sound
from behavioral.bench.telling_apart import area, areas, pauses_of
from runtime.messages import TurnDecision

TURN = Sound("turn", "one, two", "voice", 1.0, 3.0, ((1.5, 2.1),))
SCRIPT = Script(np.zeros(16_000, np.float32), (TURN, Sound("noise", "door", "made", 5.0, 5.2)))


def hold(probability: float, silence_ms: float = 160.0) -> TurnDecision:
    return TurnDecision(
        decision="hold", evidence={"silence_ms": silence_ms, "probability": probability, "words_log_odds": 0.0}
    )


def test_a_pause_is_paired_with_the_decision_about_its_own_silence() -> None:
    decisions = [(1.70, hold(0.2)), (3.20, hold(0.9)), (5.4, hold(0.5))]
    assert [(ends, e["probability"]) for ends, e in pauses_of(SCRIPT, decisions)] == [(False, 0.2), (True, 0.9)]


def test_a_pause_that_was_not_judged_is_left_out() -> None:
    assert [ends for ends, _ in pauses_of(SCRIPT, [(3.2, hold(0.9))])] == [True]


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    assert area([0.9, 0.4], [0.1, 0.5]) == 0.75
    assert area([0.5], [0.5]) == 0.5
    assert area([], [0.5]) is None


def test_areas_are_given_fused_and_by_cue() -> None:
    found = areas(pauses_of(SCRIPT, [(1.70, hold(0.2)), (3.20, hold(0.9))]))
    assert found == {"fused": 1.0, "words": 0.5, "sentence": None, "voice": None, "sound": None}
