"""Parts, scripts and the sessions of the conversation bench."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from behavioral.bench.parts import Part, real_parts, spoken_parts
from behavioral.bench.script import ANSWER_S, NEXT_AFTER_S, OVERLAP_AFTER_S, PAUSE_S, conversation
from behavioral.bench.sessions import sessions

RATE_HZ = 16_000


def tone(seconds: float) -> np.ndarray:
    return (0.5 * np.sin(np.arange(round(seconds * RATE_HZ)) * 0.2)).astype(np.float32)


def test_the_truth_of_a_script_is_where_its_sound_is() -> None:
    script = conversation([Part((tone(0.5), tone(0.7)), "a b", "x"), Part((tone(0.4),), "c", "x")], [], 3)
    first, second = script.sounds
    ((begin_s, end_s),) = first.pauses_s
    assert PAUSE_S[0] <= end_s - begin_s <= PAUSE_S[1]
    assert second.start_s - first.end_s == pytest.approx(ANSWER_S)
    loud = np.abs(script.samples) > 0.05
    for sound in script.sounds:
        inside = loud[round(sound.start_s * RATE_HZ) : round(sound.end_s * RATE_HZ)]
        assert inside.mean() > 0.3
    assert not loud[round(begin_s * RATE_HZ) + 8 : round(end_s * RATE_HZ) - 8].any()
    assert not loud[round(first.end_s * RATE_HZ) + 8 : round(second.start_s * RATE_HZ) - 8].any()


def test_a_readers_own_silences_are_pauses_too() -> None:
    piece = np.concatenate((tone(0.5), np.zeros(round(0.3 * RATE_HZ), np.float32), tone(0.5)))
    (turn,) = conversation([Part((piece,), "a b", "x")], [], 0).sounds
    ((begin_s, end_s),) = turn.pauses_s
    assert begin_s == pytest.approx(1.5, abs=0.02) and end_s == pytest.approx(1.8, abs=0.02)


def test_an_overlap_falls_into_the_answer_and_leaves_room_for_the_next_turn() -> None:
    turns = [Part((tone(0.5),), str(number), "x") for number in range(4)]
    hums = [("backchannel", name, tone(0.3), "voice", 0.0) for name in ("mhm", "yeah")]
    script = conversation(turns, [[("noise", "door", tone(0.2), "made", 0.0)], hums], 0)
    kinds = [sound.kind for sound in script.sounds]
    assert kinds == ["turn", "turn", "noise", "turn", "backchannel", "backchannel", "turn"]
    for first in (2, 4):
        after_s = script.sounds[first].start_s - script.sounds[first - 1].end_s
        assert OVERLAP_AFTER_S[0] <= after_s <= OVERLAP_AFTER_S[1]
    assert script.sounds[5].start_s - script.sounds[4].end_s == pytest.approx(NEXT_AFTER_S, abs=0.001)
    assert script.sounds[6].start_s - script.sounds[5].end_s == pytest.approx(ANSWER_S)


def test_an_overlap_begins_where_it_can_be_heard() -> None:
    turns = [Part((tone(0.5),), str(number), "x") for number in range(2)]
    sound = np.concatenate((np.zeros(1_600, np.float32), tone(0.5)))
    script = conversation(turns, [[("interruption", "x", sound, "real", 0.1)]], 0)
    begin = round(script.sounds[-1].start_s * RATE_HZ)
    assert np.abs(script.samples[begin + 8 : begin + 800]).max() > 0.3
    assert np.abs(script.samples[begin - 1_000 : begin - 8]).max() < 0.05


def test_the_same_seed_makes_the_same_script() -> None:
    parts = [Part((tone(0.3), tone(0.3)), "a", "x")]
    assert np.array_equal(conversation(parts, [], 5).samples, conversation(parts, [], 5).samples)
    assert not np.array_equal(conversation(parts, [], 5).samples, conversation(parts, [], 6).samples)


def test_a_spoken_line_is_cut_at_its_marks() -> None:
    (part,) = spoken_parts(["I like music, | books, | and long walks."], ("en-us", 150, 40))
    assert len(part.pieces) == 3 and "|" not in part.text and part.origin == "voice"
    assert all(len(piece) > 0.15 * RATE_HZ for piece in part.pieces)


def test_real_readers_keep_the_pauses_that_their_archive_cut(attune_data: Path) -> None:
    parts = real_parts(attune_data)
    assert {part.speaker for part in parts} == {"LJ Speech", "LibriVox", "LibriSpeech 1", "LibriSpeech 2"}
    assert sum(len(part.pieces) - 1 for part in parts) >= 5
    assert all(part.origin == "real" for part in parts)


def test_every_session_has_one_speaker_and_all_lines_are_said_twice(attune_data: Path) -> None:
    from behavioral.bench.parts import LINES

    made = sessions(attune_data, 0)
    said = [
        sound.name for _, script in made for sound in script.sounds if sound.kind == "turn" and sound.origin == "voice"
    ]
    assert len(said) == 2 * len(LINES)
    overlaps = [(sound.kind, sound.origin) for _, script in made for sound in script.sounds if sound.kind != "turn"]
    assert overlaps.count(("backchannel", "voice")) >= 30
    assert overlaps.count(("interruption", "voice")) >= 10 and overlaps.count(("interruption", "real")) >= 10
    assert ("noise", "made") in overlaps
    for _, script in made:
        for one, other in pairwise(script.sounds):
            assert one.end_s < other.start_s
