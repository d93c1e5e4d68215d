"""Moonshine in its worker process, on real speech: streams, punctuates, knows the scenario's phrases, survives its worker."""

from __future__ import annotations

import asyncio
import difflib
import itertools
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.bench.parts import spoken_parts
from behavioral.hearing.asr.choice import open_recogniser
from behavioral.hearing.asr.grammar import plain
from behavioral.hearing.asr.moonshine import MoonshineRecogniser, open_moonshine, packaged_model
from behavioral.hearing.asr.moonshine_bias import ExpectedPhrases, written
from behavioral.hearing.asr.moonshine_network import MoonshineNetwork, read_vocabulary
from behavioral.hearing.asr.moonshine_worker import laid_out, sentence_end
from behavioral.hearing.units import UnitEdit
from runtime.errors import AttuneError
from runtime.offload import InlineOffload
from runtime.settings import HearingSettings

pytest.importorskip("moonshine_voice", reason="Moonshine's model is not installed: pip install 'attune[asr-moonshine]'")

Speech = Callable[[str], NDArray[np.int16]]
AUSTEN = "librivox-austen-aligned/sense_and_sensibility_01_austen_64kb-{}.wav"
T0 = 7_000_000_000


def recogniser(*phrases: str) -> MoonshineRecogniser:
    return open_moonshine("", lambda _name: InlineOffload(), phrases)


@pytest.fixture(scope="module")
def network() -> MoonshineNetwork:
    folder = packaged_model()
    assert folder is not None
    return MoonshineNetwork(folder)


