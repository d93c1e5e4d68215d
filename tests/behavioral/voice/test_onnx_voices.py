"""Piper and Kokoro by path: the real adapters, worker and ONNX Runtime.

The networks are of a thousand bytes (scripts/make_tiny_voices.py).
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from behavioral.voice.prosody import Prosody
from behavioral.voice.tts.contract import Clause
from behavioral.voice.tts.kokoro import KokoroModel, cuts
from behavioral.voice.tts.onnx_voice import OnnxVoice
from behavioral.voice.tts.open import espeak_installed, open_tts
from behavioral.voice.tts.piper import PiperModel
from behavioral.voice.tts.spelling import spell
from runtime.errors import AttuneError
from runtime.offload import InlineOffload, ThreadOffload
from runtime.settings import VoiceSettings

pytestmark = pytest.mark.skipif(not espeak_installed(), reason="no libespeak-ng: pip install espeakng-loader")

TINY = Path(__file__).with_name("tiny")
SIGNS = "_^$ .,!?abcdefhijklmnopstuvwzðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒθᵻæˈˌː"
TEXT = "Hello there, my friend."


def ids() -> dict[str, int]:
    return {sign: number for number, sign in enumerate(SIGNS)}


def piper_folder(folder: Path, network: str = "piper_timed.onnx", **changes: object) -> Path:
    shutil.copy(TINY / network, folder / "voice.onnx")
    config = {
        "audio": {"sample_rate": 22_050},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_speakers": 1,
        "phoneme_id_map": {sign: [number] for sign, number in ids().items()},
        **changes,
    }
    (folder / "voice.onnx.json").write_text(json.dumps(config))
    return folder / "voice.onnx"


def kokoro_folder(folder: Path) -> Path:
    shutil.copy(TINY / "kokoro.onnx", folder / "kokoro.onnx")
    vocabulary = {sign: number for sign, number in ids().items() if sign not in "_^$"} | {"I": 60, "A": 61, "O": 62}
    (folder / "config.json").write_text(json.dumps({"vocab": vocabulary}))
    styles = {name: np.zeros((510, 1, 256), dtype=np.float32) for name in ("af_heart", "am_adam")}
    with (folder / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, **styles)
    return folder


def settings(kind: str, path: Path, **changes: object) -> VoiceSettings:
    return VoiceSettings(tts=kind, model=str(path), **changes)  # type: ignore[arg-type]


def opened(kind: str, path: Path, **changes: object) -> OnnxVoice:
    voice = open_tts(settings(kind, path, **changes), lambda _name: InlineOffload())
    assert isinstance(voice, OnnxVoice)
    return voice


async def drawn(voice: OnnxVoice, text: str, prosody: Prosody | None = None) -> tuple[Clause, int]:
    """Return the whole clause, and how many pieces it came in."""
    clause = await voice.synthesise(text, *([prosody] if prosody else []))
    pieces = 1
    while await clause.grow():
        pieces += 1
        await clause.retime()
    await clause.retime()
    return clause, pieces


def say(voice: OnnxVoice, *texts: str, prosody: Prosody | None = None) -> list[Clause]:
    async def main() -> list[Clause]:
        try:
            return [(await drawn(voice, text, prosody))[0] for text in texts]
        finally:
            await voice.aclose()

    return asyncio.run(main())


def ids_heard(clause: Clause, samples_per_id: int) -> list[int]:
    """Read the ids off the levels of the tones."""
    whole = len(clause.pcm) // samples_per_id * samples_per_id
    peaks = np.abs(clause.pcm[:whole].reshape(-1, samples_per_id).astype(float)).max(axis=1)
    return [round(peak / 32_767 * 200) for peak in peaks]


def test_piper_is_given_its_own_signs_in_the_form_that_it_was_trained_on(tmp_path: Path) -> None:
    voice = opened("piper", piper_folder(tmp_path))
    clause = say(voice, TEXT)[0]
    assert voice.note == ""
    signs = "həlˈoʊ ðˈɛɹ, maɪ fɹˈɛnd."
    number = ids()
    expected = [number["^"], 0, *(one for sign in signs for one in (number[sign], 0)), number["$"]]
    assert ids_heard(clause, 1_024) == expected
    assert (clause.text, clause.complete, clause.missing) == (TEXT, True, "")


def test_phonemes_and_words_have_the_networks_own_durations(tmp_path: Path) -> None:
    clause = say(opened("piper", piper_folder(tmp_path)), TEXT)[0]
    per_id_ms = 1_000 * 1_024 / 22_050
    starts = {word.text: word.start_ms for word in clause.words}
    # Ids before a word: begin and pad, then two for each sign and space.
    assert starts["Hello"] == pytest.approx(2 * per_id_ms, abs=0.1)
    assert starts["there,"] == pytest.approx((2 + 2 * len("həlˈoʊ ")) * per_id_ms, abs=0.1)
    assert starts["friend."] == pytest.approx((2 + 2 * len("həlˈoʊ ðˈɛɹ, maɪ ")) * per_id_ms, abs=0.1)
    assert clause.phonemes[-1].end_ms == pytest.approx(clause.duration_ms)
    assert [p.symbol for p in clause.phonemes][:3] == ["_", "h", "ə"]
    assert [word.text for word in clause.words] == TEXT.split()


def test_a_network_without_durations_is_timed_by_alignment(tmp_path: Path) -> None:
    clause = say(opened("piper", piper_folder(tmp_path, "piper.onnx")), TEXT)[0]
    assert [word.text for word in clause.words] == TEXT.split()
    ends = [0.0]
    for word in clause.words:
        assert ends[-1] - 1e-6 <= word.start_ms <= word.end_ms <= clause.duration_ms + 1e-6
        ends.append(word.end_ms)
    assert clause.phonemes[-1].end_ms == pytest.approx(clause.duration_ms)


def test_rate_and_level_follow_settings_and_prosody(tmp_path: Path) -> None:
    path = piper_folder(tmp_path)
    plain = say(opened("piper", path), TEXT)[0]
    slow = say(opened("piper", path), TEXT, prosody=Prosody(rate=0.5))[0]
    fast = say(opened("piper", path, rate_wpm=330), TEXT)[0]
    soft = say(opened("piper", path), TEXT, prosody=Prosody(gain_db=-20.0))[0]
    assert slow.duration_ms == pytest.approx(2 * plain.duration_ms, rel=0.01)
    assert fast.duration_ms == pytest.approx(0.5 * plain.duration_ms, rel=0.01)
    assert np.abs(soft.pcm).max() == pytest.approx(0.1 * np.abs(plain.pcm).max(), rel=0.02)


def test_kokoro_speaks_its_own_letters_between_zeros_and_in_passages(tmp_path: Path) -> None:
    text = "My time has come, and I say no more about the day when all of this began for me and you."

    async def main() -> tuple[Clause, int, str]:
        voice = opened("kokoro", kokoro_folder(tmp_path), speaker="am_adam")
        clause, pieces = await drawn(voice, text)
        await voice.aclose()
        return clause, pieces, voice.note

    clause, pieces, note = asyncio.run(main())
    assert note == ""
    assert pieces >= 2, "the first sound does not wait for the whole clause"
    heard = ids_heard(clause, 1_200)
    number = ids()
    assert heard[:4] == [0, number["m"], 60, number[" "]], "my is m and the letter I"
    assert heard[-1] == 0
    assert [word.text for word in clause.words] == text.split()
    starts = [word.start_ms for word in clause.words]
    assert starts == sorted(starts)
    assert clause.words[0].start_ms == pytest.approx(50.0, abs=0.1)


def test_times_of_what_is_still_to_come_are_estimates_that_become_true(tmp_path: Path) -> None:
    text = "My time has come, and I say no more about the day when all of this began for me and you."

    async def main() -> tuple[list[float], list[float]]:
        voice = opened("kokoro", kokoro_folder(tmp_path))
        await drawn(voice, text)  # learns the pace
        clause = await voice.synthesise(text)
        await clause.retime()
        early = [word.start_ms for word in clause.words]
        while await clause.grow():
            pass
        await clause.retime()
        await voice.aclose()
        return early, [word.start_ms for word in clause.words]

    early, final = asyncio.run(main())
    assert early[:3] == pytest.approx(final[:3], abs=1.0)
    assert early == sorted(early)
    assert abs(early[-1] - final[-1]) < 0.5 * final[-1]


def test_passages_are_cut_at_punctuation_and_never_in_a_word() -> None:
    signs = tuple(("ab " * 20 + "ab, " + "abcd " * 80).strip())
    ranges = cuts(signs)
    assert ranges[0] == (0, 63)
    assert ranges[0][0] == 0 and ranges[-1][1] == len(signs)
    for (_, end), (start, _) in pairwise(ranges):
        assert end == start
        assert signs[end - 1] in " ,"
    assert all(last - first <= 300 for first, last in ranges)


def test_a_worker_killed_between_clauses_is_started_again_and_told() -> None:
    told: list[str] = []

    async def main(path: Path) -> tuple[bytes, bytes, str]:
        voice = open_tts(settings("piper", path), lambda name: ThreadOffload(name), told.append)
        assert isinstance(voice, OnnxVoice)
        first, _ = await drawn(voice, TEXT)
        assert voice.worker.pid is not None
        os.kill(voice.worker.pid, signal.SIGSTOP)
        asked = asyncio.ensure_future(drawn(voice, TEXT))
        await asyncio.sleep(0.3)
        os.kill(voice.worker.pid, signal.SIGKILL)
        again, _ = await asked
        await voice.aclose()
        return first.pcm.tobytes(), again.pcm.tobytes(), voice.note

    with tempfile.TemporaryDirectory() as folder:
        first, again, note = asyncio.run(main(piper_folder(Path(folder))))
    assert first == again
    assert note == ""
    assert len(told) == 1 and "started again" in told[0]


def test_a_network_that_cannot_speak_leaves_the_clause_to_espeak_and_says_why(tmp_path: Path) -> None:
    path = piper_folder(tmp_path)
    shutil.copy(TINY / "kokoro.onnx", path)  # another kind of network
    voice = opened("piper", path)
    clause = say(voice, TEXT)[0]
    assert "wants inputs" in voice.note and "style" in voice.note
    assert clause.complete and np.abs(clause.pcm).max() > 3_000
    assert [word.text for word in clause.words] == TEXT.split()


def test_a_model_that_does_not_load_is_said_before_the_session(tmp_path: Path) -> None:
    path = piper_folder(tmp_path)
    path.write_bytes(b"not a network")

    async def main() -> None:
        voice = opened("piper", path)
        try:
            await voice.prepare()
        finally:
            await voice.aclose()

    with pytest.raises(AttuneError, match=r"voice\.onnx is no ONNX network"):
        asyncio.run(main())


@pytest.mark.parametrize("text", ["", "...", "\u4f60\u597d", "word " * 400])
def test_odd_text_never_breaks_the_voice(tmp_path: Path, text: str) -> None:
    voice = opened("piper", piper_folder(tmp_path))
    odd, plain = say(voice, text, TEXT)
    assert all(word.end_ms <= odd.duration_ms + 1e-6 for word in odd.words)
    assert len(plain.pcm) > 1_000
    assert voice.note == ""


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "voice.onnx").unlink(), r"voice\.onnx is missing"),
        (lambda folder: (folder / "voice.onnx.json").unlink(), r"voice\.onnx\.json is missing"),
        (lambda folder: (folder / "voice.onnx.json").write_text("{}"), "describes no Piper voice"),
        (lambda folder: (folder / "voice.onnx.json").write_text("[1"), "describes no Piper voice"),
        (lambda folder: piper_folder(folder, phoneme_type="pinyin"), "phoneme_type 'pinyin' is not supported"),
        (lambda folder: piper_folder(folder, phoneme_id_map={"a": [1]}), "describes no Piper voice"),
    ],
)
def test_what_is_wrong_with_a_piper_voice_is_one_error(tmp_path: Path, spoil, message: str) -> None:  # type: ignore[no-untyped-def]
    path = piper_folder(tmp_path)
    spoil(tmp_path)
    with pytest.raises(AttuneError, match=message):
        PiperModel(path)


def test_speakers_are_known_by_name_or_number(tmp_path: Path) -> None:
    path = piper_folder(tmp_path, num_speakers=2, speaker_id_map={"anna": 0, "bert": 1})
    words = ()
    for speaker, number in (("", 0), ("bert", 1), ("1", 1)):
        model = PiperModel(path, speaker)
        spelling = spell("a", words)
        assert model.passages(spelling, 1.0) == []
        assert model._speaker == number
    with pytest.raises(AttuneError, match=r"'carl'.*it has anna, bert"):
        PiperModel(path, "carl")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "kokoro.onnx").unlink(), r"holds no \.onnx file"),
        (lambda folder: (folder / "config.json").unlink(), r"config\.json is missing"),
        (lambda folder: (folder / "config.json").write_text("{}"), "holds no table of signs"),
        (lambda folder: (folder / "voices-v1.0.bin").unlink(), "holds no voices"),
        (lambda folder: (folder / "voices-v1.0.bin").write_bytes(b"x" * 99), "holds no voices of Kokoro"),
    ],
)
def test_what_is_wrong_with_a_kokoro_folder_is_one_error(tmp_path: Path, spoil, message: str) -> None:  # type: ignore[no-untyped-def]
    folder = kokoro_folder(tmp_path)
    spoil(folder)
    with pytest.raises(AttuneError, match=message):
        KokoroModel(folder)


def test_kokoros_voices_may_be_loose_files_and_are_named_when_one_is_not_there(tmp_path: Path) -> None:
    folder = kokoro_folder(tmp_path)
    with pytest.raises(AttuneError, match=r"'af_x' is not in .*it has af_heart, am_adam"):
        KokoroModel(folder, "af_x")
    (folder / "voices-v1.0.bin").unlink()
    (folder / "voices").mkdir()
    np.full((510, 256), 0.25, dtype="<f4").tofile(folder / "voices" / "af_sky.bin")
    assert KokoroModel(folder, "af_sky")._style[9, 0] == 0.25


def test_voices_that_need_a_path_say_so() -> None:
    with pytest.raises(AttuneError, match=r"voice\.model is empty"):
        open_tts(VoiceSettings(tts="kokoro"), lambda _name: InlineOffload())
