"""Frame ends in integer samples: exact, never drifting, and consistent with the count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.features.frames import end_sample, frame_count, frame_time_s, half_end_sample


def test_thirty_frames_are_one_second_and_none_is_longer_than_534_samples() -> None:
    ends = np.array([end_sample(k) for k in range(-1, 300)])
    assert ends[0] == 0
    assert [int(x) for x in np.diff(ends)[:6]] == [533, 533, 534, 533, 533, 534]
    assert set(np.diff(ends).tolist()) == {533, 534}
    assert [end_sample(30 * s - 1) for s in range(1, 10)] == [16_000 * s for s in range(1, 10)]


@given(st.integers(0, 10**12))
def test_the_count_is_the_number_of_frames_that_end_by_then(samples: int) -> None:
    count = frame_count(samples)
    assert end_sample(count - 1) <= samples < end_sample(count)


@given(st.integers(0, 10**10))
def test_a_frame_never_ends_after_its_time_and_at_most_a_sample_before(frame: int) -> None:
    assert end_sample(frame) * 30 <= (frame + 1) * 16_000 < (end_sample(frame) + 1) * 30
    assert half_end_sample(2 * frame + 1) == end_sample(frame)
    assert end_sample(frame - 1) < half_end_sample(2 * frame) < end_sample(frame)


def test_bad_counts_are_refused_and_times_are_the_ends() -> None:
    with pytest.raises(ValueError, match="negative"):
        frame_count(-1)
    assert frame_time_s(29) == 1.0
