"""Which gesture comes when: all labels, room between them, times that can be met."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from motion.corpus.intentions import place
from motion.corpus.intentions.performance import planned
from motion.corpus.intentions.place import Placer
from motion.corpus.scene import PlacedIntent
from motion.procedural import lexicon

SCENE_S = 30.0


def drawn(scenes: int = 200, seed: int = 4) -> list[tuple[PlacedIntent, ...]]:
    placer = Placer(np.random.default_rng(seed))
    return [placer.draw(SCENE_S) for _ in range(scenes)]


SCENES = drawn()
EVERY = [intent for scene in SCENES for intent in scene]


def test_all_labels_come_equally_often() -> None:
    counts = Counter(intent.label for intent in EVERY)
    assert set(counts) == set(lexicon.LEXICON)
    assert max(counts.values()) - min(counts.values()) <= 3


def test_every_gesture_can_be_performed_exactly_as_placed() -> None:
    for intent in EVERY:
        run = planned(intent, np.random.default_rng(0)).run
        got = (run.start_s, run.stroke_s, run.end_s)
        np.testing.assert_allclose(got, (intent.start_s, intent.stroke_s, intent.end_s), atol=2e-3)
        if intent.side != 0.0:
            assert run.side == intent.side


def test_gestures_lie_inside_the_scene_with_gaps_between_or_one_interrupts_the_other() -> None:
    interrupted = 0
    for scene in SCENES:
        assert scene[0].start_s >= 0.1
        assert scene[-1].end_s <= SCENE_S - 0.2
        for one, two in pairwise(scene):
            gap_s = two.start_s - one.end_s
            interrupted += gap_s < 0.0
            assert gap_s < 0.0 or place.GAP_S[0] <= gap_s <= place.GAP_S[1] + place.REACTION_S
            assert two.start_s > one.start_s + 0.2
            assert two.end_s > one.end_s
    assert 0.06 < interrupted / len(EVERY) < 0.18


def test_about_half_of_the_time_nothing_is_asked_for() -> None:
    times_s = np.arange(0.0, SCENE_S, 0.05)
    busy = [
        np.any([(times_s > i.start_s) & (times_s < i.end_s) for i in scene], axis=0).mean() for scene in SCENES if scene
    ]
    assert 0.4 < float(np.mean(busy)) < 0.6


def test_sides_directions_and_sizes_are_drawn_where_a_gesture_has_them() -> None:
    for intent in EVERY:
        definition = lexicon.find(intent.label)
        assert place.AMPLITUDE[0] <= intent.amplitude <= place.AMPLITUDE[1]
        assert definition.sided or intent.side == 0.0
        if intent.direction_rad is not None:
            assert definition.directed
            assert abs(intent.direction_rad[0]) <= place.YAW_RAD
            assert abs(intent.direction_rad[1]) <= place.PITCH_RAD
    assert {intent.side for intent in EVERY} == {-1.0, 0.0, 1.0}
    yaws = [intent.direction_rad[0] for intent in EVERY if intent.direction_rad is not None]
    assert min(yaws) < -1.0
    assert max(yaws) > 1.0


def test_the_same_seed_draws_the_same() -> None:
    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(5, seed=5)


def test_a_scene_that_is_too_short_stays_without() -> None:
    assert Placer(np.random.default_rng(0)).draw(0.8) == ()


def test_labels_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="labels is empty"):
        Placer(np.random.default_rng(0), [])
    with pytest.raises(ValueError, match="unknown gesture"):
        Placer(np.random.default_rng(0), ["somersault sideways"])
