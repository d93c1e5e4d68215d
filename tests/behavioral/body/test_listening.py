"""The listener takes some of its chances, within human rates."""

import itertools
import random

from behavioral.body.listening import Listening
from runtime.settings import ListenerSettings


def take(cues_every_s: float, length_s: float, *, in_pause: bool, seed: int = 1) -> list[tuple[str, float, str]]:
    listening = Listening(ListenerSettings(), random.Random(seed))
    acts = []
    t_s = 0.0
    while t_s < length_s:
        act = listening.cue(t_s, in_pause=in_pause)
        if act is not None:
            acts.append((act.act, act.at_s, act.kind))
        t_s += cues_every_s
    return acts


def test_nods_never_exceed_the_ceiling_however_many_cues_come() -> None:
    nods = [at for act, at, _ in take(0.1, 300.0, in_pause=False) if act == "nod"]
    for start in range(0, 240, 10):
        assert sum(start <= at < start + 60 for at in nods) <= 13


def test_the_refractory_time_is_kept() -> None:
    nods = [at for act, at, _ in take(0.1, 120.0, in_pause=False) if act == "nod"]
    assert min(b - a for a, b in itertools.pairwise(nods)) >= ListenerSettings().nod_refractory_s - 0.4


def test_about_the_published_share_of_rare_chances_is_taken() -> None:
    acts = [len(take(6.0, 600.0, in_pause=False, seed=s)) for s in range(10)]
    assert 0.33 <= sum(acts) / (10 * 100) <= 0.51


def test_the_voice_is_used_in_pauses_only() -> None:
    assert not [a for a in take(1.0, 600.0, in_pause=False) if a[0] == "continuer"]
    continuers = [at for act, at, _ in take(1.0, 600.0, in_pause=True) if act == "continuer"]
    assert continuers
    assert min(b - a for a, b in itertools.pairwise(continuers)) >= 5.0


def test_nod_kinds_follow_their_shares() -> None:
    kinds = [kind for s in range(20) for act, _, kind in take(6.0, 600.0, in_pause=False, seed=s) if act == "nod"]
    assert 0.4 <= kinds.count("short") / len(kinds) <= 0.58
    assert 0.05 <= kinds.count("upswing") / len(kinds) <= 0.18
