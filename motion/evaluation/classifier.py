"""Which gesture was that: a classifier of three seconds of motion around a stroke, trained apart from every generator.

It sees rotations and places of trunk, head and arms, hand shapes and the hips, and answers with a label of the lexicon or with `none`; the
left and the right form of a gesture are one label. The network is in models/intention-classifier (its card says how well it does on
motion that it has never seen); ONNX Runtime on one thread. Reading may raise `ValueError` naming file and mend.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.evaluation import frozen_network
from motion.evaluation.encoder import FPS, represent
from motion.skeleton import INDEX
from runtime.paths import models_dir

Float32 = NDArray[np.float32]

MODEL: Final = "intention-classifier"
NONE: Final = "none"
FRAMES: Final = 90
BEFORE_FRAMES: Final = 40
"""Of a window, how many come before the stroke's end."""
CHANNELS: Final = 13 * 9 + 6 + 3 + 12
MAX_FILE_BYTES: Final = 8 << 20
_BATCH: Final = 256


def frames_of(clip: Clip) -> Float32:
    """Each frame as the classifier sees it, float32 [T, 138].

    Raises:
        ValueError: the clip is not at 30 fps, or not finite.
    """
    hips = rot.to_6d(clip.rotations[:, INDEX["hips"]].astype(np.float64))
    rows = (represent(clip).reshape(len(clip), -1), hips, clip.hips_m, clip.hands.reshape(len(clip), -1))
    return np.concatenate(rows, axis=1).astype(np.float32)


def window(rows: Float32, stroke_s: float) -> Float32:
    """The window [90, 138] around a stroke; before a clip's start and after its end the body stands still."""
    first = round(stroke_s * FPS) - BEFORE_FRAMES
    return rows[np.clip(np.arange(first, first + FRAMES), 0, len(rows) - 1)]


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained classifier.

    Attributes:
        session: takes `motion` [n, 90, 138] and gives `scores` [n, labels].
        labels: what it can answer, `none` first.
        sha256: hash of the file.
    """

    session: Any = field(repr=False)
    labels: tuple[str, ...]
    sha256: str

    def recognise(self, windows: Float32) -> list[str]:
        """The label of each window [n, 90, 138].

        Raises:
            ValueError: wrong shape, or not finite.
        """
        return [self.labels[row] for row in self.scores(windows).argmax(axis=1)]

    def scores(self, windows: Float32) -> Float32:
        """How well each label fits each window, float32 [n, labels]; the more the better, their softmax is a probability.

        Raises:
            ValueError: wrong shape, or not finite.
        """
        if windows.ndim != 3 or windows.shape[1:] != (FRAMES, CHANNELS) or not np.isfinite(windows).all():
            raise ValueError(
                f"windows have shape {list(windows.shape)}; they must be finite, [any, {FRAMES}, {CHANNELS}]"
            )
        parts = [
            self.session.run(["scores"], {"motion": np.ascontiguousarray(windows[begin : begin + _BATCH], np.float32)})[
                0
            ]
            for begin in range(0, len(windows), _BATCH)
        ]
        return np.concatenate([np.zeros((0, len(self.labels)), np.float32), *parts])

    def unknown(self, labels: Sequence[str]) -> list[str]:
        """Those labels that it cannot answer."""
        return [label for label in labels if label not in self.labels]


def load(path: str | os.PathLike[str]) -> Classifier:
    """Read a classifier that `scripts/fit_intention_classifier.py` wrote.

    Raises:
        ValueError: too large, or no classifier; names the file.
    """
    where = Path(path)
    mend = f"attune models verify {MODEL}"
    session, sha256 = frozen_network.read(where, "intention classifier", mend, MAX_FILE_BYTES)
    try:
        labels = json.loads(session.get_modelmeta().custom_metadata_map.get("labels", "[]"))
    except ValueError as error:
        raise ValueError(f"{where} is no intention classifier: its labels are no JSON ({error}); {mend}") from None
    shapes = [put.shape[1:] for put in (*session.get_inputs(), *session.get_outputs())]
    if shapes != [[FRAMES, CHANNELS], [len(labels)]] or not all(isinstance(one, str) for one in labels):
        raise ValueError(f"{where} is no intention classifier: shapes {shapes}, {len(labels)} labels; {mend}")
    return Classifier(session, tuple(labels), sha256)


def shipped() -> Classifier:
    """Read the classifier that comes with Attune.

    Raises:
        ValueError: its file is missing or broken.
    """
    return load(models_dir() / MODEL / "classifier_v1.onnx")
