"""The listener takes some of its chances, within human rates, whoever speaks and however many cues there are."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from behavioral.body.listening import CueKind, ListenerAct, Listening
from runtime.settings import ListenerSettings

BLOCK_S = 0.032
SETTINGS = ListenerSettings()


def talk(
    cues_per_min: float, length_s: float = 1_200.0, *, kind: CueKind = "low_pitch", seed: int = 1, gaps: bool = True
) -> list[ListenerAct]:
    """Responses to one long talk with cues at random moments (a Poisson process)."""
    listening, cues = Listening(SETTINGS, random.Random(seed)), random.Random(f"{seed} cues")
    acts = []
    for block in range(round(length_s / BLOCK_S)):
        t_s = block * BLOCK_S
        acts.append(listening.talk(t_s, speaking=True, gap=gaps and block % 20 == 0))
        if cues.random() < cues_per_min / 60.0 * BLOCK_S:
            acts.append(listening.cue(t_s, t_s, kind))
    return [act for act in acts if act is not None]


def per_minute(acts: list[ListenerAct], length_s: float = 1_200.0) -> float:
    return len(acts) / length_s * 60.0


@pytest.mark.parametrize("cues_per_min", [0, 2, 5, 10, 20, 40, 60, 600])
def test_the_rate_is_peoples_however_many_cues_a_speaker_leaves(cues_per_min: float) -> None:
    least, most = SETTINGS.responses_per_min
    for seed in range(3):
        assert least <= per_minute(talk(cues_per_min, seed=seed)) <= most


def test_even_without_a_gap_in_the_speech_somebody_listens() -> None:
    assert per_minute(talk(0, gaps=False)) >= SETTINGS.responses_per_min[0]


def test_an_overdue_nod_waits_for_a_gap() -> None:
    listening = Listening(SETTINGS, random.Random(1))
    acts = [listening.talk(i * BLOCK_S, speaking=True, gap=i == 193) for i in range(250)]
    (at,) = (i for i, act in enumerate(acts) if act is not None)
    assert at == 193 and acts[at].reason == "overdue"  # type: ignore[union-attr]


@pytest.mark.parametrize("cues_per_min", [10, 60, 600])
def test_there_is_no_burst_and_no_nod_within_another(cues_per_min: float) -> None:
    acts = talk(cues_per_min)
    times = [act.at_s for act in acts]
    assert min(b - a for a, b in itertools.pairwise(times)) >= SETTINGS.nod_refractory_s
    assert all(b.at_s >= a.at_s + a.duration_s for a, b in itertools.pairwise(acts))
    for start in range(0, 1_140, 10):
        assert sum(start <= at < start + 60 for at in times) <= SETTINGS.responses_per_min[1] + 2


def test_a_cue_soon_after_a_response_is_left_at_the_usual_time_the_published_share_taken_and_later_more() -> None:
    def share(after_s: float) -> float:
        taken = 0
        for seed in range(300):
            listening = Listening(SETTINGS, random.Random(seed))
            listening._since_s = after_s
            taken += listening.cue(after_s, after_s, "low_pitch") is not None
        return taken / 300

    assert share(2.0) < 0.1
    assert share(6.7) == pytest.approx(0.42, abs=0.08)
    assert share(15.0) > 0.95


def test_silence_is_no_talk() -> None:
    listening = Listening(SETTINGS, random.Random(1))
    listening.talk(0.0, speaking=True)
    assert all(listening.talk(i * BLOCK_S, speaking=False, gap=True) is None for i in range(2_000))


def test_the_delay_of_a_nod_has_the_measured_mode_and_range() -> None:
    delays = []
    for seed in range(3_000):
        listening = Listening(SETTINGS, random.Random(seed))
        listening._since_s = 20.0
        act = listening.cue(100.0, 100.0, "low_pitch")
        assert act is not None
        delays.append(act.at_s - 100.0)
    counts, edges = np.histogram(delays, bins=np.arange(0.0, 1.5, 0.1))
    mode = edges[int(np.argmax(counts))] + 0.05
    assert mode == pytest.approx(SETTINGS.nod_delay_s, abs=0.1)
    assert min(delays) > 0.0 and max(delays) <= SETTINGS.nod_delay_longest_s + 1e-9
    assert 0.01 < np.mean(np.array(delays) > 1.3) < 0.05


def test_in_a_pause_the_delay_counts_from_the_end_of_speech_but_nothing_comes_before_it_is_known() -> None:
    delays = []
    for seed in range(500):
        listening = Listening(SETTINGS, random.Random(seed))
        listening._since_s = 60.0
        act = listening.cue(100.3, 100.0, "pause")
        assert act is not None and act.at_s >= 100.3
        delays.append(act.at_s - 100.0)
    assert np.median(delays) < 0.5


def test_the_voice_is_used_in_pauses_only_and_after_a_small_nod() -> None:
    assert not any(act.text for act in talk(40))
    acts = [act for seed in range(4) for act in talk(15, kind="pause", seed=seed)]
    vocal = [act for act in acts if act.text]
    assert 0.1 < len(vocal) / len(acts) < 0.45
    assert all(a.kind == "short" and a.text_at_s == pytest.approx(a.at_s + SETTINGS.continuer_lag_s) for a in vocal)
    one = [act.at_s for act in talk(60, kind="pause") if act.text]
    assert min(b - a for a, b in itertools.pairwise(one)) >= SETTINGS.continuer_refractory_s
    pauses = 15 * 1_200 / 60 * 4
    assert len(vocal) / pauses <= SETTINGS.continuer_probability


def test_nod_kinds_follow_their_shares() -> None:
    kinds = [act.kind for seed in range(12) for act in talk(20, seed=seed)]
    for kind, share in zip(("short", "long", "upswing"), SETTINGS.nod_type_shares, strict=True):
        assert kinds.count(kind) / len(kinds) == pytest.approx(share, abs=0.04)


def test_a_robot_that_nods_less_does() -> None:
    listening = Listening(ListenerSettings(responses_per_min=(2.0, 4.0), response_overdue_s=40.0), random.Random(1))
    acts = 0
    for block in range(round(1_200 / BLOCK_S)):
        listening.talk(block * BLOCK_S, speaking=True)
        acts += block % 60 == 0 and listening.cue(block * BLOCK_S, block * BLOCK_S, "low_pitch") is not None
    assert 2.0 <= acts / 20 <= 4.0


def test_a_seed_gives_one_listener() -> None:
    assert talk(20, seed=4) == talk(20, seed=4)
    assert talk(20, seed=4) != talk(20, seed=5)
