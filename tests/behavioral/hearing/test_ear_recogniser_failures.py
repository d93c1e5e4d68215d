"""A recogniser that is stuck, raises or has ended: it costs an utterance and never hearing."""

from __future__ import annotations

import pytest

from behavioral.hearing.blocks import BLOCK_NS
from behavioral.hearing.ear import BACKLOG_S
from behavioral.hearing.events import FinalText, RecognitionLost, SpeechOnset, Units
from behavioral.hearing.units import UnitEdit
from runtime.clock import run_virtual
from runtime.errors import AttuneError
from tests.behavioral.hearing.ear_session import LOUD, SILENT, ScriptedRecogniser, Session


class RaisingRecogniser(ScriptedRecogniser):
    """Breaks the contract: raises in one call of the first utterance, after a word has been added."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    async def start(self, t_ns: int) -> None:
        await super().start(t_ns)
        self._break("start")

    async def push(self, pcm: bytes) -> list[UnitEdit]:
        pushed = self.blocks()
        await super().push(pcm)
        if self.where and pushed:
            self._break("push")
        return [] if pushed else [UnitEdit("add", "unit-0", "hm", 0, 1, 0.5)]

    async def finish(self) -> list[UnitEdit]:
        self._break("finish")
        return await super().finish()

    async def abort(self) -> None:
        self.calls.append(("abort", 0))

    def _break(self, where: str) -> None:
        if where == self.where:
            self.where = ""
            raise KeyError("words")


def test_a_stuck_recogniser_never_holds_up_voice_activity_and_its_backlog_is_bounded_and_told() -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser(slow_s=40.0)
        session = Session(recogniser)
        await session.hear([SILENT] * 10 + [LOUD] * 1_000 + [SILENT] * 10)
        assert session.turns() == [("SpeechOnset", 10), ("SpeechOffset", 1_010)]
        assert session.ear.dropped_blocks > 0
        assert recogniser.blocks() <= BACKLOG_S * 1e9 / BLOCK_NS + 2
        await session.end()
        assert any(isinstance(event, RecognitionLost) and "dropped" in event.reason for event in session.recognised)
        assert isinstance(session.recognised[-1], FinalText)

    run_virtual(main())


@pytest.mark.parametrize("where", ["start", "push", "finish"])
def test_a_recogniser_that_raises_costs_the_utterance_and_not_hearing(where: str) -> None:
    async def main() -> None:
        recogniser = RaisingRecogniser(where)
        session = Session(recogniser)
        await session.hear([SILENT] * 15 + [LOUD] * 10 + [SILENT] * 20)
        assert session.ear.idle
        await session.hear([LOUD] * 10 + [SILENT] * 20)
        assert session.ear.idle
        await session.end()
        finals = [event.text for event in session.recognised if isinstance(event, FinalText)]
        assert finals == ["", "hello"]
        lost = [event.reason for event in session.recognised if isinstance(event, RecognitionLost)]
        assert lost == ["scripted: KeyError; the utterance was given up"]
        assert ("abort", 0) in recogniser.calls
        standing: list[str] = []
        first_ns = next(event.t_ns for event in session.heard if isinstance(event, SpeechOnset))
        for edit in (e for u in session.recognised if isinstance(u, Units) and u.onset_ns == first_ns for e in u.edits):
            if edit.op == "add":
                standing.append(edit.unit_id)
            else:
                standing.remove(edit.unit_id)
        assert standing == []

    run_virtual(main())


def test_when_recognition_has_ended_the_ear_is_still_idle_in_silence() -> None:
    class Unusable(ScriptedRecogniser):
        async def prepare(self) -> None:
            raise AttuneError("no model", "get one")

    async def main() -> None:
        session = Session(Unusable())
        await session.hear([SILENT] * 10 + [LOUD] * 10)
        assert not session.ear.idle
        await session.hear([SILENT] * 20)
        assert session.ear.idle
        with pytest.raises(AttuneError, match="no model"):
            await session.end()

    run_virtual(main())


def test_a_failure_of_the_recogniser_is_told_and_hearing_goes_on() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser(failure="the worker died; started again"))
        await session.hear([LOUD] * 10 + [SILENT] * 10)
        await session.end()
        assert RecognitionLost(pytest.approx(96_000_000), "the worker died; started again") in session.recognised
        assert isinstance(session.recognised[-1], FinalText)

    run_virtual(main())
