"""A sound as a file that browsers play. Blocking."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from numpy.typing import NDArray

from runtime.session.sound import RATE_HZ

_BLOCK = 1 << 16


def ogg_opus(sound: NDArray[np.float32]) -> bytes:
    """Return a sound as an Ogg Opus file, which every browser of today plays."""
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", RATE_HZ, 1, format="OGG", subtype="OPUS") as out:
        for at in range(0, len(sound), _BLOCK):  # libsndfile encodes Opus on the stack: whole minutes at once crash it
            out.write(sound[at : at + _BLOCK])
    return file.getvalue()
