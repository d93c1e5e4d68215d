"""A recording as a rosbag2: everything is in it, at its time, in types that ROS has; read back by `rosbags` and by the `mcap` package."""

from __future__ import annotations

import json
import stat
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest
import yaml
from mcap.reader import make_reader
from typer.testing import CliRunner

pytest.importorskip("rosbags", reason="pip install 'attune[dds]'")

from rosbags.highlevel import AnyReader  # of an extra

from runtime import messages as m
from runtime.codec import MESSAGE_TYPES
from runtime.errors import AttuneError
from runtime.export_commands import app
from runtime.session.reader import SessionReader
from runtime.session.rosbag import write_rosbag
from runtime.session.rosbag_topics import MESSAGES
from runtime.session.rosbag_types import topic_part
from tests.runtime.session.support import MS, S, agent_audio, record, start, stop, write_part
from tests.runtime.session.test_outputs import at, conversation

JOINTS = ("neck_yaw", "neck_pitch")
OK, WARN, ERROR = 0, 1, 2


class Read(NamedTuple):
    """One message of a bag: its time and content."""

    t_ns: int
    message: Any


def read(bag: Path) -> dict[str, list[Read]]:
    """Return a bag's messages by topic."""
    topics: dict[str, list[Read]] = defaultdict(list)
    with AnyReader([bag]) as reader:
        for connection, t_ns, data in reader.messages():
            topics[connection.topic].append(Read(t_ns, reader.deserialize(data, connection.msgtype)))
    return dict(topics)


def bag_of(folder: Path, messages: list[m.Message], **options: Any) -> dict[str, list[Read]]:
    """Record, write a bag, read it."""
    write_part(folder / "session.mcap", sorted(messages, key=lambda message: message.t_ns))
    write_rosbag(folder, folder / "bag", **options)
    return read(folder / "bag")


def stamp_ns(message: Any) -> int:
    """Return the time in a message's header."""
    return int(message.header.stamp.sec) * S + int(message.header.stamp.nanosec)


def floats(*values: float) -> bytes:
    return np.array(values, dtype="<f4").tobytes()


def body() -> list[m.Message]:
    """A body of two joints that is commanded, measured and stopped."""
    return [
        start(0),
        m.BodyDescribed(
            body="attune", joints=JOINTS, low_rad=(-1, -1), high_rad=(1, 1), velocity_rad_s=(3, 3), rate_hz=50, t_ns=at(1)
        ),
        m.JointCommand(
            body="attune", index=7, position_rad=floats(0.5, -0.25), velocity_rad_s=floats(1, 2), state="follows",
            connected=True, t_ns=at(2),
        ),
        m.JointMeasured(body="attune", position_rad=floats(0.25, -0.125), t_ns=at(2.01)),
        m.BodyStatus(body="attune", state="slowed", connected=True, at_limit=("neck_yaw",), t_ns=at(3)),
        m.BodyStatus(body="attune", state="stopped", connected=True, detail="by the operator", t_ns=at(4)),
        m.BodyStatus(body="attune", state="follows", connected=False, t_ns=at(5)),
    ]  # fmt: skip


def test_nothing_that_was_recorded_is_lost(tmp_path: Path) -> None:
    messages = [*conversation(), *body()[1:]]
    told = bag_of(tmp_path, messages)
    kept: list[m.Message] = []
    for topic, items in told.items():
        if topic.startswith(MESSAGES):
            kind = MESSAGE_TYPES[topic.removeprefix(MESSAGES)]
            kept += [msgspec.json.decode(item.message.data, type=kind) for item in items]
            assert all(item.t_ns == message.t_ns for item, message in zip(items, kept[-len(items) :], strict=True))
    expected = [message for message in messages if not isinstance(message, m.AgentAudio)]
    assert len(kept) == len(expected)
    assert all(message in kept for message in expected)
    assert len(told["/agent/audio"]) == 1


