"""The contract with ROS: everything that the three nodes publish, subscribe to, serve and call, in one table that both wires read.

A relative name lies in the node's namespace; `<id>` stands for a person, face or voice. `direction` is `out` for what we publish or call
and `in` for what we subscribe to or serve. Frames: joints by REP-103 (radians), robot frames by REP-105, people by REP-155 (`face_<id>`,
in the camera's frame). `hash` is the RIHS01 hash of the message, of an action of its goal, of a service of its request; a test computes
it anew from the definitions. Stamps are ROS time, of `/clock` where `use_sim_time` is set. Pure data; needs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Qos:
    """A quality of service by its name in the table; `depth` is of the history."""

    reliable: bool
    latched: bool
    depth: int
    what: str


QOS = {
    "event": Qos(True, False, 10, "reliable, volatile, last 10"),
    "state": Qos(True, True, 1, "reliable, transient local, last 1"),
    "sensor": Qos(False, False, 5, "best effort, volatile, last 5"),
    "audio": Qos(True, False, 50, "reliable, volatile, last 50"),
    "command": Qos(True, False, 1, "reliable, volatile, last 1"),
    "tf": Qos(True, False, 100, "reliable, volatile, last 100"),
    "service": Qos(True, False, 10, "reliable, volatile, last 10"),
}
"""Actions: services with `service`, feedback with `event`, status with `state`."""


@dataclass(frozen=True)
class Row:
    """One line of the contract; `key` is its name in the logic, `node` the one that has it."""

    node: Literal["agent", "perception", "body"]
    key: str
    name: str
    direction: Literal["out", "in"]
    kind: Literal["topic", "service", "action"]
    type: str
    qos: str
    hash: str
    what: str


CONTRACT: tuple[Row, ...] = (
    Row("agent", "state", "agent/state", "out", "topic", "attune_msgs/msg/AgentState", "state",
        "RIHS01_12f06060e5e746f5908c82bd7669ae2d97043838ee72ac4fabd3c5f82278c23c",
        "what the agent is doing, at each change and once a second"),
    Row("agent", "intention_answers", "agent/intention_answers", "out", "topic", "attune_msgs/msg/IntentionAnswer", "event",
        "RIHS01_00cb5e6555066e42a45bf64f7e4ff5c0420444ae801f070e42ff8b0d0ad1277f",
        "what becomes of each intention"),
    Row("agent", "speech", "agent/speech", "out", "topic", "hri_msgs/msg/LiveSpeech", "event",
        "RIHS01_2cfdf359eed836b1d32ac2d62e1476f2048212e7ed79a17c0a594b04c33f8783",
        "the agent's own words: `incremental` as a clause begins, `final` what was heard of it"),
    Row("agent", "text", "agent/text", "out", "topic", "std_msgs/msg/String", "event",
        "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
        "each clause as it begins, for a synthesiser of the robot's own"),
    Row("agent", "audio_out", "agent/audio", "out", "topic", "audio_common_msgs/msg/AudioDataStamped", "audio",
        "RIHS01_6fc679d5a868ed68e4d301f1ef42abecc86140afb57d255656ff2d9e476ea9e3",
        "the agent's voice, signed 16 bit mono; the stamp is when its first sample is to be heard"),
    Row("agent", "audio_info", "agent/audio_info", "out", "topic", "audio_common_msgs/msg/AudioInfo", "state",
        "RIHS01_b3494d204e513d2cceefae1888e5be3da7c8c8ca31eb277f7b5b62f364bcb1fb",
        "rate and format of `agent/audio`"),
    Row("agent", "expression", "agent/expression", "out", "topic", "hri_msgs/msg/Expression", "state",
        "RIHS01_411b88e0604397d44775d8ec6a4bc69398fb0dfbfe864c33a40fa99ee85f1b00",
        "the face that the agent makes"),
    Row("agent", "diagnostics", "/diagnostics", "out", "topic", "diagnostic_msgs/msg/DiagnosticArray", "event",
        "RIHS01_5a8a36efb05fb25070fa0fb3810290c0e6cd4862b54a8fb975a1ee8dc55a333e",
        "the house's rooms, the bridge and the body, once a second"),
    Row("agent", "intents", "/intents", "in", "topic", "hri_actions_msgs/msg/Intent", "event",
        "RIHS01_18e9aa294364ac20676451ce12bb15945a6d848f49e4ff118a98597f5589e49b",
        "what people or other nodes want of the agent; becomes an intention"),
    Row("agent", "say", "agent/say", "in", "topic", "std_msgs/msg/String", "event",
        "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
        "words to say when the floor is free"),
    Row("agent", "send_intention", "agent/send_intention", "in", "service", "attune_msgs/srv/SendIntention", "service",
        "RIHS01_cafd25f12c907db1c651c68e167899a7af82f5c10dbef8398e6a64c2976eaa65",
        "an intention with all that it can carry"),
    Row("agent", "cancel_intention", "agent/cancel_intention", "in", "service", "attune_msgs/srv/CancelIntention", "service",
        "RIHS01_d5f87cc65d1f3bd236675b0cb9a65f02dc2c801bb18882426beb614aca33afea",
        "takes one back"),
    Row("agent", "start", "agent/start", "in", "service", "std_srvs/srv/Trigger", "service",
        "RIHS01_d010825374ce8918e72bfd826c82603e60f45419e932ea976f807b74a863a199",
        "the agent goes on after `agent/stop`"),
    Row("agent", "stop", "agent/stop", "in", "service", "std_srvs/srv/Trigger", "service",
        "RIHS01_d010825374ce8918e72bfd826c82603e60f45419e932ea976f807b74a863a199",
        "the agent falls silent and does nothing of its own; its body goes to rest"),
    Row("agent", "mute", "agent/mute", "in", "service", "std_srvs/srv/SetBool", "service",
        "RIHS01_c62fbb99d94e1b25e8ef9e109f9581956bb1b3361a45a4e5810c36a90d29932e",
        "takes the agent's voice, or gives it back"),
    Row("agent", "emergency_stop", "agent/emergency_stop", "in", "service", "std_srvs/srv/Trigger", "service",
        "RIHS01_d010825374ce8918e72bfd826c82603e60f45419e932ea976f807b74a863a199",
        "stops body and voice at once; holds until `agent/release`"),
    Row("agent", "release", "agent/release", "in", "service", "std_srvs/srv/Trigger", "service",
        "RIHS01_d010825374ce8918e72bfd826c82603e60f45419e932ea976f807b74a863a199",
        "releases an emergency stop"),
    Row("perception", "persons", "/humans/persons/tracked", "out", "topic", "hri_msgs/msg/IdsList", "event",
        "RIHS01_7e0812d1ac945c98fd3e393568d581ad0ab567f37b24eff633eab778c1bfe62d",
        "people in view, at each change and once a second (`perceive: agent`)"),
    Row("perception", "faces", "/humans/faces/tracked", "out", "topic", "hri_msgs/msg/IdsList", "event",
        "RIHS01_7e0812d1ac945c98fd3e393568d581ad0ab567f37b24eff633eab778c1bfe62d",
        "their faces; a face has its person's id"),
    Row("perception", "voices", "/humans/voices/tracked", "out", "topic", "hri_msgs/msg/IdsList", "event",
        "RIHS01_7e0812d1ac945c98fd3e393568d581ad0ab567f37b24eff633eab778c1bfe62d",
        "voices that are heard"),
    Row("perception", "face_id", "/humans/persons/<id>/face_id", "out", "topic", "std_msgs/msg/String", "state",
        "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
        "the person's face"),
    Row("perception", "voice_id", "/humans/persons/<id>/voice_id", "out", "topic", "std_msgs/msg/String", "state",
        "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
        "the person's voice, once it is known whose it is"),
    Row("perception", "engagement", "/humans/persons/<id>/engagement_status", "out", "topic", "hri_msgs/msg/EngagementLevel", "state",
        "RIHS01_275391f46d2e6cc0d21085f8e02dce6a8150baa57539ec99bd9f4e0321443788",
        "from how much the person faces the agent"),
    Row("perception", "roi", "/humans/faces/<id>/roi", "out", "topic", "hri_msgs/msg/NormalizedRegionOfInterest2D", "sensor",
        "RIHS01_2e50c93f1ca166ee77af9a5424dc951ae4e452b740162a7f83c082d917dcaff5",
        "where the face is in the picture"),
    Row("perception", "face_expression", "/humans/faces/<id>/expression", "out", "topic", "hri_msgs/msg/Expression", "sensor",
        "RIHS01_411b88e0604397d44775d8ec6a4bc69398fb0dfbfe864c33a40fa99ee85f1b00",
        "smile and valence that the face shows"),
    Row("perception", "gazes", "/humans/interactions/gazes", "out", "topic", "hri_msgs/msg/Gaze", "event",
        "RIHS01_e8c46fafadbeca4367ca1987944b54863fcfc0175319002a76df5298570f4ab3",
        "who looks at whom; an empty receiver is the robot"),
    Row("perception", "user_speech", "/humans/voices/<id>/speech", "out", "topic", "hri_msgs/msg/LiveSpeech", "event",
        "RIHS01_2cfdf359eed836b1d32ac2d62e1476f2048212e7ed79a17c0a594b04c33f8783",
        "the person's words as they are recognised"),
    Row("perception", "is_speaking", "/humans/voices/<id>/is_speaking", "out", "topic", "std_msgs/msg/Bool", "state",
        "RIHS01_feb91e995ff9ebd09c0cb3d2aed18b11077585839fb5db80193b62d74528f6c9",
        "voice activity"),
    Row("perception", "tf", "/tf", "out", "topic", "tf2_msgs/msg/TFMessage", "tf",
        "RIHS01_e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087",
        "`face_<id>` in `camera_frame`, of faces whose distance is known"),
    Row("perception", "persons_in", "/humans/persons/tracked", "in", "topic", "hri_msgs/msg/IdsList", "event",
        "RIHS01_7e0812d1ac945c98fd3e393568d581ad0ab567f37b24eff633eab778c1bfe62d",
        "people whom other nodes perceive (`perceive: ros`)"),
    Row("perception", "engagement_in", "/humans/persons/<id>/engagement_status", "in", "topic", "hri_msgs/msg/EngagementLevel", "event",
        "RIHS01_275391f46d2e6cc0d21085f8e02dce6a8150baa57539ec99bd9f4e0321443788",
        "how engaged each is"),
    Row("perception", "roi_in", "/humans/faces/<id>/roi", "in", "topic", "hri_msgs/msg/NormalizedRegionOfInterest2D", "sensor",
        "RIHS01_2e50c93f1ca166ee77af9a5424dc951ae4e452b740162a7f83c082d917dcaff5",
        "where their faces are"),
    Row("perception", "expression_in", "/humans/faces/<id>/expression", "in", "topic", "hri_msgs/msg/Expression", "sensor",
        "RIHS01_411b88e0604397d44775d8ec6a4bc69398fb0dfbfe864c33a40fa99ee85f1b00",
        "what their faces show"),
    Row("perception", "faces_in", "/humans/persons/<id>/face_id", "in", "topic", "std_msgs/msg/String", "event",
        "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
        "which face is whose"),
    Row("perception", "voices_in", "/humans/voices/tracked", "in", "topic", "hri_msgs/msg/IdsList", "event",
        "RIHS01_7e0812d1ac945c98fd3e393568d581ad0ab567f37b24eff633eab778c1bfe62d",
        "voices that other nodes hear"),
    Row("perception", "speech_in", "/humans/voices/<id>/speech", "in", "topic", "hri_msgs/msg/LiveSpeech", "event",
        "RIHS01_2cfdf359eed836b1d32ac2d62e1476f2048212e7ed79a17c0a594b04c33f8783",
        "words that other nodes recognise"),
    Row("perception", "audio_in", "audio", "in", "topic", "audio_common_msgs/msg/AudioDataStamped", "audio",
        "RIHS01_6fc679d5a868ed68e4d301f1ef42abecc86140afb57d255656ff2d9e476ea9e3",
        "the robot's microphone, signed 16 bit mono (`audio: ros`)"),
    Row("perception", "image_in", "image/compressed", "in", "topic", "sensor_msgs/msg/CompressedImage", "sensor",
        "RIHS01_15640771531571185e2efc8a100baf923961a4d15d5569652e6cb6691e8e371a",
        "the robot's camera, JPEG (`image: ros`)"),
    Row("perception", "range_in", "range", "in", "topic", "sensor_msgs/msg/Range", "sensor",
        "RIHS01_b42b62562e93cbfe9d42b82fe5994dfa3d63d7d5c90a317981703f7388adff3a",
        "distance to the nearest person; the body slows down by it"),
    Row("body", "joint_commands", "agent/joint_commands", "out", "topic", "sensor_msgs/msg/JointState", "sensor",
        "RIHS01_a13ee3a330e346c9d87b5aa18d24e11690752bd33a0350f11c5882bc9179260e",
        "what leaves the safety filter for the motors"),
    Row("body", "joint_states", "joint_states", "out", "topic", "sensor_msgs/msg/JointState", "sensor",
        "RIHS01_a13ee3a330e346c9d87b5aa18d24e11690752bd33a0350f11c5882bc9179260e",
        "where the joints are, of a body that the agent's house drives (`body: agent`)"),
    Row("body", "joint_states_in", "joint_states", "in", "topic", "sensor_msgs/msg/JointState", "sensor",
        "RIHS01_a13ee3a330e346c9d87b5aa18d24e11690752bd33a0350f11c5882bc9179260e",
        "where the robot's joints are (`body: ros`)"),
    Row("body", "trajectory", "joint_trajectory_controller/joint_trajectory", "out", "topic",
        "trajectory_msgs/msg/JointTrajectory", "command",
        "RIHS01_179b33eba59d676f6d967ac71fe35e7ca2f64b2f3928f4a018cec115e213796e",
        "what left the safety filter, 0.1 s later, at most 50 Hz; each ends at a standstill (`body: ros`, `controller: topic`)"),
    Row("body", "goal", "joint_trajectory_controller/follow_joint_trajectory", "out", "action",
        "control_msgs/action/FollowJointTrajectory", "service",
        "RIHS01_8a9060704b269608f5a340934cc26e66869dd14bdac29e2e7fd9ec8b9882d205",
        "the same as goals, 10 Hz, each replaces the one before (`body: ros`, `controller: action`)"),
    Row("body", "follow", "agent/follow_joint_trajectory", "in", "action", "control_msgs/action/FollowJointTrajectory", "service",
        "RIHS01_8a9060704b269608f5a340934cc26e66869dd14bdac29e2e7fd9ec8b9882d205",
        "goals of others, through the agent's safety filter"),
    Row("body", "look_at", "agent/look_at", "in", "action", "control_msgs/action/PointHead", "service",
        "RIHS01_077883bf47f9442e4305e57fdd60c813115def08669e6b7b62d85795e6cfc0f9",
        "the agent looks at a point, in `base_frame` or its own head's frame"),
)  # fmt: skip


def rows_of(node: str) -> tuple[Row, ...]:
    """Return the rows of one node."""
    return tuple(row for row in CONTRACT if row.node == node)


def row(node: str, key: str) -> Row:
    """Return one row; KeyError where there is none."""
    for each in CONTRACT:
        if (each.node, each.key) == (node, key):
            return each
    raise KeyError(f"{node}: {key}")


def hashed_type(each: Row) -> str:
    """Return the name of the message type that the row's hash is of."""
    return each.type + {"topic": "", "service": "_Request", "action": "_Goal"}[each.kind]
