"""A voice that halts for the person and takes its sentence up again, on virtual time."""

from collections.abc import Iterator

import numpy as np
import pytest

from behavioral.voice.playback import HALT_MS, START_MARGIN_MS
from behavioral.voice.restart import CLAUSE_MS, restart_sample
from behavioral.voice.tts.contract import SpokenClause, WordTime
from runtime import messages
from runtime.clock import NS_PER_MS
from tests.behavioral.voice.test_playback import Stage, even_clause

RATE_HZ = 10_000
WORDS = "one two three four five six seven eight"


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.loop.close()


def paused_in_six(stage: Stage) -> int:
    """Say eight words of 200 ms and halt in the middle of the sixth; return when the first sample was due."""
    start_ns = stage.playback.enqueue("r1", 0, even_clause(WORDS))
    assert start_ns is not None
    stage.run(1_120)
    stage.playback.pause(stage.loop.now_ns)
    return start_ns


def test_a_pause_takes_back_all_that_is_not_out_yet(stage: Stage) -> None:
    halted: list[int] = []
    stage.playback.halt_by(halted.append)
    paused_in_six(stage)
    decided_ns, pieces = stage.loop.now_ns, len(stage.pieces)
    stage.run(1_000)
    assert halted == [decided_ns + HALT_MS * NS_PER_MS], "players drop what is due from then on"
    assert len(stage.pieces) == pieces, "and get no more"
    assert stage.playback.pause(stage.loop.now_ns) == halted[0], "it is silent since"
    assert len(halted) == 1


def test_it_goes_on_with_the_word_that_broke_off_and_says_all_the_rest(stage: Stage) -> None:
    paused_in_six(stage)
    stage.run(600)
    before = len(stage.pieces)
    stage.playback.resume(stage.loop.now_ns)
    resumed_ns = stage.loop.now_ns
    stage.run(1_500)
    again = stage.pieces[before:]
    assert again[0].t_ns == resumed_ns + START_MARGIN_MS * NS_PER_MS
    assert again[0].offset_samples == 5 * 200 * RATE_HZ // 1_000, "the sixth word from its beginning"
    assert again[-1].offset_samples + len(again[-1].pcm) // 2 == 8 * 200 * RATE_HZ // 1_000
    sound = np.concatenate([np.frombuffer(piece.pcm, "<i2") for piece in again])
    assert sound[-1] == 1_000 and len(sound) == 600 * RATE_HZ // 1_000


def test_what_was_heard_stands_still_in_the_pause_and_does_not_grow_by_what_is_repeated(stage: Stage) -> None:
    start_ns = paused_in_six(stage)
    paused_ns = stage.loop.now_ns
    stage.run(600)
    account = stage.playback.heard_text("r1", stage.loop.now_ns)
    position_ms = stage.playback.position_ms("r1", stage.loop.now_ns)
    assert account == "one two three four five six"
    assert position_ms == pytest.approx((paused_ns - start_ns) / NS_PER_MS + HALT_MS)
    assert not stage.playback.speaking(stage.loop.now_ns)
    stage.playback.resume(stage.loop.now_ns)
    stage.run(120)
    assert stage.playback.speaking(stage.loop.now_ns)
    assert stage.playback.position_ms("r1", stage.loop.now_ns) == position_ms, "it repeats what was heard"
    stage.run(900)
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == WORDS
    assert stage.playback.position_ms("r1", stage.loop.now_ns) == pytest.approx(1_600)


def test_giving_up_in_the_pause_leaves_what_was_heard_before_it(stage: Stage) -> None:
    paused_in_six(stage)
    stage.run(400)
    pieces = len(stage.pieces)
    assert stage.playback.stop("r1", stage.loop.now_ns) == "one two three four five six"
    assert not stage.playback.paused
    stage.run(1_000)
    assert len(stage.pieces) == pieces, "not a sample more"
    assert stage.playback.enqueue("r2", 0, even_clause("next")) is not None
    stage.run(400)
    assert len(stage.pieces) > pieces


