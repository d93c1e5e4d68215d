"""Arms solved many frames at once are those of the procedural solver, whatever the trunk does."""

import numpy as np

from motion import rotations as rot
from motion.corpus.intentions import arms
from motion.procedural import controls as c
from motion.procedural import lexicon
from motion.procedural.solver import solve
from motion.skeleton import INDEX


def test_arms_equal_those_of_the_solver_for_every_shape_of_the_lexicon() -> None:
    rng = np.random.default_rng(0)
    shapes = [s for d in lexicon.LEXICON.values() for s in (d.ready, d.peak, d.other) if s is not None]
    assert len(shapes) > 30
    controls = np.stack([c.neutral() for _ in shapes])
    controls[:, 3:16] += rng.normal(0.0, 0.1, (len(shapes), 13))
    for row, shape in enumerate(shapes):
        controls[row, c.LEFT] = shape.controls()
        controls[row, c.RIGHT] = shape.controls() + rng.normal(0.0, 0.02, c.ARM_SIZE)
    wanted = np.stack([solve(row).rotations for row in controls]).astype(np.float64)
    chest = wanted[:, INDEX["hips"]]
    for name in ("spine", "chest", "upperChest"):
        chest = rot.multiply(chest, wanted[:, INDEX[name]])
    left = arms.solve_left(controls[:, c.LEFT], controls[:, 12:14], chest)
    right = arms.mirrored(arms.solve_left(controls[:, c.RIGHT], controls[:, 14:16], arms.mirrored(chest)))
    for side, got in (("left", left), ("right", right)):
        rows = [INDEX[side + part] for part in arms.PARTS]
        assert rot.angle_between(got, wanted[:, rows]).max() < 1e-5


def test_an_arm_that_does_not_follow_keeps_pointing_when_the_chest_turns() -> None:
    arm = np.tile(c.ArmShape((0.3, 0.0, 0.9), follow=0.0).controls(), (2, 1))
    chest = rot.exp(np.array([[0.0, 0.0, 0.0], [0.2, 0.5, 0.0]]))
    solved = arms.solve_left(arm, np.zeros((2, 2)), chest)
    along = rot.rotate(rot.multiply(rot.multiply(chest, solved[:, 0]), solved[:, 1]), np.array([1.0, 0.0, 0.0]))
    assert float(along[0] @ along[1]) > 0.999


def test_wrists_are_pushed_out_of_the_trunk_and_left_alone_elsewhere() -> None:
    inside, far, above = [-0.15, -0.3, 0.05], [0.2, -0.3, 0.45], [-0.15, 0.3, 0.05]
    out = arms.out_of_trunk(np.array([inside, far, above]))
    assert np.hypot((out[0, 0] + 0.17) / 0.185, out[0, 2] / 0.165) > 0.9
    np.testing.assert_allclose(out[1], far, atol=2e-3)
    np.testing.assert_array_equal(out[2], above)
