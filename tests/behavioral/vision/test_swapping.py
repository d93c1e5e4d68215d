"""Two real faces that cross, swap places and hide each other keep their ids: the real cascade on pictures composed of real people."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from behavioral.vision.assignment import best_pairs, match_score, similarity
from behavioral.vision.contract import Face, Picture
from behavioral.vision.eyes import Eyes
from behavioral.vision.open import open_eyes
from behavioral.vision.tracks import Tracks
from runtime.clock import NS_PER_S
from runtime.ids import IdSource
from runtime.messages import PersonPercept
from runtime.offload import InlineOffload
from runtime.settings import VisionSettings

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")

FPS = 15.0
WIDTH, HEIGHT = 960, 270


@pytest.fixture(scope="module")
def people(attune_data: Path) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Pictures of a man and of a woman, each cut to the person, both facing the camera."""

    def cut(name: str, first: int, last: int) -> list[np.ndarray]:
        capture = cv2.VideoCapture(
            str(attune_data / "intel-head-video" / f"head-pose-face-detection-{name}.gif"), cv2.CAP_FFMPEG
        )
        frames = []
        while len(frames) < last:
            good, frame = capture.read()
            if not good:
                break
            frames.append(frame[:, 120:370])
        return frames[first:last]

    return cut("male", 0, 20), cut("female", 9, 12)


def scene(people: tuple[list[np.ndarray], list[np.ndarray]], at: list[tuple[int, int]], index: int) -> bytes:
    """Put the man (0) and the woman (1) at the given left edges, the last on top; return a JPEG."""
    picture = np.full((HEIGHT, WIDTH, 3), (170, 160, 160), np.uint8)
    picture += np.random.default_rng(index).integers(0, 6, picture.shape, dtype=np.uint8)
    for who, left in at:
        frames = people[who]
        person = frames[index % len(frames)]
        start, end = max(0, left), min(WIDTH, left + person.shape[1])
        if end > start:
            picture[:, start:end] = person[:, start - left : end - left]
    good, data = cv2.imencode(".jpg", picture)
    assert good
    return bytes(data)


class Watched:
    """Runs scenes through the real worker and the tracks; `who` maps ids to where they were last."""

    def __init__(self) -> None:
        sight = open_eyes(VisionSettings(engine="haar"), lambda name: InlineOffload())
        assert isinstance(sight, Eyes)
        self.sight = sight
        self.tracks = Tracks(VisionSettings(), IdSource("behavioral", 1))
        self.index = 0
        self.t_s = 1.0
        self.states: list[tuple[str, str]] = []

    def show(self, people: Any, *at: tuple[int, int], after_s: float = 1 / FPS) -> None:
        self.t_s += after_s
        picture = asyncio.run(self.sight.look_jpeg(scene(people, list(at), self.index), self.t_s))
        assert picture is not None, self.sight.note
        self.index += 1
        for event in self.tracks.update(picture, round(self.t_s * NS_PER_S)):
            if isinstance(event, PersonPercept) and event.state != "present":
                self.states.append((event.state, event.person_id))

    def places(self) -> dict[str, float]:
        now_ns = round(self.t_s * NS_PER_S)
        return {p.person_id: p.box[0] + p.box[2] / 2 for p in self.tracks.present(now_ns)}


@pytest.fixture
def watched() -> Any:
    watched = Watched()
    yield watched
    watched.sight.worker.kill()


def test_two_people_who_cross_one_before_the_other_keep_their_ids(watched: Watched, people: Any) -> None:
    for _ in range(12):
        watched.show(people, (1, 700), (0, 20))
    first = watched.places()
    assert len(first) == 2
    man = min(first, key=lambda key: first[key])
    for step in range(46):  # 3 s: the man passes in front of the woman, who goes the other way
        watched.show(people, (1, 700 - 15 * step), (0, 20 + 15 * step))
    for _ in range(8):
        watched.show(people, (1, 20), (0, 700))
    last = watched.places()
    assert set(last) == set(first), watched.states
    assert last[man] == max(last.values())
    assert [state for state, _ in watched.states] == ["arrived", "arrived"]