def test_a_clause_that_had_only_begun_is_said_again_from_its_beginning(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause(WORDS))
    stage.run(400)
    stage.playback.pause(stage.loop.now_ns)
    stage.run(300)
    before = len(stage.pieces)
    stage.playback.resume(stage.loop.now_ns)
    stage.run(400)
    assert stage.pieces[before].offset_samples == 0


def test_what_waits_behind_the_pause_keeps_its_distance(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause(WORDS + ","))
    stage.playback.enqueue("r1", 1, even_clause("and that is all"))
    first, second = (stage.playback.place_of("r1", index) for index in (0, 1))
    distance_ns = second.start_ns - first.end_ns
    stage.run(700)
    stage.playback.pause(stage.loop.now_ns)
    stage.run(500)
    stage.playback.resume(stage.loop.now_ns)
    assert second.start_ns - first.end_ns == distance_ns
    assert stage.playback.ends_ns == stage.playback.end_ns("r1") == second.end_ns
    stage.run(3_000)
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == WORDS + ", and that is all"


def test_it_can_be_paused_again_at_once(stage: Stage) -> None:
    paused_in_six(stage)
    for _ in range(3):
        stage.run(200)
        stage.playback.resume(stage.loop.now_ns)
        stage.playback.pause(stage.loop.now_ns)
    stage.run(200)
    stage.playback.resume(stage.loop.now_ns)
    stage.run(1_500)
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == WORDS
    times = [piece.t_ns for piece in stage.pieces]
    assert times == sorted(times)


def test_nothing_starts_while_it_is_paused_and_nothing_ends(stage: Stage) -> None:
    stage.playback.pause(stage.loop.now_ns)
    stage.playback.enqueue("r1", 0, even_clause("one two"))
    stage.run(2_000)
    assert stage.pieces == []
    assert stage.playback.end_ns("r1") > stage.loop.now_ns
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == ""
    stage.playback.resume(stage.loop.now_ns)
    stage.run(600)
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == "one two"


def test_it_comes_back_at_full_level_after_it_was_ducked(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause(WORDS))
    stage.run(900)
    stage.playback.duck(True)
    stage.run(160)
    stage.playback.pause(stage.loop.now_ns)
    stage.run(300)
    before = len(stage.pieces)
    stage.playback.resume(stage.loop.now_ns)
    stage.run(300)
    sound = np.concatenate([np.frombuffer(piece.pcm, "<i2") for piece in stage.pieces[before:]])
    assert sound[0] < 100 and (sound[50:] == 1_000).all(), "in five milliseconds, without a click"


def test_a_player_that_sounds_later_is_taken_up_where_it_was_heard_and_its_pause_is_no_delay(stage: Stage) -> None:
    start_ns = stage.playback.enqueue("r1", 0, even_clause(WORDS))
    assert start_ns is not None
    stage.playback.report(messages.Playback(response_id="r1", played_ms=400.0, t_ns=start_ns + 550 * NS_PER_MS))
    assert stage.playback.delay_ms == pytest.approx(150)
    stage.run(1_120)  # the sixth word is due, the fifth is heard
    stage.playback.pause(stage.loop.now_ns)
    stage.run(600)
    for played_ms in (950.0, 985.0):  # the player stands still
        stage.playback.report(messages.Playback(response_id="r1", played_ms=played_ms, t_ns=stage.loop.now_ns))
    before = len(stage.pieces)
    stage.playback.resume(stage.loop.now_ns)
    stage.run(200)
    assert stage.pieces[before].offset_samples == 4 * 200 * RATE_HZ // 1_000
    stage.playback.report(messages.Playback(response_id="r1", played_ms=985.0, t_ns=stage.loop.now_ns))
    assert stage.playback.delay_ms == pytest.approx(150)


