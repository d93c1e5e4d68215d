"""What was said: turns and typed words of people, clauses of the agent, and what follows from them for the scene.

Synchronous, part of `cognitive.perceive`. Whose words they are, how probably they were for the agent, whether they greet, take
leave, ask for quiet or tell of a feeling is noted here; an end without a start changes nothing that matters.
"""

from __future__ import annotations

from msgspec import structs

from cognitive import cues, promises, speech_acts
from cognitive.clock_times import LocalTime
from cognitive.motivation.thresholds import EMOTION
from cognitive.safety.pretence import Pretence, ends_pretence, is_serious, pretence_in
from cognitive.scene import DROPPED, KEPT, UTTERANCE_CHARS, Feeling, Person, Play, Promise, Scene, Utterance
from cognitive.who_is_here import here
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S

AGENT_CLAUSE_MARGIN_S = 1.5
"""A clause whose end was never reported is over this long after its duration."""
AGENT_TURN_MAX_S = 45.0
KEPT_EARLY_S = 5.0
"""What the agent says of a promise from this long before its time on keeps it."""
SAME_TEXT_S = 4.0
"""A typed text and a turn with the same text within this time are one utterance."""
TYPED_TURN = "typed"
TYPED_CONFIDENCE = 0.9
"""Trust in text without recognition scores."""
HEARD_MIN = 0.3
"""Below this mean confidence of its words an utterance is remembered but its wording means nothing."""
ASIDE_BELOW = 0.5
"""A turn that is less likely than this for the agent is talk between people: remembered, but no matter of the agent's."""
TO_AGENT_BY_GAZE = {"agent": 0.9, "other": 0.15, "object": 0.35, "away": 0.45, "": 0.85}
"""How probably speech is for the agent by where its speaker looks, where nobody else is in view who would tell (design choices)."""
PRETENCE_S = 300.0
"""A game or a rehearsal that was spoken of goes on for about this long."""
FIRST_WORDS_S = 8.0
"""Whatever the agent says this soon after somebody has come is its greeting."""
ANSWERS_WITHIN_S = 4.0
"""What the fast system answers within this was meant for the agent, whatever it looked like."""
NOT_STATED = 0.4
"""Trust in feeling words of which the speaker does not say that they are theirs and now."""
REPLY_BEFORE_S = 1.0
"""The fast system begins its reply before a turn is reported as over, at most by this."""
GREETING_WORDS = 5
"""A turn with a greeting in so few words is nothing but that."""
PARTED_S = 20.0
"""Further goodbyes this soon after the agent's belong to the same parting."""
ASKED_S = 15.0
"""What a person asked for within this is what the agent agrees to."""
QUIET_FROM = 0.3
"""Even a wish for quiet that was perhaps for somebody else is respected."""
ASKS_ANEW_WORDS = 4
PHONE_S = 20.0
CALL_GAP_S = 25.0
"""Who is on the phone listens for no longer than this before speaking again."""
"""Who has looked at a phone within this time and talks past the agent talks to the phone."""


def user_speech(scene: Scene, message: m.UserSpeech, t_ns: int) -> None:
    """Take the onset or end of a person's voice into the scene."""
    if message.state == "started":
        scene.user_speaking_ns = max(1, t_ns)
        here(scene, "", t_ns)  # a sound is not yet a word: whether anybody spoke to the agent shows with the turn
    else:
        scene.user_speaking_ns = 0
        scene.user_end_ns = max(scene.user_end_ns, t_ns)
        if not scene.turn_open_ns:
            scene.wordless_ns = t_ns


def user_turn(scene: Scene, message: m.Turn, t_ns: int) -> None:
    """Take the start or end of a person's turn into the scene."""
    if message.state == "started":
        scene.turn_open_ns, scene.turn_id = max(1, t_ns), message.turn_id
        return
    scene.turn_open_ns, scene.turn_id = 0, message.turn_id
    scene.user_end_ns = max(scene.user_end_ns, min(message.end_ns or t_ns, t_ns))
    user_said(scene, message.text, t_ns, message.turn_id, message.person_id, addressed=message.addressed)


