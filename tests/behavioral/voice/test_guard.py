"""The guard before the voice: what a model streams is judged clause by clause before any sound of it is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from behavioral.dialogue.authored import Authored
from behavioral.dialogue.doubts import doubts
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.scenario import load_scenario
from behavioral.voice.guard import VoiceGuard
from behavioral.voice.speaker import Speaker
from behavioral.voice.tts.silent import estimated_clause
from runtime.clock import run_virtual
from runtime.messages import Knowledge, SafetyDecision
from runtime.safety.refusals import REFUSALS, Limits
from runtime.safety.settings import SafetySettings
from runtime.safety.speech import SpeechRules
from runtime.settings import DialogueSettings, LlmSettings
from tests.behavioral.voice.test_speaker import Stage, Voice
from tests.runtime.llm.chat_server import DONE, chat_server, chunk, streaming


class Recording(Voice):
    """Notes what sound is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []

    async def synthesise(self, text, *rest):  # type: ignore[no-untyped-def] # as the voice has it
        self.made.append(text)
        return await super().synthesise(text, *rest)


class Guarded(Stage):
    def __init__(self, **settings: object) -> None:
        self.voice = Recording()
        super().__init__(self.voice)
        self.decisions: list[SafetyDecision] = []
        rules = SpeechRules(SafetySettings(**settings), Limits())  # type: ignore[arg-type]
        self.guard = VoiceGuard(rules, self.decisions.append, self.clock.now_ns)
        self.speaker = Speaker(
            self.voice, self.playback, self.clock, self.scheduled.append, self.complete_ns.append, guard=self.guard
        )


def said(*pieces: object, **settings: object) -> tuple[str, Guarded, bool]:
    """Say pieces; return what was heard, the stage, and whether the source was closed."""
    closed = []

    async def source() -> AsyncIterator[object]:
        try:
            for piece in pieces:
                await asyncio.sleep(0.01)
                yield piece
        finally:
            closed.append(True)

    async def main() -> tuple[str, Guarded]:
        stage = Guarded(**settings)
        spoken = await stage.speaker.say("r1", source())  # type: ignore[arg-type]
        return spoken.heard, stage

    heard, stage = run_virtual(main())
    return heard, stage, closed == [True]


def test_a_clause_that_breaks_a_rule_is_replaced_and_the_rest_dropped():
    heard, stage, closed = said("Let me see. You should take ", "400 mg of ibuprofen, twice. Then go ", "to bed. Bye.")
    assert heard == f"Let me see. {REFUSALS['medical']}"
    assert not any("ibuprofen" in text or "bed" in text for text in stage.voice.made), "no sound was made of it"
    assert closed, "and the server is told to stop"
    assert [(d.decision, d.rule, d.where, d.about) for d in stage.decisions] == [("refused", "medical", "voice", "r1")]
    assert stage.guard.refused == 1


def test_the_last_words_of_a_reply_are_judged_as_well():
    heard, _, _ = said("I am a human being")
    assert heard == REFUSALS["human"]


def test_a_behaviour_tag_inside_hides_nothing_and_goes_with_its_clause():
    heard, stage, _ = said("You should [wave] kill [nod] him.")
    assert heard == REFUSALS["violence"]
    assert all(not scheduled.tags for scheduled in stage.scheduled)


def test_harmless_words_are_said_as_they_are():
    text = "I could kill for a coffee. Shall we shoot some hoops?"
    heard, stage, _ = said(text)
    assert heard == text and stage.decisions == []


def test_research_lets_advice_pass_and_tells_the_bus():
    heard, stage, _ = said("You should sue him.", mode="research")
    assert heard == "You should sue him."
    assert [(d.decision, d.rule, d.mode) for d in stage.decisions] == [("passed", "legal", "research")]
    assert b"sue" not in msgspec.json.encode(stage.decisions), "no words of anybody"


def test_what_the_owner_has_written_is_said():
    heard, stage, _ = said(Authored("You should sue him."))
    assert heard == "You should sue him." and stage.decisions == []


def test_what_comes_after_the_owners_words_is_judged():
    heard, _, _ = said(Authored("One moment. "), "You should sue him.")
    assert heard == f"One moment. {REFUSALS['legal']}"


def test_a_clause_with_its_own_sound_is_judged_by_its_words():
    heard, stage, _ = said(estimated_clause("Nice day.", 165), estimated_clause("You should kill him.", 165), "More.")
    assert heard == f"Nice day. {REFUSALS['violence']}"
    assert stage.decisions[0].rule == "violence"


