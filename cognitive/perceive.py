"""Write messages into the scene: percepts, turns, words and what the agent says.

Synchronous and quick (microseconds a message); called by the cycle with the messages since the last one, in order of arrival. Each
message is trusted to have the types of the wire schema, not to make sense: an end without a start, a person who leaves
twice or a time far in the future changes nothing that matters.
"""

from __future__ import annotations

from cognitive import deeds
from cognitive.clock_times import LocalTime
from cognitive.formulas import plain
from cognitive.scene import Change, Feeling, Happening, Scene
from cognitive.what_was_said import TYPED_TURN, agent_speech, agent_turn, user_said, user_speech, user_turn
from cognitive.who_is_here import here, person_seen, viewer_seen
from runtime import messages as m

WAVES = frozenset({"waves", "waved", "bows", "bowed"})
TO_THE_AGENT = frozenset("goodbye bye hello agent robot screen".split())
"""What may follow, where a wave or bow is for the agent."""


def perceive(scene: Scene, message: m.Message, now_ns: int, local_time: LocalTime | None = None) -> None:
    """Apply one message to the scene.

    Args:
        scene: changed.
        message: what came.
        now_ns: session time.
        local_time: wall time, for what is promised by the clock; without it such promises are not understood.
    """
    t_ns = min(message.t_ns, now_ns) if message.t_ns else now_ns
    match message:
        case m.PersonPercept():
            person_seen(scene, message, t_ns)
        case m.UserSpeech():
            user_speech(scene, message, t_ns)
        case m.Word():
            if message.op == "commit":
                here(scene, message.person_id, t_ns)
                scene.turn_open_ns = t_ns if scene.turn_open_ns else 0
                scene.word_confidences.append(message.confidence)
        case m.Turn():
            if message.speaker == "user":
                user_turn(scene, message, t_ns)
            else:
                agent_turn(scene, message, t_ns, local_time)
        case m.TypedText():
            user_said(scene, message.text, t_ns, TYPED_TURN, message.person_id)
        case m.AgentSpeech():
            agent_speech(scene, message, t_ns, local_time)
        case m.VisualChange():
            if message.what != "person":  # people come as percepts, with an identity
                scene.changes.append(
                    Change(what=message.what, t_ns=t_ns, magnitude=message.magnitude, bearing_rad=message.bearing_rad)
                )
        case m.PersonAct():
            if message.act == "nod" and message.person_id in scene.people:
                scene.people[message.person_id].nodded_ns = t_ns
        case m.WorldEvent():
            _waves(scene, message.text, t_ns)
            _phones(scene, message.text, t_ns)
            scene.events.append(
                Happening(
                    text=message.text,
                    t_ns=t_ns,
                    hazard=message.kind == "hazard",
                    confidence=message.confidence,
                    bearing_rad=message.bearing_rad,
                    seen_by=message.seen_by,
                )
            )
        case m.AffectPercept():
            scene.feelings.append(
                Feeling(
                    t_ns=t_ns,
                    valence=message.valence,
                    arousal=message.arousal,
                    confidence=message.confidence,
                    person_id=scene.partner(message.person_id),
                    cues=message.cues,
                )
            )
        case m.Viewer():
            viewer_seen(scene, message, t_ns)
        case _:
            return
    scene.bound()


def _phones(scene: Scene, text: str, t_ns: int) -> None:
    """Note who takes to the phone, and who is done with it."""
    doer = next((p for p in scene.present() if text.lower().startswith(p.person_id.lower() + " ")), None)
    if doer is not None and deeds.hangs_up(text):
        doer.phone_ns = 0
    elif doer is not None and deeds.phones(text):
        doer.phone_ns = max(1, t_ns)


def _waves(scene: Scene, text: str, t_ns: int) -> None:
    """Take a wave or a bow for the greeting or goodbye that it is."""
    words = plain(text).split()
    if len(words) < 2 or words[1] not in WAVES or not (len(words) == 2 or set(words[2:]) & TO_THE_AGENT):
        return
    person = next((p for p in scene.present() if p.person_id.lower() == words[0]), None)
    if person is None:
        return
    if person.greeted or person.talked:
        person.leave_ns = max(1, t_ns)
    else:
        person.greeted_agent_ns = max(1, t_ns)