async def listen(
    asr: MoonshineRecogniser, samples: NDArray[np.int16], kill_at: tuple[int, ...] = ()
) -> list[list[UnitEdit]]:
    """Return the edits of each block and of the end."""
    edits = []
    await asr.start(T0)
    for index in range(len(samples) // 512):
        if index in kill_at and asr.worker.pid is not None:
            os.kill(asr.worker.pid, signal.SIGKILL)
        edits.append(await asr.push(samples[512 * index : 512 * index + 512].tobytes()))
    return [*edits, await asr.finish()]


def heard(samples: NDArray[np.int16], *phrases: str) -> list[list[UnitEdit]]:
    async def main() -> list[list[UnitEdit]]:
        asr = recogniser(*phrases)
        edits = await listen(asr, samples)
        assert asr.take_failure() is None
        await asr.aclose()
        return edits

    return asyncio.run(main())


def final(edits: list[list[UnitEdit]]) -> str:
    return " ".join(edit.text for one in edits for edit in one if edit.op == "commit")


def test_open_speech_is_heard_while_it_is_said_with_punctuation_and_an_opinion_of_its_end(speech: Speech) -> None:
    edits = heard(speech(AUSTEN.format("0930")))
    assert final(edits) == "He might even have been made amiable himself."
    early = next(index for index, one in enumerate(edits) if any(edit.text.lower().startswith("might") for edit in one))
    assert early < len(edits) // 2
    committed = [edit for edit in edits[-1] if edit.op == "commit"]
    assert all(a.end_ns <= b.start_ns for a, b in itertools.pairwise(committed))
    assert committed[0].start_ns >= T0
    assert committed[-1].end_ns <= T0 + len(edits) * 32_000_000
    assert committed[-1].sentence_end is not None
    assert committed[-1].sentence_end > 0
    assert committed[0].sentence_end is None


def test_the_same_blocks_give_the_same_edits(speech: Speech) -> None:
    assert heard(speech(AUSTEN.format("0880"))) == heard(speech(AUSTEN.format("0880")))


def test_a_growing_window_is_decoded_as_if_it_were_new_but_for_what_is_nearly_as_likely(
    speech: Speech, network: MoonshineNetwork
) -> None:
    same = count = 0
    for number in ("0870", "0880", "0890", "0920", "0930"):
        samples = speech(AUSTEN.format(number)).astype(np.float32) / 32_768
        network.forget()
        for end in range(16_000, len(samples), 16_000):
            network.decode(samples[:end])
        grown = network.decode(samples)
        network.forget()
        anew = network.decode(samples)
        matched = difflib.SequenceMatcher(None, grown.tokens, anew.tokens, autojunk=False)
        same += sum(block.size for block in matched.get_matching_blocks())
        count += len(anew.tokens)
        assert grown.log_probability > anew.log_probability - 4.0
    assert same > 0.9 * count


def test_a_bang_makes_no_speech_quiet(speech: Speech) -> None:
    samples = speech(AUSTEN.format("0930")) // 16
    bang = (np.random.default_rng(0).normal(0, 9_000, 320)).astype(np.int16)
    assert "made amiable himself" in final(heard(np.concatenate((bang, samples))))


def test_noise_is_no_words_and_silence_neither() -> None:
    noise = (np.random.default_rng(0).normal(0, 900, 24_000)).astype(np.int16)
    assert final(heard(noise)) == ""
    assert final(heard(np.zeros(16_000, np.int16))) == ""


def test_an_expected_phrase_is_taken_for_what_sounds_like_it_and_other_speech_stands(
    speech: Speech, network: MoonshineNetwork
) -> None:
    (part,) = spoken_parts(["Say that again."], ("en-us+f1", 165, 55))  # a voice that is hard to understand
    misheard = (32_767 * np.concatenate((np.zeros(4_000), part.pieces[0], np.zeros(3_000)))).astype(np.int16)
    assert plain(final(heard(misheard))) == "say not again"
    assert final(heard(misheard, "say that again", "thanks a lot")) == "Say that again."
    assert plain(final(heard(misheard, "wave your hand", "see you later"))) == "say not again"
    samples = speech(AUSTEN.format("0880"))
    assert written("i am fine") == "I am fine."
    assert written("what is i'm called") == "What is I'm called?"
    expected = ExpectedPhrases(network, ["he was"])
    decoded = network.decode(samples.astype(np.float32) / 32_768)
    assert expected.instead_of(decoded) is None  # what was heard begins with it and says more


def test_a_worker_killed_mid_utterance_is_replaced_and_the_utterance_replayed(speech: Speech) -> None:
    async def main() -> None:
        asr = recogniser()
        disturbed = await listen(asr, speech(AUSTEN.format("0930")), kill_at=(60,))
        assert "started again" in (asr.take_failure() or "")
        assert final(disturbed) == "He might even have been made amiable himself."
        assert asr.worker.restarts == 1
        await asr.aclose()

    asyncio.run(main())


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match=r"no Moonshine model.*encoder_model\.ort"):
        open_moonshine(str(tmp_path), lambda _name: InlineOffload())
    packaged = packaged_model()
    assert packaged is not None
    broken = shutil.copytree(packaged, tmp_path / "broken")
    (broken / "decoder_model_merged.ort").write_bytes(b"nothing")
    asr = open_moonshine(str(broken), lambda _name: InlineOffload())
    with pytest.raises(AttuneError, match=r"cannot be loaded.*decoder_model_merged"):
        asyncio.run(asr.prepare())
    asyncio.run(asr.aclose())
    short = shutil.copytree(packaged, tmp_path / "short")
    (short / "tokenizer.bin").write_bytes(b"\x01a" * 400)
    asr = open_moonshine(str(short), lambda _name: InlineOffload())
    with pytest.raises(AttuneError, match="does not run as a Moonshine model: 400 tokens"):
        asyncio.run(asr.prepare())
    asyncio.run(asr.aclose())
    vocabulary = tmp_path / "tokenizer.bin"
    vocabulary.write_bytes(b"\x03abc\x81\x01x")
    with pytest.raises(AttuneError, match="cut off"):
        read_vocabulary(vocabulary)


def test_a_model_of_ones_own_is_taken_by_its_folder(tmp_path: Path) -> None:
    packaged = packaged_model()
    assert packaged is not None
    own = shutil.copytree(packaged, tmp_path / "mine")
    settings = HearingSettings(asr_model=str(own))
    assert open_recogniser(settings, lambda _name: InlineOffload()).name == "moonshine"


def test_words_lie_over_the_loud_parts_in_proportion_to_their_letters() -> None:
    levels = np.zeros(100, np.float32)
    levels[20:80] = 1_000.0
    rows = laid_out([("ab", 0.5), ("cdef", 0.5)], levels)
    assert [(row[1], row[2]) for row in rows] == [(200, 400), (400, 800)]
    assert laid_out([("a", 0.5)], np.zeros(0, np.float32))[0][1:3] == [0, 0]


def test_the_end_of_a_sentence_is_a_full_stop_against_a_comma_or_nothing() -> None:
    assert sentence_end((0.9, 0.05, 0.05)) > 2
    assert sentence_end((0.1, 0.8, 0.1)) < -2
    assert sentence_end((0.0, 0.0, 0.0)) < 0.01
