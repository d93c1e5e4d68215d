"""Write messages into the scene: percepts, turns, words and what the agent says.

Synchronous and quick (microseconds a message); called by the cycle with the messages since the last one, in order of arrival. Each
message is trusted to have the types of the wire schema, not to make sense: an end without a start, a person who leaves
twice or a time far in the future changes nothing that matters.
"""

from __future__ import annotations

from cognitive import cues
from cognitive.motivation.thresholds import EMOTION
from cognitive.scene import UNSEEN, UTTERANCE_CHARS, VIEWERS_MAX, Change, Feeling, Person, Scene, Utterance
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S

RETURN_S = 30.0
"""Who comes back within this time has not left: faces are lost and found again."""
REACQUIRE_S = 4.0
"""A new face this soon after one was lost at nearly the same place is the same person under a new track id ..."""
REACQUIRE_RAD = 0.3
"""... where 'nearly the same place' means this bearing (an assumption: about a head's width at 1 m on both sides)."""
AGENT_CLAUSE_MARGIN_S = 1.5
"""A clause whose end was never reported is over this long after its duration."""
AGENT_TURN_MAX_S = 45.0
SAME_TEXT_S = 4.0
"""A typed text and a turn with the same text within this time are one utterance."""
TYPED_TURN = "typed"
TYPED_CONFIDENCE = 0.9
"""Trust in text without recognition scores."""
HEARD_MIN = 0.3
"""Below this mean confidence of its words an utterance is remembered but its wording means nothing."""
ASIDE_BELOW = 0.5
"""A turn that is less likely than this for the agent is talk between people: remembered, but no matter of the agent's."""
LEAVE_GESTURES = frozenset({"wave", "farewell", "bow"})
"""Gestures of the fast system's own reply that answer a goodbye: none of ours is needed then."""


