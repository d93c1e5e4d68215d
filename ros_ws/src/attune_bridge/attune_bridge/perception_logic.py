"""Logic of the perception node: what the agent perceives as REP-155 says it, and what other nodes perceive into the agent.

`perceive: agent` publishes `/humans`, `perceive: ros` reads it (the agent's own vision is then to be off); never both, or the agent
would hear its own echo. `audio: ros` and `image: ros` bring the robot's microphone and camera to the agent. Distances in metres, angles in
radians; positions of faces in an optical frame (x right, y down, z forward), without orientation.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from attune_bridge.logic import NS_PER_S, Logic, Ports, topic_id
from runtime import messages as m

UNKNOWN, DISENGAGED, ENGAGING, ENGAGED, DISENGAGING = range(5)
ENGAGED_FROM, DISENGAGED_BELOW = 0.6, 0.35
FACING = {UNKNOWN: 0.5, DISENGAGED: 0.1, ENGAGING: 0.5, ENGAGED: 1.0, DISENGAGING: 0.4}
USER = "user"
"""Id of a voice of which nobody knows whose it is."""
NOBODY_M = 1_000.0
"""Told where a sensor says that nothing is in its range."""
PCM_MAX = 1 << 16
JPEG_MAX = 4 << 20
PER_PERSON = ("engagement_in", "faces_in")
PER_FACE = ("roi_in", "expression_in")
SMILES = {"happy": 0.8, "excited": 0.8, "amazed": 0.5}


class PerceptionLogic(Logic):
    """People, voices, sound and pictures, one way or the other."""

    wants = (m.PersonPercept, m.Word, m.Turn, m.UserSpeech)
    defaults: ClassVar = {
        "perceive": "agent", "audio": "none", "image": "none", "audio_rate_hz": 16_000, "image_hz": 15.0, "range": True,
        "camera_frame": "camera_optical_frame",
    }  # fmt: skip

    def __init__(self, ports: Ports) -> None:
        """Begin with nobody in view."""
        super().__init__(ports)
        self._people: dict[str, m.PersonPercept] = {}
        self._engagement: dict[str, int] = {}
        self._units: dict[str, str] = {}
        self._voice = USER
        self._voices: tuple[str, ...] = ()
        self._seen: dict[str, dict[str, Any]] = {}
        self._arrived: set[str] = set()
        self._face_of: dict[str, str] = {}
        self._heard: dict[str, bool] = {}
        self._audio_index = self._image_index = 0
        self._image_due_ns = self._due_ns = 0

    def uses(self, key: str) -> bool:
        """Return whether a row is used: one way of perceiving, and streams that are asked for."""
        if key in ("audio_in", "image_in"):
            return bool(self.parameters[key.removesuffix("_in")] == "ros")
        if key == "range_in":
            return bool(self.parameters["range"])
        return key.endswith("_in") is bool(self.parameters["perceive"] == "ros")

    def on_house(self, message: Any) -> None:
        """Say of people what the agent perceives."""
        if self.parameters["perceive"] == "ros":
            return
        if isinstance(message, m.PersonPercept):
            self._person(message)
        elif isinstance(message, m.UserSpeech):
            self._voice_is_there(message.t_ns)
            self.ports.publish("is_speaking", {"data": message.state == "started"}, self._voice)
        elif isinstance(message, m.Word):
            self._word(message)
        elif isinstance(message, m.Turn) and message.speaker == "user" and message.state == "ended":
            self._words_end(message)

    def on_topic(self, key: str, message: Any, ros_id: str = "") -> None:
        """Take in what other nodes perceive."""
        if key == "audio_in":
            self._audio(message)
        elif key == "image_in":
            self._image(message)
        elif key == "range_in":
            self._range(message)
        elif key == "persons_in":
            self._tracked(list(message.ids))
        elif key == "voices_in":
            self._voices_tracked(list(message.ids))
        elif key == "speech_in":
            self._speech(message, ros_id)
        elif key == "faces_in" and ros_id in self._seen:
            self._face_of[message.data] = ros_id
            for row in PER_FACE:
                self.ports.follow(row, message.data, True)
        elif key == "engagement_in" and ros_id in self._seen:
            self._seen[ros_id]["facing"] = FACING.get(message.level, 0.5)
        elif key in PER_FACE and (person := self._seen.get(self._face_of.get(ros_id, ros_id))) is not None:
            self._face(key, message, person)

    def tick(self) -> None:
        """Once a second: who is there, either way."""
        now_ns = self.ports.times.session_ns()
        if now_ns < self._due_ns and now_ns > self._due_ns - 2 * NS_PER_S:
            return
        self._due_ns = now_ns + NS_PER_S
        if self.parameters["perceive"] == "ros":
            for person_id in self._seen:
                self._percept(person_id, "present" if person_id in self._arrived else "arrived")
        else:
            self._tell_people(now_ns)

    def _person(self, percept: m.PersonPercept) -> None:
        ros_id = topic_id(percept.person_id)
        header = self.header(percept.t_ns, self.parameters["camera_frame"])
        if percept.state == "left":
            self._people.pop(ros_id, None)
            self._engagement.pop(ros_id, None)
            self.ports.publish("engagement", {"header": header, "level": DISENGAGED}, ros_id)
            self._tell_people(percept.t_ns)
            return
        before = self._people.get(ros_id)
        self._people[ros_id] = percept
        if before is None:
            self._tell_people(percept.t_ns)
            self.ports.publish("face_id", {"data": ros_id}, ros_id)
        level = _engagement(percept.facing, self._engagement.get(ros_id, UNKNOWN))
        if self._engagement.get(ros_id) != level:
            self._engagement[ros_id] = level
            self.ports.publish("engagement", {"header": header, "level": level}, ros_id)
        x, y, width, height = percept.box
        region = {
            "xmin": x,
            "ymin": y,
            "xmax": min(1.0, x + width),
            "ymax": min(1.0, y + height),
            "c": percept.confidence,
        }
        self.ports.publish("roi", {"header": header, **region}, ros_id)
        if percept.smile is not None or percept.valence is not None:
            shown = "happy" if (percept.smile or 0.0) > 0.5 else "neutral"
            face = {"expression": shown, "valence": percept.valence or 0.0, "confidence": percept.confidence}
            self.ports.publish("face_expression", {"header": header, **face}, ros_id)
        if percept.gaze_target in ("agent", "other") and (before is None or before.gaze_target != percept.gaze_target):
            receiver = topic_id(percept.gaze_name) if percept.gaze_target == "other" else ""
            self.ports.publish("gazes", {"header": header, "sender": ros_id, "receiver": receiver}, "")
        if percept.distance_m is not None:
            self._transform(ros_id, percept, header)

    def _transform(self, ros_id: str, percept: m.PersonPercept, header: dict[str, Any]) -> None:
        yaw, pitch = percept.bearing_rad
        metres = percept.distance_m or 0.0
        place = {
            "x": -math.sin(yaw) * math.cos(pitch) * metres, "y": -math.sin(pitch) * metres, "z": math.cos(yaw) * math.cos(pitch) * metres,
        }  # fmt: skip
        transform = {"translation": place, "rotation": {"x": 0.0, "y": 0.0, "z": 0.0, "w": 1.0}}
        frame = {"header": header, "child_frame_id": f"face_{ros_id}", "transform": transform}
        self.ports.publish("tf", {"transforms": [frame]}, "")

    def _tell_people(self, t_ns: int) -> None:
        ids = {"header": self.header(t_ns), "ids": sorted(self._people)}
        self.ports.publish("persons", ids, "")
        self.ports.publish("faces", ids, "")
        if self._voices:
            self.ports.publish("voices", {"header": self.header(t_ns), "ids": list(self._voices)}, "")

    def _voice_is_there(self, t_ns: int) -> None:
        if self._voice not in self._voices:
            self._voices = (*self._voices, self._voice)
            self.ports.publish("voices", {"header": self.header(t_ns), "ids": list(self._voices)}, "")

    def _word(self, word: m.Word) -> None:
        if word.op == "add":
            self._units[word.unit_id] = word.text
        elif word.op == "revoke":
            self._units.pop(word.unit_id, None)
        elif word.text:
            self._units[word.unit_id] = word.text
        self._voice_is_there(word.t_ns)
        words = {"incremental": " ".join(filter(None, self._units.values())), "confidence": word.confidence}
        self.ports.publish("user_speech", {"header": self.header(word.t_ns), **words}, self._voice)

    def _words_end(self, turn: m.Turn) -> None:
        self._units.clear()
        self._voice_is_there(turn.t_ns)
        if turn.person_id:
            self.ports.publish("voice_id", {"data": self._voice}, topic_id(turn.person_id))
        words = {"final": turn.text, "confidence": 1.0}
        self.ports.publish("user_speech", {"header": self.header(turn.end_ns or turn.t_ns), **words}, self._voice)

    def _tracked(self, ids: list[str]) -> None:
        for gone in [each for each in self._seen if each not in ids]:
            self._percept(gone, "left")
            del self._seen[gone]
            self._arrived.discard(gone)
            for face in [face for face, person in self._face_of.items() if person == gone]:
                del self._face_of[face]
                for row in PER_FACE:
                    self.ports.follow(row, face, False)
            for row in PER_PERSON:
                self.ports.follow(row, gone, False)
        for new in ids[:32]:
            if new and new not in self._seen:
                self._seen[new] = {}
                self._percept(new, "arrived")
                for row in PER_PERSON:
                    self.ports.follow(row, new, True)

    def _percept(self, person_id: str, state: str) -> None:
        now_ns = self.ports.times.session_ns()
        percept = m.PersonPercept(t_ns=now_ns, state=state, person_id=person_id[:128], **self._seen[person_id])  # type: ignore[arg-type]
        if self.ports.send(percept):
            self._arrived.add(person_id)

    def _face(self, key: str, message: Any, person: dict[str, Any]) -> None:
        if key == "roi_in":
            left, top = _unit(message.xmin), _unit(message.ymin)
            person["box"] = (left, top, max(0.0, _unit(message.xmax) - left), max(0.0, _unit(message.ymax) - top))
            person["confidence"] = _unit(message.c) if message.c else 1.0
        else:
            person["smile"] = SMILES.get(message.expression, 0.0)
            person["valence"] = max(-1.0, min(1.0, message.valence)) if math.isfinite(message.valence) else 0.0

    def _voices_tracked(self, ids: list[str]) -> None:
        for gone in [each for each in self._heard if each not in ids]:
            del self._heard[gone]
            self.ports.follow("speech_in", gone, False)
        for new in ids[:32]:
            if new and new not in self._heard:
                self._heard[new] = False
                self.ports.follow("speech_in", new, True)

    def _speech(self, speech: Any, voice: str) -> None:
        now_ns = self.ports.times.session_ns()
        text = (speech.final or speech.incremental)[:4_000]
        if not text:
            return
        if not self._heard.get(voice):
            self.ports.send(m.RecognisedSpeech(t_ns=now_ns, state="started"))
        self._heard[voice] = not speech.final
        confidence = _unit(speech.confidence) if speech.confidence else 0.9
        state = "ended" if speech.final else "words"
        self.ports.send(m.RecognisedSpeech(t_ns=now_ns, state=state, text=text, confidence=confidence))  # type: ignore[arg-type]

    def _audio(self, message: Any) -> None:
        rate = self.parameters["audio_rate_hz"]
        pcm = bytes(message.audio.data)
        if rate != 16_000 or len(pcm) % 2:
            self.trouble("audio", f"{rate} Hz, {len(pcm)} bytes; signed 16 bit mono at 16000 Hz is expected")
            return
        begin_ns = self.session_of(message.header)
        for at in range(0, len(pcm), PCM_MAX):
            t_ns = begin_ns + at // 2 * NS_PER_S // rate
            self.ports.send(
                m.UserAudio(t_ns=t_ns, pcm=pcm[at : at + PCM_MAX], sample_rate_hz=rate, index=self._audio_index)
            )
            self._audio_index += 1

    def _image(self, message: Any) -> None:
        now_ns = self.ports.times.session_ns()
        if now_ns < self._image_due_ns:
            return
        jpeg = bytes(message.data)
        if not jpeg.startswith(b"\xff\xd8") or len(jpeg) > JPEG_MAX:
            self.trouble("image", f"{message.format[:40]!r}, {len(jpeg)} bytes; JPEG of at most 4 MiB is expected")
            return
        self._image_due_ns = now_ns + int(NS_PER_S / self.parameters["image_hz"] * 0.9)
        self.ports.send(m.UserVideo(t_ns=self.session_of(message.header), jpeg=jpeg, index=self._image_index))
        self._image_index += 1

    def _range(self, message: Any) -> None:
        """Take a distance; by REP-117 plus infinity is nothing in range, minus infinity something too near to be measured."""
        distance_m = float(message.range)
        if distance_m == math.inf:
            distance_m = NOBODY_M
        elif distance_m == -math.inf:
            distance_m = 0.0
        elif not message.min_range <= distance_m <= message.max_range:  # no number, too
            self.trouble("range", "not between min_range and max_range")
            return
        sensor = message.header.frame_id[:128]  # of several sensors on the topic each is its own: the nearest counts
        t_ns = self.session_of(message.header)
        self.ports.send(m.PersonDistance(t_ns=t_ns, distance_m=distance_m, sensor=sensor))


def _engagement(facing: float, before: int) -> int:
    if facing >= ENGAGED_FROM:
        return ENGAGED
    if facing < DISENGAGED_BELOW:
        return DISENGAGED
    return DISENGAGING if before in (ENGAGED, DISENGAGING) else ENGAGING


def _unit(value: float) -> float:
    return max(0.0, min(1.0, float(value))) if math.isfinite(value) else 0.0
