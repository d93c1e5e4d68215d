"""The perception node's logic, both ways."""

import math
import re

import pytest
from attune_bridge.logic import topic_id
from attune_bridge.perception_logic import PerceptionLogic

from runtime import codec
from runtime import messages as m
from runtime.session.rosbag_types import topic_part
from tests.ros.logics import Stand, plain

HEADER = {"stamp": {"sec": 0, "nanosec": 0}, "frame_id": ""}


def test_words_are_told_as_they_are_revised_and_once_more_when_the_turn_is_over():
    stand = Stand(PerceptionLogic)
    for op, unit, text in (
        ("add", "1", "good"),
        ("add", "2", "mourning"),
        ("revoke", "2", ""),
        ("add", "3", "morning"),
    ):
        stand.logic.on_house(m.Word(op=op, unit_id=unit, text=text))
    stand.logic.on_house(m.Turn(state="ended", speaker="user", turn_id="t", text="Good morning.", person_id="p-1"))
    said = [
        (fields.get("incremental", ""), fields.get("final", ""), voice)
        for fields, voice in stand.published["user_speech"]
    ]
    assert said == [
        ("good", "", "user"),
        ("good mourning", "", "user"),
        ("good", "", "user"),
        ("good morning", "", "user"),
        ("", "Good morning.", "user"),
    ]
    assert stand.published["voice_id"] == [({"data": "user"}, "p_1")]


def test_engagement_has_a_direction():
    stand = Stand(PerceptionLogic)
    for facing in (0.1, 0.5, 0.9, 0.5, 0.1):
        stand.logic.on_house(m.PersonPercept(state="present", person_id="p", facing=facing))
    assert [fields["level"] for fields, _ in stand.published["engagement"]] == [1, 2, 3, 4, 1]


def test_a_face_to_the_left_is_at_negative_x_of_the_cameras_frame():
    stand = Stand(PerceptionLogic)
    stand.logic.on_house(
        m.PersonPercept(state="present", person_id="p", bearing_rad=(math.pi / 2, 0.0), distance_m=2.0)
    )
    place = stand.last("tf")["transforms"][0]["transform"]["translation"]
    assert (place["x"], place["y"], place["z"]) == pytest.approx((-2.0, 0.0, 0.0))


def test_either_the_agent_perceives_or_other_nodes_do():
    own, others = Stand(PerceptionLogic).logic, Stand(PerceptionLogic, perceive="ros", audio="ros").logic
    assert own.uses("persons") and not own.uses("persons_in") and not own.uses("audio_in")
    assert (
        others.uses("persons_in")
        and not others.uses("persons")
        and others.uses("audio_in")
        and not others.uses("image_in")
    )
    stand = Stand(PerceptionLogic, perceive="ros")
    stand.logic.on_house(m.PersonPercept(state="present", person_id="p"))
    assert stand.published == {}


def test_people_of_other_nodes_arrive_with_their_faces_and_leave():
    stand = Stand(PerceptionLogic, perceive="ros")
    stand.logic.on_topic("persons_in", plain({"ids": ["p1"]}))
    assert ("faces_in", "p1") in stand.followed
    stand.logic.on_topic("faces_in", plain({"data": "f1"}), "p1")
    stand.logic.on_topic("roi_in", plain({"xmin": 0.25, "ymin": 0.0, "xmax": 0.75, "ymax": 2.0, "c": 0.5}), "f1")
    stand.logic.on_topic("expression_in", plain({"expression": "happy", "valence": math.nan}), "f1")
    stand.logic.on_topic(
        "roi_in", plain({"xmin": 0.0, "ymin": 0.0, "xmax": 1.0, "ymax": 1.0, "c": 1.0}), "somebody else's"
    )
    stand.logic.tick()
    stand.logic.on_topic("persons_in", plain({"ids": []}))
    first, present, last = stand.of(m.PersonPercept)
    assert (first.state, present.state, last.state) == ("arrived", "present", "left")
    assert (present.box, present.smile, present.valence, present.confidence) == ((0.25, 0.0, 0.5, 1.0), 0.8, 0.0, 0.5)
    assert stand.followed == set()


