"""Reading `--intend`: which gesture, when, on which side, and whether the time is that of its stroke. Pure; refusals are `ValueError`."""

from __future__ import annotations

import re
from typing import Final

from motion.evaluation.baselines import Intended

FORM: Final = '"wave@2.0" or "wave left@4.5:stroke"'
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
    side = {"left": 1.0, "right": -1.0, "": 0.0}[(found[2] or "").lower()]
    return Intended(found[1], float(found[3]), bool(found[4]), side)
