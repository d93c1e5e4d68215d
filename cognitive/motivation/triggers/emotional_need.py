"""Somebody shows sorrow, fear or joy that nobody has met with a word: comfort, or share the joy.

How somebody feels is the mind's filtered estimate of face, voice, words and doings. One sign alone may be onions; a film's sorrow
is not the viewer's; and who is comforted by somebody else, on the phone or at hand, is not left alone with it.
"""

from __future__ import annotations

from cognitive import cues, speech_acts
from cognitive.formulas import any_of, plain
from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import EMOTION
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Feeling, Person
from cognitive.situation import Situation
from runtime.clock import NS_PER_S
from runtime.safety.peril import danger

WINDOW_S = 25.0
FELT, OVERJOYED = 0.3, 0.45
"""An estimate of this size is a sign of sorrow, and of joy: a good mood is nothing to celebrate."""
PHONE_S = 12.0
ASIDE_S = 20.0
SIGH_S = 10.0
TELLS_S = 3.0
MET_S = 60.0
"""So long after a word about a feeling a further sign of it is no new reason."""
UNWELL_S = 30.0
TOLD_S = 40.0
COMFORTED = any_of(
    r"""
    hugs? / arms? (?:around|about) / (?:holds?|takes?) (?:\w+(?:'s)?|her|his) hand / embraces? / comforts? / pats /
    strokes / consoles / kisses / hands? \w+ a (?:tissue|handkerchief)
    """
)
"""Somebody else has met it."""
MEDIA = frozenset(
    """book novel film movie screen tv television tablet magazine newspaper script stage game comic page play show radio story
    onion onions""".split()
)
"""What makes people laugh and weep without having happened to them."""


