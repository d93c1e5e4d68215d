"""A body has one writer, and is described so that a filter can keep to it."""

from __future__ import annotations

import dataclasses

import pytest

from motion.embodiment.contract import Lease
from motion.embodiment.description import BodyDescription, Joint
from runtime.errors import AttuneError

NECK = Joint("neck", -0.7, 0.5, 3.0, 20.0, 400.0)


def test_a_second_writer_is_told_who_holds_the_body() -> None:
    lease = Lease("attune")
    lease.take("session-1")
    lease.take("session-1")
    with pytest.raises(AttuneError, match="session-2 may not move it while session-1 does"):
        lease.take("session-2")
    assert not lease.give_back("session-2")
    assert lease.give_back("session-1") and lease.writer == ""
    lease.take("session-2")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"high_rad": -0.8}, "joint neck: low_rad -0.7 is not below high_rad -0.8"),
        ({"rest_rad": 0.6}, "joint neck: rest_rad 0.6 lies outside"),
        ({"velocity_rad_s": 0.0}, "must be above 0"),
        ({"jerk_rad_s3": float("nan")}, "no finite number"),
        ({"name": ""}, "the name is empty or taken"),
    ],
)
def test_a_joint_that_no_filter_could_keep_to_is_refused_by_name(change: dict, told: str) -> None:
    with pytest.raises(AttuneError, match=told):
        BodyDescription("test", (dataclasses.replace(NECK, **change),), 50.0, frozenset({"head"}))


def test_so_are_a_body_without_joints_two_of_one_name_and_a_rate_of_nothing() -> None:
    for joints, rate_hz in (((), 50.0), ((NECK, NECK), 50.0), ((NECK,), 0.0)):
        with pytest.raises(AttuneError, match="body test"):
            BodyDescription("test", joints, rate_hz, frozenset())
