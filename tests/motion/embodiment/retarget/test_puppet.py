"""A figure shows the frame itself while the filter follows it, and what the filter says where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from motion import rotations as rot
from motion.embodiment.bodies import attune_body
from motion.embodiment.retarget.direct import DirectRetargeting
from motion.embodiment.retarget.puppet import Puppet
from motion.procedural.lexicon import LABELS
from tests.motion.embodiment.bodies.support import expression, frames, visemes

BODY = attune_body.description()
TICK_NS = 20_000_000


def arrays(frame):
    return np.frombuffer(frame.rotations, "<f4").reshape(-1, 4), np.frombuffer(frame.hands, "<f4").reshape(2, 6)


@pytest.mark.parametrize("label", LABELS[::8])
def test_a_frame_that_is_followed_is_shown_as_it_is(label: str) -> None:
    direct, puppet, worst = DirectRetargeting(), Puppet(), []
    for tick, frame in enumerate(frames(label, 2.5)):
        rotations, hands = arrays(frame)
        pose = puppet.moved(direct.joints(rotations, hands, (0.0, 0.0)), frame, tick * TICK_NS)
        worst.append(np.degrees(rot.angle_between(pose.rotations.astype(float), rotations.astype(float))))
        assert np.allclose(pose.hands, hands, atol=0.3)
    # Where the humanoid has less range than the figure, the figure has it too.
    assert np.percentile(worst[5:], 95) < 1.0


def test_at_rest_the_figure_stands_as_the_humanoid_does() -> None:
    puppet, rest = Puppet(), BODY.vector("rest_rad")
    bow = frames("bow", 2.0)[60]
    puppet.moved(DirectRetargeting().joints(*arrays(bow), (0.0, 0.0)), bow, 0)
    for tick in range(1, 200):
        pose = puppet.moved(rest, None, tick * TICK_NS)
    there = DirectRetargeting().joints(pose.rotations, pose.hands, (0.0, 0.0))
    far = {name: np.degrees(abs(a - b)) for name, a, b in zip(BODY.names, there, rest, strict=True)}
    assert max(angle for name, angle in far.items() if "grip" not in name and "eye" not in name) < 2.0, far


def test_the_face_goes_back_to_neutral_without_frames() -> None:
    puppet, rest = Puppet(), BODY.vector("rest_rad")
    frame = frames("nod", 0.02, visemes=visemes(aa=1.0), expression=expression(happy=0.8), blink=(1.0, 1.0))[0]
    puppet.moved(rest, frame, 0)
    assert max(puppet.face.visemes) == 1.0 and puppet.face.blink == (1.0, 1.0)
    for tick in range(1, 30):
        puppet.moved(rest, None, tick * TICK_NS)
    assert max(*puppet.face.visemes, *puppet.face.expression, *puppet.face.blink) < 0.01
