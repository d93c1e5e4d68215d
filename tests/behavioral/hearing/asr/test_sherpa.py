"""sherpa-onnx from a folder: wrong folders are named; its real runtime streams a tiny transducer that the test writes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest

from behavioral.hearing.asr.choice import open_recogniser
from behavioral.hearing.asr.grammar import ExpectedSpeech
from behavioral.hearing.asr.sherpa import SherpaRecogniser, find_model_files, open_sherpa
from behavioral.hearing.asr.sherpa_worker import words_of_tokens
from behavioral.hearing.units import UnitEdit
from runtime.errors import AttuneError
from runtime.offload import InlineOffload
from runtime.settings import HearingSettings
from tests.behavioral.hearing.asr import sherpa_model

pytest.importorskip("sherpa_onnx", reason="sherpa-onnx is not installed: pip install 'attune[asr-stream]'")
pytest.importorskip("onnx", reason="onnx is not installed: make train-setup")

T0 = 3_000_000_000


def new_offload(_name: str) -> InlineOffload:
    return InlineOffload()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("transducer")
    sherpa_model.write_model(folder)
    return folder


async def listen(asr: SherpaRecogniser, pcm: bytes, kill_at: int = -1) -> list[list[UnitEdit]]:
    """Return the edits of each block and of the end."""
    await asr.start(T0)
    edits = []
    for index, start in enumerate(range(0, len(pcm), 1_024)):
        if index == kill_at and asr.worker.pid is not None:
            os.kill(asr.worker.pid, signal.SIGKILL)
        edits.append(await asr.push(pcm[start : start + 1_024]))
    return [*edits, await asr.finish()]


def heard(folder: Path, score: str, phrases: tuple[str, ...] = ()) -> list[list[UnitEdit]]:
    async def main() -> list[list[UnitEdit]]:
        asr = open_sherpa(str(folder), new_offload, phrases)
        await asr.prepare()
        edits = await listen(asr, sherpa_model.sound(score))
        assert asr.take_failure() is None
        await asr.aclose()
        return edits

    return asyncio.run(main())


def final(edits: list[list[UnitEdit]]) -> list[str]:
    return [edit.text for one in edits for edit in one if edit.op == "commit"]


def test_words_are_added_while_they_are_spoken_and_committed_at_the_end(model: Path) -> None:
    edits = heard(model, "lh")
    assert final(edits) == ["hello", "robot"]
    assert final(edits[-1:]) == ["hello", "robot"]
    added = {edit.text: index * 32 for index, one in enumerate(edits) for edit in one if edit.op == "add"}
    assert 500 < added["hello"] < 700  # said from 500 ms on: true streaming
    assert 1_000 < added["robot"] < 1_200


def test_words_carry_session_times_and_the_models_confidence(model: Path) -> None:
    one, two = (edit for edit in heard(model, "lh")[-1] if edit.op == "commit")
    assert one.start_ns == pytest.approx(T0 + 500_000_000, abs=60_000_000)
    assert two.start_ns == pytest.approx(T0 + 1_000_000_000, abs=60_000_000)
    assert one.end_ns <= two.start_ns
    assert 0.4 < one.confidence < two.confidence < 1


def test_silence_is_no_word(model: Path) -> None:
    assert final(heard(model, "____")) == []


def test_expected_phrases_are_hot_words_where_the_model_has_its_bpe_vocabulary(model: Path, tmp_path: Path) -> None:
    shutil.copytree(model, tmp_path / "model")
    sherpa_model.write_bpe_vocabulary(tmp_path / "model")
    assert final(heard(tmp_path / "model", "b")) == ["robot"]  # a sound between the two words
    assert final(heard(tmp_path / "model", "b", ("hello", "zebra"))) == [
        "robot",
        "hello",
    ]  # leans towards what is expected


def test_a_killed_worker_is_replaced_and_the_utterance_replayed(model: Path) -> None:
    async def main() -> None:
        asr = open_sherpa(str(model), new_offload)
        edits = await listen(asr, sherpa_model.sound("lhl"), kill_at=30)
        assert final(edits) == ["hello", "robot", "hello"]
        assert "replayed" in (asr.take_failure() or "")
        assert asr.worker.restarts == 1
        await asr.aclose()

    asyncio.run(main())


def test_abort_leaves_nothing_behind(model: Path) -> None:
    async def main() -> None:
        asr = open_sherpa(str(model), new_offload)
        await asr.start(T0)
        await asr.push(sherpa_model.sound("l"))
        await asr.abort()
        assert await asr.finish() == []
        assert final(await listen(asr, sherpa_model.sound("h"))) == ["robot"]
        await asr.aclose()

    asyncio.run(main())


@pytest.mark.parametrize("broken", ["encoder.onnx", "joiner.onnx", "tokens.txt"])
def test_a_broken_file_is_an_error_for_people(model: Path, tmp_path: Path, broken: str) -> None:
    shutil.copytree(model, tmp_path / "model")
    (tmp_path / "model" / broken).write_bytes(b"\x00broken")

    async def main() -> None:
        asr = open_sherpa(str(tmp_path / "model"), new_offload)
        with pytest.raises(AttuneError, match=r"hearing\.asr_model cannot be loaded"):
            await asr.prepare()
        await asr.aclose()

    asyncio.run(main())


def test_wrong_folders_are_named_with_what_they_lack(model: Path, tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="asr_model is empty"):
        find_model_files("")
    with pytest.raises(AttuneError, match="not a folder on this disk"):
        find_model_files("sherpa-onnx-streaming-zipformer-en")
    with pytest.raises(AttuneError, match=r"lacks tokens\.txt, encoder\*\.onnx, decoder\*\.onnx, joiner\*\.onnx"):
        find_model_files(str(tmp_path))
    shutil.copytree(model, tmp_path / "model")
    for name in ("joiner", "decoder", "encoder"):
        (tmp_path / "model" / f"{name}.onnx").rename(tmp_path / f"{name}.away")
        with pytest.raises(AttuneError, match=rf"lacks .*{name}\*\.onnx"):
            find_model_files(str(tmp_path / "model"))


def test_of_two_precisions_the_small_encoder_and_joiner_and_the_exact_decoder_are_taken(tmp_path: Path) -> None:
    for name in ("encoder", "decoder", "joiner"):
        for precision in ("", ".int8"):
            (tmp_path / f"{name}-epoch-99{precision}.onnx").write_bytes(b"")
    (tmp_path / "tokens.txt").write_text("")
    files = {part: Path(path).name for part, path in find_model_files(str(tmp_path)).items()}
    assert files["encoder"] == "encoder-epoch-99.int8.onnx"
    assert files["decoder"] == "decoder-epoch-99.onnx"
    assert files["joiner"] == "joiner-epoch-99.int8.onnx"


def test_a_paraformer_needs_no_joiner_and_a_lone_network_is_ctc(tmp_path: Path) -> None:
    (tmp_path / "tokens.txt").write_text("")
    (tmp_path / "model.int8.onnx").write_bytes(b"")
    assert set(find_model_files(str(tmp_path))) == {"tokens", "model"}
    (tmp_path / "model.int8.onnx").unlink()
    (tmp_path / "encoder.onnx").write_bytes(b"\x00" * 99_000 + b"\x0flfr_window_size\x12\x017")
    (tmp_path / "decoder.onnx").write_bytes(b"")
    assert set(find_model_files(str(tmp_path))) == {"tokens", "encoder", "decoder"}


def test_auto_takes_sherpa_for_a_folder_with_tokens(model: Path) -> None:
    chosen = open_recogniser(HearingSettings(asr_model=str(model)), new_offload, ExpectedSpeech([["hello", "*"]]))
    assert chosen.name == "sherpa"


def test_tokens_become_words_with_times_and_confidence() -> None:
    assert words_of_tokens([" HE", "LLO", " YOU"], [0.0, 0.2, 0.28], [0.0, 0.0, -100.0]) == [
        ["hello", 0.0, pytest.approx(280.0), 1.0],
        ["you", 280.0, 480.0, 0.0],
    ]
    assert words_of_tokens(["\u2581Mc", "Coy", "\u2581"], [], []) == [["McCoy", 0.0, 200.0, 0.5]]
    assert [row[0] for row in words_of_tokens(["\u4f60", "\u597d"], [0.0, 0.3], [])] == ["\u4f60", "\u597d"]
