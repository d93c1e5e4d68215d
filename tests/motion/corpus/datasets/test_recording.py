"""Recordings cut into scenes, and whole keys into splits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from motion.clip import Clip, rest_rotations
from motion.corpus.datasets.recording import NO_SOUND, Recording, scenes, split_of
from motion.corpus.scene import PlacedIntent
from motion.corpus.words import TimedWord


def recording(seconds: float, sound_s: float | None = None) -> Recording:
    frames = round(seconds * 30)
    hips = np.zeros((frames, 3), np.float32)
    hips[:, 0] = np.arange(frames)
    clip = Clip(30.0, np.tile(rest_rotations(), (frames, 1, 1)), hips, np.zeros((frames, 2, 6), np.float32))
    sound = NO_SOUND if sound_s is None else np.arange(round(sound_s * 16_000), dtype=np.float32)
    return Recording("a", "x", "s", "", clip, sound, NO_SOUND)


def test_a_short_one_stays_whole_under_its_own_name() -> None:
    (scene,) = scenes(recording(59.9, 59.9), "train")
    assert (scene.name, scene.split, len(scene.clip), len(scene.agent)) == ("a", "train", 1797, 958_400)
    assert not scene.user.any() and len(scene.user) == len(scene.agent)


def test_a_long_one_is_cut_into_equal_parts_without_gap_or_overlap() -> None:
    parts = list(scenes(recording(130.0, 131.0), "test"))
    assert [scene.name for scene in parts] == ["a#00", "a#01", "a#02"]
    assert np.array_equal(np.concatenate([scene.clip.hips_m[:, 0] for scene in parts]), np.arange(3_900))
    assert np.array_equal(np.concatenate([scene.agent for scene in parts]), np.arange(130 * 16_000))
    assert max(scene.clip.duration_s for scene in parts) < 44.0


def test_motion_without_its_sound_is_left_out_and_a_missing_tenth_is_silence() -> None:
    (scene,) = scenes(recording(10.0, 8.0), "train")
    assert len(scene.clip) == 243
    (scene,) = scenes(recording(10.0, 9.95), "train")
    assert len(scene.clip) == 300 and len(scene.agent) == 160_000 and not scene.agent[-800:].any()
    with pytest.raises(ValueError, match=r"a: motion of 10\.00 s .* 0\.20 s in common"):
        list(scenes(recording(10.0, 0.1), "train"))


def test_words_and_gestures_go_with_their_middle_and_their_stroke() -> None:
    whole = replace(
        recording(80.0),
        words=(TimedWord("one", 1.0, 1.5), TimedWord("cut", 39.5, 40.8), TimedWord("two", 79.0, 79.5)),
        intents=(PlacedIntent("wave", 39.0, 41.0, 43.0), PlacedIntent("nod", 1.0, 1.2, 90.0)),
    )
    first, second = scenes(whole, "train")
    assert first.words == (TimedWord("one", 1.0, 1.5),)
    assert second.words == (TimedWord("cut", 0.0, pytest.approx(0.8)), TimedWord("two", 39.0, 39.5))
    assert first.intents == (PlacedIntent("nod", 1.0, 1.2, 40.0),)
    assert second.intents == (PlacedIntent("wave", 0.0, 1.0, 3.0),)


def test_a_key_has_one_split_for_ever_and_shares_are_eight_one_one() -> None:
    names = ("2_scott", "5_stewart", "7_sophie")
    assert [split_of(f"beat2/{name}") for name in names] == ["train", "validation", "test"]
    shares = Counter(split_of(str(n)) for n in range(4_000))
    assert 0.78 < shares["train"] / 4_000 < 0.82 and 0.08 < shares["validation"] / 4_000 < 0.12