def test_a_person_who_came_while_the_agent_was_away_arrives_later():
    stand = Stand(PerceptionLogic, perceive="ros")
    stand.there = False
    stand.logic.on_topic("persons_in", plain({"ids": ["p1"]}))
    stand.there = True
    stand.logic.tick()
    assert [percept.state for percept in stand.of(m.PersonPercept)] == ["arrived"]


def test_speech_of_other_nodes_begins_changes_and_ends():
    stand = Stand(PerceptionLogic, perceive="ros")
    stand.logic.on_topic("voices_in", plain({"ids": ["v"]}))
    for incremental, final in (("good", ""), ("good mor", ""), ("", "good morning"), ("", "")):
        stand.logic.on_topic("speech_in", plain({"incremental": incremental, "final": final, "confidence": 0.5}), "v")
    assert [(each.state, each.text) for each in stand.of(m.RecognisedSpeech)] == [
        ("started", ""), ("words", "good"), ("words", "good mor"), ("ended", "good morning"),
    ]  # fmt: skip


def test_sound_keeps_its_time_and_long_blocks_are_cut():
    stand = Stand(PerceptionLogic, audio="ros")
    stamp = {"stamp": {"sec": 1_699_999_999, "nanosec": 500_000_000}, "frame_id": ""}
    stand.logic.on_topic("audio_in", plain({"header": stamp, "audio": {"data": bytes(80_000)}}))
    one, two = stand.of(m.UserAudio)
    assert one.t_ns == stand.times.session - 500_000_000
    assert two.t_ns - one.t_ns == len(one.pcm) // 2 * 1_000_000_000 // 16_000
    stand.logic.on_topic("audio_in", plain({"header": stamp, "audio": {"data": b"odd"}}))
    assert stand.logic.troubles == {"audio": 1}


def test_pictures_come_at_most_so_often_and_only_jpeg():
    stand = Stand(PerceptionLogic, image="ros", image_hz=10.0)
    for data in (b"\x89PNG", b"\xff\xd8 1", b"\xff\xd8 2"):
        stand.logic.on_topic("image_in", plain({"header": HEADER, "format": "jpeg", "data": data}))
    assert [each.jpeg for each in stand.of(m.UserVideo)] == [b"\xff\xd8 1"]
    assert stand.logic.troubles == {"image": 1}


@pytest.mark.parametrize(
    ("range_m", "told_m"),
    [(1.0, 1.0), (0.05, None), (9.0, None), (math.nan, None), (math.inf, 1_000.0), (-math.inf, 0.0)],
)
def test_a_distance_that_the_sensor_can_measure_is_told_and_that_nobody_or_somebody_too_near_is_there(range_m, told_m):
    stand = Stand(PerceptionLogic)
    stand.logic.on_topic("range_in", plain({"header": HEADER, "range": range_m, "min_range": 0.1, "max_range": 5.0}))
    assert [each.distance_m for each in stand.of(m.PersonDistance)] == ([] if told_m is None else [told_m])
    assert bool(stand.logic.troubles) == (told_m is None)


def test_each_range_sensor_speaks_for_itself_so_that_the_nearest_person_counts():
    stand = Stand(PerceptionLogic)
    for frame, range_m in (("range_left", 0.3), ("range_right", math.inf), ("x" * 200, 1.0)):
        header = {"stamp": {"sec": 0, "nanosec": 0}, "frame_id": frame}
        stand.logic.on_topic(
            "range_in", plain({"header": header, "range": range_m, "min_range": 0.1, "max_range": 4.0})
        )
    left, right, long = stand.of(m.PersonDistance)
    assert (left.distance_m, left.sensor) == (0.3, "range_left")
    assert right.sensor == "range_right" and right.distance_m > 4.0
    assert codec.decode(codec.encode(long)) == long


def test_an_id_that_begins_with_a_digit_makes_a_name_that_ros_takes():
    stand = Stand(PerceptionLogic)
    stand.logic.on_house(m.PersonPercept(state="present", person_id="3f-2", facing=0.5))
    assert stand.last("persons")["ids"] == ["id_3f_2"]
    for house_id in ("3f-2", "7", "p-1", "", "\u0664x"):
        made = topic_id(house_id)
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", made)
        assert topic_id(made) == made
        assert not house_id or made == topic_part(house_id), "as in a rosbag of the same session"
