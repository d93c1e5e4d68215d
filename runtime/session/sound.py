"""Both voices of a recording as one sound: `user.wav` and `agent.wav`, which stand on the session's time axis, added up.

Blocking work. Mono, 24 kHz: what the agent's voice has, and enough for speech. A voice that was not recorded is silence. Needs the extra
`agent`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from runtime.errors import AttuneError

RATE_HZ = 24_000
VOICES = ("user.wav", "agent.wav")


def mixed(folder: Path, from_s: float, duration_s: float) -> NDArray[np.float32]:
    """Return both voices over a span of media time, float32 [samples] at `RATE_HZ`, never over full scale.

    Raises:
        AttuneError: a file is there and cannot be read.
    """
    sound: NDArray[np.float32] = np.zeros(round(duration_s * RATE_HZ), np.float32)
    for name in VOICES:
        path = folder / name
        if not path.exists():
            continue
        try:
            with soundfile.SoundFile(path) as file:
                file.seek(min(file.frames, round(from_s * file.samplerate)))
                voice = file.read(round(duration_s * file.samplerate), dtype="float32", always_2d=True)[:, 0]
                rate_hz = file.samplerate
        except (soundfile.SoundFileError, RuntimeError) as error:
            raise AttuneError(
                f"{path}: cannot be read as sound ({error})", "Run attune finish on the folder"
            ) from error
        voice = soxr.resample(voice, rate_hz, RATE_HZ) if rate_hz != RATE_HZ else voice
        count = min(len(voice), len(sound))
        sound[:count] += voice[:count]
    return np.clip(sound, -1.0, 1.0)
