"""Scores of whole methods on made motion, and the table in its three forms."""

import json
import math

import numpy as np
import pytest

from motion.clip import Clip
from motion.evaluation import encoder as enc
from motion.evaluation.baselines import procedural, static
from motion.evaluation.report import Report
from motion.evaluation.score import Reference, Sample, Scores, evenly, reference, score
from motion.procedural.generator import SpokenWord

SPEECH = [SpokenWord("", 0.4 * n + 0.3, 0.4 * n + 0.6, 0.2 + 0.7 * (n % 3 == 0)) for n in range(45)]
ONSETS = tuple(word.start_s for word in SPEECH)


@pytest.fixture(scope="module")
def real() -> list[Clip]:
    """Procedural motion stands in for people: only the arithmetic is tested here."""
    return [procedural(SPEECH, 20.0, seed) for seed in range(4)]


@pytest.fixture(scope="module")
def against(real: list[Clip]) -> Reference:
    return reference(enc.shipped(), real)


def test_the_reference_scores_perfectly_against_itself(real: list[Clip], against: Reference) -> None:
    got = score(against, [Sample(clip, ONSETS) for clip in real])
    assert got.fgd < 1e-9 and got.coverage == 1.0 and got.ldlj_rel == 0.0 and got.foot_contact_error < 1e-9
    assert 0.0 < got.beat_beat <= 1.0 and 0.0 < got.beat_aist <= 1.0
    assert got.minutes == pytest.approx(80 / 60) and got.self_collision_rate < 0.01
    assert math.isnan(got.boundary_jerk_ratio) and math.isnan(got.intention_accuracy)


def test_another_seed_is_nearer_than_a_statue_and_jitter_shows(real: list[Clip], against: Reference) -> None:
    other = score(against, [Sample(procedural(SPEECH, 20.0, seed), ONSETS) for seed in range(10, 14)])
    still = score(against, [Sample(static(80.0), ONSETS)])
    rng = np.random.default_rng(0)
    rough = [
        Clip(30.0, (c.rotations + rng.normal(0, 0.004, c.rotations.shape)).astype(np.float32), c.hips_m, c.hands)
        for c in real
    ]
    rough = [
        Clip(30.0, c.rotations / np.linalg.norm(c.rotations, axis=-1, keepdims=True), c.hips_m, c.hands) for c in rough
    ]
    jittery = score(against, [Sample(clip, ONSETS) for clip in rough])
    assert other.fgd < still.fgd and other.coverage > still.coverage
    assert still.diversity == pytest.approx(0.0, abs=1e-6) and math.isnan(still.ldlj_rel) and still.beat_beat == 0.0
    assert jittery.ldlj_rel > 1.0 and jittery.jerk_mps3 > 2 * other.jerk_mps3


def test_seams_are_measured_where_there_are_any(real: list[Clip], against: Reference) -> None:
    clip = real[0]
    q = clip.rotations.copy()
    q[300:] = real[1].rotations[300:]
    spliced = Clip(30.0, q, clip.hips_m, clip.hands)
    smooth = score(against, [Sample(clip, boundaries=(300,), seam_frames=2)])
    cut = score(against, [Sample(spliced, boundaries=(300,), seam_frames=2)])
    assert cut.boundary_jerk_ratio > 3 * smooth.boundary_jerk_ratio


def test_feet_that_are_lifted_and_slide_are_told_from_planted_ones(real: list[Clip], against: Reference) -> None:
    assert against.contact_share == pytest.approx(1.0, abs=0.02)
    hips = real[0].hips_m.copy()
    hips[:, 1] += 0.2
    assert score(against, [Sample(Clip(30.0, real[0].rotations, hips, real[0].hands))]).foot_contact_error > 0.9
    hips = real[0].hips_m.copy()
    hips[:, 0] += np.arange(len(hips)) * 0.03
    assert score(against, [Sample(Clip(30.0, real[0].rotations, hips, real[0].hands))]).skate_rate > 0.9


def test_motion_without_speech_has_no_beat_scores(real: list[Clip], against: Reference) -> None:
    got = score(against, [Sample(clip) for clip in real])
    assert all(math.isnan(value) for value in (got.beat_beat, got.beat_aist, got.coupling))


def test_the_start_of_a_sample_can_be_left_out(real: list[Clip]) -> None:
    strength = np.arange(600.0)
    cut = Sample(real[0], (0.5, 1.5, 3.0), strength, (15, 30, 60)).without_start(1.0)
    assert len(cut.clip) == 570 and np.array_equal(cut.clip.rotations[0], real[0].rotations[30])
    assert cut.onsets_s == (0.5, 2.0) and cut.boundaries == (30,)
    assert cut.strength is not None and cut.strength[0] == 30.0


def test_clips_too_short_for_a_window_are_refused(real: list[Clip], against: Reference) -> None:
    short = Clip(30.0, real[0].rotations[:30], real[0].hips_m[:30], real[0].hands[:30])
    with pytest.raises(ValueError, match="no clip holds a window of 60 frames"):
        score(against, [Sample(short)])
    with pytest.raises(ValueError, match="no clip holds a window"):
        reference(against.encoder, [short])
    both = score(against, [Sample(short), *(Sample(clip) for clip in real)])
    assert both.fgd < 1e-9, "beside long ones it counts for nothing"


def test_windows_are_taken_evenly() -> None:
    rows = np.arange(100.0)[:, None]
    assert evenly(rows, 5)[:, 0].tolist() == [0, 25, 50, 74, 99]
    assert len(evenly(rows, None)) == len(evenly(rows, 200)) == 100


def report() -> Report:
    full = Scores(fgd=0.25, density=0.5, coverage=0.75, ldlj_rel=-0.1, boundary_jerk_ratio=1.05)
    return Report(
        "ae-v1", "ab" * 32, "two people", {"generator@2": full, "static": Scores(fgd=1.0), "ground_truth": Scores(fgd=0.0),
        "generator@50": full}, between_actors_fgd=0.4, notes=("a note",),
    )  # fmt: skip


def test_json_has_the_published_names_and_null_for_what_does_not_apply() -> None:
    out = json.loads(json.dumps(report().as_json(), allow_nan=False))
    wanted = {
        "fgd", "density", "coverage", "ldlj_rel", "beat_beat", "beat_aist", "diversity", "boundary_jerk_ratio", "intention_accuracy",
        "onset_delay_ms",
    }  # fmt: skip
    assert list(out["methods"]) == ["ground_truth", "static", "generator@50", "generator@2"]
    for scores in out["methods"].values():
        assert wanted <= set(scores)
    assert out["methods"]["generator@2"]["fgd"] == 0.25 and out["methods"]["static"]["beat_beat"] is None
    assert out["encoder_sha256"] == "ab" * 32 and out["between_actors_fgd"] == 0.4


def test_tables_show_every_row_and_only_columns_in_use() -> None:
    markdown, text = report().markdown(), report().text()
    assert "| generator@2 | 0.250 | 0.500 | 0.750 | -0.10 | 1.05 |" in markdown
    assert "| static | 1.000 | - | - | - | - |" in markdown
    assert "between two real actors: 0.400" in markdown and markdown.endswith("- a note\n")
    assert "Beat" not in markdown and len({len(line) for line in text.splitlines()}) == 1


@pytest.mark.parametrize("name", ["Generator@2", "generator@0", "generator@", "mine"])
def test_unknown_methods_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is none of ground_truth"):
        Report("ae-v1", "", "x", {name: Scores()})
