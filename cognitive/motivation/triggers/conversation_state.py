"""A talk has died down and the person waits for more, or leaves the agent's question open.

Silence alone is no reason: people read, think and talk to others. What counts is a talk that was going on, a silence, and eyes on
the agent; without sight, only a long silence. At most `NUDGES_MAX` attempts are made before the person speaks again.
"""

from __future__ import annotations

from cognitive import cues, speech_acts
from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import CONVERSATION
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.situation import Situation
from cognitive.what_was_said import TYPED_TURN
from runtime.clock import NS_PER_S

NUDGES_MAX = 2
"""Own attempts to revive the talk before the person speaks again: asking a third time is pestering."""
EXPECTANT_S = 2.0
"""Eyes that have rested on the agent for this long expect something."""
FRESH_TALK_S = 25.0
"""Who looks up later than this after the last exchange was at something else, and looks up."""
TURNS_S = 60.0
TALK_S = 150.0
"""A talk whose last exchange is older than this is over."""
SILENCE_MIN_S = 5.5
THINKING_S = 6.5
"""Who has been asked something is left this long to think."""
SILENCE_FULL_S, WATCHED_FULL_S = 13.0, 6.0
"""A silence and a look count for no more than this."""
AGENT_QUESTION_S = 10.0
REQUEST_S = 30.0
BRIEF_WORDS = 5
SMILE = 0.25
TYPING_TIMES = 3.0
"""Who reads and types takes so many times as long as who hears and speaks ..."""
PAGE_TIMES = 2.0
"""... and who is at a page and out of sight may be at anything."""


class ConversationState:
    """A talk that waits for the agent."""

    name = CONVERSATION

    def __init__(self, long_silence_s: float) -> None:
        """Take the silence after which even somebody unseen may be asked."""
        self._long_silence_s = long_silence_s

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose to go on."""
        if not situation.people or not situation.exchanged or situation.nudges >= NUDGES_MAX:
            return []
        if any(person.farewelled or person.leave_ns for person in situation.people):
            return []
        partner = situation.person(situation.partner)
        patience_s = SILENCE_MIN_S if situation.agent_question is None else THINKING_S
        if situation.last_user is not None and situation.last_user.turn_id == TYPED_TURN:
            patience_s *= TYPING_TIMES
        if partner is None or situation.silence_s < patience_s or situation.walks_off(partner.person_id):
            return []
        request = situation.open_question
        if request is not None and cues.help_request(request.text) and situation.age_s(request.t_ns) <= REQUEST_S:
            return []  # who needs something is not asked about something else
        mind = situation.mind(partner.person_id)
        now_ns = situation.now_ns
        spoke_ns = now_ns - round(situation.silence_s * NS_PER_S)
        asked = situation.agent_question
        talked_s = min(situation.age_s(max(p.addressed_ns, p.answered_ns)) for p in situation.people)
        if talked_s > TALK_S:
            return []
        weighed = Weighing(CONVERSATION)
        if not mind.seen:
            full_s = AGENT_QUESTION_S if asked is not None and situation.nudges == 0 else self._long_silence_s
            if situation.last_user is not None and situation.last_user.turn_id == TYPED_TURN:
                full_s *= TYPING_TIMES
            elif partner.watching:
                full_s *= PAGE_TIMES
            share = min(1.3, situation.silence_s / full_s)
            weighed.add("unseen silence", spoke_ns, f"{situation.silence_s:.0f} s", share)
        else:
            weighed.add("silence", spoke_ns, f"{situation.silence_s:.0f} s", min(SILENCE_FULL_S, situation.silence_s))
            watched_s = mind.agent_attention_s
            if watched_s >= EXPECTANT_S:
                weighed.add("watches", now_ns, f"the agent, for {watched_s:.0f} s")
                weighed.add("watches on", now_ns, size=min(WATCHED_FULL_S, watched_s))
                others = [p for p in situation.people if p.person_id != partner.person_id]
                attentive = any(situation.mind(p.person_id).attending == "agent" for p in others)
                weighed.add("others watch", now_ns, size=float(attentive))
            else:
                weighed.add("is elsewhere", now_ns, mind.attending)
            weighed.add("engagement", now_ns, mind.why("engagement"), mind.engagement - 0.5)
        turns = self._turns(situation)
        weighed.add("no talk", partner.addressed_ns, size=float(turns == 0))
        weighed.add("talk", partner.addressed_ns, f"{turns} turns for the agent", min(4, turns) - 1.0 if turns else 0.0)
        back = situation.back_again(partner)
        weighed.add("back again", partner.moment_ns, "after a moment", float(back))
        awaited = asked is not None or situation.agent_interrupted or back
        long_ago = mind.seen and talked_s > FRESH_TALK_S and not awaited
        weighed.add("long ago", partner.addressed_ns, f"{talked_s:.0f} s", float(long_ago))
        rounded = situation.last_agent is not None and speech_acts.closes(situation.last_agent.text)
        weighed.add("rounded off", spoke_ns, size=float(rounded and not awaited))
        latest = situation.last_words
        theirs = latest is not None and latest.speaker == "user" and latest.person_id == partner.person_id
        weighed.add("spoke last", spoke_ns, "and the fast system left it at that", float(theirs and not awaited))
        briefly = theirs and latest is not None and len(latest.text.split()) <= BRIEF_WORDS
        weighed.add("said little", spoke_ns, "and hands the word back", float(briefly and mind.seen and not awaited))
        smiles = mind.attending == "agent" and partner.face_valence is not None and partner.face_valence >= SMILE
        weighed.add("smiles at the agent", now_ns, size=float(smiles))
        weighed.add("at something", now_ns, size=float(situation.busy_with_own(partner.person_id)))
        weighed.add("open question", spoke_ns, "of the agent", float(asked is not None and mind.seen))
        weighed.add("cut off", spoke_ns, "in what the agent told", float(situation.agent_interrupted))
        weighed.add("told to wait", now_ns, size=float(situation.told_to_wait))
        weighed.add("satisfied", now_ns, size=float(situation.satisfied and asked is None))
        weighed.add("nudged before", now_ns, size=float(situation.nudges))
        act = "repeat_question" if asked is not None and situation.nudges == 0 else "ask"
        reason = "the agent's question is unanswered" if asked is not None else "the talk has died down"
        return [proposal(CONVERSATION, act, reason, weighed, partner.person_id)]

    def _turns(self, situation: Situation) -> int:
        """Return how many turns of the people here have lately been for the agent, greetings aside."""
        return sum(
            said.speaker == "user"
            and said.to_agent >= 0.5
            and situation.age_s(said.t_ns) <= TURNS_S
            and not (cues.is_greeting(said.text) and len(said.text.split()) <= 5)
            for said in situation.utterances
        )