def user_said(
    scene: Scene, text: str, t_ns: int, turn_id: str, person_id: str, *, addressed: float | None = None
) -> None:
    """Take what a person has said or typed into the scene.

    Args:
        scene: changed.
        text: the words.
        t_ns: their end.
        turn_id: the turn, or `TYPED_TURN`.
        person_id: who; may be empty.
        addressed: how probably they were for the agent; None where nobody else is in view.
    """
    scene.nudges = 0
    person = here(scene, person_id, t_ns)
    person.spoke = person.talked = True
    text = text.strip()
    if not text:
        return
    last = next((u for u in reversed(scene.utterances) if u.speaker == "user"), None)
    echo = last is not None and TYPED_TURN in (last.turn_id, turn_id) and last.text == text[:UTTERANCE_CHARS]
    if echo and last is not None and t_ns - last.t_ns <= SAME_TEXT_S * NS_PER_S:
        return
    typed = turn_id == TYPED_TURN
    heard = TYPED_CONFIDENCE
    if not typed and scene.word_confidences:
        heard = sum(scene.word_confidences) / len(scene.word_confidences)
    scene.word_confidences.clear()
    to_agent = 1.0 if typed else _to_agent(person, addressed, t_ns)
    if person.phone_ns and to_agent < ASIDE_BELOW and t_ns - person.phone_ns <= CALL_GAP_S * NS_PER_S:
        person.phone_ns = t_ns  # the call goes on
    aside = addressed is not None and addressed < ASIDE_BELOW
    said = Utterance(
        speaker="user", text=text[:UTTERANCE_CHARS], t_ns=t_ns, turn_id=turn_id, person_id=person.person_id,
        aside=aside, to_agent=to_agent, heard=heard, pretence=_pretence(scene, text, person.person_id, to_agent, t_ns),
    )  # fmt: skip
    scene.utterances.append(said)
    if aside:
        return
    if to_agent >= ASIDE_BELOW:
        scene.user_turn_ns = max(1, t_ns)  # an answer of the fast system is to be expected
    if typed:
        scene.user_end_ns = max(scene.user_end_ns, t_ns)
    if to_agent >= ASIDE_BELOW:
        _addresses(scene, person, said)
    if heard >= HEARD_MIN and to_agent >= QUIET_FROM:
        _quiet(scene, person, text, t_ns)
    if heard >= HEARD_MIN:  # a recogniser's guess is no reason to greet, to wave goodbye or to comfort
        _means(scene, person, said)
    reply = next((u for u in reversed(scene.utterances) if u.speaker == "agent"), None)
    if reply is not None and 0 <= t_ns - reply.t_ns <= REPLY_BEFORE_S * NS_PER_S and reply.text not in scene.own_words:
        _answers(scene, t_ns)
        person.farewelled = person.farewelled or bool(person.leave_ns)


def _pretence(scene: Scene, text: str, person_id: str, to_agent: float, t_ns: int) -> Pretence:
    """Note that somebody says that play begins or is over; return how firmly these very words are play.

    Whoever says so covers their own words; said to the agent, everybody's. A game that some have agreed on among themselves does not
    cover what another person says to the agent. Who says that they are serious is not covered.
    """
    found = pretence_in(text)
    if found:
        among = to_agent < ASIDE_BELOW
        scene.plays.append(Play(t_ns=t_ns, person_id=person_id, declared=found == "declared", among_themselves=among))
        scene.pretence_until_ns = t_ns + round(PRETENCE_S * NS_PER_S)
    elif ends_pretence(text):
        scene.plays.clear()
        scene.pretence_until_ns = 0
    if is_serious(text):
        return ""
    covering = [
        play
        for play in scene.plays
        if t_ns - play.t_ns <= PRETENCE_S * NS_PER_S
        and (play.person_id == person_id or not play.among_themselves or to_agent < ASIDE_BELOW)
    ]
    if any(play.declared for play in covering):
        return "declared"
    return "play" if covering else ""


def _quiet(scene: Scene, person: Person, text: str, t_ns: int) -> None:
    """Note a wish not to be spoken to, for all who are here where it is theirs."""
    quiet_s = speech_acts.wants_quiet_s(text)
    if quiet_s:
        words = cues.words_of(text)
        ours = quiet_s > speech_acts.THINKING_S and bool({"we", "us", "we'd", "we're"} & set(words))
        for other in scene.present() if ours else [person]:
            other.quiet_until_ns = max(other.quiet_until_ns, t_ns + round(quiet_s * NS_PER_S))
            other.quiet_firm = speech_acts.wants_only_listening(text)
        if quiet_s <= speech_acts.THINKING_S:
            person.moment_ns = max(1, t_ns)