def test_a_clause_that_was_handed_out_to_its_end_but_not_heard_is_not_lost(stage: Stage) -> None:
    """A page that sounds 300 ms late has the end of one clause and the beginning of the next still before it."""
    start_ns = stage.playback.enqueue("r1", 0, even_clause("one two three four five,"))
    stage.playback.enqueue("r1", 1, even_clause("and six"))
    assert start_ns is not None
    stage.playback.report(messages.Playback(response_id="r1", played_ms=400.0, t_ns=start_ns + 700 * NS_PER_MS))
    stage.run(1_180)
    stage.playback.pause(stage.loop.now_ns)
    assert stage.playback.heard_text("r1", stage.loop.now_ns + 10**9) == "one two three four"
    stage.run(500)
    before = len(stage.pieces)
    stage.playback.resume(stage.loop.now_ns)
    stage.run(2_000)
    assert stage.pieces[before].offset_samples == 4 * 200 * RATE_HZ // 1_000
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == "one two three four five, and six"


def test_a_response_that_was_stopped_is_not_taken_up_by_the_pause_of_the_next(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause(WORDS))
    stage.run(300)
    stage.playback.stop("r1", stage.loop.now_ns)
    stage.playback.enqueue("r2", 0, even_clause("next"))
    stage.run(100)
    stage.playback.pause(stage.loop.now_ns)
    stage.playback.resume(stage.loop.now_ns)
    before = len(stage.pieces)
    stage.run(1_000)
    assert {piece.response_id for piece in stage.pieces[before:]} == {"r2"}


# ---------------------------------------------------------------- where it is taken up


def spoken(silent_ms: tuple[float, float], words: tuple[WordTime, ...], length_ms: float = 2_000.0) -> SpokenClause:
    """A clause that is loud but for one stretch."""
    pcm = np.full(round(length_ms * RATE_HZ / 1_000), 4_000, dtype=np.int16)
    pcm[slice(*(round(ms * RATE_HZ / 1_000) for ms in silent_ms))] = 0
    return SpokenClause(" ".join(word.text for word in words), pcm, RATE_HZ, (), words)


def test_the_restart_falls_into_the_quiet_before_the_word() -> None:
    words = (WordTime("Well", 0.0, 900.0, 0.5), WordTime("then", 960.0, 1_500.0, 0.5))
    sample = restart_sample(spoken((900.0, 930.0), words), 1_200.0)
    assert 900.0 <= 1_000.0 * sample / RATE_HZ <= 930.0


def test_a_clause_without_known_words_goes_on_from_its_last_quiet_moment() -> None:
    sample = restart_sample(spoken((1_000.0, 1_060.0), ()), 1_300.0)
    assert 1_000.0 <= 1_000.0 * sample / RATE_HZ <= 1_060.0


def test_a_clause_that_has_just_begun_starts_anew() -> None:
    words = (WordTime("Well", 0.0, 300.0, 0.5), WordTime("then", 320.0, 1_500.0, 0.5))
    assert restart_sample(spoken((300.0, 320.0), words), CLAUSE_MS) == 0


def test_what_a_pause_gives_up_is_not_taken_up_again_and_counts_as_far_as_it_was_heard(stage: Stage) -> None:
    stage.playback.enqueue("small", 0, even_clause("let me see now"))
    stage.run(520)
    stage.playback.pause(stage.loop.now_ns, "small")
    stage.run(400)
    pieces = len(stage.pieces)
    stage.playback.resume(stage.loop.now_ns)
    stage.run(1_000)
    assert len(stage.pieces) == pieces
    assert stage.playback.heard_text("small", stage.loop.now_ns) == "let me see"
    stage.playback.enqueue("r1", 0, even_clause(WORDS))
    stage.run(200)
    assert stage.pieces[pieces].response_id == "r1"


def test_what_waits_behind_something_given_up_is_said_in_its_place(stage: Stage) -> None:
    stage.playback.enqueue("small", 0, even_clause("let me see now"))
    stage.playback.enqueue("r1", 0, even_clause(WORDS))
    stage.run(300)
    stage.playback.pause(stage.loop.now_ns, "small")
    stage.run(100)
    pieces = len(stage.pieces)
    stage.playback.resume(stage.loop.now_ns)
    stage.run(1_800)
    assert {piece.response_id for piece in stage.pieces[pieces:]} == {"r1"}
    assert stage.pieces[pieces].offset_samples == 0
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == WORDS
