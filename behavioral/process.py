"""The behavioral room: builds the fast system from the profile and runs its tasks until the session ends.

Tasks on one asyncio loop: the tick (`loop`), hearing, recognition, vision, intentions, page events, and the
opening script. Only the tick's failure ends the room; any other task that fails is reported in health
(`degraded`, with the part's name) and the agent goes on without it. Options of the launch: `audio` (file
path, `mic`, `mic:NAME`, `browser` or `recognised`), `video` (file path or empty), `opening` (bool), `senses` (`bus`: others see for it).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from behavioral.body.body import Body
from behavioral.body.intention_acts import Acts
from behavioral.body.listening import Listening
from behavioral.body.realiser import Realiser
from behavioral.body.standing_orders import StandingOrders
from behavioral.conversation import Conversation
from behavioral.dialogue.doubts import open_guard
from behavioral.dialogue.embodiment import Embodiment
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.scenario import load_scenario
from behavioral.dialogue.waiting import Waiting
from behavioral.dialogue.whole_sentences import WholeSentences
from behavioral.ending import until_quiet
from behavioral.health import Health
from behavioral.hearing.asr.choice import open_recogniser
from behavioral.hearing.blocks import samples_of
from behavioral.hearing.ear import Ear
from behavioral.hearing.events import BackchannelCue, BlockHeard, RecognitionLost, SpeechOffset, SpeechOnset
from behavioral.hearing.vad import open_vad
from behavioral.intake import Intake
from behavioral.loop import FastLoop
from behavioral.opening import play_opening
from behavioral.operator.channels import Channels
from behavioral.operator.desk import Desk
from behavioral.other_senses import other_senses
from behavioral.people import People
from behavioral.sound import Sound, open_source
from behavioral.sources.browser import BrowserSource
from behavioral.sources.contract import AudioSource
from behavioral.sources.microphone import MicrophoneSource
from behavioral.turns.audio_model import open_audio_model
from behavioral.turns.pause_judge import PauseJudge
from behavioral.vision.open import open_eyes, open_video
from behavioral.vision.tracks import Tracks
from behavioral.vision.watching import Watching
from behavioral.voice.loudspeaker import LocalLoudspeaker
from behavioral.voice.playback import Playback
from behavioral.voice.tts.open import open_tts
from behavioral.warm_up import warm_up
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.house import INPUT_ENDED
from runtime.room import RoomContext
from runtime.telemetry import Telemetry
from runtime.trouble import place_of

logger = logging.getLogger(__name__)
SILENT_AFTER_NS = NS_PER_S // 2
"""Speech during which no block comes for this long has ended."""


async def serve(context: RoomContext) -> None:
    """Run the fast system."""
    room = BehavioralRoom(context)
    try:
        await room.open()
        await room.run()
    finally:
        await room.aclose()


class BehavioralRoom:
    """The fast system of one session."""

    def __init__(
        self, context: RoomContext, source: AudioSource | None = None, loudspeaker: LocalLoudspeaker | None = None
    ) -> None:
        """Build every part; opens no device yet. `source` and `loudspeaker` are taken instead of what the launch asks for."""
        self._context = context
        profile, clock, bus = context.profile, context.clock, context.bus
        self._telemetry = Telemetry(bus, clock)
        self._health = Health(clock, context.status)
        self._source = source or open_source(context)
        self._scenario = load_scenario(profile.dialogue.scenario)
        self._recogniser = open_recogniser(profile.hearing, context.new_offload, self._scenario.expected_speech)
        self._ear = Ear(profile.hearing, profile.listener, self._recogniser, open_vad(profile.hearing), clock)
        self._tts = open_tts(
            profile.voice, context.new_offload, partial(self._health.mishap, "voice"), virtual=context.virtual
        )
        # A language model's answer is not reproducible: on virtual time the scenario speaks.
        self._replies = Replies(
            profile.dialogue,
            self._scenario,
            context.seed,
            use_llm=not context.virtual,
            embodiment=Embodiment(lambda intention: self._intake.own(intention), bus.publish, context.ids, clock),
            record=self._telemetry.record,
            guard=open_guard(context, self._scenario),
        )
        self._body = Body(profile, context.seed)
        self._channels = Channels(context.state_dir)
        self._people = People()
        self._playback = Playback(
            clock,
            profile.voice,
            duck_gain=profile.turns.duck_gain,
            underrun=lambda ms: self._telemetry.record("voice_underrun", ms),
        )
        self._conversation = Conversation(
            profile,
            clock,
            bus,
            context.ids,
            self._telemetry,
            body=self._body,
            people=self._people,
            listening=Listening(profile.listener, random.Random(f"{context.seed} listening")),
            replies=self._replies,
            tts=self._tts,
            playback=self._playback,
            waiting=Waiting(profile.dialogue, context.seed),
            whole=WholeSentences(tokens for rule in self._scenario.rules for tokens in rule.patterns).fit,
            failed=self._turn_failed,
            channels=self._channels,
        )
        model = open_audio_model(profile.turns.audio_model, context.new_offload("turns"))
        self._pauses = None if model is None else PauseJudge(model, self._conversation.turn.sound_judged)
        self._server = context.open_intention_server()
        self._acts = Acts(self._body.generator, self._body.gaze, self._body.face, self._conversation)
        self._realiser = Realiser(
            self._acts,
            self._server.answer,
            lambda ms, intention: self._telemetry.record("intention_to_first_frame", ms, priority=intention.priority),
        )
        self._intake = Intake(self._acts, self._realiser, self._channels, bus, clock)
        self._desk = Desk(self._channels, self._conversation, self._realiser, bus, clock, self._intake.begin)
        self._operators = bus.subscribe(m.OperatorAct)
        self._sound = Sound(context, self._source, self._playback, loudspeaker)
        self._playback.halt_by(self._sound.halt)
        self._sight = open_eyes(profile.vision, context.new_offload)
        self._video = str(context.options.get("video", "") or "")
        self._pages = bus.subscribe(m.TypedText, m.Playback, m.Viewer)
        self._knowledge = bus.subscribe(m.Knowledge, m.BodyDescribed, m.BodyControl, m.OperatorAct)
        self._standing_orders = StandingOrders(bus.publish, clock)
        self._pictures = bus.subscribe(m.UserVideo) if isinstance(self._source, BrowserSource) else None
        self._cameras = bus.subscribe(m.Viewer)
        self._viewers = bus.subscribe(m.Viewer) if isinstance(self._source, BrowserSource) else None
        self._background: set[asyncio.Task[None]] = set()
        self._last_block_ns = 0

    @property
    def conversation(self) -> Conversation:
        """The conversation, for a bench that speaks through it."""
        return self._conversation

    async def open(self) -> None:
        """Open files and devices and warm up workers: what is wrong is said before the session, and its first word is not late."""
        await self._source.open()
        # Both load in processes of their own, while this one goes on.
        preparing = asyncio.gather(self._recogniser.prepare(), self._tts.prepare())
        try:
            await self._open_here()
        finally:
            await preparing

    async def _open_here(self) -> None:
        """Open what belongs to this process, and run its hot path once."""
        await asyncio.sleep(0)  # the workers get their first request
        if self._video and self._sight is not None:
            await open_video(self._sight, self._video)
        await self._sound.aopen()
        if not self._context.virtual:
            self._replies.open()
            warm_up(self._context.profile, self._scenario, self._context.clock)

    async def run(self) -> None:
        """Run until cancelled, or until a recording has been heard and answered."""
        context = self._context
        start_ns = await context.session_started()
        hearing = self._task("hearing", self._hear(start_ns))
        self._task("recognition", self._recognise())
        self._task("vision", self._watch(start_ns))
        self._task("intentions", self._take_intentions())
        self._task("pages", self._take_pages())
        self._task("operator", self._take_operators())
        self._task("knowledge", self._take_knowledge())
        for name, listening in other_senses(context, self._source, self._conversation, self._people):
            self._task(name, listening)
        if self._source.endless:
            self._task("silence", self._watch_silence())
        if self._body.live is not None:
            self._task("body", self._body.live.run(context.clock, context.new_offload("body")))
        self._task(
            "health", self._health.follow(self._notes, self._counters, context.counters, lambda: self._sound.remarks)
        )
        if context.options.get("opening"):
            self._task("opening", play_opening(self._scenario, self._conversation, context.clock, self._viewers))
        loop = FastLoop(
            context.clock,
            context.bus,
            conversation=self._conversation,
            realiser=self._realiser,
            playback=self._playback,
            body=self._body,
            play=self._sound.play,
            counters=context.counters,
            stopped=lambda: self._channels.stopped,
        )
        ticking = asyncio.create_task(loop.run(context.profile.loop.tick_hz, start_ns), name="tick")
        try:
            parts: set[asyncio.Task[None]] = {ticking}
            if not self._source.endless:
                parts.add(asyncio.create_task(self._finish_after(hearing), name="finish"))
            done, _running = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for part in done:
                part.result()  # the tick's failure is the room's
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    async def aclose(self) -> None:
        """Close every part; harmless after a failed `open`."""
        self._realiser.drop_all(self._context.clock.now_ns(), "the session ended")
        if self._pauses is not None:
            await self._pauses.aclose()
        await self._conversation.aclose()
        await self._ear.aclose()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._recogniser.aclose()
        if self._sight is not None:
            await self._sight.aclose()
        await self._source.aclose()
        await self._server.aclose()
        self._telemetry.flush()
        await self._sound.aclose()

    # ------------------------------------------------------------ tasks

    async def _hear(self, start_ns: int) -> None:
        publish_audio = not isinstance(self._source, BrowserSource)
        async for block in self._source.blocks(start_ns):
            heard_ns = self._context.clock.now_ns()
            clean = self._sound.clean(block, someone_speaks=self._ear.speaking)
            if publish_audio:
                self._context.bus.publish(m.UserAudio(t_ns=clean.t_ns, pcm=clean.pcm, index=block.index))
            events = self._ear.push(clean.pcm, clean.t_ns, clean.own_voice, clean.uncleaned, block.azimuth_rad)
            samples = samples_of(clean.pcm)
            if self._body.live is not None:
                self._body.live.hear(clean.t_ns / NS_PER_S, samples)
            if self._pauses is not None:
                self._pauses.push(samples, clean.t_ns, self._ear.silence_since_ns)
            self._telemetry.record("vad_frame", (self._context.clock.now_ns() - heard_ns) / NS_PER_MS)
            self._last_block_ns = self._context.clock.now_ns()
            for event in events:
                if isinstance(event, BlockHeard):
                    self._replies.hear(clean.pcm, event.speaking)
                self._guarded("hearing", self._hearing_event, event)
        self._stop_hearing()

    def _stop_hearing(self) -> None:
        """The sound has ended or paused: speech that was going on has ended with it."""
        for event in self._ear.flush():
            self._guarded("hearing", self._hearing_event, event)

    async def _watch_silence(self) -> None:
        """A page or device that sends nothing in the middle of speech must not hold the floor for ever."""
        clock = self._context.clock
        while True:
            await clock.sleep_until_ns(clock.now_ns() + SILENT_AFTER_NS // 2)
            if self._ear.speaking and clock.now_ns() - self._last_block_ns > SILENT_AFTER_NS:
                self._stop_hearing()

    def _guarded(self, part: str, take: Callable[[Any], None], event: object) -> None:
        """Take one event; one that cannot be taken is lost, counted and shown, and the next is taken."""
        try:
            take(event)
        except Exception as error:
            counters = self._context.counters
            counters[f"failed_{part}"] = counters.get(f"failed_{part}", 0) + 1
            logger.error("%s lost an event: %s", part, place_of(error))
            self._health.mishap(part, f"{part}: {type(error).__name__}")

    def _hearing_event(self, event: object) -> None:
        conversation = self._conversation
        if isinstance(event, BlockHeard):
            conversation.heard_block(event)
        elif isinstance(event, SpeechOnset):
            conversation.heard_onset(event)
        elif isinstance(event, SpeechOffset):
            conversation.heard_offset(event)
        elif isinstance(event, BackchannelCue):
            conversation.heard_cue(event)

    async def _recognise(self) -> None:
        async for event in self._ear.recognition:
            if isinstance(event, RecognitionLost):
                self._health.mishap("recognition", event.reason)
            else:
                self._guarded("recognition", self._conversation.recognised, event)

    async def _watch(self, start_ns: int) -> None:
        settings = self._context.profile.vision
        if self._sight is None:
            return
        watching = Watching(
            self._context.clock,
            self._context.bus,
            self._sight,
            Tracks(settings, self._context.ids),
            self._people,
            settings.fps,
        )
        if self._video:
            await watching.watch_file(start_ns)
        elif self._pictures is not None:
            await watching.watch_pages(self._pictures, self._cameras)
        elif isinstance(self._source, MicrophoneSource):
            await watching.watch_camera(settings.camera)

    async def _take_intentions(self) -> None:
        async for taken in self._server:
            self._guarded("intentions", self._intake.take, taken)

    async def _take_operators(self) -> None:
        async for act in self._operators:
            self._guarded("operator", self._desk.take, act)

    async def _take_knowledge(self) -> None:
        async for told in self._knowledge:
            self._standing_orders.hear(told)
            if isinstance(told, m.Knowledge):
                self._replies.know(told)
            elif isinstance(told, m.BodyDescribed):
                self._acts.body_has(told.parts)

    async def _take_pages(self) -> None:
        async for message in self._pages:
            self._guarded("pages", self._take_page_event, message)

    def _take_page_event(self, message: object) -> None:
        if isinstance(message, m.TypedText):
            self._conversation.typed(message)
        elif isinstance(message, m.Playback):
            self._playback.report(message)
        elif isinstance(message, m.Viewer) and message.state in ("microphone_off", "left"):
            if isinstance(self._source, BrowserSource):
                self._stop_hearing()
            if message.state == "left":
                self._playback.forget_player()

    async def _finish_after(self, hearing: asyncio.Task[None]) -> None:
        """After the recording's end: let the last turn end, be answered and heard, then say that it is over."""
        await asyncio.wait({hearing})
        clock = self._context.clock
        await until_quiet(clock, self._context.profile.run, lambda: self._conversation.busy or not self._ear.idle)
        self._context.bus.publish(
            m.SessionControl(
                t_ns=clock.now_ns(), action="finished", reason=(self._source.trouble or INPUT_ENDED)[-128:]
            )
        )
        await asyncio.Event().wait()  # the house stops us, so that frames flow until it does

    def _task(self, name: str, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._kept(name, coroutine), name=name)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def _kept(self, name: str, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a part; its failure is told, not fatal."""
        try:
            await coroutine
        except Exception as error:
            logger.error("%s failed; the agent goes on without it: %s", name, place_of(error))
            self._health.lost(name, f"{name}: {type(error).__name__}")

    def _counters(self) -> dict[str, float]:
        return {**self._telemetry.counters(), **self._replies.counters(), **self._sound.counters()}

    def _turn_failed(self, error: Exception) -> None:
        logger.error("the turn's end failed: %s", place_of(error))
        self._health.mishap("turns", f"turns: {type(error).__name__}")

    def _notes(self) -> tuple[str, ...]:
        """What parts that know their own trouble say of it."""
        sight = self._sight.note if self._sight is not None else ""
        return (self._source.trouble, *self._sound.troubles, self._tts.note, sight, self._replies.trouble)