def _to_agent(person: Person, addressed: float | None, t_ns: int) -> float:
    """Return how probably a turn was for the agent."""
    if addressed is not None:
        return addressed
    if not person.seen:
        return TO_AGENT_BY_GAZE[""]
    if person.target != "agent" and person.phone_ns and t_ns - person.phone_ns <= PHONE_S * NS_PER_S:
        return TO_AGENT_BY_GAZE["other"]
    return TO_AGENT_BY_GAZE.get(person.target, TO_AGENT_BY_GAZE[""])


def _means(scene: Scene, person: Person, said: Utterance) -> None:
    """Note a greeting, a leave and feelings in what was said."""
    text, t_ns = said.text, said.t_ns
    for_agent = said.to_agent >= ASIDE_BELOW
    if for_agent and cues.is_greeting(text):
        person.greeted_agent_ns = max(1, t_ns)
    if for_agent and cues.is_farewell(text):
        person.leave_ns = t_ns
        spoke_ns = max((u.t_ns for u in scene.utterances if u.speaker == "agent"), default=0)
        person.farewelled = (
            person.farewelled and t_ns - spoke_ns <= PARTED_S * NS_PER_S
        )  # an earlier parting was another one
    elif for_agent and person.leave_ns:
        person.leave_ns, person.farewelled = 0, False  # stayed and talks on
    valence, hits = cues.valence_of(text)
    if hits and not speech_acts.quoted(text):
        scene.feelings.append(
            Feeling(
                t_ns=t_ns, valence=valence, arousal=0.0, person_id=person.person_id,
                confidence=said.heard * (1.0 if cues.states_feeling(text) else NOT_STATED),
                cues=tuple(f"word:{hit}" for hit in hits),
            )
        )  # fmt: skip


def _take_back(scene: Scene, said: Utterance) -> None:
    """Drop what a person no longer wants to be told."""
    if speech_acts.cancels(said.text):
        for promise in scene.promises:
            if promise.owed and promise.person_id in (said.person_id, ""):
                promise.state = DROPPED


def _answers(scene: Scene, t_ns: int) -> None:
    """Take what the agent answers at once for said to it."""
    last = scene.utterances[-1] if scene.utterances else None
    if last is None or last.speaker != "user" or t_ns - last.t_ns > ANSWERS_WITHIN_S * NS_PER_S:
        return
    person = scene.people.get(last.person_id)
    if person is None:
        return
    anew = cues.is_question(last.text) if person.quiet_firm else not speech_acts.wants_quiet_s(last.text)
    if anew and len(last.text.split()) >= ASKS_ANEW_WORDS:
        person.quiet_until_ns = person.moment_ns = 0  # who talks with the agent again wants to talk
    if last.to_agent >= ASIDE_BELOW:
        return
    scene.utterances[-1] = structs.replace(last, aside=False, to_agent=TO_AGENT_BY_GAZE["agent"])
    _addresses(scene, person, scene.utterances[-1])
    person.answered_ns = t_ns
    if last.heard >= HEARD_MIN:
        _means(scene, person, scene.utterances[-1])


def _addresses(scene: Scene, person: Person, said: Utterance) -> None:
    """Note that a person has spoken to the agent."""
    scene.exchanges += 1
    scene.agent_interrupted = False
    person.addressed_ns = max(1, said.t_ns)
    greets_only = cues.is_greeting(said.text) and len(said.text.split()) <= GREETING_WORDS
    person.turns_to_agent += not greets_only
    if len(said.text.split()) >= ASKS_ANEW_WORDS and not person.quiet_firm and not speech_acts.wants_quiet_s(said.text):
        person.quiet_until_ns = 0  # who speaks to the agent again wants to talk again
    _take_back(scene, said)


