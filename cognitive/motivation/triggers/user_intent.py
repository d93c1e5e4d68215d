"""Somebody needs something and nobody has taken it up: an open request, a search, a goal, a person who comes and waits."""

from __future__ import annotations

from cognitive import cues, speech_acts, uptake
from cognitive.ages import NEVER_S
from cognitive.memory.bank import Bank
from cognitive.mind import belongings
from cognitive.mind.mistakes import Mistake
from cognitive.mind.names import doer
from cognitive.motivation.thresholds import INTENT
from cognitive.motivation.triggers.confusion_repair import explained
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.triggers.pursued_goal import fitting, pursued
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Person
from cognitive.situation import REPLY_GRACE_S, Situation
from runtime.clock import NS_PER_S

UNANSWERED_UNTIL_S = 30.0
ROOM_AFTER_S = 3.5
"""A question to others or to oneself is theirs to answer for this long."""
WAITS_S = 5.0
"""Who has stood in front of the agent and looked at it for this long without a word waits for something."""
TALK_S = 45.0
"""Within this time of the last exchange a silence belongs to the talk (`conversation_state`)."""
AGAIN_S = 20.0
NEW_S = 30.0
"""Who has come within this is greeted first."""
CAME_CLOSER_S = 25.0
PUT_DOWN_S = 6.0
"""What was put down a moment ago is not forgotten."""
TAKES_THINGS_S = 3.0
"""Who has said goodbye picks their things up by themselves within this time."""
LOOKS_BACK_S = 6.0
"""... and has longer while still turned to the agent."""
GOES_OFF_S = 8.0
CLOSE_M = 1.6
UNHAPPY = -0.15
SEARCH_S = 15.0
BACK_S = 60.0
"""Who has said within this that they come back knows what they leave."""
OVER_IT_S = 10.0
DOOR_S = 1.5
BECKONS_S = 2.5
STAYS_S = 60.0
CAME_UP_S, AFTER_TALK_S = 2.5, 3.0
"""Who has just come up may be about to speak."""


