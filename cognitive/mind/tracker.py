"""Brings the minds of all people up to date once a cycle: time passes, what lasts counts by the second, what happened counts once.

Cues are read off the scene and the cycle's messages; their weights stand in `cognitive.mind.likelihoods`. What one side does
moves the estimate of the other: an answer of the agent that stays unacknowledged, words said aside. Microseconds a person; an odd
message moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cognitive import cues, deeds, speech_acts, uptake
from cognitive.mind import likelihoods as table
from cognitive.mind.person import ATTENDING_FROM, PersonMind
from cognitive.scene import Person, Scene, Utterance
from runtime import messages as m
from runtime.clock import NS_PER_S

OnCue = Callable[[str, str, int, float], None]

NEAR_M, FAR_M = 1.2, 2.5
MOVED_M = 0.5
"""A step towards or away from the agent."""
FROWN = -0.2
"""A face from here on looks unhappy with something."""
SORROW = -0.3
"""Who feels worse than this does not frown at words."""
AFTER_AGENT_S = 10.0
"""A frown or a question within this time of the agent's words is about them."""
SAME_QUESTION = 0.6
"""Share of common words from which a question is asked again."""
ASKED_AGAIN_S = 60.0
HEARD_MIN = 0.4
MINDS_MAX = 12


def update(
    minds: dict[str, PersonMind],
    scene: Scene,
    messages: Iterable[m.Message],
    now_ns: int,
    on_cue: OnCue = lambda person_id, cue, t_ns, lasted_s: None,
) -> None:
    """Bring the minds up to date.

    Args:
        minds: by person id, of those who are here or were; changed.
        scene: what has happened, with `messages` in it already.
        messages: since the last update, in order.
        now_ns: session time.
        on_cue: is told every cue that counts: whose, which, when, and for how many seconds (0 for a moment).
    """
    for person in scene.present():
        mind = minds.get(person.person_id)
        if mind is None:
            mind = minds[person.person_id] = PersonMind(person_id=person.person_id, updated_ns=now_ns)
        _pass_time(mind, person, scene, now_ns, on_cue)
    for message in messages:
        _happened(minds, scene, message, min(message.t_ns or now_ns, now_ns), on_cue)
    for person in scene.present():
        _attend(minds[person.person_id], now_ns)
    while len(minds) > MINDS_MAX:
        del minds[min(minds, key=lambda name: minds[name].updated_ns)]


def _pass_time(mind: PersonMind, person: Person, scene: Scene, now_ns: int, on_cue: OnCue) -> None:
    passed_s = min(5.0, max(0, now_ns - mind.updated_ns) / NS_PER_S)
    mind.updated_ns = now_ns
    for name, variable in table.VARIABLES.items():
        mind.likely(name).relax(now_ns, variable.prior, variable.tau_s)
    mind.valence.relax(now_ns, 0.0, table.VALENCE_SD**2, table.VALENCE_TAU_S)
    mind.arousal.relax(now_ns, 0.0, table.AROUSAL_SD**2, table.AROUSAL_TAU_S)
    mind.attention.relax(now_ns, table.ATTENTION_PRIOR, table.ATTENTION_TAU_S)
    for cue in _lasting(mind, person, scene, now_ns):
        on_cue(mind.person_id, cue, now_ns, passed_s)
        for name, rate in table.STRETCHES[cue].items():
            mind.likely(name).observe(now_ns, cue.replace("_", " "), rate * passed_s)


def _lasting(mind: PersonMind, person: Person, scene: Scene, now_ns: int) -> list[str]:
    """Return the cues that hold now."""
    found = []
    if mind.attending:
        found.append(
            {"agent": "looks_at_agent", "other": "looks_at_other", "object": "looks_at_object"}.get(
                mind.attending, "looks_away"
            )
        )
    if person.distance_m:
        if person.distance_m <= NEAR_M:
            found.append("near")
        elif person.distance_m >= FAR_M:
            found.append("far")
    frowns = person.face_valence is not None and person.face_valence <= FROWN and mind.valence.mean > SORROW
    mind.frowns_ns = (mind.frowns_ns or now_ns) if frowns else 0
    spoken_ns = next((said.t_ns for said in reversed(scene.utterances) if said.speaker == "agent"), 0)
    about_words = mind.frowns_ns >= spoken_ns and now_ns - scene.agent_end_ns <= AFTER_AGENT_S * NS_PER_S
    if frowns and mind.attending == "agent" and spoken_ns and about_words:
        found.append("frowns_at_agent")
    return found


def _happened(minds: dict[str, PersonMind], scene: Scene, message: m.Message, t_ns: int, on_cue: OnCue) -> None:
    match message:
        case m.PersonPercept():
            if (mind := minds.get(message.person_id)) is not None and message.state != "left":
                _seen(mind, message, t_ns, on_cue)
        case m.PersonAct():
            if (
                (mind := minds.get(message.person_id)) is not None
                and message.state == "ended"
                and message.act != "blink"
            ):
                _moment(mind, "nods" if message.act == "nod" else "shakes", t_ns, on_cue)
        case m.WorldEvent() if deeds.puzzled(message.text):
            doer = next((p for p in minds if message.text.lower().startswith(p.lower() + " ")), "")
            if doer:
                _moment(minds[doer], "puzzled_gesture", t_ns, on_cue)
        case m.AffectPercept():
            if (mind := minds.get(scene.partner(message.person_id))) is not None:
                spread = table.VOICE_NOISE / max(0.2, message.confidence)
                cue = ", ".join(message.cues) or "voice"
                mind.valence.observe(t_ns, cue, message.valence, spread**2)
                mind.arousal.observe(t_ns, cue, message.arousal, spread**2)
        case m.UserSpeech() if message.state == "ended" and not scene.turn_open_ns:
            if (mind := minds.get(scene.partner())) is not None:
                _moment(mind, "voice_without_words", t_ns, on_cue)
        case m.Turn() if message.speaker == "user" and message.state == "ended":
            _said(minds, scene, t_ns, on_cue)
        case m.TypedText():
            _said(minds, scene, t_ns, on_cue)


