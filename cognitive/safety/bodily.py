# ruff: noqa: E501 - one formula a line
"""What the body must not do to anybody: touch, or come nearer than personal distance, unless that person has just asked for it.

Judged by label and free text of gesture, posture and locomotion; a body without hands or wheels does none of it anyway. Consent is a
person's own words in the last half minute, never a model's reading of them; in `strict` nothing is approached, and a persona that never
touches does not even then. Distances are metres from the agent, 0 where unknown, which counts as near. Pure.
"""

from __future__ import annotations

from cognitive.formulas import any_of, plain
from cognitive.situation import Situation
from runtime.messages import Intention
from runtime.safety.refusals import Boundaries
from runtime.safety.settings import SafetySettings

CONSENT_S = 30.0
INTIMATE_M = 0.45
"""Nearer than this nobody is leant towards (the outer end of intimate distance in Hall 1966)."""
BODY = frozenset({"gesture", "posture", "locomotion"})

_TOUCHES = any_of(
    r"""
    hug(?:s|ging)? / embraces? / embracing / kiss(?:es|ing)? /
    (?:touch|strok|caress|pat|tickl|grab|grasp|slap|punch|push|shov|pok|hit|pinch|squeez|cuddl)(?:e|es|s|ing|ting)?(?! (?:the |her own |his own |its |its own |your own )?(?:own |screen|chin|chest|heart|hands together|table|button|forehead|hips)) /
    shak(?:e|es|ing) hands? / handshake / high five / fist bump /
    (?:tak|hold|grab|squeez|kiss|lead)(?:e|es|s|ing)? (?:\w+ )?(?:person's|their|his|her|your|visitor's) (?:hand|hands|arm|shoulder|sleeve) /
    (?:lay|put|plac|wrap|rest)(?:e|s|es|ing)? (?:a |an |one |the |both |its )?(?:hand|hands|arm|arms|head) (?:on|around|about|over) (?:the person|their|his|her|your|him|them|\w+'s) /
    (?:lift|carry|catch|support|wip|dry)(?:e|s|es|ing)? (?:the person|them|him|her|their|his|person)
    """
)
_BARE = frozenset(
    "hug embrace kiss touch stroke caress pat tickle grab slap punch push shove poke hit pinch squeeze cuddle handshake high_five".split()
)
"""Labels that touch, whatever the text beside them says."""
_NEARER = any_of(
    r"""
    approach(?:es|ing)? / (?:come|com|go|step|walk|move|mov|driv|roll|get|glide)(?:e|es|s|ing)? (?:\w+ ){0,2}(?:closer|nearer|near|towards?|to|up to|next to|beside|over|at) /
    follow(?:s|ing)? / clos(?:e|er|ing) (?:in|the distance|to)
    """
)
_PEOPLE = frozenset(
    "person people you her him them visitor guest man woman child somebody someone user speaker closer nearer".split()
)
_AWAY = any_of(
    r"(?:step|move|go|walk|roll|drive|back|keep|turn)s? (?:back|away|aside|off|a distance) / retreats? / make (?:room|way) / stop"
)
_IN_PLACE = any_of(r"(?:turn|rotate|pivot)s? (?:to|towards?|round|around)")
_ASKS_NEARER = any_of(
    r"""
    (?:come|get|move|step) (?:a (?:bit|little) )?(?:closer|nearer|here|over(?: here)?) / come to me / follow me / come with me /
    stand (?:next to|beside|by) me / you (?:may|can|could) come (?:closer|nearer|here|over)
    """
)
_ASKS_TOUCH = any_of(
    r"""
    (?:give|can i have|could i have|may i have|i need|i want|i'd like|i would like) (?:me )?a (?:hug|handshake|high five) / hug me /
    (?:hold|take|shake) my hand / you (?:may|can) (?:touch|hug|hold) (?:me|my hand) / let's shake hands / shake hands / high five
    """
)
_REFUSES = any_of(
    r"(?:no|don't|do not|stop|never|not) (?:\w+ ){0,4}(?:closer|nearer|hug|touch|hand|hands|come|follow) / go away / keep (?:your )?(?:away|distance|back)"
)


def fault(intention: Intention, situation: Situation, settings: SafetySettings, boundaries: Boundaries) -> str:
    """Return what is wrong with what the body is to do, an empty text for nothing."""
    if intention.kind not in BODY:
        return ""
    words = plain(f"{intention.label.replace('_', ' ')} . {intention.content}")
    person_id = intention.target.person_id if intention.target is not None else ""
    if intention.label.lower() in _BARE or (intention.kind != "locomotion" and _TOUCHES.search(words)):
        allowed = boundaries.touch and settings.mode != "strict" and _asked(_ASKS_TOUCH, person_id, situation)
        return "" if allowed else "touch"
    if intention.kind == "locomotion":
        if _TOUCHES.search(words):
            return "touch"
        names = {person.person_id.lower() for person in situation.people}
        to_somebody = bool(person_id) or bool(set(words.split()) & (_PEOPLE | names))
        stays = _AWAY.search(words) is not None or _IN_PLACE.search(words) is not None
        nearer = to_somebody and (_NEARER.search(words) is not None or not stays)
        return "approach" if nearer and not _may_come(person_id, intention, situation, settings) else ""
    if "lean" in intention.label and 0.0 < _distance_m(person_id, situation) < INTIMATE_M:
        return "approach"
    return ""


def _may_come(person_id: str, intention: Intention, situation: Situation, settings: SafetySettings) -> bool:
    if settings.mode == "strict":
        return False
    near = [person_id] if person_id else [person.person_id for person in situation.people]
    if not near:
        return True
    stops_m = intention.parameters.get("distance_m", 0.0)
    return all(
        _asked(_ASKS_NEARER, name, situation)
        or (stops_m >= settings.personal_distance_m and _distance_m(name, situation) > stops_m)
        for name in near
    )


def _distance_m(person_id: str, situation: Situation) -> float:
    person = situation.person(person_id)
    return 0.0 if person is None else person.distance_m


def _asked(asks: object, person_id: str, situation: Situation) -> bool:
    """Whether the person has asked for it in their own words, and not taken it back since."""
    for said in reversed(situation.utterances):
        if (
            said.speaker != "user"
            or said.person_id != person_id
            or not person_id
            or situation.age_s(said.t_ns) > CONSENT_S
        ):
            continue
        words = plain(said.text)
        if _REFUSES.search(words):
            return False
        if asks.search(words):  # type: ignore[attr-defined]
            return True
    return False
