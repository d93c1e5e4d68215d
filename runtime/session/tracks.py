"""What the timeline shows, as numbers: bars of speech and acts, envelope of a voice, pitch of the head.

Pure functions of a digest, except `envelope`, which reads a WAV file (blocking). Times are seconds after media time
zero.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runtime.clock import NS_PER_MS
from runtime.messages import AgentSpeech, BodyAct, UserSpeech
from runtime.session.digest import SessionDigest
from runtime.session.transcript import committed_words, spoken_clauses

ENVELOPE_HZ = 100

Bar = tuple[float, float, str]
"""Start, end, text."""


def user_words(digest: SessionDigest) -> list[Bar]:
    """Return the recognised words of the person."""
    return [(digest.seconds(w.start_ns), digest.seconds(w.end_ns), w.text) for w in committed_words(digest)]


def agent_words(digest: SessionDigest) -> list[Bar]:
    """Return the words of the agent that it came to say."""
    cuts = _interruptions(digest)
    bars: list[Bar] = []
    for clause in spoken_clauses(digest):
        for word in clause.words:
            start_ns = clause.t_ns + round(word.start_ms * NS_PER_MS)
            if start_ns < cuts.get(clause.response_id, start_ns + 1):
                bars.append(
                    (digest.seconds(start_ns), digest.seconds(clause.t_ns + round(word.end_ms * NS_PER_MS)), word.text)
                )
    return bars


def _interruptions(digest: SessionDigest) -> dict[str, int]:
    return {speech.response_id: speech.t_ns for speech in digest.all(AgentSpeech) if speech.state == "interrupted"}


def speech_bars(digest: SessionDigest) -> list[Bar]:
    """Return the person's speech by VAD."""
    bars: list[Bar] = []
    began_s: float | None = None
    for speech in digest.all(UserSpeech):
        if speech.state == "started":
            began_s = digest.seconds(speech.t_ns) if began_s is None else began_s
        elif began_s is not None:
            bars.append((began_s, digest.seconds(speech.t_ns), ""))
            began_s = None
    return bars if began_s is None else [*bars, (began_s, digest.duration_s, "")]


def clause_bars(digest: SessionDigest) -> list[Bar]:
    """Return the agent's clauses, cut where they were interrupted."""
    cuts = _interruptions(digest)
    bars: list[Bar] = []
    for clause in spoken_clauses(digest):
        end_ns = clause.t_ns + round(clause.duration_ms * NS_PER_MS)
        end_ns = min(end_ns, cuts.get(clause.response_id, end_ns))
        if end_ns > clause.t_ns:
            bars.append((digest.seconds(clause.t_ns), digest.seconds(end_ns), clause.text))
    return bars


def act_bars(digest: SessionDigest) -> dict[str, list[Bar]]:
    """Sort the body's acts into nods, gestures, gaze, and everything else but blinks."""
    groups: dict[str, list[Bar]] = {"nod": [], "gesture": [], "gaze": [], "other": []}
    ends = {act.act_id: act.t_ns for act in digest.all(BodyAct) if act.state == "ended"}
    for act in digest.all(BodyAct):
        if act.state != "started" or "blink" in act.act:
            continue
        end_ns = ends.get(act.act_id, act.t_ns + round(act.duration_ms * NS_PER_MS))
        bar = (digest.seconds(act.t_ns), digest.seconds(end_ns), act.act)
        name = act.act.lower()
        if "nod" in name:
            groups["nod"].append(bar)
        elif "gaze" in name or "aversion" in name or "look" in name:
            groups["gaze"].append(bar)
        elif any(word in name for word in ("expression", "continuer", "smile", "breath", "filler")):
            groups["other"].append(bar)
        else:
            groups["gesture"].append(bar)
    return groups


def head_pitch_deg(neck_head: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the pitch of the head against the chest from float [F, 2, 4] rotations of neck and head; up is positive.

    The forward axis +z is turned by neck * head; its elevation is the pitch.
    """
    q = neck_head.astype(np.float64)
    (ax, ay, az, aw), (bx, by, bz, bw) = q[:, 0].T, q[:, 1].T
    x = aw * bx + ax * bw + ay * bz - az * by
    y = aw * by - ax * bz + ay * bw + az * bx
    z = aw * bz + ax * by - ay * bx + az * bw
    w = aw * bw - ax * bx - ay * by - az * bz
    norm = np.maximum(x * x + y * y + z * z + w * w, 1e-12)
    pitch: NDArray[np.float64] = np.degrees(np.arcsin(np.clip(2.0 * (y * z - x * w) / norm, -1.0, 1.0)))
    return pitch


def envelope(path: Path) -> NDArray[np.float64]:
    """Return the level of a WAV file at `ENVELOPE_HZ`, the loudest being 1; empty if it cannot be read."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as sound:
            levels = np.zeros(math.ceil(sound.frames * ENVELOPE_HZ / sound.samplerate))
            done = 0
            for block in sound.blocks(blocksize=sound.samplerate, dtype="float32", always_2d=True):
                # Exact for every rate: 22.05 kHz has no whole number of samples in a hundredth of a second.
                places = (done + np.arange(len(block))) * ENVELOPE_HZ // sound.samplerate
                np.maximum.at(levels, places, np.abs(block[:, 0]))
                done += len(block)
    except (OSError, soundfile.SoundFileError):
        return np.zeros(0)
    loudest = max(0.02, float(levels.max(initial=0.0)))
    scaled: NDArray[np.float64] = np.sqrt(levels / loudest)  # a square root lets quiet speech be seen
    return scaled
