"""The reasoner with a language model on top of the embedded one: it gets better with a good model and is never worse off with a bad one.

Each cycle begins with the embedded assessment. A request to the model runs in a task of its own, at most one at a time; a cycle waits
`wait_ms` for it and no longer. What it answers counts from the cycle in which it comes, for `valid_s`, as long as the situation is the
one that it was made for (same turn, same last words, same people); else it is dropped and counted. Without people, and while anybody
speaks, nothing is asked. After a failure the circuit opens, twice as long after each further one, and as long as the server wants
(`Retry-After`). A failure of any kind leaves the embedded assessment of the same cycle and a sentence in `trouble`. On the room's
loop; nothing here sleeps. No user content in errors or logs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from cognitive.memory.bank import Bank
from cognitive.persona import Persona
from cognitive.reasoners.brief import Brief, make_brief
from cognitive.reasoners.contract import Assessment, Reasoner
from cognitive.reasoners.judgement import Judgement, take
from cognitive.reasoners.outgoing import OutgoingFilter
from cognitive.reasoners.strategies.contract import Strategy
from cognitive.situation import Situation
from runtime.clock import NS_PER_S, Clock
from runtime.llm.backoff import Backoff
from runtime.llm.client import LlmUnavailable
from runtime.llm.prompt import LlmNonsense
from runtime.reasoning import ReasonerLlmSettings
from runtime.trouble import place_of

ACTS_INSTEAD = "the embedded reasoner acts"
REPEATS_MAX = 4
"""The pause between requests doubles so often at most while nothing changes: who sits there all day costs little."""

PROPOSED_FROM = 0.5
"""An act that the rules propose from this probability on, and had not proposed when the model was asked last, is worth asking anew."""

_LOG = logging.getLogger(__name__)

Moment = tuple[str, int, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Standing:
    """An answer that counts for now."""

    judgement: Judgement
    brief: Brief
    moment: Moment
    t_ns: int


class LlmReasoner:
    """Embedded assessment and a language model's judgement of it."""

    name = "llm"

    def __init__(
        self,
        embedded: Reasoner,
        strategy: Strategy,
        persona: Persona,
        settings: ReasonerLlmSettings,
        clock: Clock,
        outgoing: OutgoingFilter,
        *,
        frame: Callable[[], bytes | None] = lambda: None,
        close: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Put a strategy on top of a reasoner.

        Args:
            embedded: what acts by itself where the model does not.
            strategy: how the model is asked.
            persona: who the agent is.
            settings: of the server.
            clock: session time.
            outgoing: judges the model's words.
            frame: returns the newest camera picture (JPEG) or None.
            close: closes the connections of `strategy`.
        """
        self._embedded = embedded
        self._strategy = strategy
        self._persona = persona
        self._settings = settings
        self._clock = clock
        self._outgoing = outgoing
        self._frame = frame
        self._close = close
        self._backoff = Backoff()
        self._task: asyncio.Task[Judgement] | None = None
        self._asked: tuple[Brief, Moment] | None = None
        self._asked_ns = -1
        self._repeats = 0
        self._standing: _Standing | None = None
        self._trouble = ""
        self._asked_acts: frozenset[str] = frozenset()
        self._counts: dict[str, float] = dict.fromkeys(
            (
                "llm_asked",
                "llm_answers",
                "llm_late_dropped",
                "llm_failures",
                "llm_nonsense",
                "llm_words_refused",
                "llm_acts_refused",
            ),
            0,
        )

    @property
    def trouble(self) -> str:
        """What is wrong with the language model, empty while it answers."""
        return self._trouble or self._embedded.trouble

    @property
    def counters(self) -> Mapping[str, float]:
        """Totals: what was asked, answered, dropped and refused."""
        return {**self._embedded.counters, **self._counts, "llm_in_flight": float(self._task is not None)}

    async def assess(self, situation: Situation, bank: Bank) -> Assessment:
        """Return the embedded assessment, with the model's judgement in it where there is one for this situation."""
        now = await self._embedded.assess(situation, bank)
        try:
            return await self._with_model(now, situation, bank)
        except Exception as error:  # whatever is wrong on top must not cost what stands below
            _LOG.error("the language model's judgement could not be used: %s", place_of(error))
            self._standing = None
            self._failed(self._clock.now_ns() / NS_PER_S, "the language model's judgement could not be used")
            return now

    async def _with_model(self, now: Assessment, situation: Situation, bank: Bank) -> Assessment:
        moment = _moment(situation)
        self._collect(moment, situation.now_ns)
        proposed = frozenset(p.act for p in now.proposals if p.score >= PROPOSED_FROM)
        if self._may_ask(situation, moment, proposed):
            self._ask(situation, bank, now, moment)
            self._asked_acts = proposed
        if self._task is not None and self._settings.wait_ms > 0:
            await asyncio.wait({self._task}, timeout=self._settings.wait_ms / 1000)
            self._collect(moment, situation.now_ns)
        standing = self._standing
        if standing is None:
            return now
        taken = take(
            standing.judgement, standing.brief, situation, now, self._settings.weight, self._outgoing, bank.said_before(),
            words=self._settings.words,
        )  # fmt: skip
        if standing.t_ns == situation.now_ns:  # counted once an answer, not once a cycle
            self._counts["llm_words_refused"] += bool(taken.words_refused)
            self._counts["llm_acts_refused"] += bool(taken.act_refused)
        return taken.assessment

    async def aclose(self) -> None:
        """Let go of a request under way and close the connections."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._close is not None:
            await self._close()
        await self._embedded.aclose()

    def _may_ask(self, situation: Situation, moment: Moment, proposed: frozenset[str]) -> bool:
        if self._task is not None or not situation.people or situation.floor in ("user", "agent"):
            return False
        if not self._backoff.allows(self._clock.now_ns() / NS_PER_S):
            return False
        changed = self._asked is None or self._asked[1] != moment or bool(proposed - self._asked_acts)
        pause_s = self._settings.ask_every_s * 2.0 ** min(self._repeats, REPEATS_MAX)
        return changed or situation.now_ns - self._asked_ns >= pause_s * NS_PER_S

    def _ask(self, situation: Situation, bank: Bank, now: Assessment, moment: Moment) -> None:
        picture = self._frame() if self._settings.images else None
        brief = make_brief(situation, bank, self._persona, now, () if picture is None else (picture,))
        unchanged = self._asked is not None and self._asked[1] == moment
        self._repeats = self._repeats + 1 if unchanged else 0
        self._asked, self._asked_ns = (brief, moment), situation.now_ns
        self._counts["llm_asked"] += 1
        self._task = asyncio.create_task(self._judge(brief), name="cognitive-llm")

    async def _judge(self, brief: Brief) -> Judgement:
        async with asyncio.timeout(self._settings.timeout_s):
            return await self._strategy.judge(brief)

    def _collect(self, moment: Moment, now_ns: int) -> None:
        """Take up an answer that has come, and let go of one that no longer counts."""
        task, asked = self._task, self._asked
        if task is not None and asked is not None and task.done():
            self._task = None
            judgement = self._outcome(task)
            if judgement is not None and asked[1] == moment:
                self._standing = _Standing(judgement, asked[0], moment, now_ns)
                self._counts["llm_answers"] += 1
            elif judgement is not None:
                self._counts["llm_late_dropped"] += 1
        standing = self._standing
        if standing is not None:
            old = now_ns - standing.t_ns > self._settings.valid_s * NS_PER_S
            if old or standing.moment != moment:
                self._standing = None

    def _outcome(self, task: asyncio.Task[Judgement]) -> Judgement | None:
        """Return the judgement of a finished task, None after a failure, of which the circuit is told."""
        now_s = self._clock.now_ns() / NS_PER_S
        try:
            judgement = task.result()
        except LlmNonsense:
            self._counts["llm_nonsense"] += 1
            self._failed(now_s, "the language model answers nonsense")
        except LlmUnavailable as error:
            self._failed(now_s, _fault(error), None if error.refusal is None else error.refusal.retry_after_s)
        except TimeoutError:
            self._failed(now_s, "the language model is slow")
        except asyncio.CancelledError:
            return None
        except Exception as error:  # a strategy's own fault must not cost a cycle
            _LOG.error("strategy %s failed: %s", self._strategy.name, place_of(error))
            self._failed(now_s, "the language model's answer could not be used")
        else:
            self._backoff.succeeded()
            self._trouble = ""
            return judgement
        return None

    def _failed(self, now_s: float, what: str, retry_after_s: float | None = None) -> None:
        self._counts["llm_failures"] += 1
        self._backoff.failed(now_s, retry_after_s)
        self._trouble = f"{what}; {ACTS_INSTEAD}"


def _fault(error: LlmUnavailable) -> str:
    """Return what is wrong with the server, for people; nothing of what it said."""
    refusal = error.refusal
    if refusal is not None and refusal.rate_limited:
        return "the language model wants fewer requests"
    if refusal is not None:
        return f"the language model's server {'refuses the request' if refusal.status < 500 else 'fails'} ({refusal.status})"
    if error.slow:
        return "the language model is slow"
    return (
        "the language model is unreachable"
        if error.__cause__ is not None
        else "the language model's answer is unusable"
    )


def _moment(situation: Situation) -> Moment:
    """Return what an answer was made for: turn, last words of either side, people."""
    return (
        situation.turn_id,
        situation.last_user.t_ns if situation.last_user is not None else -1,
        situation.last_agent.t_ns if situation.last_agent is not None else -1,
        tuple(sorted(person.person_id for person in situation.people)),
    )
