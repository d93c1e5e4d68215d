"""The embedded halves of strategies in the room, without any language model; and the newest picture for one."""

from __future__ import annotations

import asyncio

from cognitive.frames import BYTES_MAX, NewestFrame
from runtime import messages as m
from runtime.settings import CognitiveSettings

FACE = {"box": (0.4, 0.3, 0.2, 0.3), "confidence": 0.95}


def here(until_s):
    script = [(0.2, m.PersonPercept(state="arrived", person_id="anna", **FACE))]
    return script + [(1.2 + t, m.PersonPercept(state="present", person_id="anna", **FACE)) for t in range(until_s - 1)]


def talk(*lines):
    """Turns of the person with an answer of the fast system to each."""
    script = []
    for number, (t_s, text, answer) in enumerate(lines):
        script += [
            (t_s, m.UserSpeech(state="started")),
            (t_s + 1.0, m.UserSpeech(state="ended")),
            (t_s + 1.2, m.Turn(state="ended", speaker="user", turn_id=f"t{number}", text=text)),
            (t_s + 2.0, m.AgentSpeech(state="started", response_id=f"r{number}", text=answer, duration_ms=800)),
            (t_s + 2.8, m.AgentSpeech(state="finished", response_id=f"r{number}")),
        ]
    return script


LOST = talk(
    (8.0, "tell me about the museum", "The collation is provenance-led."),
    (13.0, "what do you mean", "It is collated by provenance."),
    (18.0, "I still don't understand", "Provenance is primary."),
)
CLEAR = talk(
    (8.0, "tell me about the museum", "It shows old ships."),
    (13.0, "what do you mean", "Ships from two hundred years ago."),
    (18.0, "ah okay, I see", "Good."),
)


def test_repair_offers_another_wording_where_two_answers_were_not_understood(play):
    record = play([*here(40), *LOST], 40.0, settings=CognitiveSettings(strategy="repair"))
    repairs = record.of("dialogue", "confusion_repair")
    assert len(repairs) == 1 and 20.0 <= repairs[0][0] <= 26.0
    assert [item.detail for item in repairs[0][1].evidence] == ["what do you mean", "don't understand"]


def test_without_it_and_where_the_matter_is_settled_nothing_is_repaired(play):
    for script, strategy in ((LOST, "plain"), (CLEAR, "repair")):
        record = play([*here(40), *script], 40.0, settings=CognitiveSettings(strategy=strategy))
        assert record.of("dialogue", "confusion_repair") == []


def test_empathy_hears_a_low_that_lasts(play):
    low = talk(
        (8.0, "we lost the house, it is hopeless", "Oh."),
        (13.0, "it was a long day", "I see."),
        (18.0, "and I miss my old neighbours", "Yes."),
    )
    record = play([*here(40), *low], 40.0, settings=CognitiveSettings(strategy="empathy"))
    assert record.of("dialogue", "emotional_need")


def test_only_the_newest_picture_is_kept_and_given_once():
    jpeg = b"\xff\xd8\xff"

    async def stream():
        for content in (jpeg + b"1", jpeg + b"2", b"GIF89a", jpeg + b"x" * BYTES_MAX):
            yield m.UserVideo(jpeg=content)

    async def main() -> None:
        frame = NewestFrame()
        assert frame.take() is None
        await frame.read(stream())
        assert frame.take() == jpeg + b"2" and frame.take() is None

    asyncio.run(main())
