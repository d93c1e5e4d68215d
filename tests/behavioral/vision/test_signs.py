"""From faces in time to what the bus and the fast loop are told of people."""

import math
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from behavioral.people import People
from behavioral.vision.contract import Face, Picture
from behavioral.vision.eyes import Eyes
from behavioral.vision.open import open_eyes
from behavioral.vision.tracks import Tracks
from runtime.clock import NS_PER_S
from runtime.codec import decode, encode
from runtime.ids import IdSource
from runtime.messages import PersonAct, PersonPercept
from runtime.offload import InlineOffload
from runtime.settings import VisionSettings

FPS = 15.0
LEFT, RIGHT = (0.15, 0.3, 0.15, 0.25), (0.7, 0.3, 0.15, 0.25)


class Scene:
    """Feeds faces at 15 pictures a second as the watching task does."""

    def __init__(self) -> None:
        self.tracks = Tracks(VisionSettings(), IdSource("behavioral", 1))
        self.people = People()
        self.index = 0
        self.percepts: list[PersonPercept] = []
        self.acts: list[PersonAct] = []
        self.noise = random.Random(2)

    @property
    def now_ns(self) -> int:
        return round(self.index / FPS * NS_PER_S)

    def show(self, *faces: Face) -> None:
        self.index += 1
        for event in self.tracks.update(Picture(self.index / FPS, faces, 0.0, 0.5, 0.5), self.now_ns):
            assert decode(encode(event)) == event, "it travels"
            if isinstance(event, PersonPercept):
                self.percepts.append(event)
                self.people.take(event)
            elif isinstance(event, PersonAct):
                self.acts.append(event)
                self.people.take_act(event, self.now_ns)
        for percept in self.tracks.present(self.now_ns):
            self.people.take(percept)

    def face(self, box: tuple[float, float, float, float] = LEFT, **told: object) -> Face:
        shown = {"head_rad": (0.0, 0.0, 0.0), "gaze_rad": (0.0, 0.0), "distance_m": 1.0, "mouth_open": 0.02}
        shown |= {"eyes_open": 0.3, "smile": 0.0, "frown": 0.0, **told}  # type: ignore[dict-item] # any field
        return Face(box, 0.9, **shown)  # type: ignore[arg-type]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_what_the_engine_does_not_tell_is_none_to_everybody(scene: Scene) -> None:
    for _ in range(30):
        scene.show(Face(LEFT, 0.9))
    percept = scene.percepts[-1]
    assert (percept.head_rad, percept.gaze_rad, percept.gaze_target, percept.distance_m) == (None,) * 4
    assert (percept.mouth_open, percept.mouth_moving, percept.eyes_open, percept.smile, percept.valence) == (None,) * 5
    assert percept.facing == pytest.approx(1.0)
    assert scene.people.looks_at_agent(scene.now_ns) is None


def test_a_person_who_looks_away_and_back_is_told_at_once(scene: Scene) -> None:
    for _ in range(30):
        scene.show(scene.face())
    told = len(scene.percepts)
    assert scene.people.looks_at_agent(scene.now_ns) == pytest.approx(29 / FPS - 0.4, abs=0.2)
    for _ in range(8):
        scene.show(scene.face(gaze_rad=(0.7, 0.0)))
    news = scene.percepts[told:]
    assert [p.gaze_target for p in news][:1] == ["away"]
    assert scene.people.looks_at_agent(scene.now_ns) == 0.0


def test_two_people_who_look_at_each_other_are_seen_to(scene: Scene) -> None:
    for _ in range(30):
        scene.show(scene.face(LEFT), scene.face(RIGHT))
    a, b = sorted(p.person_id for p in scene.tracks.present(0))
    bearings = {p.person_id: p.bearing_rad[0] for p in scene.tracks.present(0)}
    # Both stand 1 m off, one on each side: each turns by the angle between camera and neighbour.
    turn = (math.pi - abs(bearings[a] - bearings[b])) / 2
    for _ in range(15):
        scene.show(scene.face(LEFT, gaze_rad=(turn, 0.0)), scene.face(RIGHT, gaze_rad=(-turn, 0.0)))
    gazes = [scene.people.gaze_of(scene.now_ns, key) for key in (a, b)]
    assert [(g.target, g.name) for g in gazes if g] == [("other", b), ("other", a)]


