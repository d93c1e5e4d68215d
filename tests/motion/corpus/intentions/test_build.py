"""Intention scenes from base scenes: the same people and sound, other motion, and a list of what was asked."""

from dataclasses import replace

import numpy as np
import pytest

from motion.corpus.intentions.build import scenes
from motion.corpus.scene import PlacedIntent
from tests.motion.corpus.intentions.synthetic import scene

BASE = [scene("a", 12.0), scene("ab", 15.0)]


def test_sound_people_and_length_stay_and_gestures_come() -> None:
    out = list(scenes(BASE, 1, 0.4))
    assert len(out) == 2
    for base, got in zip(BASE, out, strict=True):
        assert got.agent is base.agent
        assert got.user is base.user
        assert (got.split, got.actor) == (base.split, base.actor)
        assert got.name.startswith(f"{base.name}-")
        assert len(got.clip) == len(base.clip)
        assert got.intents
        changed = (got.clip.rotations != base.clip.rotations).any(axis=(1, 2))
        asked = np.zeros(len(changed), dtype=bool)
        for intent in got.intents:
            asked[int(intent.start_s * 30) : int((intent.end_s + 0.2) * 30) + 1] = True
        assert changed.any()
        assert not (changed & ~asked).any()


def test_a_list_is_gone_through_until_there_is_enough_with_other_gestures_each_time() -> None:
    out = list(scenes(BASE, 1, 1.0))
    assert sum(one.clip.duration_s for one in out) >= 60.0
    assert sum(one.clip.duration_s for one in out[:-1]) < 60.0
    assert len({one.name for one in out}) == len(out)
    assert out[0].intents != out[2].intents


def test_an_iterator_is_gone_through_once() -> None:
    assert len(list(scenes(iter(BASE), 1, 10.0))) == 2


def test_the_seed_decides() -> None:
    first, again, other = (list(scenes(BASE, seed, 0.4)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[1].clip.rotations, again[1].clip.rotations)
    assert first[1].intents == again[1].intents
    assert first[1].intents != other[1].intents


def test_only_the_wanted_labels_are_used() -> None:
    out = list(scenes(BASE, 1, 1.0, labels=("nod", "wave")))
    assert {intent.label for one in out for intent in one.intents} == {"yes", "wave"}


def test_scenes_with_gestures_and_scenes_that_are_all_too_short_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a: the scene has gestures already"):
        next(scenes([replace(BASE[0], intents=(PlacedIntent("wave", 1.0, 2.0, 3.0),))], 1, 1.0))
    with pytest.raises(ValueError, match="long enough"):
        next(scenes([scene("a", 0.9)], 1, 1.0))