def test_joints_have_their_names_numbers_and_times(tmp_path: Path) -> None:
    told = bag_of(tmp_path, body())
    (commanded,), (measured,) = told["/agent/joint_commands"], told["/joint_states"]
    assert commanded.message.name == list(JOINTS) and measured.message.name == list(JOINTS)
    assert commanded.message.position.tolist() == [0.5, -0.25] and commanded.message.velocity.tolist() == [1, 2]
    assert measured.message.position.tolist() == [0.25, -0.125] and len(measured.message.velocity) == 0
    assert commanded.t_ns == stamp_ns(commanded.message) == at(2)
    assert measured.t_ns == stamp_ns(measured.message) == at(2.01)


def test_joints_of_a_body_that_nobody_described_are_counted_and_kept_as_text(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", [message for message in body() if not isinstance(message, m.BodyDescribed)])
    summary = write_rosbag(tmp_path, tmp_path / "bag")
    assert summary.left_out == {"joints without a description of their body": 2}
    assert "/joint_states" not in summary.topics and summary.topics[f"{MESSAGES}joint_measured"] == 1


def test_sound_is_the_same_to_the_bit_and_says_its_rate_once(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    pcm = [rng.integers(-9_000, 9_000, 320).astype("<i2").tobytes() for _ in range(3)]
    user = [m.UserAudio(pcm=block, index=i, t_ns=at(0.02 * i)) for i, block in enumerate(pcm)]
    told = bag_of(tmp_path, [start(0), *user, agent_audio("r1", 0, np.ones(1_600), at(2.7)), stop(at(4))])
    heard = told["/audio"]
    assert [item.message.audio.data.tobytes() for item in heard] == pcm
    assert (
        [stamp_ns(item.message) for item in heard] == [item.t_ns for item in heard] == [at(0.02 * i) for i in range(3)]
    )
    (info,) = told["/audio_info"]
    assert (info.message.channels, info.message.sample_rate, info.message.sample_format) == (1, 16_000, "S16LE")
    assert len(told["/agent/audio"]) == len(told["/agent/audio_info"]) == 1
    assert info.t_ns <= heard[0].t_ns


def test_speech_comes_as_hypotheses_and_then_as_what_was_said(tmp_path: Path) -> None:
    told = bag_of(tmp_path, conversation())
    said = [(item.message.incremental, item.message.final) for item in told["/humans/voices/user/speech"]]
    assert said == [
        ("where", ""), ("where bin", ""), ("where", ""), ("where am I", ""), ("where am I", ""), ("where am I", ""),
        ("", "where am I"),
    ]  # fmt: skip
    assert [item.message.ids for item in told["/humans/voices/tracked"]] == [["user"]]
    agent = [(item.message.incremental, item.message.final) for item in told["/agent/speech"]]
    assert agent == [("You are at home", ""), ("", "You are")]
    assert [stamp_ns(item.message) for item in told["/agent/speech"]] == [at(2.7), at(3.58)]


def test_words_and_the_turn_of_a_known_person_are_one_voice(tmp_path: Path) -> None:
    told = bag_of(
        tmp_path,
        [
            start(0),
            m.Word(op="add", unit_id="w", text="hello", turn_id="u1", person_id="person 1", t_ns=at(1)),
            m.Turn(state="ended", speaker="user", turn_id="u1", text="Hello.", t_ns=at(2)),
            m.Word(op="add", unit_id="v", text="again", turn_id="u2", person_id="person 1", t_ns=at(3)),
        ],
    )
    speech = told["/humans/voices/person_1/speech"]
    assert [(item.message.incremental, item.message.final) for item in speech] == [
        ("hello", ""),
        ("", "Hello."),
        ("again", ""),
    ]
    assert "/humans/voices/user/speech" not in told


def test_people_affects_and_pictures_go_where_rep_155_has_them(tmp_path: Path) -> None:
    box = (0.25, 0.125, 0.5, 0.25)
    told = bag_of(
        tmp_path,
        [
            start(0),
            m.PersonPercept(state="arrived", person_id="1", box=box, confidence=0.5, t_ns=at(1)),
            m.PersonPercept(state="present", person_id="1", box=box, t_ns=at(2)),
            m.PersonPercept(state="arrived", person_id="2", t_ns=at(3)),
            m.AffectPercept(valence=-0.5, arousal=0.25, confidence=0.75, person_id="1", t_ns=at(4)),
            m.PersonPercept(state="left", person_id="1", t_ns=at(5)),
            m.UserVideo(jpeg=b"\xff\xd8picture\xff\xd9", t_ns=at(6)),
        ],
    )  # fmt: skip
    for topic in ("/humans/persons/tracked", "/humans/faces/tracked"):
        assert [item.message.ids for item in told[topic]] == [["id_1"], ["id_1", "id_2"], ["id_2"]]
    first = told["/humans/faces/id_1/roi"][0].message
    assert (first.xmin, first.ymin, first.xmax, first.ymax, first.c) == (0.25, 0.125, 0.75, 0.375, 0.5)
    felt = told["/humans/faces/id_1/expression"][0].message
    assert (felt.valence, felt.arousal, felt.confidence) == (-0.5, 0.25, 0.75)
    picture = told["/image/compressed"][0].message
    assert picture.format == "jpeg" and picture.data.tobytes() == b"\xff\xd8picture\xff\xd9"
    assert stamp_ns(picture) == at(6)


def test_heartbeats_and_the_body_s_state_are_diagnostics(tmp_path: Path) -> None:
    beats = [
        m.Heartbeat(pid=5, rss_mb=100.5, source="behavioral", counters={"lost": 2.0}, t_ns=at(1)),
        m.Heartbeat(pid=5, status="degraded", detail="no disk", source="recorder", t_ns=at(1.5)),
    ]
    told = bag_of(tmp_path, [*body(), *beats])
    statuses = [item.message.status[0] for item in told["/diagnostics"]]
    assert [(status.name, status.level) for status in statuses] == [
        ("attune: behavioral", OK), ("attune: recorder", WARN),
        ("attune: body attune", WARN), ("attune: body attune", ERROR), ("attune: body attune", ERROR),
    ]  # fmt: skip
    assert {pair.key: pair.value for pair in statuses[0].values} == {"rss_mb": "100.5", "pid": "5", "lost": "2"}
    assert statuses[1].message == "no disk" and statuses[3].message == "by the operator"


def test_the_folder_is_a_rosbag2_that_humble_reads_too_and_is_private(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", conversation())
    summary = write_rosbag(tmp_path, tmp_path / "deep" / "bag")
    bag = tmp_path / "deep" / "bag"
    assert sorted(path.name for path in bag.iterdir()) == ["bag.mcap", "metadata.yaml"]
    assert stat.S_IMODE(bag.stat().st_mode) == 0o700
    assert [path.name for path in bag.parent.iterdir()] == ["bag"]
    told = yaml.safe_load((bag / "metadata.yaml").read_text())["rosbag2_bagfile_information"]
    assert told["version"] == 8 and told["storage_identifier"] == "mcap"
    assert told["message_count"] == sum(summary.topics.values())
    assert told["duration"]["nanoseconds"] == 10 * S == round(summary.duration_s * S)
    assert told["custom_data"]["attune_media_zero_ns"] == str(at(0))
    latched = [
        topic["topic_metadata"]["name"]
        for topic in told["topics_with_message_count"]
        if topic["topic_metadata"]["offered_qos_profiles"]
    ]
    assert sorted(latched) == ["/agent/audio_info", "/humans/voices/tracked"]


def test_any_reader_of_mcap_finds_the_messages_in_order_of_their_time(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", conversation())
    summary = write_rosbag(tmp_path, tmp_path / "bag")
    with (tmp_path / "bag" / "bag.mcap").open("rb") as file:
        found = [
            (schema.name, message.log_time)
            for schema, _, message in make_reader(file).iter_messages(log_time_order=False)
        ]
    assert len(found) == sum(summary.topics.values())
    assert [t_ns for _, t_ns in found] == sorted(t_ns for _, t_ns in found)
    assert {"hri_msgs/msg/LiveSpeech", "std_msgs/msg/String", "diagnostic_msgs/msg/DiagnosticArray"} <= {
        n for n, _ in found
    }


def test_times_count_from_1970_where_asked_for(tmp_path: Path) -> None:
    async def script(bus: Any, clock: Any) -> None:
        await clock.sleep_until_ns(2 * S)
        bus.publish(m.Turn(state="ended", speaker="user", turn_id="u1", text="hello", t_ns=clock.now_ns() - 500 * MS))
        await clock.sleep_until_ns(3 * S)

    record(tmp_path, script, virtual=False)
    date = SessionReader(tmp_path).metadata["recorded_at"]
    began_ns = round(datetime.fromisoformat(date).timestamp()) * S
    write_rosbag(tmp_path, tmp_path / "bag", wall_time=True)
    (said,) = read(tmp_path / "bag")["/humans/voices/user/speech"]
    assert said.t_ns == stamp_ns(said.message) == began_ns - 500 * MS  # it is the first that arrived


def test_a_session_without_a_date_has_no_wall_time(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", conversation())
    with pytest.raises(AttuneError, match=r"does not say when it was recorded.*Leave out --wall-time"):
        write_rosbag(tmp_path, tmp_path / "bag", wall_time=True)


def test_of_a_recording_that_breaks_off_what_can_be_read_is_written(tmp_path: Path) -> None:
    whole = tmp_path / "session.mcap"
    write_part(whole, conversation())
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 4])
    summary = write_rosbag(tmp_path, tmp_path / "bag")
    assert summary.truncated and sum(summary.topics.values()) > 0
    assert sum(len(items) for items in read(tmp_path / "bag").values()) == sum(summary.topics.values())


def test_what_is_wrong_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    session = tmp_path / "session"
    session.mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(AttuneError, match="not a session folder"):
        write_rosbag(session, tmp_path / "bag")
    with pytest.raises(AttuneError, match="no such folder"):
        write_rosbag(tmp_path / "nowhere", tmp_path / "bag")
    write_part(session / "session.mcap", conversation())
    with pytest.raises(AttuneError, match=r"file: exists already"):
        write_rosbag(session, tmp_path / "file")
    with pytest.raises(AttuneError, match=r"bag: cannot be written \("):
        write_rosbag(session, tmp_path / "file" / "bag")
    write_part(tmp_path / "empty.mcap", [])
    with pytest.raises(AttuneError, match="holds no messages"):
        write_rosbag(tmp_path / "empty.mcap", tmp_path / "bag")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.mcap", "file", "session"]


def test_a_disk_that_is_full_is_one_clear_error_and_no_bag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rosbags.rosbag2 import Writer

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    write_part(tmp_path / "session.mcap", conversation())
    monkeypatch.setattr(Writer, "write", full)
    with pytest.raises(AttuneError, match=r"bag: cannot be written \(No space left on device\)"):
        write_rosbag(tmp_path, tmp_path / "bag")
    assert [path.name for path in tmp_path.iterdir()] == ["session.mcap"]


@pytest.mark.parametrize(
    ("text", "name"), [("p1", "p1"), ("1", "id_1"), ("", "id_"), ("Anna B.", "Anna_B_"), ("é", "_")]
)
def test_ids_become_parts_of_topic_names(text: str, name: str) -> None:
    assert topic_part(text) == name


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", conversation())
    done = CliRunner().invoke(app, ["rosbag", str(tmp_path), str(tmp_path / "bag")])
    assert done.exit_code == 0 and "messages on" in done.output and "10.0 s" in done.output
    done = CliRunner().invoke(app, ["rosbag", str(tmp_path), str(tmp_path / "bag-2"), "--json"])
    told = json.loads(done.output)
    assert told["topics"]["/humans/voices/user/speech"] == 7 and told["truncated"] is False
