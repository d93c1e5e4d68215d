"""Who is addressed, from real tracks of faces: two who swap places keep their turns."""

from __future__ import annotations

import asyncio
import math

from behavioral.vision.contract import Face, Picture
from behavioral.vision.tracks import Tracks
from runtime.clock import NS_PER_S
from runtime.ids import IdSource
from runtime.settings import VisionSettings
from tests.behavioral.company import ANNA, BOB, people_turns, side
from tests.behavioral.scene import Scene, play

RED, BLUE = (0.9, 0.1, 0.0), (0.0, 0.1, 0.9)


def _face(left: float, top: float, looks: tuple[float, ...], mouth: float, *, at_agent: bool) -> Face:
    """A face 1 m away: looking at the camera, or across at the other person."""
    across = 1.28 if left < 0.4 else -1.28  # to the own left of who stands on the picture's left
    head = (0.0, 0.0, 0.0) if at_agent else (across, 0.0, 0.0)
    return Face(
        (left, top, 0.15, 0.2),
        0.9,
        appearance=looks,
        head_rad=head,
        gaze_rad=head[:2],
        mouth_open=mouth,
        distance_m=1.0,
    )


def test_two_who_swap_places_keep_their_turns() -> None:
    """Real tracks: Anna (red clothes) looks at the agent while she speaks, Bob (blue) at her; they cross while she talks."""
    ids: dict[str, str] = {}

    async def script(scene: Scene) -> None:
        tracks = Tracks(VisionSettings(), IdSource("behavioral", 1))
        speaks: list[str] = []
        swap: list[float] = []

        async def watch() -> None:
            for step in range(10_000):
                now_ns = scene.clock.now_ns()
                share = min(1.0, (now_ns / NS_PER_S - swap[0]) / 1.5) if swap else 0.0
                anna, bob = 0.1 + 0.55 * share, 0.65 - 0.55 * share
                openness = 0.3 + 0.25 * math.sin(2 * math.pi * 3.5 * step / 15.0)
                faces = tuple(
                    _face(left, top, looks, openness if who in speaks else 0.02, at_agent=who == ANNA)
                    for who, left, top, looks in ((ANNA, anna, 0.30, RED), (BOB, bob, 0.36, BLUE))
                )
                tracks.update(Picture(now_ns / NS_PER_S, faces, 0.0, 0.5, 0.5), now_ns)
                for percept in tracks.present(now_ns):
                    scene.people.take(percept)
                if len(tracks.present(now_ns)) == 2 and not ids:
                    left = min(tracks.present(now_ns), key=lambda p: p.box[0])
                    ids.update(
                        {ANNA: left.person_id, BOB: max(tracks.present(now_ns), key=lambda p: p.box[0]).person_id}
                    )
                await scene.clock.sleep_until_ns(round((step + 1) / 15.0 * NS_PER_S))

        watching = asyncio.ensure_future(watch())
        await scene.wait(2.0)
        speaks.append(ANNA)
        swap.append(scene.clock.now_ns() / NS_PER_S + 0.5)
        await scene.hear("what is your name", 3.0)
        speaks.clear()
        await scene.wait(6.0)
        speaks.append(BOB)
        await scene.hear("and where do we eat", 2.0)
        speaks.clear()
        await scene.wait(5.0)
        watching.cancel()

    messages = play(script)
    first, second = people_turns(messages)
    assert (first.person_id, second.person_id) == (ids[ANNA], ids[BOB])
    assert side(messages) == ["answer", "stay_out"]
