"""The mouth follows the sounds."""

import asyncio

import numpy as np
import pytest

from behavioral.voice.mouth_maps import (
    ARKIT,
    ARKIT_MOUTH,
    VISEMES_TO_ARKIT,
    VISEMES_TO_VRM,
    VRM_MOUTH,
    to_arkit,
    to_arkit_face,
    to_vrm,
)
from behavioral.voice.phones import PHONE_TO_VISEME, visemes_of
from behavioral.voice.tts.contract import PhonemeTime, SpokenClause
from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.visemes import VisemePlayer, viseme_track
from runtime.messages import SpeechTiming
from runtime.vocabulary import VISEMES

INDEX = {name: index for index, name in enumerate(VISEMES)}


def clause_of(*phonemes: tuple[str, float]) -> SpokenClause:
    times, at_ms = [], 0.0
    for symbol, length_ms in phonemes:
        times.append(PhonemeTime(symbol, at_ms, at_ms + length_ms))
        at_ms += length_ms
    return SpokenClause("x", np.zeros(round(at_ms * 22.05), dtype=np.int16), 22_050, tuple(times), ())


def player_of(*phonemes: tuple[str, float]) -> VisemePlayer:
    return VisemePlayer(viseme_track(clause_of(*phonemes).phonemes))


@pytest.mark.parametrize(
    ("symbol", "shapes"),
    [
        ("p", ("PP",)),
        ("ˈaɪ", ("aa", "ih")),
        ("ˈoʊ", ("oh", "ou")),
        ("iː", ("ih",)),
        ("tʃ", ("CH",)),
        ("dʒ", ("CH",)),
        ("ɔːɹ", ("oh", "RR")),
        ("əl", ("E", "nn")),
        ("ˈaɪə", ("aa", "ih", "E")),
        ("_", ("sil",)),
        ("あ", ("E",)),
    ],
)
def test_table(symbol: str, shapes: tuple[str, ...]) -> None:
    assert visemes_of(symbol) == shapes


def test_every_shape_is_reached_by_some_phone() -> None:
    assert set(PHONE_TO_VISEME.values()) == set(VISEMES)


def test_the_track_is_gapless_and_joins_equal_neighbours() -> None:
    track = viseme_track(clause_of(("t", 50), ("d", 50), ("ˈaɪ", 100), ("_", 80)).phonemes)
    assert [item.text for item in track] == ["DD", "aa", "ih", "sil"]
    assert [(item.start_ms, item.end_ms) for item in track] == [(0, 100), (100, 160), (160, 200), (200, 280)]


def test_each_vowel_is_the_strongest_in_its_middle() -> None:
    player = player_of(("ɑː", 150), ("uː", 150), ("iː", 150))
    assert [VISEMES[int(player.weights(t).argmax())] for t in (75, 225, 375)] == ["aa", "ou", "ih"]


def test_lips_close_fully_on_a_short_b_between_open_vowels() -> None:
    player = player_of(("a", 150), ("b", 20), ("a", 150))
    seen = [player.weights(t) for t in np.arange(0, 320, 20)]  # at 50 frames a second
    assert max(w[INDEX["PP"]] for w in seen) > 0.98
    assert min(w[INDEX["aa"]] for w in seen[6:11]) < 0.02
    assert player.weights(80)[INDEX["aa"]] > 0.9


def test_the_mouth_prepares_before_the_sound_and_rests_after() -> None:
    player = player_of(("_", 300), ("uː", 150), ("_", 300))
    assert player.weights(200)[INDEX["sil"]] == pytest.approx(1.0)
    assert 0.2 < player.weights(290)[INDEX["ou"]] < 0.95
    assert player.weights(375)[INDEX["ou"]] > 0.9
    assert player.weights(530)[INDEX["sil"]] == pytest.approx(1.0)
    assert player.weights(-500)[INDEX["sil"]] == player.weights(9e9)[INDEX["sil"]] == pytest.approx(1.0)


def test_weights_are_shares_and_move_smoothly(espeak: EspeakVoice) -> None:
    clause = asyncio.run(espeak.synthesise("Maybe Peter bought five big thick yellow shoes, by the river."))
    player = VisemePlayer(viseme_track(clause.phonemes))
    frames = np.stack([player.weights(t) for t in np.arange(-100, clause.duration_ms + 200, 5)])
    assert frames.shape[1] == 15
    assert frames.dtype == np.float32
    assert frames.min() >= 0.0
    assert np.allclose(frames.sum(axis=1), 1.0, atol=1e-5)
    assert np.abs(np.diff(frames, axis=0)).max() < 0.35  # per 5 ms; a closure takes 40 ms
    for phoneme in clause.phonemes:
        if phoneme.symbol in ("p", "b", "m"):
            assert player.weights((phoneme.start_ms + phoneme.end_ms) / 2)[INDEX["PP"]] > 0.95
    assert frames[0][INDEX["sil"]] > 0.9
    assert frames[-1][INDEX["sil"]] > 0.99


def test_unknown_names_in_a_received_track_are_rest() -> None:
    player = VisemePlayer((SpeechTiming("nonsense", 0, 100),))
    assert player.weights(50)[INDEX["sil"]] == 1.0
    assert VisemePlayer(()).weights(0)[INDEX["sil"]] == 1.0


def test_maps_to_other_faces_close_on_closures_and_open_on_aa() -> None:
    assert VISEMES_TO_VRM.shape == (15, len(VRM_MOUTH))
    assert VISEMES_TO_ARKIT.shape == (15, len(ARKIT_MOUTH))
    closed, opened = np.zeros(15, np.float32), np.zeros(15, np.float32)
    closed[INDEX["PP"]] = opened[INDEX["aa"]] = 1.0
    assert to_vrm(closed).max() == 0.0
    assert to_vrm(opened)[VRM_MOUTH.index("aa")] == 1.0
    jaw, press = ARKIT_MOUTH.index("jawOpen"), ARKIT_MOUTH.index("mouthPressLeft")
    assert to_arkit(closed)[jaw] == 0.0 < to_arkit(closed)[press]
    assert to_arkit(opened)[jaw] > 0.5
    assert to_arkit(np.ones(15, np.float32)).max() <= 1.0


def test_all_52_shapes_of_arkit_are_given_and_only_the_mouth_moves() -> None:
    assert len(ARKIT) == len(set(ARKIT)) == 52
    face = to_arkit_face(np.full(15, 0.2, np.float32))
    moved = {name for name, weight in zip(ARKIT, face, strict=True) if weight > 0}
    assert moved <= set(ARKIT_MOUTH)
    assert moved >= {"jawOpen", "mouthFunnel", "mouthPucker", "tongueOut"}
    assert face[ARKIT.index("jawOpen")] == to_arkit(np.full(15, 0.2, np.float32))[ARKIT_MOUTH.index("jawOpen")]
