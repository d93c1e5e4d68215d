"""Segments of one take are joined where time and pose meet, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from motion import rotations as rot
from motion.corpus.people import narration
from motion.retarget import SourceClip
from motion.retarget.source import zero_rest


def nodding(name: str, start_s: float, seconds: float, offset_rad: float = 0.0) -> SourceClip:
    """One joint that swings through one movement, sampled from `start_s`."""
    t = start_s + np.arange(round(30 * seconds)) / 30.0
    axis = np.broadcast_to([1.0, 0.0, 0.0], (len(t), 3))
    turns = rot.from_axis_angle(axis, 0.5 * np.sin(2.0 * t) + offset_rad)[:, None]
    offsets = np.zeros((1, 3))
    return SourceClip(name, 30.0, ("Hips",), (-1,), turns, offsets[None], zero_rest((-1,), offsets))


def segments(*parts: tuple[str, float, float]) -> list[narration.Segment]:
    out = []
    for index, (emotion, start_s, seconds) in enumerate(parts):
        start_ms, end_ms = round(1000 * start_s), round(1000 * (start_s + seconds))
        name = f"AnBh_0708_ftf_tale_t3-001_{index}_{start_ms}_{end_ms}_{end_ms - start_ms}_{emotion}.bvh"
        out.append(narration.segment(nodding(name, start_s, seconds)))
    return out


def test_segments_that_meet_become_one_with_both_emotions() -> None:
    runs = list(narration.runs(segments(("Anger", 3.0, 1.0), ("Joy", 1.0, 2.0), ("Joy", 9.0, 1.0))))
    assert [[one.start_ms for one in run] for run in runs] == [[1000, 3000], [9000]]
    whole = narration.joined(runs[0])
    assert len(whole) == 90
    parts = narration.emotions(runs[0])
    assert parts == ((0, "joy"), (60, "anger"))
    assert narration.main_emotion(parts, len(whole)) == "joy"
    assert rot.angle_between(whole.rotations[59, 0], whole.rotations[60, 0]) < np.radians(2.0)


def test_equal_neighbours_are_one_part() -> None:
    (run,) = narration.runs(segments(("Joy", 0.0, 1.0), ("Joy", 1.0, 1.0)))
    assert narration.emotions(run) == ((0, "joy"),)


def test_where_time_meets_but_the_pose_does_not_they_stay_apart() -> None:
    first, second = segments(("Joy", 0.0, 1.0), ("Joy", 1.0, 1.0))
    moved = replace(second, source=nodding(second.source.name, 1.0, 1.0, offset_rad=0.3))
    assert len(list(narration.runs([first, moved]))) == 2


def test_other_takes_stay_apart() -> None:
    first, second = segments(("Joy", 0.0, 1.0), ("Joy", 1.0, 1.0))
    assert len(list(narration.runs([first, replace(second, take="other")]))) == 2


def test_one_person_has_one_name() -> None:
    assert narration.actor_of("NoVo_0608_ftf_whiteduck_t3-001") == "NoVo"
    assert narration.actor_of("MaMaftoe-005") == "MaMa"
    assert narration.actor_of("Session2_AnBh-010") == "AnBh"
    assert narration.actor_of("Sinead_2007_ftf_sw_t2-003") == "SiGl"
    assert narration.actor_of("Unheard_of-001") == "Unheard"


def test_a_name_of_another_archive_is_refused() -> None:
    with pytest.raises(ValueError, match="TAKE_INDEX_STARTMS"):
        narration.segment(nodding("f_wave_01", 0.0, 1.0))
