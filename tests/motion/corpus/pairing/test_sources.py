"""Where speech comes from: held-out speech never, a sentence in one split whatever voice says it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from motion.corpus.pairing.sources import CREDITS, PROMPTS, read_utterances, sentences, split_of
from motion.corpus.words import TimedWord
from runtime.errors import AttuneError

from .test_speech import silence, voice


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a recording of each kind, and held-out speech beside them."""
    say = np.concatenate([silence(0.2), voice(1.5), silence(0.2)])
    for name in (
        "jfk-inaugural/jfk.flac",
        "ami-30s-excerpts/trn00.flac",
        "ami-30s-excerpts/dev01.flac",
        "ljspeech/wavs/LJ1.wav",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, say, 16_000)
    (tmp_path / "librispeech-stereo").mkdir()
    soundfile.write(
        tmp_path / "librispeech-stereo" / "stereo_diarization.wav", np.stack([say, 0.5 * say], axis=1), 16_000
    )
    lines = [f"SPEAKER {name} 1 0.0 1.9 <NA> <NA> MEO1 <NA> <NA>" for name in ("trn00", "dev01")]
    (tmp_path / "ami-30s-excerpts" / "turns.rttm").write_text("\n".join(lines))
    return tmp_path


def speak(text: str, name: str) -> tuple[np.ndarray, list[TimedWord]]:
    return voice(1.0 + 0.02 * len(text)), [TimedWord(text.split()[0], 0.0, 0.4)]


def test_all_sources_are_read_and_credited_but_never_the_held_out_one(data: Path) -> None:
    found = read_utterances(data, speak, prompts=None, texts=["Hello there.", "What a day."])
    assert {u.source for u in found} == {"espeak", "jfk", "librispeech", "ami"} <= set(CREDITS)
    assert not any("lj" in (u.name + u.source).lower() for u in found)
    assert len({u.name for u in found}) == len(found)


def test_a_sentence_is_in_one_split_in_all_voices_and_a_tenth_is_for_validation(data: Path) -> None:
    texts, voices = sentences()[:25], ("one", "two")
    found = [u for u in read_utterances(data, speak, voices=voices, prompts=None, texts=texts) if u.source == "espeak"]
    assert {u.speaker for u in found} == set(voices) and {u.split for u in found} == {"train", "validation"}
    of_sentence: dict[str, set[str]] = {}
    for utterance in found:
        of_sentence.setdefault(utterance.name.rpartition("/")[2], set()).add(utterance.split)
    assert all(len(splits) == 1 for splits in of_sentence.values())
    share = np.mean([split_of(text) == "validation" for text in sentences()])
    assert 0.05 < share < 0.16


def test_meetings_for_validation_are_others(data: Path) -> None:
    found = [u for u in read_utterances(data, None, prompts=None) if u.source == "ami"]
    assert {(u.name.split("/")[1], u.split) for u in found} == {("trn00", "train"), ("dev01", "validation")}


def test_a_recording_is_also_another_speaker_faster_and_slower(data: Path) -> None:
    found = {u.speaker: u for u in read_utterances(data, None, prompts=None) if u.source == "jfk"}
    assert set(found) == {"jfk", "jfk@0.92", "jfk@1.08"}
    assert found["jfk@0.92"].duration_s > found["jfk"].duration_s > found["jfk@1.08"].duration_s


def test_the_sentences_are_many_and_each_is_there_once() -> None:
    texts = sentences()
    assert len(texts) >= 300 and len(set(texts)) == len(texts)


def test_a_folder_without_recordings_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match=r"jfk\.flac"):
        read_utterances(tmp_path, None, prompts=None)


def test_prompts_are_speech_and_no_tones(data: Path) -> None:
    if not PROMPTS.is_dir():
        pytest.skip("no telephone prompts: apt-get install asterisk-core-sounds-en-wav")
    folder = data / "prompts"
    folder.mkdir()
    for name in ("vm-intro", "beep", "ascending-2tone"):
        (folder / f"{name}.wav").symlink_to(PROMPTS / f"{name}.wav")
    found = [u for u in read_utterances(data, None, prompts=folder) if u.source == "asterisk"]
    assert found and all("vm-intro" in u.name for u in found)
