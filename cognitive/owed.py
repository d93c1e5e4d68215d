"""What the agent owes is settled when it is said, not when it is planned: promises, words of danger, and courtesy.

A promise is `open` until a plan says it, `under_way` while the spoken step of that plan has not begun, and `kept` once the body answers
that it has (`started`, `finished`), or the words are heard. Where the step ends otherwise (rejected, expired, superseded, taken back,
refused, never answered) it is open again, and tried again after `RETRY_S`, doubled with every try, at most `TRIES_MAX` times. What
was not said until `latest_s` after its time is `missed`. Which step was tried is remembered by intention id: a true answer keeps the
promise even where the room has given the step up, or was killed and has asked for the outcome, so that nothing is said twice.

A word of danger counts as said in the same way; where it ends otherwise, the danger is answered no more than it was before, and the
trigger warns again as long as it is fresh. A greeting or goodbye that was not said is owed again. Plain functions on the saved scene,
confined to the room's event loop.
"""

from __future__ import annotations

from dataclasses import dataclass

from cognitive.conditions import CONDITIONS
from cognitive.memory.bank import NO_ANSWER, Bank
from cognitive.motivation.thresholds import PROMISE, SAFETY
from cognitive.plan import Plan
from cognitive.planner import Planner
from cognitive.reasoners.contract import Proposal
from cognitive.scene import DROPPED, KEPT, MISSED, OPEN, UNDER_WAY, Promise, Scene, Warned
from runtime.clock import NS_PER_S
from runtime.messages import FINAL_STATES, IntentionAnswer

GREETINGS = frozenset({"greet", "greet_again", "greet_newcomer", "return_greeting"})
TAKING_LEAVE = frozenset({"farewell", "see_off"})
BEGUN = frozenset({"started", "finished"})
RETRY_S = 10.0
"""As long as the gate backs off (`cognitive.motivation.gate`)."""
TRIES_MAX = 5
LATE_S = 60.0
"""A promise that is later than this is said with an apology."""
LATEST_S = 600.0
LATEST_MAX_S = 86_400.0
TOO_LATE, IN_VAIN = "too late", "tried in vain"
MISSED_IMPORTANCE = 0.7


@dataclass(frozen=True, slots=True)
class Settled:
    """What a look at everything that is owed came to: promises that are missed now, and intentions to take back, with reasons."""

    missed: tuple[Promise, ...] = ()
    cancelled: tuple[tuple[str, str], ...] = ()


def late_s(promise: Promise, now_ns: int) -> float:
    """Return how late a promise is, seconds; negative before its time."""
    return (now_ns - promise.due_ns) / NS_PER_S


def latest_s(ahead_s: float) -> float:
    """Return how late a promise is still worth keeping: as late as it was made ahead, at least ten minutes, at most a day.

    Args:
        ahead_s: from its making to its time, seconds.
    """
    return min(LATEST_MAX_S, max(LATEST_S, ahead_s))


def is_due(promise: Promise, now_ns: int) -> bool:
    """Whether it is time to say it, and not too late."""
    if promise.state != OPEN or now_ns < promise.retry_ns:
        return False
    return 0.0 <= late_s(promise, now_ns) <= _latest_s(promise)


def begin(scene: Scene, proposal: Proposal, plan: Plan | None, now_ns: int) -> None:
    """Note what a plan is about to say of what is owed; before anything is sent, so that a crash cannot repeat it.

    Args:
        scene: changed.
        proposal: what was decided.
        plan: what became of it; None where nothing of it may be said.
        now_ns: session time.
    """
    person = scene.people.get(proposal.person_id)
    if person is not None:
        person.greeted = person.greeted or proposal.act in GREETINGS
        person.farewelled = person.farewelled or proposal.act in TAKING_LEAVE
    scene.wishes[:] = [wish for wish in scene.wishes if f"memory_{wish.finding}" != proposal.act]
    spoken = _spoken(plan)
    if proposal.trigger == SAFETY and plan is not None:
        before_ns = scene.handled_ns.get(SAFETY, 0)
        since_ns = max(before_ns, proposal.since_ns)
        scene.handled_ns[SAFETY] = since_ns
        if spoken:
            scene.warned.append(Warned(intention_id=spoken, since_ns=since_ns, before_ns=before_ns))
    elif proposal.trigger == PROMISE:
        promise = _meant(scene, proposal)
        if promise is None:
            return
        promise.tries += 1
        if spoken:
            promise.state, promise.reason = UNDER_WAY, ""
            promise.intention_ids.append(spoken)
        else:
            _reopen(promise, "it may not be said", now_ns)


