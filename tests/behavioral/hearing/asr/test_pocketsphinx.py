"""PocketSphinx in its worker process, on real speech."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.hearing.asr.grammar import ExpectedSpeech
from behavioral.hearing.asr.pocketsphinx import PocketSphinxRecogniser
from behavioral.hearing.asr.pocketsphinx_worker import MARGINS, belief
from behavioral.hearing.units import UnitEdit
from runtime.offload import InlineOffload

pytest.importorskip("pocketsphinx")

Speech = Callable[[str], NDArray[np.int16]]
AUSTEN = "librivox-austen-aligned/sense_and_sensibility_01_austen_64kb-{}.wav"
T0 = 7_000_000_000


def recogniser(*patterns: str, **slots: tuple[str, ...]) -> PocketSphinxRecogniser:
    expected = ExpectedSpeech([pattern.split() for pattern in patterns], slots)
    return PocketSphinxRecogniser(lambda _name: InlineOffload(), expected)


async def listen(
    asr: PocketSphinxRecogniser, samples: NDArray[np.int16], kill_at: tuple[int, ...] = (), t_ns: int = T0
) -> list[UnitEdit]:
    edits = []
    await asr.start(t_ns)
    for index in range(len(samples) // 512):
        if index in kill_at and asr.worker.pid is not None:
            os.kill(asr.worker.pid, signal.SIGKILL)
        edits += await asr.push(samples[512 * index : 512 * index + 512].tobytes())
    return edits + await asr.finish()


def final(edits: list[UnitEdit]) -> list[str]:
    return [edit.text for edit in edits if edit.op == "commit"]


def test_words_come_early_are_revised_and_end_committed(speech: Speech) -> None:
    async def main() -> None:
        asr = recogniser()
        edits = await listen(asr, speech(AUSTEN.format("0870")))
        await asr.aclose()
        assert asr.take_failure() is None
        reference = {
            "john",
            "dashwood",
            "leisure",
            "to",
            "consider",
            "how",
            "there",
            "might",
            "be",
            "in",
            "his",
            "power",
            "do",
        }
        assert len(reference & set(final(edits))) >= 10
        assert sum(edit.op == "add" for edit in edits) > len(final(edits))  # some were revised
        committed = [edit for edit in edits if edit.op == "commit"]
        assert all(a.end_ns <= b.start_ns for a, b in itertools.pairwise(committed))
        assert committed[0].start_ns >= T0 + 200_000_000
        assert committed[-1].end_ns <= T0 + 7_100_000_000
        assert "was(2)" not in final(edits)

    asyncio.run(main())


def test_the_same_blocks_give_the_same_edits(speech: Speech) -> None:
    async def once() -> list[UnitEdit]:
        asr = recogniser()
        edits = await listen(asr, speech(AUSTEN.format("0880")))
        await asr.aclose()
        return edits

    assert asyncio.run(once()) == asyncio.run(once())


def test_an_expected_phrase_is_recognised_and_other_speech_is_left_alone(speech: Speech) -> None:
    async def main() -> None:
        asr = recogniser("He was not an ill-disposed young man.", "What is your name?", "Frobnicate the zorgle")
        await asr.prepare()
        assert asr.left_out == ("frobnicate the zorgle",)
        known = await listen(asr, speech(AUSTEN.format("0880")))
        assert " ".join(final(known)) == "he was not an ill disposed young man"
        other = await listen(asr, speech(AUSTEN.format("0890")))
        assert "rather" in final(other)
        assert len(final(other)) > 8
        await asr.aclose()

    asyncio.run(main())


@pytest.mark.slow
def test_a_worker_killed_mid_utterance_is_replaced_and_the_utterance_replayed(speech: Speech) -> None:
    async def main() -> None:
        asr = recogniser()
        samples = speech(AUSTEN.format("0880"))
        undisturbed = await listen(asr, samples)
        await asr.aclose()
        asr = recogniser()
        disturbed = await listen(asr, samples, kill_at=(40,))
        assert "started again" in (asr.take_failure() or "")
        assert final(disturbed) == final(undisturbed)
        assert asr.worker.restarts == 1
        await asr.aclose()

    asyncio.run(main())


@pytest.mark.slow
def test_a_worker_that_cannot_live_costs_the_utterance_and_nothing_else(speech: Speech) -> None:
    async def main() -> None:
        asr = recogniser()
        samples = speech(AUSTEN.format("0880"))
        await asr.start(T0)
        added = [
            edit for start in range(0, 40_960, 512) for edit in await asr.push(samples[start : start + 512].tobytes())
        ]
        living = asr.worker._argv
        asr.worker.kill()
        asr.worker._argv = ["/bin/false"]
        revoked = await asr.push(samples[:512].tobytes())
        standing = [edit.unit_id for edit in added if edit.op == "add"]
        for edit in added:
            if edit.op == "revoke":
                standing.remove(edit.unit_id)
        assert standing
        assert [edit.unit_id for edit in revoked] == standing[::-1]
        assert "given up" in (asr.take_failure() or "")
        assert await asr.finish() == []
        asr.worker._argv = living
        assert len(final(await listen(asr, samples))) >= 5
        await asr.aclose()

    asyncio.run(main())


def standing(edits: list[UnitEdit]) -> str:
    """Return the running text after some edits."""
    words: list[str] = []
    for edit in edits:
        if edit.op == "add":
            words.append(edit.text)
        elif edit.op == "revoke":
            assert words.pop() == edit.text
    return " ".join(words)


def test_the_running_text_comes_from_the_grammar_while_it_fits(speech: Speech) -> None:
    async def main() -> None:
        asr = recogniser("he was not an ill disposed young man", "what is your name")
        samples = speech(AUSTEN.format("0880"))
        edits: list[UnitEdit] = []
        texts = set()
        await asr.start(T0)
        for index in range(len(samples) // 512):
            edits += await asr.push(samples[512 * index : 512 * index + 512].tobytes())
            texts.add(standing(edits))
        assert "he was not an ill" in texts  # long before the end
        assert standing(edits) == "he was not an ill disposed young man"
        committed = [edit for edit in await asr.finish() if edit.op == "commit"]
        assert min(edit.confidence for edit in committed) > 0.5
        await asr.aclose()

    asyncio.run(main())


def test_slots_hold_one_of_their_values_and_open_ends_a_short_phrase(speech: Speech) -> None:
    async def main() -> None:
        asr = recogniser("he was not an {temper} young *", temper=("ill disposed", "easy going", "zorgly"))
        await asr.prepare()
        assert asr.left_out == ()  # the unknown value is, the pattern is not
        heard = " ".join(final(await listen(asr, speech(AUSTEN.format("0880")))))
        assert heard.startswith("he was not an ill disposed young")
        await asr.aclose()

    asyncio.run(main())


def test_a_slot_without_values_is_left_to_dictation() -> None:
    async def main() -> None:
        asr = recogniser("i live in {place}", "my name is {name}", place=("zorgle", "frobnitz"))
        await asr.prepare()
        assert asr.left_out == ("i live in {place}",)
        await asr.aclose()

    asyncio.run(main())


def test_the_next_utterance_finds_nothing_of_the_last_one_whichever_decoder_ended_it(speech: Speech) -> None:
    async def main() -> None:
        asr = recogniser("he was not an ill disposed young man")
        fitting, other = speech(AUSTEN.format("0880")), speech(AUSTEN.format("0890"))
        first = final(await listen(asr, fitting))
        dictated = final(await listen(asr, other))
        assert final(await listen(asr, fitting)) == first
        assert len(dictated) > 5 and first == "he was not an ill disposed young man".split()
        await asr.start(T0)
        await asr.push(fitting.tobytes()[:40_960])
        await asr.abort()
        assert final(await listen(asr, fitting)) == first
        await asr.aclose()

    asyncio.run(main())


def test_the_shorter_a_sentence_the_better_it_must_fit() -> None:
    assert [belief(2.9, words) > 0 for words in (0, 1, 2, 3, 9)] == [False, False, True, True, True]
    assert belief(MARGINS[-1] + 0.01, 5) == 0
    assert belief(0.0, 3) > belief(2.0, 3) > 0.9 > belief(MARGINS[-1], 3) == 0.5


def test_silence_is_no_word_and_abort_leaves_nothing_behind() -> None:
    async def main() -> None:
        asr = recogniser("hello")
        assert final(await listen(asr, np.zeros(16_000, np.int16))) == []
        await asr.start(T0)
        await asr.push(np.zeros(5_120, np.int16).tobytes())
        await asr.abort()
        assert await asr.finish() == []
        assert final(await listen(asr, np.zeros(16_000, np.int16))) == []
        await asr.aclose()

    asyncio.run(main())


class Talker:
    """Instead of the worker process: answers pushes with what the script holds, everything else well."""

    name = "speech recogniser"

    def __init__(self, *script: dict[str, Any]) -> None:
        self.script = list(script)
        self.kills = 0

    async def request(self, header: dict[str, Any], payload: bytes = b"") -> tuple[dict[str, Any], bytes]:
        return (self.script.pop(0) if header["op"] in ("push", "finish") else {}), b""

    def kill(self) -> None:
        self.kills += 1


HELLO = {"words": [["hello", 0, 300, 0.7]]}


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"words": None},
        {"words": [["hello", 0]]},
        {"words": [["hello", "now", 300, 0.7]]},
        {"words": [["hello", 0, float("inf"), 0.7]]},
        {"words": [["hello", 0, 300, float("nan")]]},
        {"words": [["hello", 0, 300, None]]},
    ],
)
@pytest.mark.parametrize("at", ["push", "finish"])
def test_a_malformed_reply_costs_the_utterance_and_no_more(nonsense: dict[str, Any], at: str) -> None:
    async def main() -> None:
        asr = recogniser()
        talker = Talker(HELLO, nonsense, HELLO, HELLO)
        asr.worker = talker  # type: ignore[assignment] # only asked and killed
        await asr.start(T0)
        added = await asr.push(bytes(1_024))
        assert [edit.op for edit in added] == ["add"]
        revoked = await asr.push(bytes(1_024)) if at == "push" else await asr.finish()
        assert [(edit.op, edit.unit_id) for edit in revoked] == [("revoke", added[0].unit_id)]
        assert "malformed reply" in (asr.take_failure() or "")
        assert talker.kills == 1
        assert await asr.finish() == []
        await asr.start(2 * T0)
        await asr.push(bytes(1_024))
        assert final(await asr.finish()) == ["hello"]

    asyncio.run(main())