class UserIntent:
    """Needs that nobody has taken up."""

    name = INTENT

    def __init__(self, agent_name: str) -> None:
        """Know the agent's own name."""
        self._agent_name = agent_name

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose an answer to an open request, or an offer of help to who searches or waits."""
        found = [self._unanswered(situation)]
        found += [self._stuck(person, situation) for person in situation.people]
        found += [self._waits(person, situation) for person in situation.people]
        found += [self._seeks(mistake, situation) for mistake in situation.mistakes if mistake.sought]
        found += [self._forgets(person, situation) for person in situation.people]
        helped = [one for one in (pursued(person, situation) for person in situation.people) if one is not None]
        return [*(fitting(one, helped) for one in found if one is not None), *helped]

    def _unanswered(self, situation: Situation) -> Proposal | None:
        said = situation.last_user
        if said is None or said.to_agent < 0.5 or not situation.fresh(INTENT, said.t_ns):
            return None
        waited_s = situation.age_s(said.t_ns)
        answered = situation.last_agent is not None and situation.last_agent.t_ns >= said.t_ns
        if answered or not REPLY_GRACE_S <= waited_s <= UNANSWERED_UNTIL_S:
            return None
        lost = uptake.not_understood(said.text)
        if lost and explained(situation):
            return None  # `confusion_repair` sees to that
        need = cues.help_request(said.text) or lost
        asks = cues.is_question(said.text)
        named = cues.names(said.text, self._agent_name)
        if not (need or asks or named) or (cues.is_greeting(said.text) and not asks):
            return None
        weighed = Weighing(INTENT)
        weighed.add(
            "asks for help" if need or named else "asks", said.t_ns, need or ("calls the agent" if named else "")
        )
        weighed.add("unanswered", said.t_ns, f"for {waited_s:.1f} s", min(2.5, waited_s - REPLY_GRACE_S + 0.5))
        weighed.add("for the agent", said.t_ns, f"with {said.to_agent:.2f}", said.to_agent)
        mind = situation.mind(said.person_id)
        if mind.seen:
            sign = "waits for the answer" if mind.attending == "agent" else "has turned away"
            weighed.add(sign, situation.now_ns, mind.attending)
        weighed.add("plays", said.t_ns, "people play", float(bool(said.pretence)))
        asker = situation.person(said.person_id)
        weighed.add("wants to be left alone", said.t_ns, size=float(asker is not None and situation.left_alone(asker)))
        act = "offer_help" if need else "apologise_unanswered"
        return proposal(INTENT, act, "spoke to the agent without an answer", weighed, said.person_id)

    def _stuck(self, person: Person, situation: Situation) -> Proposal | None:
        """Offer help to who asks the room or themselves in vain, or is seen to search."""
        said = situation.last_said_by(person.person_id)
        if said is not None and (said.to_agent >= 0.5 or situation.age_s(said.t_ns) > SEARCH_S):
            said = None
        worded = said is not None and (speech_acts.searching(said.text) or speech_acts.forgot(said.text))
        searched, vain = situation.searches(person.person_id), situation.tries_again(person.person_id)
        seen = searched or vain
        mind, now_ns = situation.mind(person.person_id), situation.now_ns
        in_vain = said is not None and situation.last_words is said and mind.attending == "agent"
        asks = said is not None and cues.is_question(said.text) and len(situation.people) > 1
        asks = asks and said is not None and ("any" in said.text.lower() or in_vain)
        nobody_knows = mind.attending == "agent" and self._nobody_knows(person, situation)
        asks = asks or nobody_knows
        since_ns = min([said.t_ns] if said is not None and (worded or asks) else [], default=0)
        since_ns = max([since_ns, *(event.t_ns for event in seen[-1:])])
        waited_s = situation.age_s(since_ns)
        if not since_ns or waited_s < ROOM_AFTER_S or not situation.fresh(INTENT, since_ns):
            return None
        weighed = Weighing(INTENT)
        if worded or not seen:
            weighed.add("searches" if worded else "asks the room", since_ns)
        if seen:
            weighed.add("is seen to search" if searched else "tries in vain", seen[-1].t_ns, seen[-1].text)
            spoke = said is not None and abs(said.t_ns - seen[-1].t_ns) <= OVER_IT_S * NS_PER_S
            weighed.add("speaks over it", seen[-1].t_ns, size=float(spoke))
        weighed.add("nobody knows", since_ns, "among those who were asked", float(nobody_knows))
        weighed.add("time passes", since_ns, f"{waited_s:.0f} s")
        before = [
            u for u in situation.utterances if u.person_id == person.person_id and u is not said and u.to_agent < 0.5
        ]
        recent = [u for u in before if since_ns - u.t_ns <= SEARCH_S * NS_PER_S]
        again = any(speech_acts.searching(u.text) or speech_acts.forgot(u.text) for u in recent) or len(seen) > 1
        weighed.add("said so before", since_ns, size=float(again))
        sign = {"agent": "turns to the agent", "away": "looks about", "object": "" if seen else "is at it"}.get(
            mind.attending
        )
        has_turned = sign != "turns to the agent" or mind.agent_attention_s <= waited_s + 1.0
        if sign and has_turned:
            weighed.add(sign, now_ns)
        weighed.add("plays", now_ns, "people play", float(situation.pretence))
        weighed.add("unhappy", now_ns, size=float(person.face_valence is not None and person.face_valence <= UNHAPPY))
        weighed.add("wish to speak", now_ns, mind.why("wish_to_speak"), mind.wish_to_speak - 0.1)
        return proposal(INTENT, "offer_help", "searches in vain", weighed, person.person_id)

    def _nobody_knows(self, person: Person, situation: Situation) -> bool:
        """Whether the person has asked somebody else here, who could not tell."""
        asked = situation.last_said_by(person.person_id)
        if (
            asked is None
            or asked.to_agent >= 0.5
            or not cues.is_question(asked.text)
            or situation.age_s(asked.t_ns) > SEARCH_S
        ):
            return False
        answers = [
            u
            for u in situation.utterances
            if u.t_ns > asked.t_ns and u.speaker == "user" and u.person_id != person.person_id
        ]
        return bool(answers) and all(speech_acts.cannot_tell(u.text) for u in answers)

    def _seeks(self, sought: Mistake, situation: Situation) -> Proposal | None:
        """Tell who looks for a thing where it is."""
        if not situation.fresh(INTENT, sought.t_ns):
            return None
        weighed = Weighing(INTENT)
        weighed.add("seeks what the agent knows", sought.t_ns, sought.reason, sought.certainty)
        return proposal(INTENT, "set_right", sought.reason, weighed, sought.person_id, topic=sought.truth)

    def _forgets(self, person: Person, situation: Situation) -> Proposal | None:
        """Remind who goes of what they have put down."""
        left = [thing for thing in situation.belongings if thing.person_id == person.person_id]
        mind, now_ns = situation.mind(person.person_id), situation.now_ns
        left = [thing for thing in left if situation.age_s(thing.t_ns) >= PUT_DOWN_S]
        said = situation.last_said_by(person.person_id)
        if said is not None and situation.age_s(said.t_ns) <= BACK_S and speech_acts.comes_back(said.text):
            return None
        if not left or not situation.fresh(INTENT, now_ns - round(AGAIN_S * NS_PER_S)):
            return None
        leaves_s = situation.age_s(person.leave_ns) if person.leave_ns else NEVER_S
        walks = _goes_off(person, situation)
        patience_s = LOOKS_BACK_S if person.target == "agent" else TAKES_THINGS_S
        if leaves_s < patience_s and not walks:
            return None
        if mind.wish_to_leave < 0.3 and leaves_s > SEARCH_S and not walks:
            return None
        weighed = Weighing(INTENT)
        weighed.add("goes without", left[0].t_ns, "; ".join(thing.clause for thing in left))
        weighed.add("wish to leave", now_ns, mind.why("wish_to_leave"), mind.wish_to_leave)
        weighed.add("takes leave", person.leave_ns, size=float(leaves_s <= SEARCH_S))
        weighed.add("walks off", now_ns, size=float(walks))
        topic = " and ".join(thing.clause for thing in left[:3])
        return proposal(
            INTENT, "remind_belongings", "goes without their things", weighed, person.person_id, topic=topic
        )

    def _waits(self, person: Person, situation: Situation) -> Proposal | None:
        """Offer help to who stands before the agent and waits, where no talk is going on."""
        mind = situation.mind(person.person_id)
        talked_s = situation.age_s(max(person.addressed_ns, person.answered_ns))
        beckons = situation.beckons(person.person_id)
        patience_s = WAITS_S if beckons is None else BECKONS_S
        stepped_up = CAME_UP_S <= mind.since_came_closer_s <= min(CAME_CLOSER_S, talked_s - AFTER_TALK_S)
        if not mind.seen or mind.agent_attention_s < patience_s or situation.silence_s < patience_s:
            return None
        if talked_s < TALK_S and not (stepped_up or beckons is not None):
            return None
        newcomer = not person.greeted and situation.age_s(person.arrived_ns) <= NEW_S
        if newcomer or not situation.fresh(INTENT, situation.now_ns - round(AGAIN_S * NS_PER_S)):
            return None
        weighed = Weighing(INTENT)
        now_ns = situation.now_ns
        stays = mind.since_came_closer_s <= min(STAYS_S, mind.agent_attention_s + CAME_UP_S)
        came = mind.since_came_closer_s >= CAME_UP_S and (mind.since_came_closer_s <= CAME_CLOSER_S or stays)
        weighed.add("came closer", now_ns, size=float(came))
        if beckons is not None:
            weighed.add("beckons", beckons.t_ns, beckons.text)
        weighed.add(
            "waits", now_ns, f"looks at the agent for {mind.agent_attention_s:.0f} s", min(8.0, mind.agent_attention_s)
        )
        if person.distance_m:
            weighed.add("near" if person.distance_m <= CLOSE_M else "not near", now_ns, f"{person.distance_m:.1f} m")
        weighed.add("wish to speak", now_ns, mind.why("wish_to_speak"), mind.wish_to_speak - 0.1)
        weighed.add("at something", now_ns, size=float(beckons is None and situation.busy_with_own(person.person_id)))
        weighed.add("told to wait", now_ns, size=float(situation.told_to_wait))
        weighed.add("satisfied", now_ns, size=float(situation.satisfied))
        return proposal(INTENT, "offer_help", "comes close and waits", weighed, person.person_id)


def _goes_off(person: Person, situation: Situation) -> bool:
    """Return whether a person is just seen to go: by a deed, or by walking away with the eyes elsewhere."""
    for event in situation.events:
        recent = situation.age_s(event.t_ns) <= GOES_OFF_S
        if recent and person.target != "agent" and belongings.goes(event.text) and doer(event.text, [person.person_id]):
            return True
    mind = situation.mind(person.person_id)
    to_the_door = bool(belongings.DOORS & set(person.target_name.lower().split()))
    if (
        to_the_door
        and DOOR_S <= situation.age_s(person.target_since_ns) <= GOES_OFF_S
        and situation.silence_s < GOES_OFF_S
    ):
        return True
    off = any(
        reason.cue == "moves off" and situation.age_s(reason.t_ns) <= GOES_OFF_S
        for reason in mind.reasons["wish_to_leave"]
    )
    return off and (person.target == "away" or to_the_door)