class EmotionalNeed:
    """Feelings that call for a word."""

    name = EMOTION

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose comfort or shared joy to each person."""
        found = []
        for person in situation.people:
            for sign, act, reason in ((-1.0, "comfort", "negative feeling"), (1.0, "celebrate", "strong joy")):
                one = self._felt(person, sign, act, reason, situation)
                if one is not None:
                    found.append(one)
        return found

    def _felt(self, person: Person, sign: float, act: str, reason: str, situation: Situation) -> Proposal | None:
        since_ns = situation.now_ns - round(WINDOW_S * NS_PER_S)
        least = FELT if sign < 0.0 else OVERJOYED
        signs = [
            f
            for f in situation.all_feelings
            if f.person_id in (person.person_id, "")
            and f.t_ns >= since_ns
            and sign * f.valence >= least
            and situation.fresh(EMOTION, f.t_ns)
        ]
        kinds = {_kind(feeling) for feeling in signs}
        face = person.face_valence is not None and sign * person.face_valence >= least
        sighs, mutters = _to_nobody(person, situation, signs[-1].t_ns if signs else person.face_since_ns)
        new = (
            face
            and situation.fresh(EMOTION, person.face_since_ns)
            and situation.age_s(person.face_since_ns) <= WINDOW_S
        )
        if not signs and not (new and (sighs or mutters)):
            return None
        felt_ns = signs[-1].t_ns if signs else person.face_since_ns
        mind = situation.mind(person.person_id)
        size = sign * mind.valence
        weighed = Weighing(EMOTION)
        weighed.add("feeling", felt_ns, mind.why("valence"), min(0.7, max(0.0, size)))
        newest = signs[-3:]
        strength = sum(abs(feeling.valence) * feeling.confidence for feeling in newest)
        weighed.add("newest signs", felt_ns, "; ".join(_detail(feeling) for feeling in newest), strength)
        kinds |= {"face"} if face else set()
        weighed.add("kinds of signs", felt_ns, ", ".join(sorted(kinds)), len(kinds) - 1.0)
        weighed.add("in words only", felt_ns, size=float(kinds == {"words"}))
        doubt = [
            f
            for f in situation.all_feelings
            if f.person_id == person.person_id and f.t_ns >= since_ns and sign * f.valence <= -FELT
        ]
        if doubt:
            weighed.add("doubt", doubt[-1].t_ns, _detail(doubt[-1]))
        weighed.add(
            "tells the agent", felt_ns, size=float("words" in kinds and _tells_the_agent(person, situation, felt_ns))
        )
        weighed.add("sighs", situation.wordless_ns, "a voice without words", float(sighs))
        weighed.add("says it to nobody", felt_ns, size=float(mutters))
        alone = [p.person_id for p in situation.people if p.seen] == [person.person_id]
        weighed.add("alone", situation.now_ns, "nobody else is here", float(alone))
        _whose_business(weighed, person, situation)
        weighed.add("turns to the agent", situation.now_ns, size=float(mind.attending == "agent"))
        return proposal(EMOTION, act, reason, weighed, person.person_id)


def _tells_the_agent(person: Person, situation: Situation, felt_ns: int) -> bool:
    """Whether the person has told the agent how they are."""
    last = situation.last_said_by(person.person_id)
    near = last is not None and abs(last.t_ns - felt_ns) <= round(TELLS_S * NS_PER_S)
    return near and last is not None and last.to_agent >= 0.5 and cues.states_feeling(last.text)


def _to_nobody(person: Person, situation: Situation, felt_ns: int) -> tuple[bool, bool]:
    """Return whether a sigh, and words to nobody, were heard about when it was felt."""
    near_ns = round(SIGH_S * NS_PER_S)
    sighs = bool(situation.wordless_ns) and abs(situation.wordless_ns - felt_ns) <= near_ns
    last = situation.last_said_by(person.person_id)
    mutters = last is not None and last.to_agent < 0.5 and not last.aside and abs(last.t_ns - felt_ns) <= near_ns
    return sighs, mutters


def _whose_business(weighed: Weighing, person: Person, situation: Situation) -> None:
    """Take off what shows that somebody else, or a story, has to do with it."""
    mind, now_ns = situation.mind(person.person_id), situation.now_ns
    last = situation.last_said_by(person.person_id)
    turned = situation.turns_to_agent(person.person_id) and mind.agent_attention_s < situation.age_s(person.phone_ns)
    not_to_agent = last is not None and last.to_agent < 0.5 and situation.age_s(last.t_ns) <= ASIDE_S and not turned
    near_phone = bool(person.phone_ns) and situation.age_s(person.phone_ns) <= PHONE_S
    on_phone = near_phone and (mind.attending != "agent" or not_to_agent)
    weighed.add("on the phone", person.phone_ns, size=float(on_phone))
    story = person.target == "object" and person.target_name.lower() in MEDIA
    weighed.add("story", now_ns, f"is with a {person.target_name}", float(story))
    told = [u for u in situation.utterances if u.person_id == person.person_id and situation.age_s(u.t_ns) <= TOLD_S]
    others = any(speech_acts.quoted(u.text) for u in told)
    weighed.add("told of others", now_ns, size=float(others and not story))
    here = [p for p in situation.people if p.person_id != person.person_id]
    watched = {p.target_name for p in here if p.target == "object" and p.target_name}
    weighed.add(
        "others feel it too", now_ns, "they watch the same", float(bool(watched) and person.target_name in watched)
    )
    names = {p.person_id for p in here}
    aside = bool(here) and any(
        u.aside and u.person_id in names | {person.person_id} and situation.age_s(u.t_ns) <= ASIDE_S
        for u in situation.utterances
    )
    attended = any(p.target == "other" and p.target_name == person.person_id for p in here)
    weighed.add(
        "company", now_ns, "is with somebody", float(bool(mind.attending == "other" and here) or aside or attended)
    )
    near = (event for event in situation.events if situation.age_s(event.t_ns) <= WINDOW_S)
    comforted = next((event for event in near if COMFORTED.search(plain(event.text))), None)
    if comforted is not None:
        weighed.add("comforted", comforted.t_ns, comforted.text)
    met_s = situation.age_s(situation.handled_ns[EMOTION]) if EMOTION in situation.handled_ns else MET_S
    weighed.add("met a moment ago", now_ns, f"{met_s:.0f} s ago", float(met_s < MET_S))
    unwell = last is not None and situation.age_s(last.t_ns) <= UNWELL_S and bool(danger(last.text))
    weighed.add("unwell", now_ns, "rather than sad", float(unwell))
    weighed.add("puzzled", now_ns, mind.why("confusion"), mind.confusion if mind.confusion >= 0.2 else 0.0)
    weighed.add("pretence", now_ns, "people play or rehearse", float(situation.pretence))
    weighed.add(
        "wants to be left alone",
        now_ns,
        size=float(situation.left_alone(person) and not situation.turns_to_agent(person.person_id)),
    )


def _kind(feeling: Feeling) -> str:
    cue = feeling.cues[0] if feeling.cues else "voice"
    return "words" if cue.startswith("word:") else "doing" if cue.startswith("event:") else "voice"


def _detail(feeling: Feeling) -> str:
    return f"valence {feeling.valence:+.2f}" + (f", {'; '.join(feeling.cues)}" if feeling.cues else "")[:100]
