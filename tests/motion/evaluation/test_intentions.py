"""Intentions are measured rightly on methods whose answers are known: prompt, late, deaf, clairvoyant."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from motion.clip import Clip
from motion.corpus.intentions.overlay import perform
from motion.corpus.scene import PlacedIntent
from motion.evaluation.classifier import FRAMES, Float32
from motion.evaluation.intentions import Intentions, measure, onset_frame
from motion.evaluation.methods import ANYBODY, SpeechMotion, Style, motionless, request
from motion.evaluation.report import Report
from motion.evaluation.score import Scores
from motion.evaluation.sessions import Session

LABELS = ("stop", "bow", "shrug")
SESSIONS = [Session("s", np.full(16_000 * 20, 0.1, np.float32), (1.0,), np.zeros(600))]


class Swinging:
    """A body that gestures `late_s` after it may, over slow sway."""

    def __init__(self, late_s: float = 0.0, deaf: bool = False) -> None:
        self.late_s, self.deaf = late_s, deaf

    def __call__(
        self, agent: Float32, user: Float32, seed: int, style: Style, intents: Sequence[PlacedIntent]
    ) -> tuple[Clip, tuple[int, ...]]:
        base, _ = motionless(agent, user, seed, style, ())
        hips = base.hips_m + 0.01 * np.sin(np.arange(len(base)) / 20.0 + seed)[:, None].astype(np.float32)
        base = replace(base, hips_m=hips)
        moved = [
            replace(i, start_s=i.start_s + self.late_s, stroke_s=i.stroke_s + self.late_s, end_s=i.end_s + self.late_s)
            for i in intents
        ]
        clip = perform(base, () if self.deaf else moved, np.random.default_rng(seed))
        return clip, tuple(range(6, len(clip), 6))


class Listening:
    """Stands in for the classifier: everything is a bow."""

    labels = ("none", *LABELS)

    def unknown(self, labels: Sequence[str]) -> list[str]:
        return [label for label in labels if label not in self.labels]

    def recognise(self, windows: Float32) -> list[str]:
        assert windows.shape[1] == FRAMES and np.isfinite(windows).all()
        return ["bow"] * len(windows)


def answered(method: SpeechMotion) -> Intentions:
    return measure(method, SESSIONS, Listening(), labels=LABELS, repeats=2)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def prompt() -> Intentions:
    return answered(Swinging())


def test_a_prompt_body_is_prompt(prompt: Intentions) -> None:
    assert prompt.requests == 6
    assert 0.0 <= prompt.onset_delay_ms[0] <= prompt.onset_delay_ms[1] < 250.0
    assert prompt.stroke_error_ms[1] < 10.0
    assert prompt.return_s[0] < 0.4
    assert np.isfinite([prompt.injected_jerk_ratio, prompt.gesture_jerk_ratio, prompt.chunk_jerk_ratio]).all()


def test_recognition_is_counted_by_label(prompt: Intentions) -> None:
    assert prompt.accuracy == pytest.approx(1 / 3)
    assert prompt.by_label == {"stop": 0.0, "bow": 1.0, "shrug": 0.0}
    assert prompt.confused == {"stop": ("bow",), "shrug": ("bow",)}


def test_a_late_body_is_late_by_as_much(prompt: Intentions) -> None:
    late = answered(Swinging(late_s=0.2))
    assert late.onset_delay_ms[0] - prompt.onset_delay_ms[0] == pytest.approx(200.0, abs=40.0)
    assert late.stroke_error_ms[0] == pytest.approx(200.0, abs=30.0)


def test_a_deaf_body_never_answers() -> None:
    deaf = answered(Swinging(deaf=True))
    assert np.isinf(deaf.onset_delay_ms).all() and np.isinf(deaf.stroke_error_ms).all()
    out = json.loads(json.dumps(deaf.as_json(), allow_nan=False))
    assert out["onset_delay_ms"] == {"median": None, "p95": None}


def test_a_body_that_knows_requests_in_advance_is_refused() -> None:
    with pytest.raises(ValueError, match="before the request arrives"):
        answered(Swinging(late_s=-0.5))


def test_labels_that_the_classifier_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="does not know wave"):
        measure(Swinging(), SESSIONS, Listening(), labels=("wave",), repeats=1)  # type: ignore[arg-type]


def test_the_first_visible_difference_is_found() -> None:
    base, _ = Swinging()(SESSIONS[0].agent, SESSIONS[0].agent, 0, ANYBODY, ())
    made, _ = Swinging()(SESSIONS[0].agent, SESSIONS[0].agent, 0, ANYBODY, (request("stop", 5.0),))
    assert onset_frame(base, base) is None
    first = onset_frame(base, made)
    assert first is not None and 150 <= first <= 157


def test_the_report_takes_the_columns_and_tells_the_rest(prompt: Intentions) -> None:
    report = Report("ae-v1", "", "x", {"procedural": Scores(fgd=1.0), "static": Scores()})
    full = report.with_intentions({"procedural": prompt})
    out = full.as_json()
    assert out["methods"]["procedural"]["intention_accuracy"] == pytest.approx(1 / 3)
    assert out["methods"]["procedural"]["onset_delay_ms"] == prompt.onset_delay_ms[0]
    assert out["methods"]["static"]["intention_accuracy"] is None and out["methods"]["procedural"]["fgd"] == 1.0
    assert out["intentions"]["procedural"]["requests"] == 6 and "6 requests: 33.3% recognised" in full.markdown()
    with pytest.raises(ValueError, match="'mine', which is none of"):
        report.with_intentions({"mine": prompt})
