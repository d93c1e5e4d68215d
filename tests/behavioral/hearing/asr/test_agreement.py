"""Local agreement: what two consecutive hypotheses share is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from behavioral.hearing.asr.agreement import AgreementRecogniser
from behavioral.hearing.units import UnitEdit
from runtime.worker import WorkerDied

SECOND = bytes(32_000)
Row = tuple[str, float, float, float]


def rows(text: str, from_ms: float = 0.0) -> list[Row]:
    return [(word, from_ms + 300 * i, from_ms + 300 * i + 250, 0.9) for i, word in enumerate(text.split())]


class Scripted:
    """Answers the n-th window with the n-th hypothesis; an exception in the script is raised."""

    name = "scripted"

    def __init__(self, *script: list[Row] | Exception) -> None:
        self.script = list(script)
        self.windows: list[tuple[float, str]] = []

    async def prepare(self) -> None:
        pass

    async def decode(self, pcm: bytes, prompt: str) -> Sequence[Row]:
        self.windows.append((len(pcm) / 32_000, prompt))
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def aclose(self) -> None:
        pass


def ops(edits: list[UnitEdit]) -> list[str]:
    return [f"{edit.op} {edit.text}" for edit in edits]


def test_the_agreed_prefix_is_committed_and_the_rest_stays_open() -> None:
    async def main() -> None:
        recogniser = AgreementRecogniser(
            Scripted(rows("and so my"), rows("And so, mike fell"), rows("and so my fellow")), step_s=1.0
        )
        await recogniser.start(5_000_000_000)
        assert await recogniser.push(SECOND[:16_000]) == []
        assert ops(await recogniser.push(SECOND[:16_000])) == ["add and", "add so", "add my"]
        edits = await recogniser.push(SECOND)
        assert ops([edit for edit in edits if edit.op == "commit"]) == ["commit And", "commit so,"]
        assert next(edit.text for edit in edits if edit.op == "revoke") == "my"
        assert edits[-1].start_ns == 5_300_000_000
        await recogniser.push(SECOND[:16_000])
        assert ops(await recogniser.finish()) == [
            "revoke fell",
            "revoke mike",
            "add my",
            "add fellow",
            "commit my",
            "commit fellow",
        ]

    asyncio.run(main())


def test_finish_without_new_audio_commits_the_last_hypothesis_without_decoding_again() -> None:
    async def main() -> None:
        decoder = Scripted(rows("hello"))
        recogniser = AgreementRecogniser(decoder, step_s=1.0)
        await recogniser.start(0)
        await recogniser.push(SECOND)
        assert ops(await recogniser.finish()) == ["commit hello"]
        assert len(decoder.windows) == 1

    asyncio.run(main())


def test_a_long_window_is_cut_at_the_last_committed_word_which_becomes_the_prompt() -> None:
    async def main() -> None:
        decoder = Scripted(
            rows("one two three"), rows("one two three four"), rows("four five", 50), rows("four five", 50)
        )
        recogniser = AgreementRecogniser(decoder, step_s=1.0, window_s=1.5)
        await recogniser.start(0)
        await recogniser.push(SECOND)
        await recogniser.push(SECOND)  # commits three words, to 850 ms, and cuts there
        edits = await recogniser.push(SECOND)
        assert decoder.windows[2] == (3 - 0.85, "one two three")
        assert ops(edits)[0] == "add five"  # "four" stands already
        assert edits[0].start_ns == (850 + 350) * 1_000_000

    asyncio.run(main())


def test_an_unintelligible_stretch_never_outgrows_the_models_window() -> None:
    async def main() -> None:
        decoder = Scripted(*[[] for _ in range(40)])
        recogniser = AgreementRecogniser(decoder, step_s=1.0, window_s=4, window_max_s=6)
        await recogniser.start(0)
        for _ in range(40):
            await recogniser.push(SECOND)
        assert max(seconds for seconds, _ in decoder.windows) <= 7

    asyncio.run(main())


def test_a_decoder_that_dies_once_is_asked_again() -> None:
    async def main() -> None:
        recogniser = AgreementRecogniser(Scripted(WorkerDied("gone"), rows("hello")), step_s=1.0)
        await recogniser.start(0)
        assert ops(await recogniser.push(SECOND)) == ["add hello"]
        assert recogniser.take_failure() == "gone"
        assert recogniser.take_failure() is None

    asyncio.run(main())


def test_a_decoder_that_keeps_dying_costs_what_was_not_committed() -> None:
    async def main() -> None:
        dead = WorkerDied("gone")
        recogniser = AgreementRecogniser(Scripted(rows("a b"), rows("a b c"), dead, dead, rows("next")), step_s=1.0)
        await recogniser.start(0)
        await recogniser.push(SECOND)
        await recogniser.push(SECOND)
        await recogniser.push(SECOND[:16_000])
        assert ops(await recogniser.finish()) == ["revoke c"]
        await recogniser.start(9_000_000_000)
        assert ops(await recogniser.push(SECOND)) == ["add next"]

    asyncio.run(main())


@pytest.mark.parametrize(
    "nonsense",
    [
        [("and", 0.0, 1.0)],
        [("and", "soon", "later", 0.9)],
        [("and", float("nan"), 1.0, 0.9)],
        [("and", 0.0, float("inf"), 0.9)],
        [("and", 0.0, 1.0, float("nan"))],
        None,
        KeyError("words"),
    ],
)
def test_a_malformed_reply_is_asked_again_once_then_the_window_is_lost(nonsense: Any) -> None:
    async def main() -> None:
        script = Scripted(rows("and so"), nonsense, nonsense, nonsense, nonsense, rows("hello"))
        recogniser = AgreementRecogniser(script, step_s=1.0)
        await recogniser.start(0)
        assert ops(await recogniser.push(SECOND)) == ["add and", "add so"]
        assert await recogniser.push(SECOND) == []
        assert "malformed reply" in (recogniser.take_failure() or "")
        await recogniser.push(SECOND[:16_000])
        assert ops(await recogniser.finish()) == ["revoke so", "revoke and"]
        await recogniser.start(9_000_000_000)
        await recogniser.push(SECOND[:16_000])
        assert ops(await recogniser.finish()) == ["add hello", "commit hello"]

    asyncio.run(main())
