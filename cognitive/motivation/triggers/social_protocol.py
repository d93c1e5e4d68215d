"""Courtesy: greet who arrives and turns to the agent, answer a greeting or goodbye that nobody has answered, see off who leaves.

The fast system and the person go first: a greeting waits `GREET_AFTER_S` from the moment on in which the agent has somebody's
attention. Who passes by, comes in talking, or turns to something else is not greeted.
"""

from __future__ import annotations

from cognitive import speech_acts
from cognitive.formulas import plain
from cognitive.memory.bank import Bank
from cognitive.mind.person import MindView
from cognitive.motivation.thresholds import SOCIAL
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Person, WishHeard
from cognitive.situation import Situation

GREET_AFTER_S = 2.4
GREET_WITHIN_S = 15.0
"""Later than this after somebody has turned to the agent a greeting is odd."""
NEW_S = 30.0
"""Who has been here for longer is no newcomer."""
PHONE_S = 15.0
VIEWER_PATIENCE_S = 3.0
"""Who only watches the page is first welcomed by the fast system's opening; it has this long to begin."""
ANSWER_AFTER_S = 2.2
"""A greeting or goodbye is answered by the fast system within this, if at all."""
FAREWELL_WITHIN_S = 12.0
ACKNOWLEDGE_WITHIN_S = 20.0
"""Later than this nobody knows what is being acknowledged."""
GONE_AFTER_S = 2.5
"""A face that was lost comes back within this more often than not ..."""
GONE_SURELY_S = 0.4
"""... unless its owner had taken steps to go."""
SEE_OFF_WITHIN_S = 3.5
"""Later than this nobody hears it."""
TALKED_WITHIN_S = 300.0
STAYED_S = 45.0
LAST_LOOK_S, ON_THE_WAY_S = 10.0, 20.0
LOOK_S = 1.5
"""Who has only begun to look may be about to say goodbye."""
PARTED_S = 30.0
LATER_S = 30.0
"""Who goes this soon after an exchange has been parted with by it."""
LOOKED_WITHIN_S = 15.0
GOING, MEANT_TO_GO = 0.45, 0.2
"""Wish to leave from which somebody still here is going, and from which who is lost from sight has left."""
NEAR_M, FAR_M = 2.0, 3.2
UNCLEAR = 0.5
"""Words recognised with less than this may have been a greeting."""
COMES_UP_S = 12.0
BACK_S = 60.0
CALLED_S = 30.0
"""Who is called in goes on, rather than away."""
SMILE = 0.25
NEED_S, STRONG = 20.0, 0.6
"""How long ago, and how strong, what somebody needs or feels may be that they turn to the agent for."""
BUSY_FROM_S = 12.0