def test_people_who_swapped_while_the_camera_was_stuck_keep_their_ids(watched: Watched, people: Any) -> None:
    for _ in range(12):
        watched.show(people, (1, 700), (0, 20))
    first = watched.places()
    man = min(first, key=lambda key: first[key])
    watched.show(people, (1, 20), (0, 700), after_s=1.3)
    for _ in range(10):
        watched.show(people, (1, 20), (0, 700))
    last = watched.places()
    assert set(last) == set(first)
    assert last[man] == max(last.values())


def test_a_face_hidden_for_a_moment_keeps_its_id_also_where_it_moved(watched: Watched, people: Any) -> None:
    for _ in range(12):
        watched.show(people, (0, 20))
    (man,) = watched.places()
    for _ in range(14):  # 0.9 s
        watched.show(people)
    for _ in range(12):
        watched.show(people, (0, 330))
    assert set(watched.places()) == {man}
    assert watched.states == [("arrived", man)]


def test_looks_do_not_let_a_stranger_take_over(watched: Watched, people: Any) -> None:
    for _ in range(12):
        watched.show(people, (0, 20))
    (man,) = watched.places()
    for _ in range(14):
        watched.show(people)
    for _ in range(24):
        watched.show(people, (1, 330))
    assert [p for p in watched.places() if p != man]


LEFT, RIGHT = (0.1, 0.3, 0.2, 0.3), (0.6, 0.3, 0.2, 0.3)
RED, BLUE = (0.9, 0.1, 0.0), (0.0, 0.1, 0.9)


def test_position_alone_decides_from_picture_to_picture_and_looks_after_a_while() -> None:
    alike, unlike = similarity(RED, RED), similarity(RED, BLUE)
    assert alike == pytest.approx(1.0)
    assert unlike is not None
    assert unlike < 0.2
    assert match_score(LEFT, LEFT, unlike, 1 / 15) > 0.0
    assert match_score(LEFT, RIGHT, alike, 1 / 15) == 0.0
    assert match_score(LEFT, LEFT, unlike, 1.0) == 0.0
    assert match_score(LEFT, RIGHT, alike, 1.0) > 0.0
    assert match_score(LEFT, RIGHT, None, 1.0) == 0.0, "nothing tells who it is"


def test_partners_are_exchanged_where_the_sum_gains() -> None:
    assert best_pairs({(0, 0): 1.0, (0, 1): 0.9, (1, 0): 0.9, (1, 1): 0.1}) == {0: 1, 1: 0}
    assert best_pairs({(0, 0): 1.0, (1, 0): 0.9}) == {0: 0}
    assert best_pairs({(0, 0): -1.0}) == {}
    assert best_pairs({}) == {}


def test_crossing_without_looks_is_kept_by_motion() -> None:
    tracks = Tracks(VisionSettings(), IdSource("behavioral", 1))
    places: dict[str, float] = {}
    for step in range(40):
        a, b = 0.1 + 0.015 * step, 0.7 - 0.015 * step
        faces = (Face((a, 0.30, 0.15, 0.2), 0.9), Face((b, 0.34, 0.15, 0.2), 0.9))
        tracks.update(Picture(step / FPS, faces, 0.0, 0.5, 0.5), round(step / FPS * NS_PER_S))
        if step == 10:
            places = {p.person_id: p.box[0] for p in tracks.present(0)}
    after = {p.person_id: p.box[0] for p in tracks.present(0)}
    assert len(places) == 2
    assert sorted(places, key=lambda k: places[k]) == sorted(after, key=lambda k: -after[k])


def test_who_is_lost_for_some_seconds_comes_back_and_somebody_else_comes_anew(watched: Watched, people: Any) -> None:
    for at in (20, 500):  # the man, found again elsewhere in the picture
        for _ in range(24):
            watched.show(people, (0, at))
        for _ in range(5):
            watched.show(people, after_s=1.0)
    for _ in range(24):
        watched.show(people, (1, 500))
    for _ in range(5):
        watched.show(people, after_s=6.0)  # longer than who left may be away
    for _ in range(24):
        watched.show(people, (1, 500))
    man, woman, again = "person-b1", "person-b2", "person-b3"
    assert watched.states == [
        ("arrived", man), ("left", man), ("arrived", man), ("left", man),
        ("arrived", woman), ("left", woman), ("arrived", again),
    ]  # fmt: skip
