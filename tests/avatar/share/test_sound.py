"""A sound as a file that browsers play."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from avatar.share.sound import ogg_opus
from runtime.session.sound import RATE_HZ
from tests.avatar.share.recorded import loudness


def test_opus_keeps_two_minutes_of_it() -> None:
    tone = (0.4 * np.sin(2 * np.pi * 300 * np.arange(120 * RATE_HZ) / RATE_HZ)).astype(np.float32)
    data = ogg_opus(tone)
    heard, rate_hz = soundfile.read(io.BytesIO(data))
    assert len(data) < 0.2 * tone.size and abs(len(heard) / rate_hz - 120) < 0.1
    assert loudness(heard, rate_hz, 100, 300.0) > 0.3
