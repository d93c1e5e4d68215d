"""Logic of the agent's node: state, speech and diagnostics out; intents, words, and the services that start, stop and mute."""

from __future__ import annotations

import itertools
import json
import secrets
from typing import Any

from attune_bridge.logic import NS_PER_S, Logic, Ports
from runtime import bridge_protocol as p
from runtime import messages as m
from runtime.vocabulary import EXPRESSIONS

OK, WARN, ERROR, STALE = 0, 1, 2, 3
BODY = {"follows": 1, "slowed": 2, "stops": 3, "rests": 4, "stopped": 5}
INTENTION_STATES = ("accepted", "started", "finished", "superseded", "expired", "rejected", "cancelled")
KINDS = ("dialogue", "gesture", "gaze", "expression", "posture", "locomotion", "attention")
DATA_MAX = 4_096
ROOM_STALE_S = 2.0
STOPPED_WITHIN_S = 0.5
"""An emergency stop that the body has not confirmed by then is answered as failed; the node waits for nothing else meanwhile."""


class AgentLogic(Logic):
    """Keeps what the agent is doing, and turns what ROS wants into intentions and acts."""

    wants = (
        m.AgentSpeech, m.AgentAudio, m.BodyAct, m.Turn, m.UserSpeech, m.OperatorState, m.BodyStatus, m.BodyDescribed, m.JointCommand,
        m.Heartbeat, m.IntentionAnswer,
    )  # fmt: skip

    def __init__(self, ports: Ports) -> None:
        """Begin with nothing known."""
        super().__init__(ports)
        self._state: dict[str, Any] = {
            "floor": 0, "person_speaking": False, "agent_speaking": False, "response_id": "", "person_id": "", "paused": False,
            "body_state": 0, "body_connected": False,
        }  # fmt: skip
        self._has_body = False
        self._since_ns = 0
        self._told: dict[str, Any] = {}
        self._rooms: dict[str, tuple[m.Heartbeat, int]] = {}
        self._rate_hz = 0
        self._numbers = itertools.count(1)
        self._life = secrets.token_hex(3)
        self._due_ns = 0

    def on_house(self, message: Any) -> None:
        """Follow what the house says."""
        if isinstance(message, m.AgentSpeech):
            self._speech(message)
        elif isinstance(message, m.AgentAudio):
            self._audio(message)
        elif isinstance(message, m.Turn):
            floor = {"user": 1, "agent": 2}[message.speaker] if message.state == "started" else 0
            self._change(message.t_ns, floor=floor, person_id=message.person_id or self._state["person_id"])
        elif isinstance(message, m.UserSpeech):
            self._change(message.t_ns, person_speaking=message.state == "started")
        elif isinstance(message, m.OperatorState):
            self._change(message.t_ns, paused=message.paused)
        elif isinstance(message, m.BodyDescribed):
            self._has_body = True
        elif isinstance(message, m.BodyStatus | m.JointCommand):
            self._has_body = True
            self._change(message.t_ns, body_state=BODY[message.state], body_connected=message.connected)
        elif isinstance(message, m.BodyAct) and message.act in EXPRESSIONS:
            self._expression(message)
        elif isinstance(message, m.Heartbeat):
            self._rooms[message.source] = (message, self.ports.times.session_ns())
        elif isinstance(message, m.IntentionAnswer):
            self._answer(message)
        elif isinstance(message, p.Refusal):
            self.trouble(f"refused {message.about}", message.reason)

    def on_topic(self, key: str, message: Any, ros_id: str = "") -> None:
        """Turn an intent, or plain words, into an intention."""
        if key == "say":
            text = " ".join(message.data.split())
            if not text or len(text) > 4_000:
                self.trouble("agent/say", "no words, or more than 4000 characters")
                return
            self._intend(kind="dialogue", content=text, timing=m.Timing(when="turn_end"))
        elif key == "intents":
            wish = self._of_intent(message)
            if isinstance(wish, str):
                self.trouble("/intents", wish)
            else:
                priority = round(message.priority * 9 / 255)
                self._intend(priority=priority, evidence=(m.Evidence(0, "intent", message.source[:128]),), **wish)

    def on_service(self, key: str, request: Any) -> dict[str, Any]:
        """Answer a service: whether what was asked for is on its way to the agent."""
        if key == "send_intention":
            return self._send_intention(request)
        if key == "cancel_intention":
            if not 1 <= len(request.id) <= 128:
                return {"success": False, "message": "id: must have 1 to 128 characters"}
            return _done(self.ports.send(m.IntentionCancel(intention_id=request.id, reason=request.reason[:128])))
        if key == "mute":
            return _done(self._act("take" if request.data else "give", channel="voice"))
        deed, body = {
            "start": ("resume", "resume"), "stop": ("pause", "rest"), "emergency_stop": ("emergency_stop", "emergency_stop"),
            "release": ("release", "release"),
        }[key]  # fmt: skip
        control = self.ports.send(m.BodyControl(action=body, reason="ROS"))  # type: ignore[arg-type]
        sent = self._act(deed) and control
        return self._stopped() if sent and key == "emergency_stop" else _done(sent)

    def tick(self) -> None:
        """Once a second: state and diagnostics."""
        now_ns = self.ports.times.session_ns()
        if now_ns >= self._due_ns or now_ns < self._due_ns - 2 * NS_PER_S:
            self._due_ns = now_ns + NS_PER_S
            self._told = {}
            self._tell(now_ns)
            self._diagnostics(now_ns)

    def _change(self, t_ns: int, **values: Any) -> None:
        if any(self._state[name] != value for name, value in values.items()):
            self._state.update(values)
            self._since_ns = t_ns
            self._tell(t_ns)

    def _tell(self, now_ns: int) -> None:
        if self._told != self._state:
            self._told = dict(self._state)
            self.ports.publish("state", {"header": self.header(self._since_ns or now_ns), **self._state}, "")

    def _speech(self, speech: m.AgentSpeech) -> None:
        header = self.header(speech.t_ns)
        if speech.state == "started":
            self._change(speech.t_ns, agent_speaking=True, response_id=speech.response_id)
            self.ports.publish("speech", {"header": header, "incremental": speech.text, "confidence": 1.0}, "")
            self.ports.publish("text", {"data": speech.text}, "")
        elif speech.state in ("finished", "interrupted"):
            self._change(speech.t_ns, agent_speaking=False, response_id="")
            heard = speech.text if speech.state == "finished" else speech.heard
            self.ports.publish("speech", {"header": header, "final": heard, "confidence": 1.0}, "")
        elif speech.state in ("paused", "resumed"):
            self._change(speech.t_ns, agent_speaking=speech.state == "resumed")

    def _audio(self, audio: m.AgentAudio) -> None:
        if audio.sample_rate_hz != self._rate_hz:
            self._rate_hz = audio.sample_rate_hz
            info = {
                "channels": 1,
                "sample_rate": self._rate_hz,
                "sample_format": "S16LE",
                "bitrate": 16 * self._rate_hz,
            }
            self.ports.publish("audio_info", {**info, "coding_format": "WAVE"}, "")
        self.ports.publish("audio_out", {"header": self.header(audio.t_ns), "audio": {"data": audio.pcm}}, "")

    def _expression(self, act: m.BodyAct) -> None:
        shown = act.act if act.state == "started" else "neutral"
        self.ports.publish("expression", {"header": self.header(act.t_ns), "expression": shown, "confidence": 1.0}, "")

    def _answer(self, answer: m.IntentionAnswer) -> None:
        self.ports.publish(
            "intention_answers",
            {
                "header": self.header(answer.t_ns),
                "intention_id": answer.intention_id,
                "reason": answer.reason,
                "frame": answer.frame,
                "state": INTENTION_STATES.index(answer.state) + 1,
                "superseded_by": answer.superseded_by,
            },
            "",
        )

    def _new_id(self, kind: str) -> str:
        return f"ros-{kind}-{next(self._numbers)}-{self._life}"

    def _intend(self, **fields: Any) -> bool:
        intention_id = fields.pop("id", "") or self._new_id("intention")
        try:
            intention = m.Intention(id=intention_id, trigger="ros", **fields)
        except TypeError as error:
            self.trouble("intention", str(error))
            return False
        sent = self.ports.send(intention)
        if not sent:
            self.trouble("intention", "the agent is not there")
        return sent

    def _of_intent(self, intent: Any) -> dict[str, Any] | str:
        """Return the fields of an intention, or why there is none."""
        action = intent.action.removeprefix("__intent_").removesuffix("__")
        try:
            data = json.loads(intent.data[:DATA_MAX]) if intent.data.strip() else {}
        except (ValueError, RecursionError):
            return "data is no JSON object"
        if not isinstance(data, dict):
            return "data is no JSON object"
        words = {name: str(data.get(name, ""))[:4_000] for name in ("object", "goal", "recipient")}
        target = m.Target(person_id=words["recipient"][:128]) if words["recipient"] else None
        if action == "say" and words["object"]:
            return {
                "kind": "dialogue",
                "content": words["object"],
                "target": target,
                "timing": m.Timing(when="turn_end"),
            }
        if action == "greet":
            return {"kind": "gesture", "label": "wave", "target": target}
        if action == "perform_motion" and words["object"]:
            return {"kind": "gesture", "content": words["object"], "target": target}
        if action == "engage_with" and target:
            return {"kind": "attention", "target": target}
        if action in ("move_to", "guide") and words["goal"]:
            return {"kind": "locomotion", "target": m.Target(name=words["goal"][:128])}
        return f"{action[:64]} needs more data, or the agent cannot do it"

    def _send_intention(self, request: Any) -> dict[str, Any]:
        if request.kind not in KINDS:
            return {"accepted": False, "id": request.id, "reason": f"kind: one of {', '.join(KINDS)}"}
        if request.when not in ("", "now", "turn_end", "at_word"):
            return {"accepted": False, "id": request.id, "reason": "when: now, turn_end or at_word"}
        direction = (request.yaw, request.pitch) if request.has_direction else None
        if direction and not all(-6.28 <= angle <= 6.28 for angle in direction):
            return {"accepted": False, "id": request.id, "reason": "yaw, pitch: within -6.28 and 6.28"}
        if not 0 <= request.priority <= 9 or not 0.0 <= request.strength <= 1.0:
            return {"accepted": False, "id": request.id, "reason": "priority: 0 to 9; strength: 0 to 1"}
        target = None
        if request.person_id or request.target or direction:
            target = m.Target(person_id=request.person_id[:128], name=request.target[:128], direction_rad=direction)
        valid_ns = request.valid_for.sec * NS_PER_S + request.valid_for.nanosec
        intention_id = request.id[:128] or self._new_id("intention")
        sent = self._intend(
            id=intention_id, kind=request.kind, content=request.content[:4_000], label=request.label[:128], target=target,
            timing=m.Timing(when=request.when or "now", word=request.word[:128]), priority=request.priority, strength=request.strength,
            valid_until_ns=self.ports.times.session_ns() + valid_ns if valid_ns > 0 else 0,
        )  # fmt: skip
        return {"accepted": sent, "id": intention_id, "reason": "" if sent else "the agent is not there"}

    def _stopped(self) -> dict[str, Any]:
        """Return the answer to an emergency stop: whether the body says that it holds."""
        stopped = BODY["stopped"]
        if self.ports.wait(lambda: bool(self._state["body_state"] == stopped), STOPPED_WITHIN_S):
            return {"success": True, "message": ""}
        if not self._has_body:
            return {"success": True, "message": "told to the agent; no body of it is heard"}
        message = f"told to the agent, but its body has not said within {STOPPED_WITHIN_S:g} s that it is stopped"
        self.trouble("emergency stop", message)
        return {"success": False, "message": message}

    def _act(self, deed: str, channel: str = "") -> bool:
        act = m.OperatorAct(id=self._new_id("act"), deed=deed, operator="ros", channel=channel)  # type: ignore[arg-type]
        return self.ports.send(act)

    def _diagnostics(self, now_ns: int) -> None:
        status = []
        for name, (beat, heard_ns) in sorted(self._rooms.items()):
            stale = now_ns - heard_ns > ROOM_STALE_S * NS_PER_S
            level = STALE if stale else OK if beat.status == "ok" else WARN
            values = {"pid": beat.pid, "rss_mb": round(beat.rss_mb, 1), **beat.counters}
            status.append(
                _status(f"attune: {name}", level, "not heard" if stale else beat.detail or beat.status, values)
            )
        there = bool(now_ns) and (not status or any(each["level"] != STALE for each in status))
        troubles = ", ".join(sorted(self.troubles)) or "ok"
        level = ERROR if not there else WARN if self.troubles else OK
        status.append(_status("attune: ros", level, troubles if there else "the agent is not there", self.troubles))
        self.ports.publish("diagnostics", {"header": self.header(now_ns), "status": status}, "")


def _done(sent: bool) -> dict[str, Any]:
    return {"success": sent, "message": "" if sent else "the agent is not there"}


def _status(name: str, level: int, message: str, values: dict[str, Any]) -> dict[str, Any]:
    pairs = [
        {"key": key, "value": f"{value:g}" if isinstance(value, float) else str(value)} for key, value in values.items()
    ]
    return {"name": name, "level": level, "message": message[:200], "hardware_id": "attune", "values": pairs}
