"""The ear joins its parts: per-block events at once, recognition behind a queue that never holds them up."""

from __future__ import annotations

import itertools

import pytest

from behavioral.hearing.asr.silent import NoRecogniser
from behavioral.hearing.blocks import BLOCK_NS
from behavioral.hearing.ear import UTTERANCE_MAX_S
from behavioral.hearing.events import BlockHeard, FinalText, SpeechOffset, SpeechOnset, Units
from runtime.clock import run_virtual
from tests.behavioral.hearing.ear_session import LOUD, SILENT, LevelVad, ScriptedRecogniser, Session


def test_an_utterance_goes_from_onset_to_final_text() -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser()
        session = Session(recogniser)
        await session.hear([SILENT] * 30 + [LOUD] * 20 + [SILENT] * 20)
        assert session.turns() == [("SpeechOnset", 30), ("SpeechOffset", 50)]
        assert session.ear.idle
        await session.end()
        assert recogniser.closed
        units, final = session.recognised
        assert isinstance(units, Units)
        assert units.onset_ns == 30 * BLOCK_NS
        assert final == FinalText("hello", 0.8, pytest.approx(160.0), 30 * BLOCK_NS, 50 * BLOCK_NS)
        heard = [event for event in session.heard if isinstance(event, BlockHeard)]
        assert [event.t_ns for event in heard] == [index * BLOCK_NS for index in range(70)]
        assert sum(event.speaking for event in heard) == 22  # 20 blocks, two to decide, four of the hangover

    run_virtual(main())


def test_the_direction_that_a_source_tells_is_passed_on_and_unknown_without() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser())
        told = session.ear.push(LOUD, 0, azimuth_rad=-0.4)[0]
        untold = session.ear.push(LOUD, BLOCK_NS)[0]
        assert isinstance(told, BlockHeard) and isinstance(untold, BlockHeard)
        assert (told.azimuth_rad, untold.azimuth_rad) == (-0.4, None)
        await session.end()

    run_virtual(main())


def test_the_recogniser_gets_preroll_and_hangover_and_no_block_twice() -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser()
        session = Session(recogniser)
        await session.hear([SILENT] * 30 + [LOUD] * 20 + [SILENT] * 6 + [LOUD] * 10 + [SILENT] * 10)
        await session.end()
        starts = [t_ns // BLOCK_NS for call, t_ns in recogniser.calls if call == "start"]
        assert starts == [30 - 11, 55]  # 320 ms before the onset; then only what the first utterance did not get
        assert recogniser.blocks() == (55 - 19) + (71 - 55)

    run_virtual(main())


def test_speech_without_end_is_cut_for_the_recogniser_only() -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser()
        session = Session(recogniser)
        await session.hear([LOUD] * round(2.5 * UTTERANCE_MAX_S * 1e9 / BLOCK_NS))
        await session.end()
        assert [name for name, _ in session.turns()] == ["SpeechOnset", "SpeechOffset"]
        finals = [event for event in session.recognised if isinstance(event, FinalText)]
        assert [final.continues for final in finals] == [True, True, False]
        assert all(one.end_ns == other.start_ns for one, other in itertools.pairwise(finals))
        assert {event.onset_ns for event in session.recognised if isinstance(event, Units)} == {0}

    run_virtual(main())


def test_late_hypotheses_say_which_speech_they_belong_to() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser(slow_s=0.3))
        await session.hear([SILENT] * 10 + [LOUD] * 10 + [SILENT] * 10 + [LOUD] * 10 + [SILENT] * 10)
        await session.end()
        onsets = [event.t_ns for event in session.heard if isinstance(event, SpeechOnset)]
        assert [event.onset_ns for event in session.recognised if isinstance(event, Units)] == onsets
        assert len(onsets) == 2

    run_virtual(main())


def test_the_running_silence_inside_the_hangover_is_told() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser())
        since: list[int | None] = []
        for block in [SILENT] * 5 + [LOUD] * 6 + [SILENT] * 2 + [LOUD] * 2 + [SILENT] * 6:
            await session.hear([block])
            silent_ns = session.ear.silence_since_ns
            since.append(None if silent_ns is None else silent_ns // BLOCK_NS)
        assert since == [None] * 11 + [11, 11] + [None] * 2 + [15, 15, 15, 15] + [None] * 2
        await session.end()

    run_virtual(main())


def test_flush_during_speech_ends_it_once_and_its_text_follows() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser())
        await session.hear([SILENT] * 10 + [LOUD] * 10)
        assert session.ear.speaking
        flushed = session.ear.flush()
        assert [(type(event), event.t_ns) for event in flushed] == [(SpeechOffset, 20 * BLOCK_NS)]
        assert session.ear.flush() == ()
        assert not session.ear.speaking
        assert not session.ear.idle
        await session.hear([SILENT] * 10)
        assert session.ear.idle
        await session.end()
        assert [name for name, _ in session.turns()] == ["SpeechOnset"]  # no second offset from what followed
        finals = [event for event in session.recognised if isinstance(event, FinalText)]
        assert [(final.text, final.end_ns, final.continues) for final in finals] == [("hello", 20 * BLOCK_NS, False)]

    run_virtual(main())


def test_a_jump_of_the_time_stamps_ends_speech_and_resets_the_detectors() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser())
        await session.hear([LOUD] * 10)
        events = session.ear.push(LOUD, 10_000_000_000)
        assert isinstance(events[0], SpeechOffset)
        assert events[0].t_ns == 10 * BLOCK_NS
        assert isinstance(events[1], BlockHeard)
        assert isinstance(session.vad, LevelVad)
        assert session.vad.resets == 1
        await session.end()

    run_virtual(main())


def test_a_block_of_the_wrong_size_is_refused() -> None:
    async def main() -> None:
        session = Session(NoRecogniser())
        with pytest.raises(ValueError, match="1024 bytes, not 100"):
            session.ear.push(bytes(100), 0)
        await session.end()

    run_virtual(main())
