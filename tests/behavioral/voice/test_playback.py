"""What the person really hears, on virtual time."""

from collections.abc import Callable

import numpy as np
import pytest

from behavioral.voice.gain import GAIN_RAMP_MS
from behavioral.voice.junctures import pause_after_ms
from behavioral.voice.playback import FADE_MS, START_MARGIN_MS, Playback
from behavioral.voice.tts.contract import PhonemeTime, SpokenClause, WordTime
from runtime import messages
from runtime.clock import NS_PER_MS, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.messages import AgentAudio
from runtime.settings import VoiceSettings


def even_clause(text: str, word_ms: float = 200.0, rate_hz: int = 10_000) -> SpokenClause:
    """A clause whose words take equal time, of constant samples (1000), so that gains can be read off."""
    words = text.split()
    pcm = np.full(round(len(words) * word_ms * rate_hz / 1_000), 1_000, dtype=np.int16)
    times = tuple(WordTime(w, i * word_ms, (i + 1) * word_ms, 0.5) for i, w in enumerate(words))
    return SpokenClause(text, pcm, rate_hz, (PhonemeTime("a", 0.0, len(words) * word_ms),), times)


class Stage:
    """A playback on a clock that the test moves by hand, and all pieces that came out."""

    def __init__(self, settings: VoiceSettings | None = None) -> None:
        self.loop = VirtualTimeLoop()
        self.playback = Playback(VirtualClock(self.loop), settings, duck_gain=0.25)
        self.pieces: list[AgentAudio] = []

    def run(self, ms: float, each: Callable[[int, list[AgentAudio]], None] = lambda now_ns, due: None) -> None:
        """Tick at 50 Hz for a time."""
        for _ in range(round(ms / 20)):
            due = self.playback.pieces_due(self.loop.now_ns)
            each(self.loop.now_ns, due)
            self.pieces += due
            self.loop.now_ns += 20 * NS_PER_MS

    def sound(self) -> np.ndarray:
        return np.concatenate([np.frombuffer(piece.pcm, "<i2") for piece in self.pieces])


@pytest.fixture
def stage():
    stage = Stage()
    yield stage
    stage.loop.close()


def end_ns(piece: AgentAudio) -> int:
    return piece.t_ns + len(piece.pcm) // 2 * 1_000_000_000 // piece.sample_rate_hz


def test_all_samples_come_out_once_in_order_and_in_time(stage: Stage) -> None:
    clause = even_clause("one two three four five")
    rng = np.random.default_rng(1)
    clause.pcm[:] = rng.integers(-9_000, 9_000, len(clause.pcm))
    start_ns = stage.playback.enqueue("r1", 0, clause)
    assert start_ns == START_MARGIN_MS * NS_PER_MS

    def in_time(now_ns: int, due: list[AgentAudio]) -> None:
        for piece in due:
            assert now_ns <= piece.t_ns
            assert end_ns(piece) <= now_ns + 80 * NS_PER_MS

    stage.run(1_200, in_time)
    assert stage.sound().tolist() == clause.pcm.tolist()
    assert [p.offset_samples for p in stage.pieces] == [400 * i for i in range(25)]
    assert stage.pieces[0].t_ns == start_ns
    assert all(end_ns(a) == b.t_ns for a, b in zip(stage.pieces, stage.pieces[1:], strict=False))
    assert stage.playback.ends_ns == start_ns + 1_000 * NS_PER_MS
    assert stage.playback.pieces_due(stage.loop.now_ns) == []


def test_clauses_of_a_response_follow_with_a_pause_and_one_account(stage: Stage) -> None:
    first = stage.playback.enqueue("r1", 0, even_clause("Well, then,"))
    second = stage.playback.enqueue("r1", 1, even_clause("we go."))
    assert second - first == (400 + pause_after_ms("Well, then,")) * NS_PER_MS
    stage.run(2_000)
    assert stage.playback.position_ms("r1", second - 1) == pytest.approx(400)
    assert stage.playback.position_ms("r1", second + 100 * NS_PER_MS) == pytest.approx(500)
    assert not stage.playback.speaking(second - NS_PER_MS)
    assert stage.playback.speaking(second)
    assert next(p for p in stage.pieces if p.t_ns == second).offset_samples == 4_000
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == "Well, then, we go."


def test_a_late_clause_starts_when_it_comes(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause("one"))
    stage.run(1_000)
    assert stage.playback.enqueue("r1", 1, even_clause("two")) == 1_020 * NS_PER_MS


def test_an_interruption_keeps_what_was_heard_and_takes_back_the_rest(stage: Stage) -> None:
    start_ns = stage.playback.enqueue("r1", 0, even_clause("one two three four five"))
    stage.playback.enqueue("r1", 1, even_clause("never said"))
    stage.run(520)
    stop_ns = start_ns + 520 * NS_PER_MS  # in the middle of "three", 60 % of it heard
    stage.loop.now_ns = stop_ns
    assert stage.playback.stop("r1", stop_ns) == "one two three"
    assert stage.playback.stop("r1", stop_ns + 900 * NS_PER_MS) == "one two three"
    handed_out_ns = end_ns(stage.pieces[-1])
    stage.run(400)
    fade = np.frombuffer(stage.pieces[-1].pcm, "<i2")
    assert stage.pieces[-1].t_ns == handed_out_ns
    assert len(fade) == FADE_MS * 10
    assert fade[0] == 1_000
    assert fade[-1] == 0
    assert (np.diff(fade) <= 0).all()
    assert stage.playback.ends_ns == end_ns(stage.pieces[-1]) <= stop_ns + (80 + FADE_MS) * NS_PER_MS
    assert not stage.playback.speaking(stop_ns)
    assert stage.playback.position_ms("r1", stop_ns + 10**9) == pytest.approx(520)


