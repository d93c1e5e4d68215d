"""A small recorded session, written message by message: a person speaks, the agent raises an arm, answers, and has an idea."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from runtime import messages as m
from runtime.session.mcap_part import McapPart
from tests.e2e.page_support import synthetic_frame
from tests.runtime.session.support import MS, S, start, stop

ZERO_NS = 3 * S
SECONDS = 4
RATE_HZ = 16_000
VOICE_HZ, ANSWER_HZ = 300.0, 700.0


def session(folder: Path, *, seconds: int = SECONDS) -> Path:
    """Write a session that begins at session time 3 s: the person is heard in second 1, the agent in second 2."""
    part = McapPart(folder / "session.mcap", {})
    part.add(start(ZERO_NS), ZERO_NS)
    for i in range(50 * seconds):
        t_ns = ZERO_NS + i * 20 * MS
        part.add(synthetic_frame(i, t_ns, eyes_rad=(0.2, -0.1), blink=(0.5, 0.25)), t_ns)
    at = ZERO_NS + 1 * S
    part.add(m.Word(op="add", unit_id="u", text="hello", t_ns=at), at)
    at = ZERO_NS + 2 * S
    part.add(m.Turn(state="ended", speaker="user", turn_id="t", text="hello <b>you</b>", t_ns=at), at - S // 2)
    speech = m.AgentSpeech(state="started", response_id="r", text="Good morning.", duration_ms=1_000, t_ns=at)
    part.add(speech, at)
    at = ZERO_NS + 3 * S
    part.add(m.Intention(id="i1", kind="gesture", label="wave", trigger="social_protocol", t_ns=at), at)
    looked = m.Evidence(ZERO_NS + 1 * S, "looks at agent", weight=1.0)
    mind = m.MindReport("person-1", (m.Estimate("engagement", 0.95, evidence=(looked,)),), seen=True)
    part.add(
        m.CognitiveCycle(cycle=1, duration_ms=1.0, minds=(mind,), memory={"note": "a private thought"}, t_ns=at), at
    )
    part.add(m.Knowledge(facts=("has a dog",), persona="Ada, a guide", t_ns=at), at)
    part.add(m.Span(name="end_of_turn_to_first_audio", duration_ms=800, t_ns=at), at)
    part.add(m.Span(name="tick", duration_ms=1, t_ns=at), at)
    part.add(stop(ZERO_NS + seconds * S), ZERO_NS + seconds * S)
    part.close()
    for name, second, tone_hz in (("user.wav", 1, VOICE_HZ), ("agent.wav", 2, ANSWER_HZ)):
        sound = np.zeros(seconds * RATE_HZ)
        sound[second * RATE_HZ : (second + 1) * RATE_HZ] = 0.4 * np.sin(
            2 * np.pi * tone_hz * np.arange(RATE_HZ) / RATE_HZ
        )
        soundfile.write(folder / name, sound, RATE_HZ)
    return folder


def loudness(sound: np.ndarray, rate_hz: int, second: int, tone_hz: float) -> float:
    """Return how much of a tone is in the middle of a second, 0 to 1 of full scale."""
    middle = sound[round((second + 0.25) * rate_hz) : round((second + 0.75) * rate_hz)]
    wave = np.exp(-2j * np.pi * tone_hz * np.arange(len(middle)) / rate_hz)
    return float(2 * abs(np.mean(middle * wave)))
