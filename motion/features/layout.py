"""The fixed order of the features of one channel and of a dyad.

One channel is float32 [32]; a dyad is the agent's 32 followed by the user's. Checkpoints depend on this order: a change needs new
statistics and new training. No state.
"""

from __future__ import annotations

from typing import Final

MEL_BANDS: Final = 27

MEL: Final = slice(0, MEL_BANDS)
"""Power of the mel bands, dB relative to a full-scale sine, mean over the frame's two windows; at least `mel.FLOOR_DB`."""
LEVEL: Final = MEL_BANDS
"""RMS of exactly the samples of the frame, dBFS (full-scale sine = -3.01), at least `mel.FLOOR_DB`."""
ONSET: Final = MEL_BANDS + 1
"""Onset strength: the larger spectral flux of the two windows, dB per band."""
VOICING: Final = MEL_BANDS + 2
"""Periodicity 0 to 1: one minus YIN's aperiodicity; 0 below the level at which pitch is looked for."""
F0: Final = MEL_BANDS + 3
"""Fundamental frequency in semitones over 100 Hz; 0 where unvoiced (`VOICED_ONLY`)."""
F0_RELATIVE: Final = MEL_BANDS + 4
"""Fundamental frequency in semitones over the speaker's running mean; 0 where unvoiced (`VOICED_ONLY`)."""

CHANNEL_SIZE: Final = MEL_BANDS + 5
DYAD_SIZE: Final = 2 * CHANNEL_SIZE

CHANNEL_NAMES: Final[tuple[str, ...]] = (
    *(f"mel_{band:02d}_db" for band in range(MEL_BANDS)),
    "level_dbfs",
    "onset_db",
    "voicing",
    "f0_st",
    "f0_relative_st",
)
DYAD_NAMES: Final[tuple[str, ...]] = tuple(f"{who}_{name}" for who in ("agent", "user") for name in CHANNEL_NAMES)

VOICED_ONLY: Final[tuple[int, ...]] = (F0, F0_RELATIVE)
"""Columns that mean something only in voiced frames: statistics are taken there, and elsewhere they are 0 after normalisation too."""