def test_the_one_whose_mouth_moves_is_the_speaker_and_it_is_told(scene: Scene) -> None:
    for _ in range(30):
        scene.show(scene.face(LEFT), scene.face(RIGHT))
    assert scene.people.speaker() == ""
    told = len(scene.percepts)
    for _ in range(20):
        openness = 0.15 * (1 + math.sin(2 * math.pi * 4 * scene.index / FPS))
        scene.show(scene.face(LEFT), scene.face(RIGHT, mouth_open=openness))
    speaker = scene.people.speaker()
    assert speaker is not None
    bearing = scene.people.bearing_of(speaker)
    assert bearing is not None
    assert bearing[0] < 0, "the one at the right"
    assert [p.person_id for p in scene.percepts[told:] if (p.mouth_moving or 0) >= 0.5][:1] == [speaker]


@pytest.mark.parametrize("from_flow", [False, True])
def test_a_nod_is_told_with_its_person_and_trusted_less_from_flow(scene: Scene, from_flow: bool) -> None:
    def pitch(index: int) -> float:
        phase = (index / FPS - 2.0) * 2.0
        return -0.1 * (1 - math.cos(2 * math.pi * phase)) if 0.0 <= phase <= 2.0 else 0.0

    for index in range(75):
        if from_flow:
            turned = (0.0, pitch(index) - pitch(index - 1))
            scene.show(Face(LEFT, 0.9, turned_rad=turned))
        else:
            scene.show(scene.face(head_rad=(scene.noise.gauss(0, 0.004), pitch(index), 0.0)))
    assert [(a.act, a.state) for a in scene.acts] == [("nod", "started"), ("nod", "ended")]
    assert scene.acts[-1].count == 2
    assert scene.acts[-1].person_id == scene.percepts[0].person_id
    assert (scene.acts[-1].confidence < 0.6) == from_flow


def test_a_blink_is_told_with_its_length_and_a_smile_is_a_good_sign(scene: Scene) -> None:
    for _ in range(30):
        scene.show(scene.face())
    for openness in (0.1, 0.1, 0.3, 0.3):
        scene.show(scene.face(eyes_open=openness, smile=1.0))
    assert [(a.act, round(a.duration_ms)) for a in scene.acts] == [("blink", round(2_000 / FPS))]
    for _ in range(15):
        scene.show(scene.face(smile=1.0))
    (percept,) = scene.tracks.present(0)
    assert percept.valence is not None
    assert percept.valence > 0.9
    for _ in range(30):
        scene.show(scene.face(frown=0.8))
    (percept,) = scene.tracks.present(0)
    assert percept.valence == pytest.approx(-0.8, abs=0.1)


def test_what_was_known_of_a_lost_face_is_forgotten_before_the_person_has_left(scene: Scene) -> None:
    for _ in range(30):
        scene.show(scene.face())
    for _ in range(12):
        scene.show()
    (percept,) = scene.tracks.present(0)
    assert (percept.gaze_target, percept.head_rad, percept.mouth_moving) == (None, None, None)
    assert percept.facing < 0.2


@pytest.fixture
def haar() -> Iterator[Eyes]:
    pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")
    sight = open_eyes(VisionSettings(engine="haar"), lambda name: InlineOffload())
    assert isinstance(sight, Eyes)
    yield sight
    sight.worker.kill()


def watch(haar: Eyes, path: Path) -> Scene:
    import asyncio

    scene = Scene()

    async def look() -> None:
        await haar.open_file(str(path))
        ended = False
        while not ended:
            picture = await haar.look_at(scene.index / FPS)
            assert picture is not None, haar.note
            ended = picture.ended
            scene.show(*picture.faces)
        scene.acts += [e for e in scene.tracks.end(scene.now_ns) if isinstance(e, PersonAct)]

    asyncio.run(look())
    return scene


def test_the_embedded_engine_sees_a_real_nod_and_none_in_still_and_turning_heads(haar: Eyes, attune_data: Path) -> None:
    folder = attune_data / "intel-head-video"
    nodded = watch(haar, folder / "asl_gestures" / "yes.mkv")
    assert [(a.act, a.state) for a in nodded.acts] == [("nod", "started"), ("nod", "ended")]
    assert len({p.person_id for p in nodded.percepts}) == 1
    for name in ("male", "female"):
        assert watch(haar, folder / f"head-pose-face-detection-{name}.gif").acts == []


def test_the_embedded_engine_tells_distance_and_facing_but_no_angles(haar: Eyes, attune_data: Path) -> None:
    scene = watch(haar, attune_data / "intel-head-video" / "head-pose-face-detection-male.gif")
    percept = scene.percepts[-1]
    assert percept.distance_m == pytest.approx(0.78, abs=0.08), "the mesh says 0.77"
    assert (percept.head_rad, percept.gaze_rad, percept.mouth_moving, percept.smile) == (None,) * 4
    assert percept.facing > 0.9
