"""Nods as they were measured: kinds and lengths, how many cycles, first cycles that know what is to come."""

from __future__ import annotations

import math

import numpy as np
import pytest

from motion.procedural.head import NOD_KINDS, Nod, make_nod
from runtime.settings import ListenerSettings

SETTINGS = ListenerSettings()


def nods(count: int = 6_000, settings: ListenerSettings = SETTINGS, seed: int = 1) -> list[tuple[str, Nod]]:
    rng = np.random.default_rng(seed)
    shares = np.array(settings.nod_type_shares) / sum(settings.nod_type_shares)
    kinds = rng.choice(3, count, p=shares)
    return [(NOD_KINDS[kind], make_nod(0.0, NOD_KINDS[kind], 1.0, settings, rng)) for kind in kinds]


def test_the_number_of_cycles_over_all_nods_is_kiharas() -> None:
    counts = np.bincount([len(nod.cycles_deg) for _, nod in nods()], minlength=6)[1:6]
    wanted = np.array(SETTINGS.nod_cycle_shares) / sum(SETTINGS.nod_cycle_shares)
    assert counts / counts.sum() == pytest.approx(wanted, abs=0.015)


def test_longer_kinds_last_longer_and_have_more_cycles() -> None:
    made = nods()
    for kind, length_s in zip(NOD_KINDS, SETTINGS.nod_durations_s, strict=True):
        assert np.mean([n.duration_s for k, n in made if k == kind]) == pytest.approx(length_s, rel=0.02)
    cycles = [np.mean([len(n.cycles_deg) for k, n in made if k == kind]) for kind in NOD_KINDS]
    assert cycles[0] < cycles[1] < cycles[2]


def test_the_first_cycle_grows_with_what_is_planned_and_the_others_shrink_as_measured() -> None:
    made = [nod for _, nod in nods(12_000)]
    firsts = [np.mean([nod.cycles_deg[0] for nod in made if len(nod.cycles_deg) == n]) for n in range(1, 6)]
    base, growth = SETTINGS.nod_first_cycle_deg
    assert firsts == pytest.approx([base + growth * n for n in range(1, 6)], rel=0.04)
    loss, last_loss = SETTINGS.nod_cycle_loss_deg
    for nod in made[:500]:
        steps = -np.diff(nod.cycles_deg)
        assert steps[:-1] == pytest.approx(loss)
        assert steps[-1:] == pytest.approx(loss + last_loss)


def test_most_nods_are_too_slow_to_look_impatient() -> None:
    tempo_hz = [len(nod.cycles_deg) / (nod.duration_s - nod.upswing_s) for _, nod in nods()]
    assert np.mean(np.array(tempo_hz) < 1.5) > 0.7


@pytest.mark.parametrize("kind", NOD_KINDS)
def test_a_nod_moves_down_smoothly_to_its_size_and_is_level_at_its_end(kind: str) -> None:
    for seed in range(40):
        nod = make_nod(2.0, kind, 1.0, SETTINGS, np.random.default_rng(seed))  # type: ignore[arg-type]
        pitch = np.degrees([nod.pitch(2.0 + i * 0.005) for i in range(round(nod.duration_s / 0.005) + 2)])
        assert pitch.max() == pytest.approx(max(nod.cycles_deg), rel=0.01)
        assert pitch[0] == pitch[-1] == 0.0
        assert np.abs(np.diff(pitch)).max() / 0.005 < 200.0, "degrees a second"
        assert (pitch.min() < -1.0) == (kind == "upswing")


def test_the_size_scales_and_a_seed_gives_one_nod() -> None:
    one, twice = (make_nod(0.0, "long", size, SETTINGS, np.random.default_rng(4)) for size in (1.0, 2.0))
    assert twice.cycles_deg == pytest.approx([2.0 * deg for deg in one.cycles_deg])
    assert make_nod(0.0, "long", 1.0, SETTINGS, np.random.default_rng(4)) == one


def test_other_shares_are_followed_too() -> None:
    settings = ListenerSettings(nod_type_shares=(0.2, 0.2, 0.6), nod_cycle_shares=(0.0, 0.0, 0.5, 0.5, 0.0))
    counts = np.bincount([len(nod.cycles_deg) for _, nod in nods(2_000, settings)], minlength=6)
    assert counts[3] / counts.sum() == pytest.approx(0.5, abs=0.04) and counts[1] == counts[2] == 0
    assert math.isfinite(nods(1, settings)[0][1].pitch(0.3))
