"""The agent's side of the dialogue: who answers a turn, with what in mind, and what is said if that fails.

A speech-to-speech server answers where there is one, else the language model, else the scenario; each stands in for the one before it
within the same turn, and `trouble` says so until it works again. Replies are `Draft`s: text pieces with behaviour tags still inside
(the speaker splits clauses and tags), or clauses with a sound of their own. Keeps the conversation's history, in which an agent turn
is what the person really heard. Runs on the room's loop; nothing in here waits.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Callable
from contextlib import aclosing

from behavioral.dialogue.authored import Authored
from behavioral.dialogue.drafts import Draft, Piece
from behavioral.dialogue.embodiment import Embodiment
from behavioral.dialogue.history import INAUDIBLE, History
from behavioral.dialogue.prompt import Prompt
from behavioral.dialogue.same_words import same_meaning
from behavioral.dialogue.scenario import Scenario
from behavioral.dialogue.scripted import ScriptedDialogue
from behavioral.dialogue.speakable import Speakable
from behavioral.dialogue.speech_to_speech import SpeechToSpeech, SpeechUnavailable
from behavioral.dialogue.tools import Toolbox
from behavioral.dialogue.writing import Writing
from behavioral.voice.guard import VoiceGuard
from behavioral.voice.own_sound import OwnSound
from runtime.llm.client import LlmClient, LlmUnavailable
from runtime.messages import Knowledge
from runtime.settings import DialogueSettings
from runtime.trouble import place_of

SCRIPTED_CHARS_MAX = 4_000
logger = logging.getLogger(__name__)


class Replies:
    """What the agent answers."""

    def __init__(
        self,
        settings: DialogueSettings,
        scenario: Scenario,
        seed: int,
        *,
        use_llm: bool,
        embodiment: Embodiment | None = None,
        record: Callable[[str, float], None] = lambda _name, _ms: None,
        guard: VoiceGuard | None = None,
    ) -> None:
        """Prepare scenario and, where configured and allowed, language model and speech-to-speech server.

        Args:
            settings: what answers, and its limits.
            scenario: answers where nothing else does.
            seed: of the scenario's choices.
            use_llm: whether servers may be used at all.
            embodiment: what tools and tags without words act on.
            record: told how long servers took to their first words or sound: a name and milliseconds.
            guard: judges what is said, where it is said (`Speaker`), and here what a speech server's transcript runs ahead with.
        """
        self._record = record
        self.guard = guard
        self._settings = settings
        self._agent_name = scenario.file.agent_name
        self._scripted = ScriptedDialogue(scenario, seed)
        self._history = History()
        self._prompt = Prompt(scenario, settings.knowledge_bytes_max)
        self._embodiment = embodiment
        self._toolbox = embodiment.toolbox() if embodiment is not None else Toolbox()
        self._llm = LlmClient(settings.llm) if use_llm and settings.llm.base_url else None
        self._speech = (
            SpeechToSpeech(settings.speech_to_speech, self._toolbox, self._history, self._prompt)
            if use_llm and settings.speech_to_speech.url
            else None
        )
        self._llm_trouble = ""
        self._own_sound: OwnSound | None = None
        self._warming: asyncio.Task[None] | None = None
        self._current: Draft | None = None
        self._drafts: weakref.WeakSet[Draft] = weakref.WeakSet()

    @property
    def trouble(self) -> str:
        """Why something else than configured answers at present, for health; empty while all is well."""
        llm = self._llm_trouble or (self._llm.unreachable if self._llm is not None else "")
        speech = self._speech.trouble if self._speech is not None else ""
        return "; ".join(filter(None, (speech, llm)))

    @property
    def waiting_for_tool(self) -> bool:
        """Whether the present reply waits for a tool."""
        return self._current is not None and self._current.waits_for_tool()

    def counters(self) -> dict[str, float]:
        """Return what servers sent that could not be read, and what could not be sent to them."""
        counts: dict[str, float] = {}
        if self._llm is not None:
            counts["llm_unreadable"] = self._llm.skipped
        if self._speech is not None:
            counts["speech_events_dropped"] = self._speech.dropped
        if self.guard is not None and self.guard.refused + self.guard.passed:
            counts["clauses_refused"], counts["clauses_passed_with_note"] = self.guard.refused, self.guard.passed
        return counts

    def open(self) -> None:
        """Connect to the servers in the background, so that the first turn need not."""
        if self._speech is not None:
            self._speech.open()
        self.warm()

    def warm(self) -> None:
        """A turn is coming (the person began to speak): have a connection ready for it."""
        if self._llm is not None and (self._warming is None or self._warming.done()):
            self._warming = asyncio.ensure_future(self._llm.warm())

    def hear(self, pcm: bytes, speaking: bool) -> None:
        """Take one block of the person's sound, 16 kHz int16, for a server that listens itself."""
        if self._speech is not None:
            self._speech.hear(pcm, speaking)

    def know(self, knowledge: Knowledge) -> None:
        """Take what the slow system knows; the next request is made with it."""
        self._prompt.knowledge = knowledge
        if self.guard is not None:
            self.guard.know(knowledge)

    def prepare(self, text: str) -> Draft:
        """Begin to prepare the reply to what the person may have finished saying; see `Draft`."""
        draft = self.answer(text)
        self.begin(draft)
        return draft

    def answer(self, text: str) -> Draft:
        """Return the reply to what the person said; it begins when its first piece is asked for."""
        draft = Draft(self, text)
        self._drafts.add(draft)
        return draft

    def agent_said(self, heard: str, heard_ms: float = 0.0, reply: object = None) -> None:
        """Take into the history what the person heard of one of the agent's turns.

        Args:
            heard: its words.
            heard_ms: how much of its sound.
            reply: the `Draft` that it was, or anything else that the agent has said.
        """
        if self._speech is not None:
            if reply is self._current and self._own_sound is not None:
                self._speech.heard(self._own_sound.source_ms(heard_ms))
                self._own_sound = None
            elif heard:
                self._speech.tell("assistant", heard)
        if heard:
            self._history.add("assistant", heard)

    @property
    def agent_name(self) -> str:
        """What the agent is called in its scenario."""
        return self._agent_name

    def overheard(self, text: str) -> None:
        """Take into the history what a person said to somebody else: it may be asked about later."""
        if text:
            aside = self._history.overhear(text)
            if self._speech is not None:
                self._speech.tell("user", aside)

    def was_no_turn(self) -> None:
        """What the person has just said was no turn (a backchannel): a server that hears must not answer it with the next."""
        if self._speech is not None:
            self._speech.forget_sound()

    async def aclose(self) -> None:
        """Close all connections."""
        for draft in list(self._drafts):
            await draft.aclose()
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        if self._llm is not None:
            await self._llm.aclose()
        if self._speech is not None:
            await self._speech.aclose()

    # ------------------------------------------------------------ for drafts

    def still_fits(self, draft: Draft, final_text: str) -> bool:
        """Whether the draft answers what was said in the end, and nothing has been said since it was made."""
        return (
            draft.history_version == self._history.version
            and same_meaning(draft.text, final_text)
            and (draft.scripted is None or self._scripted.current(draft.scripted))
        )

    def begin(self, draft: Draft) -> None:
        """Begin to prepare the answer to the draft's text; a speech-to-speech server begins when it is wanted."""
        draft.history_version = self._history.version
        if self._speech is not None and self._speech.ready:
            return
        llm, put = self._llm, draft.sink()
        if llm is not None and draft.text:
            draft.work(lambda: self._write(llm, draft, put))
            return
        draft.scripted = self._scripted.draft(draft.text)
        put(_line(draft.scripted.reply, draft.scripted.after.slots))
        draft.end()

    def accept(self, draft: Draft) -> None:
        """The draft is wanted."""
        self._current = draft
        speech, put = self._speech, draft.sink()
        if draft.scripted is not None:
            self._scripted.commit(draft.scripted)
        elif speech is not None and not draft.in_work:
            draft.work(lambda: self._speak(speech, draft, put))
        self._history.add("user", draft.text or INAUDIBLE)

    # ------------------------------------------------------------ who answers

    async def _speak(self, speech: SpeechToSpeech, draft: Draft, put: Callable[[Piece], None]) -> None:
        """Have the speech-to-speech server answer, and the others where it does not."""
        self._own_sound = sound = OwnSound()
        bare, put = put, self._timed("speech_server_first_sound", put)
        said = False
        transcript = None if self.guard is None else self.guard.reply("")
        if transcript is not None:
            transcript.takes("")
        try:
            async with aclosing(speech.reply(draft.text)) as pieces:
                async for piece in pieces:
                    if transcript is not None and (instead := transcript.hears(piece.text)):
                        put(Authored(instead))  # before the sound of these words has come
                        return
                    for clause in sound.push(piece):
                        said = True
                        put(clause)
            last, text = sound.flush()
            for words in (*last, *([_fit(text)] if text.strip() else ())):
                said = True
                put(words)
        except SpeechUnavailable:  # the adapter says in its trouble why
            pass
        if said:
            return
        self._own_sound = None
        if self._llm is not None and draft.text:
            await self._write(self._llm, draft, bare)
        else:
            bare(_line(self._scripted.answer(draft.text)[0], self._scripted.slots))

    async def _write(self, client: LlmClient, draft: Draft, put: Callable[[Piece], None]) -> None:
        """Have the language model answer, and the scenario where it does not."""
        timed = self._timed("llm_first_words", put)
        writing = Writing(client, self._settings.llm, self._toolbox, timed)
        draft.waits_for_tool = lambda: writing.using_tools
        text = draft.text
        tags: tuple[str, ...] = ()
        try:
            messages = self._prompt.messages(self._history.with_user(text))
            tags = await writing.write(messages, draft.wanted)
            self._llm_trouble = ""
        except LlmUnavailable as error:
            self._llm_trouble = str(error)
        except Exception as error:
            logger.error("the language model's answer failed: %s", place_of(error))
            self._llm_trouble = f"language model: {type(error).__name__}"
        if writing.answered and not tags:
            return
        await draft.wanted()
        if not writing.answered:
            put(_line(self._scripted.answer(text)[0], self._scripted.slots))
        elif self._embodiment is not None:
            for tag in tags:
                self._embodiment.act(tag)

    def _timed(self, name: str, put: Callable[[Piece], None]) -> Callable[[Piece], None]:
        """Return `put` with a note of when it was first called."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        first = True

        def timed(piece: Piece) -> None:
            nonlocal first
            if first:
                first = False
                self._record(name, 1e3 * (loop.time() - began_s))
            put(piece)

        return timed


def _line(reply: str, slots: dict[str, str]) -> str:
    """Return a scenario's line fit to be spoken: the owner's words, unless something that a person said stands in them."""
    line = _fit(reply)
    filled = any(value and value in reply for key, value in slots.items() if key != "agent_name")
    return line if filled else Authored(line)


def _fit(reply: str) -> str:
    """Make a scenario's line fit to be spoken."""
    speakable = Speakable(SCRIPTED_CHARS_MAX)
    return speakable.push(reply) + speakable.flush()[0]