def _seen(mind: PersonMind, message: m.PersonPercept, t_ns: int, on_cue: OnCue) -> None:
    """Take gaze, face and place of a percept into account."""
    mind.known_from_sight = True
    before = mind.attention.top
    if message.gaze_target is not None:
        sure = 0.25 + 0.75 * message.gaze_confidence
        rest = (1.0 - sure) / (len(mind.attention.shares) - 1)
        likelihood = {name: sure if name == message.gaze_target else rest for name in mind.attention.shares}
        cue = f"looks at {message.gaze_name or message.gaze_target}"
    else:
        share = min(0.95, max(0.05, message.facing))
        likelihood = {name: share if name == "agent" else (1.0 - share) / 2.0 for name in mind.attention.shares}
        cue = f"face turned {message.facing:.1f} to the agent"
    mind.attention.observe(t_ns, cue, likelihood)
    if mind.attention.top == "agent" != before and mind.agent_last_ns:
        _moment(mind, "turns_to_agent", t_ns, on_cue)
    if message.valence is not None:
        mind.valence.observe(t_ns, "face", message.valence, (2.0 * table.FACE_NOISE) ** 2)
    if message.distance_m:
        if mind.distance_m and message.distance_m >= mind.distance_m + MOVED_M:
            _moment(mind, "moves_off", t_ns, on_cue)
            mind.moved_off_ns = t_ns
        elif mind.distance_m and message.distance_m <= mind.distance_m - MOVED_M:
            _moment(mind, "comes_closer", t_ns, on_cue)
            mind.came_closer_ns = t_ns
        mind.distance_m = message.distance_m


def _said(minds: dict[str, PersonMind], scene: Scene, t_ns: int, on_cue: OnCue) -> None:
    """Take the newest words of a person into account."""
    said = next((u for u in reversed(scene.utterances) if u.speaker == "user"), None)
    if said is None or (mind := minds.get(said.person_id)) is None or t_ns - said.t_ns > NS_PER_S:
        return
    for_agent = said.to_agent >= 0.5
    _moment(mind, "speaks_to_agent" if for_agent else "speaks_aside", t_ns, on_cue)
    if said.heard < HEARD_MIN:
        return
    if cues.is_farewell(said.text) and (for_agent or said.aside):
        _moment(mind, "takes_leave", t_ns, on_cue)
    elif speech_acts.closing(said.text) and (for_agent or said.aside):
        _moment(mind, "closes", t_ns, on_cue)
    valence, hits = cues.valence_of(said.text)
    if hits and not speech_acts.quoted(said.text):
        mind.valence.observe(t_ns, f"words: {', '.join(hits)[:40]}", valence, table.WORD_NOISE**2)
    if not for_agent and said.aside:
        return
    if uptake.not_understood(said.text):
        _moment(mind, "not_understood", t_ns, on_cue)
    elif uptake.understood(said.text):
        _moment(mind, "understood", t_ns, on_cue)
    if cues.is_question(said.text):
        _moment(mind, "asks", t_ns, on_cue)
    if asked_again(scene, said):
        _moment(mind, "asks_again", t_ns, on_cue)


def asked_again(scene: Scene, said: Utterance) -> bool:
    """Whether the same person has said mostly the same words to the agent a moment ago, which has spoken since."""
    words = set(cues.words_of(said.text))
    spoken_ns = max((u.t_ns for u in scene.utterances if u.speaker == "agent"), default=0)
    for before in scene.utterances:
        if before is said or before.person_id != said.person_id or before.speaker != "user" or before.to_agent < 0.5:
            continue
        other = set(cues.words_of(before.text))
        recent = said.t_ns - before.t_ns <= ASKED_AGAIN_S * NS_PER_S and spoken_ns > before.t_ns
        if recent and len(words) >= 3 and len(words & other) / max(1, len(words | other)) >= SAME_QUESTION:
            return True
    return False


def _moment(mind: PersonMind, cue: str, t_ns: int, on_cue: OnCue) -> None:
    on_cue(mind.person_id, cue, t_ns, 0.0)
    for name, ratio in table.MOMENTS[cue].items():
        mind.likely(name).observe(t_ns, cue.replace("_", " "), ratio)


def _attend(mind: PersonMind, now_ns: int) -> None:
    """Note what holds the attention, and since when."""
    top = mind.attention.top
    held = top if mind.attention.shares[top] >= ATTENDING_FROM else mind.attending
    if held != mind.attending:
        mind.attending, mind.attending_since_ns = held, now_ns
        mind.agent_since_ns = now_ns if held == "agent" else 0
    if held == "agent":
        mind.agent_last_ns = now_ns