@pytest.mark.parametrize(
    ("into_ms", "heard"), [(0, ""), (90, ""), (110, "one"), (490, "one two"), (999, "one two three four five")]
)
def test_a_word_counts_as_heard_from_its_middle(stage: Stage, into_ms: int, heard: str) -> None:
    start_ns = stage.playback.enqueue("r1", 0, even_clause("one two three four five"))
    stage.run(1_100)
    assert stage.playback.heard_text("r1", start_ns + into_ms * NS_PER_MS) == heard


def test_a_clause_that_comes_after_the_stop_is_never_heard(stage: Stage) -> None:
    stage.playback.stop("r1", 0)
    stage.playback.enqueue("r1", 0, even_clause("too late"))
    stage.run(500)
    assert stage.pieces == []
    assert stage.playback.heard_text("r1", stage.loop.now_ns) == ""


def test_stopping_one_response_spares_the_next(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause("one two three"))
    stage.playback.enqueue("r2", 0, even_clause("other"))
    stage.run(200)
    stage.playback.stop("r1", stage.loop.now_ns)
    stage.run(1_000)
    assert sum(len(p.pcm) // 2 for p in stage.pieces if p.response_id == "r2") == 2_000


def test_ducking_is_a_ramp_without_steps(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause("one two three four five"))
    stage.run(300)
    stage.playback.duck(True)
    stage.run(300)
    stage.playback.duck(False)
    stage.run(600)
    sound = stage.sound().astype(int)
    assert sound.min() == 250
    assert sound[0] == sound[-1] == 1_000
    assert np.abs(np.diff(sound)).max() <= np.ceil(1_000 / (GAIN_RAMP_MS * 10)) + 1


def test_a_player_that_sounds_later_moves_the_account(stage: Stage) -> None:
    start_ns = stage.playback.enqueue("r1", 0, even_clause("one two three four five"))
    for ms in range(200, 700, 20):
        report_ns = start_ns + ms * NS_PER_MS
        stage.playback.report(messages.Playback(response_id="r1", played_ms=ms - 150.0, t_ns=report_ns))
    assert stage.playback.delay_ms == pytest.approx(150)
    assert stage.playback.position_ms("r1", start_ns + 600 * NS_PER_MS) == pytest.approx(450)
    assert stage.playback.stop("r1", start_ns + 600 * NS_PER_MS) == "one two"
    stage.playback.report(messages.Playback(response_id="unknown", played_ms=1.0))
    stage.playback.forget_player()
    assert stage.playback.delay_ms == 0.0


def test_an_absurd_report_is_bounded(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause("one two"))
    stage.playback.report(messages.Playback(response_id="r1", played_ms=100.0, t_ns=2**60))
    assert stage.playback.delay_ms == 1_500
    stage.playback.report(messages.Playback(response_id="r1", played_ms=300.0, t_ns=0))
    assert 0 <= stage.playback.delay_ms < 1_500


def test_a_report_from_the_pause_between_clauses_is_no_delay(stage: Stage) -> None:
    start_ns = stage.playback.enqueue("r1", 0, even_clause("one two."))
    stage.playback.enqueue("r1", 1, even_clause("three"))
    stage.playback.report(messages.Playback(response_id="r1", played_ms=399.9, t_ns=start_ns + 700 * NS_PER_MS))
    assert stage.playback.delay_ms == 0.0


def test_after_a_stall_nothing_is_lost(stage: Stage) -> None:
    stage.playback.enqueue("r1", 0, even_clause("one two three four five"))
    stage.run(200)
    stage.loop.now_ns += 500 * NS_PER_MS
    stage.run(600)
    assert len(stage.sound()) == 10_000


def test_a_clause_out_of_order_is_an_error(stage: Stage) -> None:
    with pytest.raises(ValueError, match="clause 2 came where 0 is next"):
        stage.playback.enqueue("r1", 2, even_clause("one"))


def test_a_lead_shorter_than_a_piece_still_gives_pieces_in_time() -> None:
    stage = Stage(VoiceSettings(lead_ms=0, chunk_ms=40))
    stage.playback.enqueue("r1", 0, even_clause("one two"))
    stage.run(600, lambda now_ns, due: [pytest.fail("late") for piece in due if piece.t_ns < now_ns] and None)
    assert len(stage.sound()) == 4_000
    stage.loop.close()


def test_it_runs_on_the_virtual_loop() -> None:
    async def main() -> int:
        import asyncio

        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        clock = VirtualClock(loop)
        playback = Playback(clock)
        playback.enqueue("r1", 0, even_clause("one two three"))
        samples = 0
        while clock.now_ns() < playback.ends_ns:
            samples += sum(len(piece.pcm) // 2 for piece in playback.pieces_due(clock.now_ns()))
            await clock.sleep_until_ns(clock.now_ns() + 20 * NS_PER_MS)
        return samples

    assert run_virtual(main()) == 6_000
