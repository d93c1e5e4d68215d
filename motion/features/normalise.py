"""Features on the network's scale: zero mean, unit variance, bounded.

The means and deviations per channel (agent, user) are data, `statistics.json`, made by `scripts/make_feature_statistics.py` from the
recordings and voices that the file names. Columns of voiced frames only stay 0 where there is no voice. Values are bounded at 5
deviations, so nothing that a microphone brings leaves the range that the network has seen. Pure functions, read once at import.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.features import layout
from runtime.errors import AttuneError

Float32 = NDArray[np.float32]

STATISTICS_FILE: Final = Path(__file__).with_name("statistics.json")
BOUND: Final = 5.0


def load_statistics(path: Path = STATISTICS_FILE) -> tuple[Float32, Float32]:
    """Read mean and standard deviation of a dyad's columns, each float32 [64].

    Raises:
        AttuneError: the file is no statistics for this layout.
    """
    mend = "make it anew with scripts/make_feature_statistics.py"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["names"] != list(layout.CHANNEL_NAMES):
            raise AttuneError(f"{path}: names are not those of motion.features.layout", mend)
        mean, std = (
            np.array([*data["agent"][part], *data["user"][part]], dtype=np.float32) for part in ("mean", "std")
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AttuneError(f"{path}: no feature statistics ({type(error).__name__})", mend) from error
    for name, values in (("mean", mean), ("std", std)):
        if values.shape != (layout.DYAD_SIZE,) or not np.isfinite(values).all():
            raise AttuneError(f"{path}: {name} must be {layout.CHANNEL_SIZE} finite numbers a channel", mend)
    if (std <= 0.0).any():
        raise AttuneError(f"{path}: every std must be positive", mend)
    return mean, std


_MEAN, _STD = load_statistics()


def normalise(rows: NDArray[np.floating], mean: Float32 = _MEAN, std: Float32 = _STD) -> Float32:
    """Return a dyad's features on the network's scale.

    Args:
        rows: float [..., 64] in the order of `layout`.
        mean: float32 [64].
        std: float32 [64].

    Returns:
        float32 [..., 64], within -5 to 5; the pitch of unvoiced frames is 0.
    """
    scaled: Float32 = np.clip((rows - mean) / std, -BOUND, BOUND).astype(np.float32)
    # Unvoiced is marked by pitch columns that are exactly 0 in both; a pitch of exactly 100 Hz has the relative column to tell it apart.
    for side in (0, layout.CHANNEL_SIZE):
        columns = [side + column for column in layout.VOICED_ONLY]
        unvoiced = (rows[..., columns] == 0.0).all(axis=-1, keepdims=True)
        scaled[..., columns] = np.where(unvoiced, np.float32(0.0), scaled[..., columns])
    return scaled
