"""The procedural body while it listens and speaks: nods, beats on accents, a moving head, and the end at a barge-in."""

import numpy as np
import pytest

from motion import kinematics as kin
from motion import rotations as rot
from motion.clip import Clip
from motion.procedural.generator import SpokenWord
from runtime.settings import ListenerSettings
from tests.motion.procedural.film import HEAD, LEFT, RIGHT, TICK_S, film, generator, places, sentence


@pytest.mark.parametrize("kind", ["short", "long", "upswing"])
def test_a_nod_goes_down_in_its_time_and_ends_level(kind: str) -> None:
    body, still = generator(), generator()
    durations: list[float] = []
    clip = film(body, 4.0, {1.0: lambda: durations.append(body.nod(1.0, kind))})  # type: ignore[arg-type]
    plain = film(still, 4.0)
    pitch = np.degrees(
        rot.log(clip.rotations[:, HEAD].astype(float)) - rot.log(plain.rotations[:, HEAD].astype(float))
    )[:, 0]
    index = ("short", "long", "upswing").index(kind)
    assert durations[0] == pytest.approx(ListenerSettings().nod_durations_s[index], rel=0.21)
    assert 2.0 < pitch.max() < 7.0, "the head joint carries 58 % of the nod"
    assert (pitch.min() < -1.0) == (kind == "upswing")
    assert np.abs(pitch[round((1.0 + durations[0]) / TICK_S) + 1 :]).max() < 0.01
    peaks = np.count_nonzero((pitch[1:-1] > pitch[:-2]) & (pitch[1:-1] >= pitch[2:]) & (pitch[1:-1] > 1.0))
    assert 1 <= peaks <= (2 if kind == "short" else 5)


def stroke_frames(clip: Clip) -> np.ndarray:
    at = places(clip)
    speed = np.linalg.norm(np.gradient(at[:, [LEFT, RIGHT]], TICK_S, axis=0), axis=-1)
    return speed


def test_beats_land_on_accented_words_at_the_set_rate() -> None:
    body = generator(rate=22.0)
    words = sentence(2.0, 120)
    clip = film(body, 45.0, {0.5: lambda: (body.set_mode("speaking", 1.8), body.speech_planned("r", 2.0, words))})
    del clip
    other = generator(rate=22.0)
    other.speech_planned("r", 2.0, words)
    minutes = (words[-1].end_s - words[0].start_s) / 60.0
    beats = {
        round(s.t_s - (0.045 if any(abs(s.t_s - 0.045 - o.t_s) < 1e-9 for o in other._strokes) else 0.0), 6)
        for s in other._strokes
    }
    assert len(beats) / minutes == pytest.approx(22.0, rel=0.25)
    accents = {round(word.accent_s, 6) for word in words if word.accent >= 0.5}
    assert beats <= accents
    assert len({s.side for s in other._strokes}) == 2, "both hands take turns"


def test_the_stroke_ends_at_the_accent() -> None:
    body = generator(rate=120.0)
    words = [SpokenWord("quiet", 1.0, 1.3, 0.05), SpokenWord("LOUD", 3.0, 3.3, 1.0), SpokenWord("end", 3.4, 3.6, 0.05)]
    clip = film(body, 6.0, {0.2: lambda: body.speech_planned("r", 1.0, words)})
    speed = stroke_frames(clip).max(axis=1)
    accent = words[1].accent_s
    before = slice(round((accent - 0.3) / TICK_S), round(accent / TICK_S))
    after = round((accent + 0.08) / TICK_S)
    assert speed[before].max() > 0.25, "the stroke"
    assert speed[after] < 0.25 * speed[before].max(), "and its stop"
    fastest = (before.start + int(np.argmax(speed[before]))) * TICK_S
    assert accent - 0.3 < fastest < accent


def test_no_beats_at_rate_zero_but_the_head_still_speaks() -> None:
    body, still = generator(rate=0.0), generator(rate=0.0)
    clip = film(body, 8.0, {0.2: lambda: body.speech_planned("r", 1.0, sentence(1.0, 18))})
    plain = film(still, 8.0)
    hands = np.linalg.norm(places(clip) - places(plain), axis=-1)[:, [LEFT, RIGHT]]
    assert hands.max() < 0.05
    turned = rot.angle_between(clip.rotations[:, HEAD].astype(float), plain.rotations[:, HEAD].astype(float))
    assert np.degrees(turned).max() > 1.5


def test_the_speaking_head_has_the_measured_spread() -> None:
    spreads = []
    for seed in range(2):
        body = generator(seed)
        clip = film(
            body,
            42.0,
            {
                0.1: lambda body=body: (
                    body.set_mode("speaking", 0.2),
                    body.speech_planned("r", 1.0, sentence(1.0, 125)),
                )
            },
        )
        _, world = kin.forward(clip.rotations, clip.hips_m)
        spreads.append(np.degrees(rot.to_euler(world[100:, HEAD], "YXZ")).std(axis=0))
    yaw, pitch, roll = np.mean(spreads, axis=0)
    # Busso et al. 2007, neutral: 3.3, 0.9, 0.8 degrees relative to a still trunk; sway of a standing body comes on top.
    assert 2.0 < pitch < 4.2 and 0.6 < yaw < 3.6 and 0.5 < roll < 2.6


def test_barge_in_drops_what_is_planned_and_shows_within_200_ms() -> None:
    for stop_at in (3.0, 3.3, 3.6, 4.1):
        body, on = generator(rate=60.0), generator(rate=60.0)
        speak = {0.2: lambda b=body: b.speech_planned("r", 1.0, sentence(1.0))}
        stopped = film(body, 9.0, {**speak, stop_at: lambda b=body, t=stop_at: b.speech_stopped(t)})
        going = film(on, 9.0, {0.2: lambda on=on: on.speech_planned("r", 1.0, sentence(1.0))})
        apart = np.linalg.norm(places(stopped) - places(going), axis=-1)[:, [LEFT, RIGHT]].max(axis=1)
        assert apart[: round(stop_at / TICK_S)].max() < 1e-6
        assert apart[round((stop_at + 0.2) / TICK_S)] > 0.01
        hands = places(stopped)[round((stop_at + 0.8) / TICK_S) :, [LEFT, RIGHT], 1]
        assert hands.max() < 0.96, "down and staying down"
        assert body._limiter.slowed == 0


def test_an_hour_of_speech_is_not_remembered() -> None:
    body = generator(rate=60.0)
    for clause in range(60):
        t_s = clause * 8.0
        body.sample(t_s)
        body.speech_planned("r", t_s + 0.5, sentence(t_s + 0.5, 20))
    assert len(body._strokes) < 40 and len(body._speaking) < 4 and len(body._offsets) < 4