def test_the_slow_system_tells_when_a_child_is_here():
    async def main() -> list[str]:
        stage = Guarded()
        heard = []
        for child in (False, True, False):
            stage.guard.know(Knowledge(child=child))

            async def source() -> AsyncIterator[str]:
                yield "Would you like a beer?"

            heard.append((await stage.speaker.say(f"r{len(heard)}", source())).heard)
        return heard

    assert run_virtual(main()) == ["Would you like a beer?", REFUSALS["minor"], "Would you like a beer?"]


def test_a_fault_of_the_rules_refuses():
    async def main() -> tuple[str, list[SafetyDecision]]:
        stage = Guarded()
        stage.guard._rules._allowed = None  # type: ignore[assignment] # what no code of ours can bring about
        stage.guard._rules._strict = True

        async def source() -> AsyncIterator[str]:
            yield "The election was close. More."

        return (await stage.speaker.say("r", source(), "intention-1")).heard, stage.decisions

    heard, (decision,) = run_virtual(main())
    assert "election" not in heard
    told = (decision.decision, decision.rule, decision.about, decision.intention_id)
    assert told == ("refused", "unjudged", "r", "intention-1"), "whoever wanted it said is told"


# ------------------------------------------------------------ with the dialogue


def test_a_real_servers_stream_is_stopped_at_the_clause_that_must_not_be_said():
    async def main() -> tuple[list[str], str]:
        parts = [
            chunk(text)
            for text in ("Sure. ", "You should put all your savings ", "into bitcoin. ", "It can only rise.")
        ]
        async with chat_server(streaming(*parts, DONE)) as server:
            guard = VoiceGuard(SpeechRules(SafetySettings(), Limits()), lambda _d: None, lambda: 0)
            settings = DialogueSettings(llm=LlmSettings(base_url=server.base_url, model="tiny"))
            replies = Replies(settings, load_scenario("welcome"), 1, use_llm=True, guard=guard)
            made: list[str] = []
            try:
                reply, draft = guard.reply("r"), replies.answer("what shall I do with my money")
                from behavioral.voice.clauses import ClauseSplitter

                splitter = ClauseSplitter()
                async for piece in draft:
                    assert isinstance(piece, str)
                    reply.takes(piece)
                    for clause in splitter.push(piece):
                        if not reply.over:
                            made.append(reply.instead(clause) or clause)
                for clause in splitter.flush():
                    if not reply.over:
                        made.append(reply.instead(clause) or clause)
                return made, replies.trouble
            finally:
                await replies.aclose()

    made, trouble = asyncio.run(main())
    assert made == ["Sure.", REFUSALS["financial"]] and not trouble


def test_a_persons_words_in_a_scenarios_slot_are_judged_and_the_rest_of_it_is_not():
    async def main() -> tuple[object, object]:
        replies = Replies(DialogueSettings(), load_scenario("welcome"), 1, use_llm=False)
        plain = [piece async for piece in replies.answer("who are you")]
        filled = [piece async for piece in replies.answer("my name is Anna")]
        return plain[0], filled[0]

    plain, filled = asyncio.run(main())
    assert isinstance(plain, Authored)
    assert "Anna" in str(filled) and not isinstance(filled, Authored)


def test_doubts_about_a_scenario_are_told_by_place_without_the_line(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(
        "name: s\nrules:\n  - id: pain\n    patterns: [my head hurts]\n    replies: [Poor you., Take two aspirin.]\n"
        "    ask: You have a migraine.\nopening: [{after_s: 1, say: I am a human being.}]\n",
        encoding="utf-8",
    )
    found = list(doubts(load_scenario(str(path)), SpeechRules(SafetySettings(), Limits())))
    assert found == [
        "rules[0] (pain).replies[1]: medical", "rules[0] (pain).ask: medical", "opening[0]: human",
    ]  # fmt: skip


@pytest.mark.parametrize("cut", [1, 3, 7, 50])
def test_a_transcript_that_runs_ahead_is_stopped_before_its_sound(cut):
    text = "Of course. I can tell you that you should kill him tonight."
    guard = VoiceGuard(SpeechRules(SafetySettings(), Limits()), lambda _d: None, lambda: 0)
    reply = guard.reply("r")
    reply.takes("")
    found = [reply.hears(text[at : at + cut]) for at in range(0, len(text), cut)]
    assert REFUSALS["violence"] in found