class SocialProtocol:
    """What courtesy asks for."""

    name = SOCIAL

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose one act for each person who is owed one, and for each wish about being remembered."""
        found = [self._greet(person, situation, bank) for person in situation.people]
        found += [self._goodbye(person, situation) for person in situation.people]
        found += [self._acknowledge(wish, situation) for wish in situation.wishes]
        found += [self._see_off(person, situation) for person in (*situation.people, *situation.departed)]
        return [one for one in found if one is not None]

    def _greet(self, person: Person, situation: Situation, bank: Bank) -> Proposal | None:
        if person.greeted or person.leave_ns or not (person.seen or person.watching):
            return None
        if person.greeted_agent_ns:
            return self._return_greeting(person, situation)
        if person.addressed_ns and not self._mumbled(person, situation):
            return None  # the talk has begun without a greeting
        weighed = Weighing(SOCIAL)
        if not person.seen:
            if not VIEWER_PATIENCE_S <= situation.age_s(person.arrived_ns) <= GREET_WITHIN_S:
                return None
            weighed.add("page opened", person.arrived_ns)
            return proposal(SOCIAL, "greet", "somebody opens the page", weighed, person.person_id)
        mind, now_ns = situation.mind(person.person_id), situation.now_ns
        here_s = situation.age_s(person.arrived_ns)
        turned_s = min(mind.agent_attention_s, here_s)
        if here_s > NEW_S and not self._comes_up(person, mind):
            return None
        if not GREET_AFTER_S <= turned_s <= GREET_WITHIN_S:
            return None
        weighed.add("arrival", person.arrived_ns, "is not greeted yet")
        weighed.add("turned to the agent", now_ns, f"for {turned_s:.0f} s", mind.attention["agent"])
        weighed.add("smiles", now_ns, size=float(person.face_valence is not None and person.face_valence >= SMILE))
        weighed.add("near", now_ns, f"{person.distance_m:.1f} m", float(0.0 < person.distance_m <= NEAR_M))
        weighed.add("far", now_ns, f"{person.distance_m:.1f} m", float(person.distance_m >= FAR_M))
        on_phone = person.phone_ns and situation.age_s(person.phone_ns) <= PHONE_S
        weighed.add("phone at hand", person.phone_ns, size=float(bool(on_phone)))
        weighed.add("wants to be left alone", now_ns, size=float(person.quiet_until_ns > now_ns))
        weighed.add("comes with a need", now_ns, "rather than to be greeted", float(self._in_need(person, situation)))
        busy = here_s > BUSY_FROM_S and bool(
            situation.deeds_of(person.person_id, here_s) or situation.last_said_by(person.person_id)
        )
        weighed.add("has been about", person.arrived_ns, f"for {here_s:.0f} s, at something", float(busy))
        known = person.encounters > 1 or _met_before(person.person_id, bank)
        others = any(other.greeted or other.talked for other in situation.people if other.person_id != person.person_id)
        act = "greet_again" if known else "greet_newcomer" if others else "greet"
        reason = "a person returns" if known else "a person arrives"
        return proposal(SOCIAL, act, reason, weighed, person.person_id)

    def _acknowledge(self, wish: WishHeard, situation: Situation) -> Proposal | None:
        """Say what came of a wish about being remembered, so that nobody wonders whether it was heard."""
        if situation.age_s(wish.t_ns) > ACKNOWLEDGE_WITHIN_S:
            return None
        weighed = Weighing(SOCIAL)
        weighed.add("wish of memory", wish.t_ns, wish.finding)
        return proposal(SOCIAL, f"memory_{wish.finding}", "a wish was heard", weighed, wish.person_id)

    def _in_need(self, person: Person, situation: Situation) -> bool:
        """Whether something is the matter with somebody who turns to the agent: a strong feeling, a search, a deed in vain."""
        pid = person.person_id
        if situation.distress(pid, NEED_S) or situation.searches(pid) or situation.tries_again(pid):
            return True
        said = situation.last_said_by(pid)
        stuck = said is not None and (speech_acts.searching(said.text) or speech_acts.forgot(said.text))
        strong = any(
            f.person_id == pid and abs(f.valence) >= STRONG and situation.age_s(f.t_ns) <= NEED_S
            for f in situation.all_feelings
        )
        return strong or (stuck and said is not None and situation.age_s(said.t_ns) <= NEED_S)

    def _mumbled(self, person: Person, situation: Situation) -> bool:
        """Whether the person's only words could hardly be made out, and nobody has answered them."""
        said = situation.said_at(person.addressed_ns)
        unclear = said is not None and said.heard < UNCLEAR and not person.turns_to_agent > 1
        return unclear and person.answered_ns < person.addressed_ns and not person.greeted

    def _comes_up(self, person: Person, mind: MindView) -> bool:
        """Whether somebody who has been about for a while without a word to the agent turns to the agent and steps up to it."""
        return not person.addressed_ns and not person.answered_ns and mind.since_came_closer_s <= COMES_UP_S

    def _return_greeting(self, person: Person, situation: Situation) -> Proposal | None:
        """Return a greeting that the fast system has not returned."""
        answered = person.answered_ns >= person.greeted_agent_ns
        if answered or not ANSWER_AFTER_S <= situation.age_s(person.greeted_agent_ns) <= GREET_WITHIN_S:
            return None
        weighed = Weighing(SOCIAL)
        weighed.add("greeting unanswered", person.greeted_agent_ns)
        return proposal(SOCIAL, "return_greeting", "a greeting is unanswered", weighed, person.person_id)

    def _goodbye(self, person: Person, situation: Situation) -> Proposal | None:
        """Answer a goodbye that nobody has answered."""
        if not person.leave_ns or person.farewelled:
            return None
        if not ANSWER_AFTER_S <= situation.age_s(person.leave_ns) <= FAREWELL_WITHIN_S:
            return None
        said = situation.said_at(person.leave_ns)
        for_agent = said.to_agent if said is not None else 1.0
        weighed = Weighing(SOCIAL)
        weighed.add("goodbye unanswered", person.leave_ns)
        weighed.add("goodbye to others", person.leave_ns, size=1.0 - for_agent)
        return proposal(SOCIAL, "farewell", "a goodbye is unanswered", weighed, person.person_id)

    def _see_off(self, person: Person, situation: Situation) -> Proposal | None:
        """Say goodbye to who has talked with the agent and goes without a word."""
        if person.farewelled or person.leave_ns or not person.turns_to_agent or self._parted(person, situation):
            return None
        mind, now_ns = situation.mind(person.person_id), situation.now_ns
        if not self._goes(person, mind, situation):
            return None
        weighed = Weighing(SOCIAL)
        weighed.add("goes", now_ns, "moves off" if person.present else "has left the picture")
        weighed.add("has left", person.left_ns, size=float(not person.present))
        talked_s = situation.age_s(max(person.addressed_ns, person.answered_ns))
        weighed.add(
            "natural end", person.answered_ns, f"{talked_s:.0f} s after the last words", float(talked_s < LATER_S)
        )
        weighed.add(
            "talked with the agent", person.addressed_ns, f"{talked_s:.0f} s ago", float(talked_s <= TALKED_WITHIN_S)
        )
        stayed = person.greeted and situation.age_s(person.arrived_ns) >= STAYED_S
        weighed.add("nobody is left", person.left_ns, size=float(not situation.people and stayed))
        stay = [p for p in situation.people if p.person_id != person.person_id and p.seen]
        weighed.add("others stay", now_ns, size=float(bool(stay)))
        looked_s = mind.since_agent_attention_s
        sign = "looked at the agent" if looked_s <= LOOKED_WITHIN_S else "had turned away"
        weighed.add(sign, now_ns, f"{looked_s:.0f} s ago")
        weighed.add("wish to leave", now_ns, mind.why("wish_to_leave"), mind.wish_to_leave)
        last = situation.last_said_by(person.person_id)
        said_so = last is not None and situation.age_s(last.t_ns) <= BACK_S and speech_acts.comes_back(last.text)
        weighed.add("comes back", now_ns, size=float(said_so or situation.steps_out(person.person_id)))
        called = next(
            (e for e in situation.events if situation.age_s(e.t_ns) <= CALLED_S and _calls(e.text, person)), None
        )
        weighed.add(
            "called away", called.t_ns if called else 0, called.text if called else "", float(called is not None)
        )
        return proposal(SOCIAL, "see_off", "a person leaves without a word", weighed, person.person_id)

    def _parting_look(self, person: Person, mind: MindView, situation: Situation) -> bool:
        """Whether somebody on the way out has turned to the agent once more, with a nod or a smile."""
        nods = bool(person.nodded_ns) and situation.age_s(person.nodded_ns) <= LAST_LOOK_S
        signs = nods or (person.face_valence is not None and person.face_valence >= SMILE)
        glance_s = mind.agent_attention_s
        looked = mind.since_agent_attention_s <= LAST_LOOK_S / 2 and (
            glance_s == 0.0 or LOOK_S <= glance_s <= LAST_LOOK_S
        )
        companions_go = any(situation.age_s(other.left_ns) <= LAST_LOOK_S for other in situation.departed)
        last = situation.last_words
        closing = last is not None and situation.age_s(last.t_ns) <= LAST_LOOK_S and speech_acts.closing(last.text)
        going = (
            mind.since_moved_off_s <= ON_THE_WAY_S or situation.walks_off(person.person_id) or companions_go or closing
        )
        friendly = person.face_valence is not None and person.face_valence >= SMILE and nods
        return looked and signs and (going or (friendly and situation.silence_s >= LAST_LOOK_S))

    def _parted(self, person: Person, situation: Situation) -> bool:
        """Whether the last exchange with the person was a parting in all but name: thanks or plans, and a wish in return."""
        said, answer = situation.last_said_by(person.person_id), situation.last_agent
        if said is None or answer is None or answer.t_ns < said.t_ns or situation.age_s(answer.t_ns) > PARTED_S:
            return False
        if speech_acts.wishes_well(answer.text):
            return True
        return speech_acts.closes(answer.text) and (
            speech_acts.thanks(said.text) or speech_acts.closing(said.text) or speech_acts.comes_back(said.text)
        )

    def _goes(self, person: Person, mind: MindView, situation: Situation) -> bool:
        """Whether the person is going, or surely gone."""
        if person.present:
            walks = person.target == "away" or situation.walks_off(person.person_id)
            return (mind.wish_to_leave >= GOING and walks) or self._parting_look(person, mind, situation)
        since_s = situation.age_s(person.left_ns)
        turned_away = person.target == "away" and situation.age_s(person.target_since_ns) <= LOOKED_WITHIN_S + since_s
        nodded = bool(person.nodded_ns) and situation.age_s(person.nodded_ns) <= LOOKED_WITHIN_S
        smiled = person.face_valence is not None and person.face_valence >= SMILE
        looked_back = mind.since_agent_attention_s <= LOOKED_WITHIN_S and (nodded or smiled)
        meant = mind.wish_to_leave >= MEANT_TO_GO or turned_away or looked_back
        patience_s = GONE_SURELY_S if meant else GONE_AFTER_S
        voice_goes_on = situation.quiet_s < since_s and not any(other.seen for other in situation.people)
        return patience_s <= since_s <= SEE_OFF_WITHIN_S and not voice_goes_on


def _calls(text: str, person: Person) -> bool:
    """Whether somebody is called in: "The nurse calls Mr Bell"."""
    words = plain(text).split()
    return "calls" in words and person.person_id.lower() in words[words.index("calls") :]


def _met_before(person_id: str, bank: Bank) -> bool:
    known = bank.people.get(person_id)
    return known is not None and known.encounters > 1