def _promise(scene: Scene, text: str, t_ns: int, turn_id: str, local_time: LocalTime | None) -> None:
    """Note what the agent promises to say later, and that it has said what it had promised."""
    for promise in scene.promises:
        words = set(cues.words_of(promise.about)) - cues.SMALL_WORDS
        early_s = (promise.due_ns - t_ns) / NS_PER_S
        if promise.owed and early_s <= KEPT_EARLY_S and (not words or words & set(cues.words_of(text))):
            promise.state = KEPT
    asked = next((u for u in reversed(scene.utterances) if u.speaker == "user" and u.to_agent >= ASIDE_BELOW), None)
    wish = asked.text if asked is not None and t_ns - asked.t_ns <= ASKED_S * NS_PER_S else ""
    after_s = promises.promised_in_s(text, wish, None if local_time is None else local_time(t_ns))
    if after_s is None or any(promise.promise_id == turn_id for promise in scene.promises):
        return
    scene.promises.append(
        Promise(
            promise_id=turn_id, made_ns=t_ns, due_ns=t_ns + round(after_s * NS_PER_S), words=text[:120],
            about=promises.promised_what(text, wish)[:80], person_id=asked.person_id if asked is not None and wish else "",
        )
    )  # fmt: skip


def agent_turn(scene: Scene, message: m.Turn, t_ns: int, local_time: LocalTime | None = None) -> None:
    """Take the start or end of a turn of the agent into the scene."""
    if message.state == "started":
        scene.agent_turn_open = True
        scene.user_turn_ns = 0
        scene.agent_until_ns = t_ns + round(AGENT_TURN_MAX_S * NS_PER_S)
        return
    scene.agent_turn_open = False
    scene.agent_interrupted = message.interrupted
    scene.agent_until_ns = 0
    scene.agent_end_ns = max(scene.agent_end_ns, t_ns)
    last = scene.utterances[-1] if scene.utterances else None
    if last is not None and last.speaker == "agent" and last.turn_id == message.turn_id:
        return  # its clauses are known already
    _agent_said(scene, message.text, t_ns, message.turn_id, local_time=local_time)


def agent_speech(scene: Scene, message: m.AgentSpeech, t_ns: int, local_time: LocalTime | None = None) -> None:
    """Take what became of a clause of the agent into the scene."""
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
        said_ns = t_ns + round(message.duration_ms * NS_PER_MS)
        _agent_said(scene, message.text, t_ns, message.response_id, said_ns, local_time=local_time)
        return
    scene.agent_end_ns = max(scene.agent_end_ns, t_ns)
    if not scene.agent_turn_open or message.state == "interrupted":
        scene.agent_until_ns = 0


def _agent_said(
    scene: Scene, text: str, t_ns: int, turn_id: str, said_ns: int = 0, *, local_time: LocalTime | None
) -> None:
    """Note what the agent has said, and that it has greeted or taken leave, whichever of its systems did.

    Args:
        scene: changed.
        text: the words.
        t_ns: when they began.
        turn_id: the response that they belong to.
        said_ns: when they end; a time that is promised counts from then.
        local_time: wall time at a session time.
    """
    text = text.strip()
    if not text:
        return
    here = scene.present()
    if text not in scene.own_words:
        _answers(scene, t_ns)
    greeting, farewell = cues.is_greeting(text), cues.is_farewell(text)
    if cues.is_sympathy(text):  # whichever system said it: who has been comforted is not comforted again for the same
        scene.handled_ns[EMOTION] = max(scene.handled_ns.get(EMOTION, 0), t_ns)
    answered = scene.utterances[-1] if scene.utterances else None
    if answered is not None and (answered.speaker != "user" or t_ns - answered.t_ns > ANSWERS_WITHIN_S * NS_PER_S):
        answered = None
    asked_by = None if answered is None else scene.people.get(answered.person_id)
    if asked_by is not None and asked_by.quiet_until_ns > t_ns and speech_acts.keeps_silent(text):
        asked_by.quiet_firm = True  # agreed between the two
    for person in here:
        person.talked = True
        first_words = t_ns - person.arrived_ns <= FIRST_WORDS_S * NS_PER_S
        together = asked_by is None or abs(asked_by.arrived_ns - person.arrived_ns) <= FIRST_WORDS_S * NS_PER_S
        met = first_words and together
        person.greeted = person.greeted or greeting or met
        answers_leave = bool(person.leave_ns) and t_ns - person.leave_ns <= ANSWERS_WITHIN_S * NS_PER_S
        answers_leave = answers_leave and text not in scene.own_words
        person.farewelled = person.farewelled or farewell or answers_leave
        if person.addressed_ns > person.answered_ns:
            person.answered_ns = t_ns
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
    _promise(scene, text, max(t_ns, said_ns), turn_id, local_time)
    scene.utterances.append(
        Utterance(speaker="agent", text=text[-UTTERANCE_CHARS:], t_ns=t_ns, turn_id=turn_id, person_id=partner)
    )
