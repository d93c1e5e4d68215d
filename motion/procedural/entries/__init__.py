"""The gestures themselves: where the arms are at the start of the stroke and at its end, what oscillates, how trunk and head go along.

Declarative data by family, no logic; looked at as pictures with `attune motion render`. Names are found by `motion.procedural.lexicon`.
"""

from __future__ import annotations

from typing import Final

from motion.procedural.definition import Definition
from motion.procedural.entries.feeling import FEELING
from motion.procedural.entries.greeting import GREETING
from motion.procedural.entries.head import HEAD_AND_TRUNK
from motion.procedural.entries.pointing import POINTING
from motion.procedural.entries.quantity import QUANTITY
from motion.procedural.entries.talk import TALK

ENTRIES: Final[tuple[Definition, ...]] = (*GREETING, *POINTING, *HEAD_AND_TRUNK, *TALK, *QUANTITY, *FEELING)