def perceive(scene: Scene, message: m.Message, now_ns: int) -> None:
    """Apply one message to the scene."""
    t_ns = min(message.t_ns, now_ns) if message.t_ns else now_ns
    match message:
        case m.PersonPercept():
            _person(scene, message, t_ns)
        case m.UserSpeech():
            _user_speech(scene, message, t_ns)
        case m.Word():
            if message.op == "commit":
                _here(scene, message.person_id, t_ns)
                scene.turn_open_ns = t_ns if scene.turn_open_ns else 0
                scene.word_confidences.append(message.confidence)
        case m.Turn():
            if message.speaker == "user":
                _user_turn(scene, message, t_ns)
            else:
                _agent_turn(scene, message, t_ns)
        case m.TypedText():
            _user_said(scene, message.text, t_ns, TYPED_TURN, message.person_id)
        case m.AgentSpeech():
            _agent_speech(scene, message, t_ns)
        case m.BodyAct():
            if message.state == "started" and message.act in LEAVE_GESTURES and not message.intention_id:
                for person in scene.present():
                    person.waved = person.waved or person.leave_ns > 0
        case m.VisualChange():
            if message.what != "person":  # people come as percepts, with an identity
                scene.changes.append(
                    Change(what=message.what, t_ns=t_ns, magnitude=message.magnitude, bearing_rad=message.bearing_rad)
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
            _viewer(scene, message, t_ns)
        case _:
            return
    scene.bound()


def _person(scene: Scene, message: m.PersonPercept, t_ns: int) -> None:
    known = scene.people.get(message.person_id)
    if message.state == "left":
        if known is not None and known.present:
            known.present, known.left_ns = False, t_ns
            others = bool(scene.present())
            scene.changes.append(
                Change(
                    what="departure",
                    t_ns=t_ns,
                    magnitude=0.7,
                    bearing_rad=known.bearing_rad,
                    person_id=known.person_id,
                    beside_others=others,
                )
            )
        return
    nearness = message.box[2] * message.box[3]
    if known is None or (not known.present and t_ns - known.left_ns > RETURN_S * NS_PER_S):
        person = _arrive(scene, message, known, t_ns)
        person.nearness = person.nearness_before = nearness
    else:
        person = known
        person.present, person.left_ns = True, 0
    person.last_ns = t_ns
    person.confidence, person.facing, person.bearing_rad = message.confidence, message.facing, message.bearing_rad
    person.nearness_before += 0.3 * (person.nearness - person.nearness_before)
    person.nearness = nearness


def _arrive(scene: Scene, message: m.PersonPercept, known: Person | None, t_ns: int) -> Person:
    """Open an encounter, unless this is a lost face found again or the viewer who has switched the camera on."""
    heir = known
    if heir is None:
        lost = [
            p for p in scene.people.values() if p.seen and not p.present and t_ns - p.left_ns <= REACQUIRE_S * NS_PER_S
        ]
        near = [p for p in lost if abs(p.bearing_rad[0] - message.bearing_rad[0]) <= REACQUIRE_RAD]
        unseen = [p for p in scene.people.values() if p.present and not p.seen]
        same = max(near or unseen, key=lambda p: (p.last_ns, p.person_id), default=None)
        if same is not None:
            del scene.people[same.person_id]
            same.person_id, same.seen, same.present, same.left_ns = message.person_id, True, True, 0
            same.watching = False
            scene.people[message.person_id] = same
            return same
    others = bool(scene.present())
    person = Person(person_id=message.person_id, arrived_ns=t_ns, encounters=1 if heir is None else heir.encounters + 1)
    scene.people[message.person_id] = person
    scene.changes.append(
        Change(
            what="arrival",
            t_ns=t_ns,
            magnitude=0.8,
            bearing_rad=message.bearing_rad,
            person_id=message.person_id,
            beside_others=others,
        )
    )
    return person


def _viewer(scene: Scene, message: m.Viewer, t_ns: int) -> None:
    """Someone opened the page: a person who is there but not seen, unless a camera shows somebody."""
    if message.state == "left":
        scene.viewers = [viewer for viewer in scene.viewers if viewer != message.viewer_id]
        person = scene.people.get(UNSEEN)
        if not scene.viewers and person is not None and person.present:
            person.present, person.watching, person.left_ns = False, False, t_ns
    elif message.state == "joined":
        scene.viewers = [*(viewer for viewer in scene.viewers if viewer != message.viewer_id), message.viewer_id]
        del scene.viewers[:-VIEWERS_MAX]
        if all(person.person_id == UNSEEN for person in scene.present()):
            _here(scene, "", t_ns).watching = True


def _here(scene: Scene, person_id: str, t_ns: int) -> Person:
    """Return the person who speaks, types or watches, entered into the scene if need be."""
    name = scene.partner(person_id)
    person = scene.people.get(name)
    if person is None or not person.present:
        back = person is not None and t_ns - person.left_ns <= RETURN_S * NS_PER_S
        if person is None or not back:
            encounters = 1 if person is None else person.encounters + 1
            person = Person(person_id=name, seen=False, arrived_ns=t_ns, encounters=encounters)
            scene.people[name] = person
        person.present, person.left_ns = True, 0
    person.last_ns = max(person.last_ns, t_ns)
    return person


def _user_speech(scene: Scene, message: m.UserSpeech, t_ns: int) -> None:
    if message.state == "started":
        scene.user_speaking_ns = max(1, t_ns)
        _here(scene, "", t_ns)  # a sound is not yet a word: whether anybody spoke to the agent shows with the turn
    else:
        scene.user_speaking_ns = 0
        scene.user_end_ns = max(scene.user_end_ns, t_ns)


def _user_turn(scene: Scene, message: m.Turn, t_ns: int) -> None:
    if message.state == "started":
        scene.turn_open_ns, scene.turn_id = max(1, t_ns), message.turn_id
        return
    scene.turn_open_ns, scene.turn_id = 0, message.turn_id
    scene.user_end_ns = max(scene.user_end_ns, min(message.end_ns or t_ns, t_ns))
    aside = message.addressed is not None and message.addressed < ASIDE_BELOW
    _user_said(scene, message.text, t_ns, message.turn_id, message.person_id, aside=aside)


def _user_said(scene: Scene, text: str, t_ns: int, turn_id: str, person_id: str, *, aside: bool = False) -> None:
    scene.nudges = 0
    person = _here(scene, person_id, t_ns)
    person.spoke = person.talked = True
    text = text.strip()
    if not text:
        return
    last = next((u for u in reversed(scene.utterances) if u.speaker == "user"), None)
    echo = last is not None and TYPED_TURN in (last.turn_id, turn_id) and last.text == text[:UTTERANCE_CHARS]
    if echo and last is not None and t_ns - last.t_ns <= SAME_TEXT_S * NS_PER_S:
        return
    if aside:
        scene.word_confidences.clear()
        scene.utterances.append(
            Utterance(
                speaker="user",
                text=text[:UTTERANCE_CHARS],
                t_ns=t_ns,
                turn_id=turn_id,
                person_id=person.person_id,
                aside=True,
            )
        )
        return
    scene.user_turn_ns = max(1, t_ns)
    if turn_id == TYPED_TURN:
        scene.user_end_ns = max(scene.user_end_ns, t_ns)
    scene.utterances.append(
        Utterance(speaker="user", text=text[:UTTERANCE_CHARS], t_ns=t_ns, turn_id=turn_id, person_id=person.person_id)
    )
    heard = TYPED_CONFIDENCE
    if turn_id != TYPED_TURN and scene.word_confidences:
        heard = sum(scene.word_confidences) / len(scene.word_confidences)
    scene.word_confidences.clear()
    if heard < HEARD_MIN:
        return  # a recogniser's guess: no reason to greet, to wave goodbye or to comfort
    if cues.is_greeting(text):
        person.greeted_agent_ns = max(1, t_ns)
    if cues.is_farewell(text):
        person.leave_ns = t_ns
    elif person.leave_ns:
        person.leave_ns, person.waved, person.farewelled = 0, False, False  # stayed and talks on
    valence, hits = cues.valence_of(text)
    if hits:
        scene.feelings.append(
            Feeling(
                t_ns=t_ns, valence=valence, arousal=0.0, confidence=heard, person_id=person.person_id,
                cues=tuple(f"word: {hit}" for hit in hits),
            )
        )  # fmt: skip


def _agent_turn(scene: Scene, message: m.Turn, t_ns: int) -> None:
    if message.state == "started":
        scene.agent_turn_open = True
        scene.user_turn_ns = 0
        scene.agent_until_ns = t_ns + round(AGENT_TURN_MAX_S * NS_PER_S)
        return
    scene.agent_turn_open = False
    scene.agent_until_ns = 0
    scene.agent_end_ns = max(scene.agent_end_ns, t_ns)
    last = scene.utterances[-1] if scene.utterances else None
    if last is not None and last.speaker == "agent" and last.turn_id == message.turn_id:
        return  # its clauses are known already
    _agent_said(scene, message.text, t_ns, message.turn_id)


def _agent_speech(scene: Scene, message: m.AgentSpeech, t_ns: int) -> None:
    if message.state in ("planned", "paused"):  # a pause ends nothing: the agent may go on
        return
    if message.state == "resumed":
        end_ns = t_ns + round(message.duration_ms * NS_PER_MS) + round(AGENT_CLAUSE_MARGIN_S * NS_PER_S)
        scene.agent_until_ns = max(end_ns, scene.agent_until_ns)
        return
    if message.state == "started":
        scene.user_turn_ns = 0
        end_ns = t_ns + round(message.duration_ms * NS_PER_MS) + round(AGENT_CLAUSE_MARGIN_S * NS_PER_S)
        scene.agent_until_ns = max(end_ns, scene.agent_until_ns)
        _agent_said(scene, message.text, t_ns, message.response_id)
        return
    scene.agent_end_ns = max(scene.agent_end_ns, t_ns)
    if not scene.agent_turn_open or message.state == "interrupted":
        scene.agent_until_ns = 0


def _agent_said(scene: Scene, text: str, t_ns: int, turn_id: str) -> None:
    """Note what the agent has said, and that it has greeted or taken leave, whichever of its systems did."""
    text = text.strip()
    if not text:
        return
    here = scene.present()
    greeting, farewell = cues.is_greeting(text), cues.is_farewell(text)
    if cues.is_sympathy(text):  # whichever system said it: who has been comforted is not comforted again for the same
        scene.handled_ns[EMOTION] = max(scene.handled_ns.get(EMOTION, 0), t_ns)
    for person in here:
        person.talked = True
        person.greeted = person.greeted or greeting
        person.farewelled = person.farewelled or farewell
    last = scene.utterances[-1] if scene.utterances else None
    if (
        last is not None
        and last.speaker == "agent"
        and t_ns - last.t_ns <= SAME_TEXT_S * NS_PER_S
        and text in last.text
    ):
        return
    if last is not None and last.speaker == "agent" and last.turn_id == turn_id:
        text = f"{last.text} {text}"  # the next clause of one reply
        scene.utterances.pop()
    partner = scene.partner() if here else ""
    scene.utterances.append(
        Utterance(speaker="agent", text=text[-UTTERANCE_CHARS:], t_ns=t_ns, turn_id=turn_id, person_id=partner)
    )
