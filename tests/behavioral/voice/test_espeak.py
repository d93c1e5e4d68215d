"""The default voice: real espeak-ng in its real process."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from behavioral.voice.phones import unknown_signs
from behavioral.voice.tts import espeak as espeak_module
from behavioral.voice.tts.contract import PAUSE, SpokenClause
from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.tts.open import espeak_installed
from runtime.offload import InlineOffload, ThreadOffload
from runtime.settings import VoiceSettings

SENTENCE = "Hello there, Dr. Smith! It costs $3.50 \u2014 the caf\u00e9 of the day?"

SAMPLE = """
The quick brown fox jumps over the lazy dog while five wizards vex a jumbled quartz sphinx. Please call Stella and ask her to
bring these things with her from the store: six spoons of fresh snow peas, five thick slabs of blue cheese, and maybe a snack
for her brother Bob. We also need a small plastic snake and a big toy frog for the kids. She can scoop these things into three
red bags, and we will go meet her Wednesday at the train station. When the sunlight strikes raindrops in the air, they act as
a prism and form a rainbow. The rainbow is a division of white light into many beautiful colours. These take the shape of a
long round arch, with its path high above, and its two ends apparently beyond the horizon. There is, according to legend, a
boiling pot of gold at one end. People look, but no one ever finds it. When a man looks for something beyond his reach, his
friends say he is looking for the pot of gold at the end of the rainbow. I usually measure the treasure with leisure and
pleasure; his vision of the garage was an illusion. Are you sure? Poor Laura heard the bird's early purr. Fire, flower, hour,
tower, player, lawyer, employer. Here, there, everywhere! The boy enjoyed oysters and noisy toys. Thirty-three thirsty
thieves thought they had thrilled the throne throughout Thursday. Bottle, button, little, sudden, rhythm. Uh-oh, what is
which? The judge's large orange gem, the church's rich cheese. Singing longer anger, sing a song, bank, think. Huge cute
music, few views, argue. Dr. Jones paid $1,234.56 at 3:45 p.m. on the 21st of June 2019 for 7/8 of it, e.g. 100%, NASA and
the FBI agreed. Would you push a bull in full wool? Father's calm palm. All tall thoughts caught the bought ball.
"""


def say(voice: EspeakVoice, text: str) -> SpokenClause:
    return asyncio.run(voice.synthesise(text))


def test_phonemes_cover_the_audio_without_gaps(espeak: EspeakVoice) -> None:
    clause = say(espeak, SENTENCE)
    assert espeak.note == ""
    assert np.abs(clause.pcm.astype(int)).max() > 3_000
    assert clause.phonemes[0].start_ms == 0.0
    assert clause.phonemes[-1].end_ms == pytest.approx(clause.duration_ms)
    for before, after in zip(clause.phonemes, clause.phonemes[1:], strict=False):
        assert before.end_ms == after.start_ms
        assert before.end_ms > before.start_ms


def test_words_are_those_of_the_text_in_order_within_the_audio(espeak: EspeakVoice) -> None:
    clause = say(espeak, SENTENCE)
    assert [word.text for word in clause.words] == SENTENCE.split()
    ends = [0.0]
    for word in clause.words:
        assert ends[-1] - 1e-6 <= word.start_ms <= word.end_ms <= clause.duration_ms + 1e-6
        ends.append(word.end_ms)


def test_the_sound_is_loud_in_words_and_quiet_in_pauses(espeak: EspeakVoice) -> None:
    clause = say(espeak, "Good morning everybody, welcome to the museum.")

    def level(start_ms: float, end_ms: float) -> float:
        a, b = (round(t * clause.sample_rate_hz / 1_000) for t in (start_ms, end_ms))
        return float(np.sqrt(np.mean(clause.pcm[a:b].astype(float) ** 2)))

    pause = max((p for p in clause.phonemes if p.symbol == PAUSE), key=lambda p: p.end_ms - p.start_ms)
    assert pause.end_ms - pause.start_ms > 100
    assert level(pause.start_ms + 40, pause.end_ms - 20) * 10 < min(level(w.start_ms, w.end_ms) for w in clause.words)


def test_stress_falls_on_content_words_and_the_last_is_nuclear(espeak: EspeakVoice) -> None:
    clause = say(espeak, "I was at the beautiful museum in the morning.")
    accent = {word.text: word.accent for word in clause.words}
    assert accent["morning."] == 1.0
    assert accent["the"] == accent["I"] == 0.0
    assert accent["beautiful"] >= 0.5


def test_equal_text_gives_equal_bytes_whatever_was_said_before(espeak: EspeakVoice) -> None:
    first = say(espeak, SENTENCE)
    say(espeak, "Something else entirely.")
    again = say(espeak, SENTENCE)
    other = EspeakVoice(VoiceSettings(), InlineOffload())
    elsewhere = say(other, SENTENCE)
    other.worker.kill()
    for clause in (again, elsewhere):
        assert clause.pcm.tobytes() == first.pcm.tobytes()
        assert (clause.phonemes, clause.words) == (first.phonemes, first.words)


def test_every_sound_of_a_long_sample_has_a_mouth_shape(espeak: EspeakVoice) -> None:
    sentences = re.split(r"(?<=[.!?;])\s+", " ".join(SAMPLE.split()))
    assert sum(len(s.split()) for s in sentences) > 280
    symbols = {p.symbol for sentence in sentences for p in say(espeak, sentence).phonemes}
    assert len(symbols) > 60
    assert {s: unknown_signs(s) for s in symbols if unknown_signs(s)} == {}


def test_a_killed_worker_is_replaced_within_the_same_call(espeak: EspeakVoice) -> None:
    before = say(espeak, SENTENCE)
    assert espeak.worker.pid is not None
    process = espeak.worker._process
    os.kill(espeak.worker.pid, signal.SIGKILL)
    assert process is not None
    process.wait()
    after = say(espeak, SENTENCE)
    assert espeak.note == ""
    assert after.pcm.tobytes() == before.pcm.tobytes()


def speaking_fork(voice: EspeakVoice) -> psutil.Process:
    """Return the fork that waits for the next request; the one that has just answered is on its way out."""
    assert voice.worker.pid is not None
    worker = psutil.Process(voice.worker.pid)
    before: list[psutil.Process] = []
    for _ in range(100):
        time.sleep(0.05)
        forks = worker.children()
        if len(forks) == 1 and forks == before:
            return forks[0]
        before = forks
    raise AssertionError("no fork waits")


@pytest.mark.parametrize("whole", [True, False], ids=["the worker", "the fork that speaks"])
def test_a_worker_killed_in_mid_request_costs_no_clause_or_one(whole: bool) -> None:
    async def scenario() -> None:
        voice = EspeakVoice(VoiceSettings(), ThreadOffload("voice"))
        before = await voice.synthesise(SENTENCE)
        process, fork = voice.worker._process, speaking_fork(voice)
        assert process is not None
        fork.suspend()  # it has the request and cannot answer
        asked = asyncio.create_task(voice.synthesise(SENTENCE))
        await asyncio.sleep(0.05)
        assert not asked.done()
        os.kill(process.pid if whole else fork.pid, signal.SIGKILL)
        after = await asked
        if whole:  # asked once more of a fresh worker; the fork has died with the old one
            assert (voice.note, voice.worker.restarts) == ("", 1)
            assert after.pcm.tobytes() == before.pcm.tobytes()
            fork.wait(timeout=5.0)
        else:  # what crashes on a text would crash again: captions for this clause, and the next one sounds
            assert "crashed" in voice.note
            assert [word.text for word in after.words] == SENTENCE.split()
            assert (await voice.synthesise("Another.")).text == "Another."
            assert len((await voice.synthesise("Another.")).pcm) < len(before.pcm)  # no answer came in another's place
            assert (await voice.synthesise(SENTENCE)).pcm.tobytes() == before.pcm.tobytes()
            assert (voice.note, voice.worker.restarts) == ("", 0)
        await voice.aclose()

    if not espeak_installed():
        pytest.skip("libespeak-ng is not installed; mend: pip install espeakng-loader")
    asyncio.run(scenario())


def test_a_voice_that_keeps_dying_is_silent_with_times_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "dies.py"
    program.write_text("raise SystemExit(3)\n")
    monkeypatch.setattr(espeak_module, "_WORKER", program)
    voice = EspeakVoice(VoiceSettings(), InlineOffload())
    clause = say(voice, "Nobody hears this.")
    assert "no sound" in voice.note
    assert clause.duration_ms > 500
    assert not clause.pcm.any()
    assert [word.text for word in clause.words] == ["Nobody", "hears", "this."]


def test_an_unknown_voice_is_one_clear_note() -> None:
    if not espeak_installed():
        pytest.skip("libespeak-ng is not installed; mend: pip install espeakng-loader")
    voice = EspeakVoice(VoiceSettings(voice="xx-nowhere"), InlineOffload())
    clause = say(voice, "Hello.")
    voice.worker.kill()
    assert "'xx-nowhere'" in voice.note
    assert not clause.pcm.any()


@pytest.mark.parametrize("text", ["", "   ", "...", "\u2014", "\x00\x01"])
def test_text_without_words_is_an_empty_clause(espeak: EspeakVoice, text: str) -> None:
    clause = say(espeak, text)
    assert (len(clause.pcm), clause.words, espeak.note) == (0, (), "")


@pytest.mark.parametrize(
    "text", ["word " * 2_000, "x" * 5_000, "<speak>&amp;[[h@l'oU]]</speak>", "\u4f60\u597d \U0001f600 hi"]
)
def test_odd_text_is_spoken_or_skipped_but_never_breaks_the_voice(espeak: EspeakVoice, text: str) -> None:
    clause = say(espeak, text)
    assert all(word.end_ms <= clause.duration_ms + 1e-6 for word in clause.words)
    assert len(say(espeak, "Hello.").pcm) > 1_000
    assert espeak.note == ""


def test_the_worker_names_itself_and_ends_with_its_pipe(espeak: EspeakVoice) -> None:
    say(espeak, "Hello.")
    title = Path(f"/proc/{espeak.worker.pid}/cmdline")
    if not title.exists():
        pytest.skip("no /proc on this system")
    assert title.read_text().startswith("attune: voice")
    ended = subprocess.run(
        [sys.executable, "-P", str(espeak_module._WORKER)], stdin=subprocess.DEVNULL, timeout=20, check=False
    )
    assert ended.returncode == 0


def test_the_gpl_file_says_so_and_touches_nothing_of_attune() -> None:
    source = espeak_module._WORKER.read_text()
    assert source.startswith("# SPDX-License-Identifier: GPL-3.0-or-later")
    assert not re.search(r"^\s*(from|import) (runtime|behavioral|motion|cognitive|avatar)", source, re.MULTILINE)
