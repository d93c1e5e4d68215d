"""The cognitive room: listens to what is perceived and done, thinks in cycles, sends intentions, remembers.

asyncio only, on the injected clock; files are written in an offload. Cycles come every `cognitive.cycle_s` on a fixed grid, and early
(within `SETTLE_S`) when somebody arrives, leaves, greets or takes leave. State is saved before an intention is sent and else at
most once a second: after a kill at any moment the room continues with its memory, and what it had promised without an answer is
sent again under the same id, which the receiver executes once. A full disk, a damaged file or a failing cycle is counted,
shown in the heartbeat and survived. No user content is logged.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import math
import time
from collections import deque
from collections.abc import AsyncIterable

import msgspec

from cognitive.cycle import CognitiveCycle, Outcome
from cognitive.drift_judge import DriftJudge, make_drift_judge
from cognitive.frames import NewestFrame
from cognitive.memory import store
from cognitive.memory.embedding import embedder_of
from cognitive.memory.service import LongTermService
from cognitive.persona import load_persona
from cognitive.reasoners.choice import make_reasoner
from cognitive.reasoners.contract import Reasoner
from cognitive.reasoners.outgoing import PlainWords
from cognitive.safety.safeguard import Safeguard
from cognitive.safety.wording import Each, ModelsWords
from cognitive.telling import Telling
from cognitive.traits import with_traits
from cognitive.urgency import EARLY_GAP_S, SETTLE_S, urgent
from runtime import messages as m
from runtime.bus import IntentionClient
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.goals import read_goals
from runtime.offload import Offload
from runtime.room import RoomContext
from runtime.safety.refusals import Limits
from runtime.settings import CognitiveSettings
from runtime.trouble import place_of

PERCEPTS: tuple[type[m.Message], ...] = (
    m.UserSpeech, m.Word, m.TypedText, m.Turn, m.TurnDecision, m.PersonPercept, m.PersonAct, m.VisualChange, m.AffectPercept,
    m.WorldEvent, m.Viewer, m.AgentSpeech, m.BodyAct, m.IntentionAnswer, m.Fact, m.PersonIdentity,
    m.MemoryConsent,
)  # fmt: skip
SAVE_EVERY_S = 1.0
DRIFTS = "the agent no longer talks like its persona"
WAITING_MAX = 4_096
"""Messages of one cycle beyond this push out the oldest, and are counted."""

_LOG = logging.getLogger(__name__)


async def serve(context: RoomContext) -> None:
    """Run the slow loop until cancelled or the bus closes; returns at once where the profile disables it.

    Raises:
        AttuneError: persona file, thresholds, reasoner or the scenario's goals are wrong.
    """
    settings = context.profile.cognitive
    if not settings.enabled:
        return
    persona, settings = with_traits(load_persona(settings.persona), settings)
    limits = Limits(boundaries=persona.boundaries, refusals=persona.refusals)
    safeguard = Safeguard(context.profile.safety, limits, persona.name)
    for place in safeguard.doubts(persona):
        _LOG.warning("persona %s, %s: the session's safety will not let it be said", settings.persona, place)
    goals = read_goals(context.profile.dialogue.scenario)
    for place in safeguard.doubted_offers(goals):
        _LOG.warning(
            "scenario %s, %s: the session's safety will not let it be said", context.profile.dialogue.scenario, place
        )
    frame = NewestFrame()
    outgoing = Each(PlainWords(), ModelsWords(safeguard)) if settings.reasoner == "llm" else None
    reasoner = make_reasoner(
        settings, persona, context.clock, virtual=context.virtual, outgoing=outgoing, frame=frame.take
    )
    offload = context.new_offload("cognitive-store")
    offloads = [offload, context.new_offload("cognitive-memory"), context.new_offload("cognitive-embedding")]
    inbox = _Inbox()
    drift_judge: DriftJudge | None = None
    percepts = context.bus.subscribe(*PERCEPTS)
    client = context.open_intention_client("cognitive")
    readers = [
        asyncio.create_task(inbox.read(percepts), name="cognitive-percepts"),
        asyncio.create_task(inbox.read(client.answers), name="cognitive-answers"),
    ]
    if settings.reasoner == "llm" and settings.llm.images and not context.virtual:
        readers.append(asyncio.create_task(frame.read(context.bus.subscribe(m.UserVideo)), name="cognitive-frames"))
    try:
        saved, warning = await offload.run(store.load, context.state_dir)
        if warning:
            context.status["detail"] = "memory could not be recovered"
            context.counters["memory_recoveries_failed"] = 1
        _continue(saved, settings, context, bool(warning))
        cycle = CognitiveCycle(settings, persona, reasoner, context.seed, saved, goals=goals, safeguard=safeguard)
        drift_judge = make_drift_judge(settings, persona, cycle.drift, context.clock, virtual=context.virtual)
        embedder = await offloads[2].run(embedder_of, settings.long_term)
        memory = LongTermService(
            settings.long_term, saved, context.state_dir, context.clock, wall_s=None if context.virtual else time.time,
            offload=offloads[1], embedding=offloads[2], files=offload, embedder=embedder, counters=context.counters,
            status=context.status,
        )  # fmt: skip
        cycle.recollections, cycle.local_time = memory.recollections, memory.local_time
        memory.tell_of_forgetting(cycle.forget)
        await memory.start()
        await context.session_started()
        telling = Telling(persona)
        await _Loop(context, cycle, client, offload, inbox, readers[0], telling, reasoner, memory, drift_judge).run()
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        await reasoner.aclose()
        if drift_judge is not None:
            await drift_judge.aclose()
        await client.aclose()
        for each in offloads:
            each.close()


def _continue(saved: store.Saved, settings: CognitiveSettings, context: RoomContext, damaged: bool) -> None:
    """Make numbers that were perhaps used after the last save impossible to use again."""
    if saved.cycle:
        saved.cycle += math.ceil(SAVE_EVERY_S / settings.cycle_s) + math.ceil(SAVE_EVERY_S / EARLY_GAP_S) + 2
    if not saved.planner.id_prefix:
        prefix = context.ids.new("intention")
        saved.planner.id_prefix = f"{prefix}-r{context.clock.now_ns() // NS_PER_MS}" if damaged else prefix


class _Inbox:
    """What came since the last cycle, and a bell for what needs a quick reply."""

    def __init__(self) -> None:
        self.bell = asyncio.Event()
        self.lost = 0
        self._waiting: deque[m.Message] = deque()

    async def read(self, stream: AsyncIterable[m.Message]) -> None:
        async for message in stream:
            if len(self._waiting) >= WAITING_MAX:
                self._waiting.popleft()
                self.lost += 1
            self._waiting.append(message)
            if urgent(message):
                self.bell.set()

    def take(self) -> list[m.Message]:
        messages = list(self._waiting)
        self._waiting.clear()
        self.bell.clear()
        return messages


class _Loop:
    """The rhythm of cycles around `CognitiveCycle`."""

    def __init__(
        self, context: RoomContext, cycle: CognitiveCycle, client: IntentionClient, offload: Offload, inbox: _Inbox,
        source: asyncio.Task[None], telling: Telling, reasoner: Reasoner,
        memory: LongTermService, drift_judge: DriftJudge | None,
    ) -> None:  # fmt: skip
        self._context = context
        self._clock = context.clock
        self._cycle = cycle
        self._client = client
        self._offload = offload
        self._inbox = inbox
        self._source = source
        self._telling = telling
        self._reasoner = reasoner
        self._trouble_told = ""
        self._memory = memory
        self._drift_judge = drift_judge
        self._saved_ns = 0

    async def run(self) -> None:
        """Cycle until the bus closes."""
        period_ns = round(self._context.profile.cognitive.cycle_s * NS_PER_S)
        for intention in self._cycle.to_send_again(self._clock.now_ns()):
            self._client.send(intention)
        for intention_id, reason in self._cycle.to_cancel_again():
            self._client.cancel(intention_id, reason)
        due_ns = self._clock.now_ns() + period_ns
        last_ns = 0
        try:
            while not self._source.done():
                early = await self._bell_before(due_ns)
                if early:
                    settled_ns = max(
                        self._clock.now_ns() + round(SETTLE_S * NS_PER_S), last_ns + round(EARLY_GAP_S * NS_PER_S)
                    )
                    await self._clock.sleep_until_ns(min(settled_ns, due_ns))
                now_ns = self._clock.now_ns()
                regular = now_ns >= due_ns
                while due_ns <= now_ns:
                    due_ns += period_ns
                await self._one(now_ns, regular=regular)
                last_ns = self._clock.now_ns()
        finally:
            self._save_at_exit()  # at once: closing the long-term memory may wait for a thread
            await self._memory.stop()
            self._memory.close()
            self._save_at_exit()

    async def _bell_before(self, due_ns: int) -> bool:
        """Wait for the bell or the time, whichever comes first; return whether the bell rang."""
        remaining_ns = due_ns - self._clock.now_ns()
        if remaining_ns <= 0:
            await asyncio.sleep(0)
            return False
        try:
            async with asyncio.timeout(remaining_ns / NS_PER_S):
                await self._inbox.bell.wait()
        except TimeoutError:
            await self._clock.sleep_until_ns(due_ns)
            return False
        return True

    async def _one(self, now_ns: int, *, regular: bool) -> None:
        context = self._context
        messages = self._inbox.take()
        try:
            outcome = await self._cycle.run(messages, now_ns, regular=regular)
        except Exception as error:
            # One absurd event must not end the initiative of a session: the cycle is lost, counted and shown.
            _LOG.error("cycle failed: %s", place_of(error))
            context.counters["cycles_failed"] = context.counters.get("cycles_failed", 0) + 1
            context.status.update(status="degraded", detail=f"a cycle failed: {type(error).__name__}")
            self._memory.step(messages, now_ns)  # a wish to be forgotten counts even then
            if self._memory.forgot():
                await self._save(now_ns, durable=True)
                self._memory.saved()
            return
        self._memory.step(messages, now_ns)
        if self._drift_judge is not None:
            self._drift_judge.heard(messages, self._cycle.manner)
        # Before an intention leaves, and once a second, the memory goes to the disk; after every cycle it outlives a kill.
        # What was forgotten leaves the disk at once as well.
        durable = bool(outcome.sent or outcome.cancelled) or now_ns - self._saved_ns >= SAVE_EVERY_S * NS_PER_S
        durable = self._memory.forgot() or durable
        await self._save(now_ns, durable=durable)
        self._memory.saved()
        for intention in outcome.sent:
            self._client.send(intention)
        for intention_id, reason in outcome.cancelled:
            self._client.cancel(intention_id, reason)
        self._account(outcome, now_ns)
        saved = self._cycle.saved
        partner = saved.scene.partner()
        recollection = self._memory.recollections.get(partner)
        missed, expected = self._cycle.known_of(partner, now_ns)
        consent, forgotten = self._memory.wishes_of(partner)
        if (
            news := self._telling.news(
                saved.bank, saved.scene, now_ns, recollection, self._memory.now_s(),
                manner=self._cycle.manner, child=self._cycle.safeguard.child, missed=missed, expected=expected,
                consent=consent, forgotten=forgotten,
            )
        ) is not None:  # fmt: skip
            context.bus.publish(news)

    def _account(self, outcome: Outcome, now_ns: int) -> None:
        """Publish the cycle and keep the totals of the heartbeat."""
        context = self._context
        context.bus.publish(
            m.CognitiveCycle(
                t_ns=now_ns,
                cycle=outcome.cycle,
                duration_ms=(self._clock.now_ns() - now_ns) / NS_PER_MS,
                scores=outcome.scores,
                intention_ids=tuple(intention.id for intention in outcome.sent)[:32],
                restraint=outcome.restraint,
                memory_bytes=outcome.memory_bytes,
                memory=outcome.sections,
                minds=outcome.minds,
                beliefs=outcome.beliefs,
            )
        )
        for decision in outcome.safety:
            context.bus.publish(msgspec.structs.replace(decision, t_ns=now_ns))
        counters = context.counters
        counters["persona_drift"] = round(self._cycle.drift.drift, 2)
        counters["safety_refused"], counters["safety_passed"] = (
            self._cycle.safeguard.refused,
            self._cycle.safeguard.passed,
        )
        counters["cycles"] = outcome.cycle
        counters["promises_missed"] = self._cycle.promises_missed
        counters["intentions_sent"] = self._cycle.saved.planner.intentions
        counters["plans"] = self._cycle.saved.planner.plans
        counters["memory_bytes"] = outcome.memory_bytes
        counters["messages_lost"] = self._inbox.lost
        counters.update(self._reasoner.counters)
        if self._drift_judge is not None:
            counters.update(self._drift_judge.counters)
        sources = self._cycle.drift.sources
        drifting = f"{DRIFTS} ({', '.join(sources)})" if sources else ""
        self._tell_trouble("; ".join(filter(None, (self._reasoner.trouble, drifting))))

    def _tell_trouble(self, trouble: str) -> None:
        """Show the reasoner's trouble in the heartbeat and take it back; other faults, which are graver, stand."""
        status = self._context.status
        if status["detail"] in ("", self._trouble_told):
            status.update(status="degraded" if trouble else "ok", detail=trouble)
            self._trouble_told = trouble

    async def _save(self, now_ns: int, *, durable: bool) -> None:
        self._cycle.saved.saved_ns = now_ns
        if durable:
            self._saved_ns = now_ns
        write = functools.partial(store.write, durable=durable)
        try:
            await self._offload.run(write, self._context.state_dir, store.encode(self._cycle.saved))
        except OSError as error:
            self._save_failed(error)

    def _save_at_exit(self) -> None:
        """Keep the last second as well; on the way out there is no loop to wait in."""
        try:
            store.write(self._context.state_dir, store.encode(self._cycle.saved))
        except OSError as error:
            self._save_failed(error)

    def _save_failed(self, error: OSError) -> None:
        context = self._context
        if "memory_saves_failed" not in context.counters:
            _LOG.warning("memory cannot be saved to %s: %s", context.state_dir, error.strerror or type(error).__name__)
        context.counters["memory_saves_failed"] = context.counters.get("memory_saves_failed", 0) + 1
        context.status.update(status="degraded", detail="the memory cannot be saved")
