"""What hangs loose on a character (spring bones of either version of VRM) swings, comes to rest, and survives a pause of the tab."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.avatar.vrm_files import PLAIT, PLAIT_LINK_M, vrm
from tests.e2e.page_support import CHROMIUM, House, Tab

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

FPS = 60
MOVE = """async (steps) => {
    const { restPose } = await import("/wire.js");
    const { figure, stage } = attune, pose = restPose(), told = [];
    const head = figure.vrm.humanoid.getRawBoneNode("head");
    for (const [turn_rad, delta_s] of steps) {  // in one go: the page's own drawing cannot come between
        pose.rotations.set([0, Math.sin(turn_rad / 2), 0, Math.cos(turn_rad / 2)], 0);
        figure.apply(pose, delta_s, stage.view);
        figure.root.updateMatrixWorld(true);
        told.push([0, 1, 2, 3].map((link) => {
            const node = figure.root.getObjectByName(`plait${link}`);
            return head.worldToLocal(node.getWorldPosition(node.position.clone())).toArray();
        }));
    }
    return told;
}"""
"""Turn the hips step by step; returns where each link of the plait then is, metres from the head."""


def moved(tab: Tab, steps: list[tuple[float, float]]) -> np.ndarray[Any, Any]:
    return np.array(tab.page.evaluate(MOVE, [list(step) for step in steps]))


def still(turn_rad: float, seconds: float) -> list[tuple[float, float]]:
    return [(turn_rad, 1 / FPS)] * round(seconds * FPS)


def off_m(links: np.ndarray[Any, Any], rest: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How far the plait's tip is from where it hangs at rest."""
    off: np.ndarray[Any, Any] = np.linalg.norm(links[:, -1] - rest[-1], axis=-1)
    return off


@pytest.mark.parametrize("version", [0, 1])
def test_it_swings_when_the_body_turns_settles_and_does_not_fly_after_a_pause(browser: Any, version: int) -> None:
    with House(character=vrm(version, springs=True)) as house, Tab(browser, house.url) as tab:
        assert tab.page.evaluate("attune.figure.vrm.springBoneManager.joints.size") >= PLAIT - 1
        rest = moved(tab, [(0.0, 30.0), *still(0.0, 3.0)])[-1]

        turning = [(1.2 * step / 18, 1 / FPS) for step in range(1, 19)]
        swung = moved(tab, [*turning, *still(1.2, 0.5)])
        assert 0.02 < off_m(swung, rest).max() < 2 * PLAIT * PLAIT_LINK_M
        assert off_m(moved(tab, still(1.2, 4.0))[-1:], rest) < 0.005, "it comes to rest where it hung"

        after = moved(tab, [(-1.2, 30.0), *still(-1.2, 2.0)])
        assert np.isfinite(after).all()
        assert off_m(after, rest).max() < 0.01, "the half minute that was not seen is no half minute of swinging"

        slow = moved(tab, [(0.6 * step % 2.4 - 1.2, 0.4) for step in range(40)])
        links = np.linalg.norm(np.diff(slow, axis=1), axis=-1)
        assert np.allclose(links, PLAIT_LINK_M, atol=0.002), "at two pictures a second no link grows or breaks"
        assert tab.errors == []


def test_without_loose_bones_nothing_swings(browser: Any) -> None:
    with House(character=vrm()) as house, Tab(browser, house.url) as tab:
        assert not tab.page.evaluate("attune.figure.vrm.springBoneManager?.joints.size ?? 0")