def answered(scene: Scene, answer: IntentionAnswer, now_ns: int) -> None:
    """Take what the body says of an intention."""
    name, begun = answer.intention_id, answer.state in BEGUN
    if not begun and answer.state not in FINAL_STATES:
        return
    for warned in [one for one in scene.warned if one.intention_id == name]:
        _warned(scene, warned, said=begun)
    for promise in scene.promises:
        if name not in promise.intention_ids:
            continue
        if begun and promise.state != DROPPED:
            promise.state, promise.reason = KEPT, ""
        elif not begun and promise.state == UNDER_WAY and promise.intention_ids[-1] == name:
            _reopen(promise, ": ".join(filter(None, (answer.state, answer.reason))), now_ns)


def undone(answer: IntentionAnswer) -> bool:
    """Whether words were not said, by that answer; what the fast system has said instead counts as said."""
    if answer.state == "cancelled":
        return answer.reason != CONDITIONS["agent_answered"][1]
    return answer.state in ("rejected", "expired")


def courtesy(scene: Scene, plan: Plan) -> None:
    """Take back that somebody was greeted, or seen off: it was not said."""
    person = scene.people.get(plan.person_id)
    if person is not None:
        person.greeted = person.greeted and plan.act not in GREETINGS
        person.farewelled = person.farewelled and plan.act not in TAKING_LEAVE


def settle(scene: Scene, planner: Planner, now_ns: int) -> Settled:
    """Reopen what no plan is going to say any more, close what is too late, and take back what is no longer wanted."""
    missed, cancelled = [], []
    for warned in [one for one in scene.warned if not _waited_for(planner, one.intention_id)]:
        _warned(scene, warned, said=False)
    for promise in scene.promises:
        newest = promise.intention_ids[-1] if promise.intention_ids else ""
        if promise.state == UNDER_WAY and not _waited_for(planner, newest):
            _reopen(promise, NO_ANSWER, now_ns)
        if promise.state == OPEN:
            in_vain = promise.tries >= TRIES_MAX
            if in_vain or late_s(promise, now_ns) > _latest_s(promise):
                promise.reason = ", ".join(filter(None, (IN_VAIN if in_vain else TOO_LATE, promise.reason)))
                promise.state = MISSED
                missed.append(promise)
        elif promise.state == DROPPED and _waited_for(planner, newest):
            cancelled += planner.take_back(newest, "the promise was taken back")
    return Settled(tuple(missed), tuple(cancelled))


def tell(bank: Bank, missed: tuple[Promise, ...], now_ns: int) -> str:
    """Note in the memory what was missed, and why; return it as the cycle's reason, empty where nothing was."""
    for promise in missed:
        text = f"a promise was missed: {promise.reason}" + (f" ({promise.about})" if promise.about else "")
        bank.note(now_ns, text, MISSED_IMPORTANCE, promise.person_id)
    return f"{PROMISE}: missed, {missed[0].reason}" if missed else ""


def _latest_s(promise: Promise) -> float:
    return latest_s((promise.due_ns - promise.made_ns) / NS_PER_S)


def _meant(scene: Scene, proposal: Proposal) -> Promise | None:
    """Return the promise that a proposal keeps; where it does not say, the one to this person that is due first."""
    promises = [promise for promise in scene.promises if promise.state == OPEN]
    if proposal.promise_id:
        return next((promise for promise in promises if promise.promise_id == proposal.promise_id), None)
    theirs = [promise for promise in promises if promise.person_id == proposal.person_id]
    return min(theirs, key=lambda promise: promise.due_ns, default=None)


def _reopen(promise: Promise, reason: str, now_ns: int) -> None:
    promise.state, promise.reason = OPEN, reason
    promise.retry_ns = now_ns + round(RETRY_S * 2.0 ** (promise.tries - 1) * NS_PER_S)


def _warned(scene: Scene, warned: Warned, *, said: bool) -> None:
    """Settle a word of danger; one that was not said answers nothing, unless a newer one was sent after it."""
    scene.warned.remove(warned)
    if not said and scene.handled_ns.get(SAFETY) == warned.since_ns:
        scene.handled_ns[SAFETY] = warned.before_ns


def _spoken(plan: Plan | None) -> str:
    """Return the id of a plan's spoken step, empty where it says nothing."""
    steps = [] if plan is None else plan.steps
    return next((s.intention.id for s in steps if s.intention is not None and s.intention.kind == "dialogue"), "")


def _waited_for(planner: Planner, intention_id: str) -> bool:
    """Whether an intention is part of a running plan and may still begin, or be heard of."""
    found = planner.of(intention_id)
    return found is not None and found[1].open
