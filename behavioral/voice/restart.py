"""Where a voice that was paused takes its sentence up again: at the beginning of the word or of the clause that broke off.

People who break off repeat a little: the word, or all of a clause that they had only begun (repetition as self-repair, Levelt 1983).
The times of words may be estimates (`own_sound`), so the place is moved to the quietest moment just before; without words it is the
quietest moment of what came last. Pure; milliseconds and samples of the clause's sound.
"""

from __future__ import annotations

import numpy as np

from behavioral.voice.tts.contract import Clause

CLAUSE_MS = 600.0
"""A clause of which no more than this was heard is said again from its beginning."""
SEARCH_MS = 80.0
"""The quietest moment is looked for this far before a word's time."""
SEARCH_WITHOUT_WORDS_MS = 500.0
FRAME_MS = 10.0


def restart_sample(clause: Clause, heard_ms: float) -> int:
    """Return the sample from which a clause goes on of which `heard_ms` have been heard."""
    if heard_ms <= CLAUSE_MS:
        return 0
    begun = [word.start_ms for word in clause.words if word.start_ms <= heard_ms]
    if not begun:
        return _quietest(clause, heard_ms - SEARCH_WITHOUT_WORDS_MS, heard_ms)
    return _quietest(clause, begun[-1] - SEARCH_MS, begun[-1])


def _quietest(clause: Clause, from_ms: float, to_ms: float) -> int:
    """Return the beginning of the last of the quietest frames between two positions."""
    rate_hz = clause.sample_rate_hz
    frame = max(1, round(FRAME_MS * rate_hz / 1_000.0))
    to = min(round(to_ms * rate_hz / 1_000.0), clause.ready)
    first = max(0, round(from_ms * rate_hz / 1_000.0))
    count = (to - first) // frame
    if count < 1:
        return max(0, to)
    first = to - count * frame
    levels = np.abs(clause.samples(first, count * frame).astype(np.float32)).reshape(count, frame).mean(axis=1)
    place = count - 1 - int(np.argmin(levels[::-1]))
    # The frame's end: the word begins after the quiet. But a level sound has no quiet, and the word's own time is as good.
    return first + (place + 1) * frame
