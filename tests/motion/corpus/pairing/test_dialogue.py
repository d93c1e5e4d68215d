"""Scenes: sound as long as motion, one style throughout, listening to the other's speech, and no leak between splits."""

from collections.abc import Iterable

import numpy as np
import pytest

from motion.corpus.pairing.build import SHARES, recorded_scenes
from motion.corpus.pairing.cast import Cast
from motion.corpus.pairing.dialogue import Kind, Record, make_scene
from motion.corpus.pairing.material import LOW_MPS, Material
from motion.corpus.pairing.measure import Measures
from motion.corpus.pairing.speech import Utterance
from motion.corpus.pairing.warp import RATE_BOUND
from motion.corpus.people.mirror import mirrored
from motion.corpus.scene import Scene

Made = list[tuple[Scene, Record]]


@pytest.fixture
def made(motion: list[Material], speech: list[Utterance]) -> Made:
    """Eight minutes for training."""
    return list(recorded_scenes(motion, speech, 7, 8.0))


def heard(track: np.ndarray, spans: Iterable[tuple[float, float]]) -> float:
    """RMS level inside of spans."""
    parts = [track[round(16_000 * a) : round(16_000 * b)] for a, b in spans]
    return float(np.sqrt(np.mean(np.concatenate(parts) ** 2))) if parts else 0.0


def test_half_of_the_minutes_is_speaking_and_every_kind_occurs(made: Made) -> None:
    total = sum(scene.clip.duration_s for scene, _ in made)
    for kind, share in SHARES.items():
        own = sum(scene.clip.duration_s for scene, record in made if record.kind == kind)
        assert own / total == pytest.approx(share, abs=0.13)
    assert total >= 8 * 60.0 and len({scene.name for scene, _ in made}) == len(made)


def test_sound_is_as_long_as_motion_and_is_where_the_record_says(made: Made) -> None:
    for scene, record in made:
        assert len(scene.agent) == len(scene.user) == round(scene.clip.duration_s * 16_000)
        assert np.abs(scene.agent).max() <= 1.0 and np.isfinite(scene.clip.rotations).all()
        for track, said, least in ((scene.agent, record.agent, 1e-9), (scene.user, record.user, 0.004)):
            spans = [(p.start_s, p.end_s) for p in said]
            if spans:
                assert heard(track, spans) > 0.02
            edges = [0.0, *(x for span in spans for x in span), scene.clip.duration_s]
            gaps = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 0.1]
            assert heard(track, gaps) <= least, "silence (of the user: a room) elsewhere"


def test_speaking_and_listening_are_what_they_say(made: Made) -> None:
    for scene, record in made:
        assert bool(record.agent) == (record.kind in ("speaking", "dialogue"))
        assert record.user or record.kind in ("speaking", "idle", "dialogue")
        assert not (record.user and record.kind in ("speaking", "idle"))
        assert {p.utterance.speaker for p in record.agent}.isdisjoint({p.utterance.speaker for p in record.user})
        assert len(scene.words) == sum(len(p.utterance.words) for p in record.agent)
    dialogue = next(record for _, record in made if record.kind == "dialogue" and record.user)
    turns = [p for p in dialogue.agent if p.utterance.duration_s > 1.1]
    inside = [any(a - 0.5 <= p.start_s <= b for a, b in dialogue.speaking) for p in turns]
    assert np.mean(inside) == 1.0, "the body speaks where the voice does"


def test_a_scene_keeps_one_style(made: Made) -> None:
    styles = {("Ann", "joy"), ("Bea", "anger")}
    assert {(s.actor, s.emotion) for s, r in made if r.kind in ("speaking", "dialogue")} == styles


def test_splices_are_at_holds_and_warps_within_their_bound(made: Made) -> None:
    splices = [splice for _, record in made for splice in record.splices]
    assert len(splices) > 50 and max(splice.speed_mps for splice in splices) <= LOW_MPS + 0.05
    assert max(float(np.abs(record.warp.rate() - 1.0).max()) for _, record in made) <= RATE_BOUND + 1e-9


