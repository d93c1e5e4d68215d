"""The voices that an installation offers for making corpora, found by the entry-point group `attune.voices`.

Motion may not import the room that speaks, so the voice is handed in from outside: an entry point `name = "module:object"` whose object,
called without arguments, is a context manager that gives a function of text and voice to 16 kHz samples and timed words. Attune's own is
`behavioral.voice.offline:speaking`; another package may offer its own. Of several the first by name speaks.
"""

from __future__ import annotations

import importlib.metadata
from contextlib import AbstractContextManager
from typing import Final

from motion.corpus.pairing.sources import Speak
from runtime.errors import AttuneError

GROUP: Final = "attune.voices"


def offered() -> AbstractContextManager[Speak]:
    """Return a context in which a text can be spoken.

    Raises:
        AttuneError: nothing offers a voice.
    """
    found = sorted(importlib.metadata.entry_points(group=GROUP), key=lambda point: point.name)
    if not found:
        raise AttuneError(f"no package offers a voice (entry points {GROUP!r})", "install attune again")
    context: AbstractContextManager[Speak] = found[0].load()()
    return context
