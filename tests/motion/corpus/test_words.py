"""Word times from files and from forced alignment."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from motion.corpus.words import TimedWord, align_words, is_function_word, read_alignment
from runtime.errors import AttuneError


def test_an_alignment_is_read_without_fillers_and_variants(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    rows = [{"b": 0, "d": 0.2, "t": "<sil>"}, {"b": 0.2, "d": 0.3, "t": "and(2)"}, {"b": 0.5, "d": 0.1, "t": "[NOISE]"}]
    path.write_text(json.dumps({"w": rows}))
    assert read_alignment(path) == [TimedWord("and", 0.2, 0.5)]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"w": [{"t": "a"}]}', '{"w": [{"t": "a", "b": -1, "d": 1}]}', '{"w": 3}']
)
def test_what_is_no_alignment_is_one_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(AttuneError, match=r"a\.json: no word alignment"):
        read_alignment(path)


def test_function_words_are_known_with_their_punctuation() -> None:
    assert all(map(is_function_word, ("the", "And,", "it's", '"of"')))
    assert not any(map(is_function_word, ("museum", "Slowly.", "rain")))


def test_a_transcript_is_forced_onto_a_real_recording(attune_data: Path) -> None:
    path = sorted((attune_data / "librivox-austen-aligned").glob("*.wav"))[0]
    samples, _ = soundfile.read(path, dtype="int16")
    wanted = read_alignment(path.with_suffix(".json"))
    found = align_words(samples, " ".join(word.text for word in wanted).upper() + ".")
    assert [word.text for word in found] == [word.text for word in wanted]
    apart = [abs(a.start_s - b.start_s) for a, b in zip(found, wanted, strict=True)]
    assert np.median(apart) < 0.03 and max(apart) < 0.4


def test_what_cannot_be_aligned_is_said(attune_data: Path) -> None:
    path = sorted((attune_data / "librivox-austen-aligned").glob("*.wav"))[0]
    samples, _ = soundfile.read(path, dtype="int16")
    with pytest.raises(AttuneError, match="xyzzyplugh"):
        align_words(samples, "and xyzzyplugh")
    with pytest.raises(AttuneError, match="none at all"):
        align_words(samples, "... !")
    with pytest.raises(AttuneError, match="does not fit"):
        align_words(samples[:3_200], "a very long sentence that nobody could possibly say within a fifth of a second")
