"""Reading `--intend`: which gesture, when, on which side, and whether the time is that of its stroke.

A gesture is named, or described in three words or more ("show them how big it was"). Refusals are `ValueError`.
"""

from __future__ import annotations

import re
from typing import Final

from motion.evaluation.baselines import Intended
from motion.text.matcher import SURE, match

FORM: Final = '"wave@2.0" or "wave left@4.5:stroke"'
_SENTENCE: Final = 3
"""Words; what is shorter is a name, and a wrong one is refused."""
_INTENTION: Final = re.compile(
    r"\s*([^@:]{1,80}?)(?:\s+(left|right))?\s*@\s*([0-9]+(?:\.[0-9]+)?)\s*(:stroke)?\s*", re.IGNORECASE
)


def parse(text: str) -> Intended:
    """Read `label[ left| right]@seconds[:stroke]`.

    Raises:
        ValueError: it has another form.
    """
    found = _INTENTION.fullmatch(text)
    if not found:
        raise ValueError(f"--intend {text[:100]!r} is not of the form {FORM}")
    name, side = found[1], {"left": 1.0, "right": -1.0, "": 0.0}[(found[2] or "").lower()]
    if len(name.split()) >= _SENTENCE:
        meant = match(name)
        if meant.label and meant.score >= SURE:
            name, side = meant.label, side or meant.side
    return Intended(name, float(found[3]), bool(found[4]), side)
