"""What is estimated of people's minds, in words: for a language model's data and for whoever asks. Pure; one line a person."""

from __future__ import annotations

from collections.abc import Iterable

from cognitive.mind.goals.view import in_words as goals_in_words
from cognitive.mind.mistakes import Mistake
from cognitive.mind.person import MindView


def in_words(minds: Iterable[MindView], mistakes: Iterable[Mistake] = ()) -> str:
    """Return one line for each mind, and one for each wrong belief that shows; empty where nothing is known."""
    lines = [_line(mind) for mind in minds]
    lines += [f"{mistake.reason}, but {mistake.truth}" for mistake in mistakes]
    return "\n".join(lines)


def _line(mind: MindView) -> str:
    attends = (
        f"attends to {mind.attending} for {mind.attending_s:.0f} s" if mind.attending else "attends to nothing clear"
    )
    feels = f"feels {mind.valence:+.2f} (give or take {mind.valence_sd:.2f})"
    wants = goals_in_words(mind.goals, mind.reasons)
    return (
        f"{mind.person_id} {attends}, {feels}, engaged {mind.engagement:.2f}, confused {mind.confusion:.2f}, "
        f"wishes to speak {mind.wish_to_speak:.2f}, to leave {mind.wish_to_leave:.2f}"
        + (f", seems to have a goal: {wants}" if wants else "")
    )
