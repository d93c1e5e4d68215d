"""Who speaks in which row of the table, in whose manner, and against whose onsets."""

from collections.abc import Sequence

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.scene import PlacedIntent
from motion.evaluation import encoder, run
from motion.evaluation.baselines import static
from motion.evaluation.classifier import Float32
from motion.evaluation.heldout import NamedClip
from motion.evaluation.methods import Style
from motion.evaluation.score import Sample
from motion.evaluation.sessions import Session, session

RATE = 16_000


def swaying(frames: int, seed: int) -> Clip:
    still = static(frames / 30.0)
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None, None] / 30.0
    sway = sum(
        rng.normal(0, 0.1, (22, 3)) * np.sin(2 * np.pi * hz * t + rng.uniform(0, 6, (22, 3))) for hz in (0.3, 0.9)
    )
    turns = rot.multiply(still.rotations.astype(float), rot.exp(np.asarray(sway)))
    return Clip(30.0, turns.astype(np.float32), still.hips_m, still.hands)


class Recorder:
    """A generator that notes how it is called; chunks of six frames."""

    def __init__(self, short_by: int = 0) -> None:
        self.calls: list[tuple[int, Style]] = []
        self.short_by = short_by

    def __call__(
        self, agent: Float32, user: Float32, seed: int, style: Style, intents: Sequence[PlacedIntent]
    ) -> tuple[Clip, tuple[int, ...]]:
        assert not user.any() and len(user) == len(agent) and not intents
        self.calls.append((seed, style))
        frames = round(len(agent) / RATE * 30) - self.short_by
        return swaying(frames, seed), tuple(range(6, frames, 6))


@pytest.fixture(scope="module")
def real() -> list[NamedClip]:
    return [NamedClip(f"{who}_1_t{n}_0_0_1_1_Joy", swaying(300, 10 + n)) for who in ("A", "B") for n in range(3)]


@pytest.fixture(scope="module")
def sessions() -> list[Session]:
    rng = np.random.default_rng(0)
    out = []
    for name in ("x", "y", "z"):
        t = np.arange(RATE * 10) / RATE
        beats = sum(np.clip(1 - np.abs(t - at) / 0.1, 0, 1) for at in np.cumsum(rng.uniform(0.2, 0.7, 12)))
        out.append(session(name, 0.3 * np.sin(2 * np.pi * 200 * t) * np.minimum(beats, 1.0)))
    return out


def test_generators_speak_every_session_in_the_styles_of_narration(
    real: list[NamedClip], sessions: list[Session]
) -> None:
    many, few = Recorder(), Recorder()
    report = run.evaluate(
        real,
        sessions,
        encoder.shipped(),
        seed=5,
        generators={2: few, 50: many},
        styles=(Style("A"), Style("B")),
        far=Style("far"),
    )
    assert set(report.methods) == {
        "ground_truth", "procedural", "static", "mismatched_audio", "mismatched_style", "generator@50", "generator@2",
    }  # fmt: skip
    assert many.calls[:4] == [(5, Style("A")), (5, Style("B")), (5, Style("A")), (6, Style("B"))][: len(many.calls)]
    assert {style for _, style in many.calls} == {Style("A"), Style("B")}
    far = [style for _, style in few.calls if style == Style("far")]
    assert far and len(few.calls) == len(many.calls) + len(far), "the first one also speaks in a far style"
    row = report.methods["generator@2"]
    assert np.isfinite([row.fgd, row.boundary_jerk_ratio, row.coupling, row.beat_beat]).all()
    assert np.isnan(report.methods["procedural"].boundary_jerk_ratio)


def test_every_method_has_enough_windows_and_loses_its_first_second(
    real: list[NamedClip], sessions: list[Session]
) -> None:
    rows = run.samples(real, sessions, encoder.shipped(), 0, {}, (), run.FAR, None)
    assert set(rows) == {"procedural", "static", "mismatched_audio"}
    whole = sum(max(0, (len(sample.clip) - 60) // 30 + 1) for sample in rows["procedural"])
    assert whole >= 27, "three clips of 10 s have nine windows each"
    assert all(len(sample.clip) == 270 for sample in rows["procedural"])
    assert len(rows["mismatched_audio"]) == 2 * len(rows["procedural"]), "each against both others"


def test_mismatched_motion_keeps_its_motion_and_takes_the_others_onsets(sessions: list[Session]) -> None:
    sample = Sample(swaying(300, 0), sessions[0].onsets_s, sessions[0].strength, (30, 280))
    short = Session("s", sessions[1].agent[: RATE * 8], sessions[1].onsets_s, sessions[1].strength[:240])
    other = run.mismatched(sample, short)
    assert len(other.clip) == 240 and other.boundaries == (30,)
    assert other.onsets_s == tuple(time for time in sessions[1].onsets_s if time <= 8.0)
    assert other.strength is not None and np.array_equal(other.strength, sessions[1].strength[:240])


def test_motion_that_does_not_fit_its_speech_is_refused(real: list[NamedClip], sessions: list[Session]) -> None:
    with pytest.raises(ValueError, match="a method made 290 frames for 300 of speech"):
        run.speak(run.Speaker(Recorder(short_by=10)), sessions, 60, 10, 0)
    brief = [session("brief", np.zeros(RATE * 2))]
    with pytest.raises(ValueError, match="no session is longer than 3 s"):
        run.speak(run.Speaker(Recorder()), brief, 60, 10, 0)
