"""From pictures to people and changes."""

import math
from itertools import pairwise

import pytest

from behavioral.vision.changes import REFRACTORY_S
from behavioral.vision.contract import Face, Picture
from behavioral.vision.tracks import Tracks
from runtime.clock import NS_PER_S
from runtime.ids import IdSource
from runtime.messages import PersonPercept, VisualChange
from runtime.settings import VisionSettings

FPS = 6.0
LEFT, RIGHT = (0.1, 0.3, 0.2, 0.3), (0.7, 0.3, 0.2, 0.3)


class Camera:
    """Shows made-up pictures to fresh tracks at 6 a second."""

    def __init__(self) -> None:
        self.tracks = Tracks(VisionSettings(), IdSource("behavioral", 1))
        self.index = 0
        self.people: list[tuple[float, PersonPercept]] = []
        self.changes: list[tuple[float, VisualChange]] = []

    def show(
        self, seconds: float, *boxes: tuple[float, ...], motion: float = 0.0, light: float = 0.5, x: float = 0.5
    ) -> None:
        for _ in range(round(seconds * FPS)):
            faces = tuple(Face(box, 0.9) for box in boxes)  # type: ignore[arg-type] # four numbers each
            t_s = self.index / FPS
            self.index += 1
            for event in self.tracks.update(Picture(t_s, faces, motion, x, light), round(t_s * NS_PER_S)):
                target = self.people if isinstance(event, PersonPercept) else self.changes
                target.append((t_s, event))  # type: ignore[arg-type] # sorted by the line above

    def states(self) -> list[tuple[str, str]]:
        return [(event.state, event.person_id) for _, event in self.people if event.state != "present"]


@pytest.fixture
def camera() -> Camera:
    return Camera()


def test_a_person_arrives_after_the_set_time_is_present_each_second_and_leaves(camera: Camera) -> None:
    camera.show(1)
    camera.show(3.5, LEFT)
    camera.show(3)
    times = {state: [t for t, e in camera.people if e.state == state] for state in ("arrived", "present", "left")}
    assert times["arrived"] == [pytest.approx(1.5)]
    assert times["present"] == [pytest.approx(2.5), pytest.approx(3.5)]
    assert times["left"] == [pytest.approx(6.0)]
    assert len({event.person_id for _, event in camera.people}) == 1


def test_a_single_false_face_is_nobody(camera: Camera) -> None:
    camera.show(1 / FPS, RIGHT)
    camera.show(2)
    camera.show(1 / FPS, RIGHT)
    camera.show(2)
    assert camera.people == []


def test_missed_detections_change_neither_presence_nor_id(camera: Camera) -> None:
    camera.show(1, LEFT)
    for _ in range(10):
        camera.show(1.0)
        camera.show(0.5, LEFT)
    assert camera.states() == [("arrived", "person-b1")]
    assert camera.people[-1][1].facing < 0.8


def test_a_moving_head_keeps_its_id(camera: Camera) -> None:
    for step in range(30):
        camera.show(1 / FPS, (0.05 + 0.025 * step, 0.3, 0.15, 0.2))
    assert camera.states() == [("arrived", "person-b1")]


def test_two_people_keep_their_ids_whatever_the_order_of_detection(camera: Camera) -> None:
    for turn in range(12):
        camera.show(1 / FPS, *((LEFT, RIGHT) if turn % 2 else (RIGHT, LEFT)))
    camera.show(3, RIGHT)
    boxes = {event.person_id: event.box for _, event in camera.people if event.state == "arrived"}
    gone = [event.person_id for _, event in camera.people if event.state == "left"]
    assert len(boxes) == 2
    assert [boxes[person_id][0] for person_id in gone] == [pytest.approx(0.1)]


def test_bearing_is_left_positive_and_up_positive(camera: Camera) -> None:
    camera.show(1, (0.4, 0.4, 0.2, 0.2))
    assert camera.people[0][1].bearing_rad == (pytest.approx(0.0), pytest.approx(0.0))
    yaw, pitch = camera.tracks.bearing_rad(0.0, 0.5)
    assert (yaw, pitch) == (pytest.approx(math.radians(30)), pytest.approx(0.0))
    yaw, pitch = camera.tracks.bearing_rad(1.0, 0.0)
    assert yaw == pytest.approx(math.radians(-30))
    assert pitch > 0


def test_the_end_of_the_picture_is_everybodys_leaving(camera: Camera) -> None:
    camera.show(1, LEFT, RIGHT)
    assert [event.state for event in camera.tracks.end(round(2 * NS_PER_S))] == ["left", "left"]
    assert camera.tracks.end(round(3 * NS_PER_S)) == []


def test_a_burst_of_motion_is_told_once_with_its_direction(camera: Camera) -> None:
    camera.show(3, motion=0.001)
    camera.show(1, motion=0.02, x=0.0)
    assert [event.what for _, event in camera.changes] == ["motion"]
    t_s, change = camera.changes[0]
    assert t_s == pytest.approx(3.0)
    assert 0.5 < change.magnitude < 1.0
    assert change.bearing_rad[0] == pytest.approx(math.radians(30))


def test_someone_who_always_fidgets_is_not_news(camera: Camera) -> None:
    for _ in range(60):
        camera.show(1 / FPS, motion=0.02)
        camera.show(1 / FPS, motion=0.01)
    assert [t for t, _ in camera.changes if t > 5] == []


def test_bursts_are_refractory(camera: Camera) -> None:
    camera.show(3)
    for _ in range(10):
        camera.show(1 / FPS, motion=0.05)
        camera.show(4 / FPS)
    times = [t for t, _ in camera.changes]
    assert len(times) >= 2
    assert min(b - a for a, b in pairwise(times)) >= REFRACTORY_S


def test_light_that_goes_on_is_light_not_motion(camera: Camera) -> None:
    camera.show(2, light=0.2)
    camera.show(2, light=0.7, motion=0.0)
    assert [(event.what, event.magnitude) for _, event in camera.changes] == [("light", pytest.approx(0.5))]


def test_the_first_picture_is_no_change(camera: Camera) -> None:
    camera.show(0.5, motion=0.5, light=1.0)
    assert camera.changes == []


def test_equal_pictures_give_equal_events() -> None:
    def run() -> list[object]:
        camera = Camera()
        for step in range(40):
            camera.show(1 / FPS, (0.01 * step, 0.3, 0.2, 0.3), RIGHT, motion=0.01 * (step % 7), light=0.4)
        return [camera.people, camera.changes]

    assert run() == run()