def test_equal_seeds_make_equal_scenes(motion: list[Material], speech: list[Utterance]) -> None:
    one, two, other = (list(recorded_scenes(motion, speech, seed, 1.5)) for seed in (3, 3, 4))
    for (a, _), (b, _) in zip(one, two, strict=True):
        assert a.name == b.name and a.words == b.words
        assert np.array_equal(a.clip.rotations, b.clip.rotations) and np.array_equal(a.agent, b.agent)
        assert np.array_equal(a.user, b.user)
    assert not np.array_equal(one[0][0].clip.rotations[:300], other[0][0].clip.rotations[:300])


def test_nothing_of_another_split_gets_in(motion: list[Material], speech: list[Utterance]) -> None:
    actor = {"train": {"Ann", "Bea", "box"}, "validation": {"Val"}, "test": {"Tes"}}
    for split, own in (("train", "train"), ("validation", "validation"), ("test", "validation")):
        cast = Cast(motion, speech, split)
        pieces = [p for group in cast.styles.values() for p in group] + cast.listeners + cast.idlers
        assert {p.split for p in pieces} == {split} and {p.actor for p in pieces} == actor[split]
        for scene, record in recorded_scenes(motion, speech, 1, 3.0, split):
            assert scene.split == split and scene.actor in actor[split]
            assert {p.utterance.split for p in (*record.agent, *record.user)} <= {own}


def test_the_mirror_is_used_for_half_of_the_scenes(made: Made) -> None:
    share = np.mean([record.mirrored for _, record in made])
    assert 0.2 < share < 0.8


def test_a_mirrored_scene_is_the_other_with_sides_exchanged(motion: list[Material], speech: list[Utterance]) -> None:
    for seed in range(8):
        pair = []
        for mirror in (mirrored, lambda clip: clip):
            rng = np.random.default_rng(seed)
            pair.append(make_scene(Cast(motion, speech, "train"), "idle", "a", 10.0, rng, mirror))
        if pair[0][1].mirrored:
            assert np.allclose(mirrored(pair[0][0].clip).rotations, pair[1][0].clip.rotations, atol=1e-5)
            return
    pytest.fail("never mirrored")


def test_pieces_are_used_evenly_and_do_not_follow_themselves(motion: list[Material], speech: list[Utterance]) -> None:
    cast = Cast(motion, speech, "train")
    rng = np.random.default_rng(0)
    for index in range(6):
        make_scene(cast, "speaking", str(index), 40.0, rng)
    uses = [cast._uses[m.name] for group in cast.styles.values() for m in group]
    assert min(uses) >= 1 and max(uses) <= 3 * (sum(uses) / len(uses))


def test_strokes_meet_accents_in_scenes_better_than_by_chance(made: Made) -> None:
    measures = Measures()
    for scene, record in made:
        measures.note(scene, record)
    found = measures.alignment()
    assert found.strokes > 50
    assert found.joined[1] > found.chance[1] + 0.25
    assert found.anew[1] > found.chance_anew[1] + 0.15, "and so do strokes that are looked for in what came out"
    assert found.warped[0] >= found.joined[0], "the warp brings them nearer"
    summary = measures.summary()
    assert summary["coupling"]["correlation"] > 0.0 and set(summary["minutes"]) == {f"train/{kind}" for kind in SHARES}


@pytest.mark.parametrize("kind", ["speaking", "dialogue", "listening", "idle"])
def test_a_split_without_listeners_still_makes_every_kind(
    motion: list[Material], speech: list[Utterance], kind: Kind
) -> None:
    cast = Cast(motion, speech, "validation")
    scene, _ = make_scene(cast, kind, "a", 20.0, np.random.default_rng(1))
    assert scene.clip.duration_s > 8.0


def test_a_split_without_motion_is_refused(motion: list[Material], speech: list[Utterance]) -> None:
    with pytest.raises(ValueError, match="0 styles"):
        Cast([m for m in motion if m.split == "train"], speech, "test")
