"""Both voices stand at their times in one sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from runtime.errors import AttuneError
from runtime.session.sound import RATE_HZ, mixed
from tests.avatar.share.recorded import ANSWER_HZ, SECONDS, VOICE_HZ, loudness, session


def test_each_voice_is_heard_in_its_second_and_no_other(tmp_path: Path) -> None:
    sound = mixed(session(tmp_path), 0.0, SECONDS)
    assert len(sound) == SECONDS * RATE_HZ
    assert [loudness(sound, RATE_HZ, s, VOICE_HZ) > 0.3 for s in range(4)] == [False, True, False, False]
    assert [loudness(sound, RATE_HZ, s, ANSWER_HZ) > 0.3 for s in range(4)] == [False, False, True, False]


def test_a_part_begins_where_it_is_told_to(tmp_path: Path) -> None:
    assert loudness(mixed(session(tmp_path), 2.0, 1.0), RATE_HZ, 0, ANSWER_HZ) > 0.3


def test_what_was_not_recorded_is_silence_and_loud_voices_do_not_wrap(tmp_path: Path) -> None:
    assert not mixed(tmp_path, 0.0, 1.0).any()
    for name in ("user.wav", "agent.wav"):
        soundfile.write(tmp_path / name, np.full(16_000, 0.9), 16_000)
    assert mixed(tmp_path, 0.0, 1.0).max() == pytest.approx(1.0)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "agent.wav").write_bytes(b"RIFF nothing")
    with pytest.raises(AttuneError, match=r"agent\.wav: cannot be read as sound.*attune finish"):
        mixed(tmp_path, 0.0, 1.0)
