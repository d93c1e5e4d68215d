"""Who is here: people who come, go, look and move as vision tells, whoever only watches the page, and voices without a face.

Synchronous, part of `cognitive.perceive`. A lost face that is found again is the same person; who leaves twice or looks before having
arrived changes nothing that matters.
"""

from __future__ import annotations

from cognitive.scene import UNSEEN, VIEWERS_MAX, Change, Person, Scene
from runtime import messages as m
from runtime.clock import NS_PER_S

RETURN_S = 20.0
"""Who comes back within this time has not left: faces are lost and found again ..."""
PARTED_RETURN_S = 5.0
"""... but who had been parted with has left, and comes anew."""
SAME_VISIT_S = 180.0
"""Who comes back within this goes on with the same visit: their talk with the agent counts."""
REACQUIRE_S = 4.0
"""A new face this soon after one was lost at nearly the same place is the same person under a new track id ..."""
REACQUIRE_RAD = 0.3
"""... where 'nearly the same place' means this bearing (an assumption: about a head's width at 1 m on both sides)."""
FACE_CHANGE = 0.15
PHONES = frozenset({"phone", "mobile", "smartphone", "cellphone", "cell", "telephone"})


def person_seen(scene: Scene, message: m.PersonPercept, t_ns: int) -> None:
    """Take a percept of a person into the scene."""
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
    if known is None or (not known.present and t_ns - known.left_ns > _returns_within_s(known) * NS_PER_S):
        person = _arrive(scene, message, known, t_ns)
        person.nearness = person.nearness_before = nearness
    else:
        person = known
        person.present, person.left_ns = True, 0
    person.last_ns = t_ns
    person.confidence, person.facing, person.bearing_rad = message.confidence, message.facing, message.bearing_rad
    person.nearness_before += 0.3 * (person.nearness - person.nearness_before)
    person.nearness = nearness
    _looks(person, message, t_ns)


def _returns_within_s(person: Person) -> float:
    return PARTED_RETURN_S if person.farewelled else RETURN_S


def _looks(person: Person, message: m.PersonPercept, t_ns: int) -> None:
    """Note where the person looks and stands, and what the face shows."""
    target = message.gaze_target or ""
    if (target, message.gaze_name) != (person.target, person.target_name):
        person.target, person.target_name = target, message.gaze_name
        person.target_since_ns = min(t_ns, message.gaze_since_ns or t_ns)
    person.target_confidence = message.gaze_confidence
    person.distance_m = message.distance_m or 0.0
    if message.valence is not None and abs(message.valence - (person.face_valence or 0.0)) >= FACE_CHANGE:
        person.face_since_ns = t_ns
    person.face_valence = message.valence
    if message.gaze_name.lower() in PHONES:
        person.phone_ns = t_ns


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
            for promise in scene.promises:
                promise.person_id = message.person_id if promise.person_id == same.person_id else promise.person_id
            same.person_id, same.seen, same.present, same.left_ns = message.person_id, True, True, 0
            same.watching = False
            scene.people[message.person_id] = same
            return same
    others = bool(scene.present())
    person = Person(person_id=message.person_id, arrived_ns=t_ns, encounters=1 if heir is None else heir.encounters + 1)
    if heir is not None and t_ns - heir.left_ns <= SAME_VISIT_S * NS_PER_S:
        person.turns_to_agent = heir.turns_to_agent
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


def viewer_seen(scene: Scene, message: m.Viewer, t_ns: int) -> None:
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
            here(scene, "", t_ns).watching = True


def here(scene: Scene, person_id: str, t_ns: int) -> Person:
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
