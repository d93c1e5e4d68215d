"""Whose voice it is: the mouth that moves with it, the direction it comes from, or nobody in view."""

from collections.abc import Callable

import pytest

from behavioral.turns.active_speaker import NOBODY, ActiveSpeaker, LooksAt
from runtime.clock import NS_PER_S
from runtime.messages import GazeTarget, PersonPercept

BLOCK_S = 0.032
LEFT, RIGHT = 0.35, -0.35


def person(
    person_id: str, mouth: float | None = None, looks: GazeTarget | None = None, yaw: float = 0.0, sure: float = 1.0
) -> PersonPercept:
    return PersonPercept(
        state="present",
        person_id=person_id,
        bearing_rad=(yaw, 0.0),
        mouth_moving=mouth,
        gaze_target=looks,
        gaze_confidence=sure,
    )


class Room:
    """Feeds blocks of voice and silence; `seen` gives who is in view at a time since the stretch began."""

    def __init__(self) -> None:
        self.speaker = ActiveSpeaker()
        self.now_s = 10.0

    def hear(
        self, seconds: float, *people: PersonPercept, voiced: bool = True, azimuth: float | None = None
    ) -> ActiveSpeaker:
        return self.hear_while(seconds, lambda _s: people, voiced=voiced, azimuth=azimuth)

    def hear_while(
        self,
        seconds: float,
        seen: Callable[[float], tuple[PersonPercept, ...]],
        *,
        voiced: bool = True,
        azimuth: float | None = None,
    ) -> ActiveSpeaker:
        for step in range(round(seconds / BLOCK_S)):
            self.now_s += BLOCK_S
            self.speaker.block(round(self.now_s * NS_PER_S), BLOCK_S, voiced, azimuth, seen(step * BLOCK_S))
        return self.speaker


def test_whose_mouth_moves_with_the_voice_speaks() -> None:
    found = Room().hear(1.5, person("a", 0.0), person("b", 0.9)).speaker()
    assert found.person_id == "b"
    assert found.share > 0.85


def test_where_no_mouth_is_known_nobody_is_named() -> None:
    assert Room().hear(1.5, person("a"), person("b")).speaker() == NOBODY


def test_where_all_mouths_rest_somebody_out_of_view_speaks() -> None:
    assert Room().hear(1.5, person("a", 0.0), person("b", 0.1)).speaker() == NOBODY


def test_a_chewing_mouth_is_not_the_speaker_and_who_really_speaks_is_surer_for_it() -> None:
    chews, speaks = person("a", 0.6), person("b", 0.8)
    fresh = Room().hear(2.0, chews, speaks).speaker()
    room = Room()
    room.hear(20.0, chews, person("b", 0.0), voiced=False)
    known = room.hear(2.0, chews, speaks).speaker()
    assert (fresh.person_id, known.person_id) == ("b", "b")
    assert known.share > fresh.share + 0.2


def test_the_mouth_is_seen_late_and_so_its_beginning_counts_for_nothing() -> None:
    # The mouth's probability rises over its window of a second; the one who spoke before still shows it.
    found = Room().hear_while(
        1.5, lambda s: (person("before", 0.9 if s < 0.4 else 0.0), person("now", 0.0 if s < 0.4 else 0.9))
    )
    assert found.speaker().person_id == "now"
    assert found.speaker().share > 0.85


def test_the_direction_of_the_voice_names_the_speaker_where_mouths_are_unknown() -> None:
    found = Room().hear(1.0, person("a", yaw=LEFT), person("b", yaw=RIGHT), azimuth=RIGHT + 0.1)
    assert found.speaker().person_id == "b"
    assert found.speaker().share > 0.8


def test_mouth_and_direction_together_decide_where_two_mouths_move() -> None:
    both = person("a", 0.7, yaw=LEFT), person("b", 0.7, yaw=RIGHT)
    assert Room().hear(1.5, *both).speaker().share < 0.5
    found = Room().hear(1.5, *both, azimuth=LEFT).speaker()
    assert found.person_id == "a"
    assert found.share > 0.6


def test_gaze_is_that_while_there_is_voice_and_the_newest_second_counts_most() -> None:
    def seen(s: float) -> tuple[PersonPercept, ...]:
        return (person("a", 0.9, "other" if s < 2.0 else "agent"),)

    room = Room()
    looks = room.hear_while(4.0, seen).looks_of("a")
    assert looks is not None
    assert looks.agent > 0.8
    assert looks.agent + looks.other + looks.away == pytest.approx(1.0)
    room.hear(3.0, person("a", 0.0, "away"), voiced=False)
    assert room.speaker.looks_of("a") == looks, "what is looked at in silence is no speaker's gaze"


def test_an_unsure_gaze_counts_as_far_as_it_is_sure_and_an_unknown_one_not_at_all() -> None:
    looks = Room().hear(1.0, person("a", 0.9, "agent", sure=0.6)).looks_of("a")
    assert looks is not None
    assert looks == LooksAt(pytest.approx(0.6), 0.0, 0.0)  # type: ignore[arg-type]
    assert Room().hear(1.0, person("a", 0.9)).looks_of("a") is None


def test_the_next_voice_after_a_turn_begins_anew_and_a_pause_within_one_does_not() -> None:
    room = Room()
    a, b = (person("a", 0.9, "agent"), person("b", 0.0)), (person("a", 0.0), person("b", 0.9, "other"))
    room.hear(2.0, *a)
    room.speaker.turn_started()
    room.hear(0.8, person("a", 0.0), person("b", 0.0), voiced=False)
    room.hear(0.3, *b)
    assert room.speaker.speaker().person_id == "a", "a word of another's does not make it his turn"
    room.speaker.turn_ended()
    room.hear(0.3, person("a", 0.0), person("b", 0.0), voiced=False)
    assert room.hear(1.0, *b).speaker().person_id == "b"
    assert room.speaker.looks_of("a") is None


def test_who_has_left_is_forgotten() -> None:
    room = Room()
    room.hear(1.0, person("a", 0.9, "agent"))
    room.hear(0.1)
    assert room.speaker.speaker() == NOBODY
    assert room.speaker.looks_of("a") is None
