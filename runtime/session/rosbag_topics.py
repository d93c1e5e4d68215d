"""Which topics of a rosbag a recorded message becomes.

Everything but sound and pictures goes, whole, as JSON onto `/attune/messages/<type>` (std_msgs/String), so that nothing is lost. What ROS
has a type for goes onto a topic of that type as well, under the name that the ROS 2 nodes use for it: joints, sound, pictures, diagnostics,
and what REP-155 (ROS4HRI) names under `/humans`. Pure, apart from what `Topics` must remember to tell a stream: hypotheses of words, who is
here, names of joints. Fed in order of time; times in ns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import numpy as np

from runtime import messages as m
from runtime.session import rosbag_types as ros

JOINT_STATES, JOINT_COMMANDS = "/joint_states", "/agent/joint_commands"
USER_AUDIO, AGENT_AUDIO = "/audio", "/agent/audio"
CAMERA = "/image/compressed"
MESSAGES = "/attune/messages/"
AGENT_SPEECH = "/agent/speech"
DIAGNOSTICS = "/diagnostics"
PERSONS, FACES, VOICES = "/humans/persons/tracked", "/humans/faces/tracked", "/humans/voices/tracked"
UNKNOWN_VOICE = "user"
"""Voice of a person whom vision does not know."""
LATCHED = frozenset({f"{USER_AUDIO}_info", f"{AGENT_AUDIO}_info", PERSONS, FACES, VOICES})
"""Topics whose newest message is for those who come later, too."""
_OK, _WARN, _ERROR = 0, 1, 2
_LEVELS: Mapping[str, int] = {"follows": _OK, "rests": _OK, "slowed": _WARN, "stops": _WARN, "stopped": _ERROR}
_STREAMS = (m.UserAudio, m.AgentAudio, m.UserVideo)
_encode = msgspec.json.Encoder().encode


class Told(NamedTuple):
    """One message of the bag."""

    topic: str
    kind: str
    message: Any


class Topics:
    """Turns the messages of one recording into those of a bag.

    Attributes:
        left_out: messages for which no standard topic could be made, counted by reason; their JSON is in the bag.
    """

    def __init__(self, joints: Mapping[str, tuple[str, ...]], offset_ns: int = 0) -> None:
        """Begin.

        Args:
            joints: names of the joints of each body of the session.
            offset_ns: what is added to session times.
        """
        self.left_out: Counter[str] = Counter()
        self._joints = joints
        self._offset_ns = offset_ns
        self._rates: dict[str, int] = {}
        self._units: dict[str, dict[str, str]] = {}
        self._voices: dict[str, str] = {}
        self._clauses: dict[tuple[str, int], str] = {}
        self._here: dict[str, list[str]] = {PERSONS: [], FACES: [], VOICES: []}
        self._makers: dict[type[m.Message], Callable[[Any, int], Iterator[Told]]] = {
            m.UserAudio: lambda message, t_ns: self._audio(USER_AUDIO, message, t_ns),
            m.AgentAudio: lambda message, t_ns: self._audio(AGENT_AUDIO, message, t_ns),
            m.UserVideo: self._picture,
            m.JointMeasured: self._measured,
            m.JointCommand: self._commanded,
            m.Word: self._word,
            m.Turn: self._turn,
            m.AgentSpeech: self._agent_speech,
            m.AffectPercept: self._affect,
            m.PersonPercept: self._person,
            m.Heartbeat: self._heartbeat,
            m.BodyStatus: self._body_status,
        }

    def of(self, message: m.AnyMessage, log_ns: int) -> Iterator[Told]:
        """Iterate over what a message becomes; `log_ns` is its session time."""
        if not isinstance(message, _STREAMS):
            tag = message.__struct_config__.tag
            yield Told(f"{MESSAGES}{tag}", ros.STRING, ros.make(ros.STRING, _encode(message).decode()))
        maker = self._makers.get(type(message))
        if maker is not None:
            yield from maker(message, log_ns + self._offset_ns)

    def _audio(self, topic: str, message: m.UserAudio | m.AgentAudio, t_ns: int) -> Iterator[Told]:
        rate = message.sample_rate_hz
        if self._rates.get(topic) != rate:
            self._rates[topic] = rate
            yield Told(f"{topic}_info", ros.AUDIO_INFO, ros.make(ros.AUDIO_INFO, 1, rate, "S16LE", 16 * rate, "PCM"))
        data = ros.make("audio_common_msgs/msg/AudioData", np.frombuffer(message.pcm, dtype=np.uint8))
        yield Told(topic, ros.AUDIO, ros.make(ros.AUDIO, ros.header(t_ns), data))

    def _picture(self, message: m.UserVideo, t_ns: int) -> Iterator[Told]:
        picture = np.frombuffer(message.jpeg, dtype=np.uint8)
        yield Told(
            CAMERA, ros.PICTURE, ros.make(ros.PICTURE, ros.header(t_ns, "camera_optical_frame"), "jpeg", picture)
        )

    def _measured(self, message: m.JointMeasured, t_ns: int) -> Iterator[Told]:
        yield from self._joint_state(JOINT_STATES, message.body, (message.position_rad, b""), t_ns)

    def _commanded(self, message: m.JointCommand, t_ns: int) -> Iterator[Told]:
        arrays = (message.position_rad, message.velocity_rad_s)
        yield from self._joint_state(JOINT_COMMANDS, message.body, arrays, t_ns)

    def _joint_state(self, topic: str, body: str, arrays: tuple[bytes, bytes], t_ns: int) -> Iterator[Told]:
        names = self._joints.get(body)
        if names is None or any(data and len(data) != 4 * len(names) for data in arrays):
            self.left_out["joints without a description of their body"] += 1
            return
        position, velocity = (np.frombuffer(data, dtype="<f4").astype(np.float64) for data in arrays)
        state = ros.make(ros.JOINTS, ros.header(t_ns), list(names), position, velocity, np.zeros(0))
        yield Told(topic, ros.JOINTS, state)

    def _word(self, word: m.Word, t_ns: int) -> Iterator[Told]:
        voice = self._voices.get(word.turn_id, ros.topic_part(word.person_id or UNKNOWN_VOICE))
        if word.turn_id:
            self._voices[word.turn_id] = voice
        units = self._units.setdefault(voice, {})
        if word.op == "revoke":
            units.pop(word.unit_id, None)
        elif word.text or word.op == "add":
            units[word.unit_id] = word.text
        yield from self._speech(voice, " ".join(units.values()), "", word.confidence, t_ns)

    def _turn(self, turn: m.Turn, t_ns: int) -> Iterator[Told]:
        if turn.speaker != "user" or turn.state != "ended":
            return
        voice = self._voices.pop(turn.turn_id, ros.topic_part(turn.person_id or UNKNOWN_VOICE))
        self._units.pop(voice, None)
        yield from self._speech(voice, "", turn.text, 1.0, t_ns)

    def _speech(self, voice: str, so_far: str, final: str, confidence: float, t_ns: int) -> Iterator[Told]:
        yield from self._tracked(VOICES, voice, t_ns, here=True)
        said = ros.make(ros.SPEECH, ros.header(t_ns), so_far, final, confidence, "")
        yield Told(f"/humans/voices/{voice}/speech", ros.SPEECH, said)

    def _agent_speech(self, speech: m.AgentSpeech, t_ns: int) -> Iterator[Told]:
        key = (speech.response_id, speech.clause)
        text = speech.text or self._clauses.get(key, "")
        if speech.state in ("planned", "started"):
            self._clauses[key] = text
        if speech.state == "started":
            yield Told(AGENT_SPEECH, ros.SPEECH, ros.make(ros.SPEECH, ros.header(t_ns), text, "", 1.0, ""))
        elif speech.state in ("finished", "interrupted"):
            self._clauses.pop(key, None)
            heard = text if speech.state == "finished" else speech.heard
            yield Told(AGENT_SPEECH, ros.SPEECH, ros.make(ros.SPEECH, ros.header(t_ns), "", heard, 1.0, ""))

    def _affect(self, affect: m.AffectPercept, t_ns: int) -> Iterator[Told]:
        face = ros.topic_part(affect.person_id or UNKNOWN_VOICE)
        felt = ros.make(ros.EXPRESSION, ros.header(t_ns), "", affect.valence, affect.arousal, affect.confidence)
        yield Told(f"/humans/faces/{face}/expression", ros.EXPRESSION, felt)

    def _person(self, person: m.PersonPercept, t_ns: int) -> Iterator[Told]:
        name, here = ros.topic_part(person.person_id), person.state != "left"
        for topic in (PERSONS, FACES):
            yield from self._tracked(topic, name, t_ns, here=here)
        x, y, width, height = person.box
        if here and width and height:
            corners = (x, y, min(1.0, x + width), min(1.0, y + height))
            region = ros.make(ros.REGION, ros.header(t_ns, "camera_optical_frame"), *corners, person.confidence)
            yield Told(f"/humans/faces/{name}/roi", ros.REGION, region)

    def _tracked(self, topic: str, name: str, t_ns: int, *, here: bool) -> Iterator[Told]:
        """Tell who is tracked now, where that has changed."""
        names = self._here[topic]
        if here == (name in names):
            return
        (names.append if here else names.remove)(name)
        yield Told(topic, ros.IDS, ros.make(ros.IDS, ros.header(t_ns), list(names)))

    def _heartbeat(self, beat: m.Heartbeat, t_ns: int) -> Iterator[Told]:
        values = {"rss_mb": beat.rss_mb, "pid": beat.pid, **beat.counters}
        yield self._diagnostic(
            beat.source, _OK if beat.status == "ok" else _WARN, beat.detail or beat.status, values, t_ns
        )

    def _body_status(self, body: m.BodyStatus, t_ns: int) -> Iterator[Told]:
        level = _LEVELS[body.state] if body.connected else _ERROR
        values = {"connected": body.connected, "at_limit": " ".join(body.at_limit)}
        yield self._diagnostic(f"body {body.body}", level, body.detail or body.state, values, t_ns)

    def _diagnostic(self, name: str, level: int, text: str, values: Mapping[str, object], t_ns: int) -> Told:
        pairs = [ros.make("diagnostic_msgs/msg/KeyValue", key, _value(value)) for key, value in values.items()]
        status = ros.make("diagnostic_msgs/msg/DiagnosticStatus", level, f"attune: {name}", text, "", pairs)
        return Told(DIAGNOSTICS, ros.DIAGNOSTICS, ros.make(ros.DIAGNOSTICS, ros.header(t_ns), [status]))


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
