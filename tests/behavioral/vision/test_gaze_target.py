"""What a line of sight meets: signs of the geometry, and a target that does not flicker."""

import math

import pytest

from behavioral.vision.gaze_target import GazeOn, Vector, place_of, sight_of

HERE: Vector = (0.0, 0.0, 0.0)


def towards(at_m: Vector, target_m: Vector) -> Vector:
    x, y, z = (b - a for a, b in zip(at_m, target_m, strict=True))
    length = math.hypot(x, y, z)
    return x / length, y / length, z / length


@pytest.mark.parametrize("bearing", [(0.0, 0.0), (0.4, 0.1), (-0.5, -0.2)])
def test_angles_of_zero_meet_the_camera_from_anywhere(bearing: tuple[float, float]) -> None:
    at_m = place_of(bearing, 2.0, HERE)
    assert sight_of((0.0, 0.0), bearing) == pytest.approx(towards(at_m, HERE))


def test_the_persons_left_is_the_agents_right_and_up_is_up() -> None:
    left, up = sight_of((0.3, 0.0), (0.0, 0.0)), sight_of((0.0, 0.3), (0.0, 0.0))
    assert left[0] < 0.0
    assert left[2] < 0.0
    assert up[1] > 0.0


def test_a_face_at_the_agents_left_lies_at_positive_x_and_further_with_the_camera() -> None:
    assert place_of((0.3, 0.0), 1.0, HERE)[0] > 0.0
    x, y, z = place_of((0.0, 0.0), 1.0, (0.1, 0.5, 0.2))
    assert (x, y, z) == pytest.approx((0.1, 0.5, 1.2))


class Person:
    """Looks at things for some time at 15 pictures a second."""

    def __init__(self, at_m: Vector, *, eyes: bool = True) -> None:
        self.at_m, self.eyes = at_m, eyes
        self.gaze = GazeOn()
        self.t_ns = 1_000_000_000
        self.changes = 0
        self.others: dict[str, Vector] = {}
        self.objects: dict[str, Vector] = {}

    def look(self, sight: Vector, pictures: int = 10) -> tuple[str | None, str]:
        for _ in range(pictures):
            self.t_ns += 66_666_667
            self.changes += self.gaze.update(
                sight, self.at_m, self.others, self.objects, eyes=self.eyes, t_ns=self.t_ns
            )
        return self.gaze.target, self.gaze.name


def test_agent_other_object_and_away_are_told_apart() -> None:
    person = Person((0.5, 0.0, 1.5))
    person.others = {"ben": (-0.6, 0.1, 1.5)}
    person.objects = {"screen": (1.5, 0.2, 0.5)}
    assert person.look(towards(person.at_m, HERE)) == ("agent", "")
    assert person.gaze.confidence > 0.8
    assert person.look(towards(person.at_m, person.others["ben"])) == ("other", "ben")
    assert person.look(towards(person.at_m, person.objects["screen"])) == ("object", "screen")
    assert person.look((0.0, 0.8, -0.6)) == ("away", "")
    assert person.changes == 4


def test_one_odd_picture_changes_nothing_and_since_is_when_it_began() -> None:
    person = Person((0.0, 0.0, 1.0))
    person.look(towards(person.at_m, HERE))
    since_ns = person.gaze.since_ns
    for _ in range(5):
        person.look((0.0, 1.0, 0.0), pictures=1)
        person.look(towards(person.at_m, HERE), pictures=8)
    assert (person.gaze.target, person.changes, person.gaze.since_ns) == ("agent", 1, since_ns)


def test_a_look_somewhat_aside_is_surer_away_by_eyes_than_by_the_head() -> None:
    aside = sight_of((0.45, 0.0), (0.0, 0.0))
    by_eyes, by_head = Person((0.0, 0.0, 1.0)), Person((0.0, 0.0, 1.0), eyes=False)
    assert by_eyes.look(aside)[0] == "away"
    assert by_head.look(aside)[0] == "agent"


def test_where_the_camera_is_matters() -> None:
    # The camera hangs half a metre over the agent's eyes: who looks into it does not look at the agent.
    at_m = place_of((0.0, 0.0), 0.8, (0.0, 0.5, 0.0))
    person = Person(at_m)
    assert person.look(sight_of((0.0, 0.0), (0.0, 0.0)))[0] == "away"
    assert person.look(sight_of((0.0, -math.atan2(0.5, 0.8)), (0.0, 0.0)))[0] == "agent"
