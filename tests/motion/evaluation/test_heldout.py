"""How real motion is split, cleaned and stood up, and that the shipped encoder keeps people apart from the procedural body."""

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import freqz

from motion import rotations as rot
from motion.clip import Clip
from motion.evaluation import encoder, run
from motion.evaluation.contact import skate_rate, soles
from motion.evaluation.heldout import NamedClip, _low_pass, halves, standing, without_noise
from motion.evaluation.sessions import read_sessions
from motion.evaluation.smoothness import mean_jerk
from motion.kinematics import positions
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS


def swaying(hz: float, frames: int = 120, size: float = 0.3) -> Clip:
    t = np.arange(frames) / 30.0
    turn = rot.exp(size * np.sin(2 * np.pi * hz * t + 0.4)[:, None, None] * np.array([0.3, 0.5, -0.2]))
    q = rot.multiply(np.broadcast_to(NEUTRAL_ROTATIONS.astype(np.float64), (frames, 22, 4)), turn)
    return Clip(30.0, q.astype(np.float32), np.zeros((frames, 3), np.float32), np.zeros((frames, 2, 6), np.float32))


def named(name: str, frames: int) -> NamedClip:
    return NamedClip(name, swaying(1.0, frames))


def test_actor_and_take_are_read_from_the_name() -> None:
    item = named("AnBh_0708_ftf_bluebeard_t3-001_24_213925_219158_5233_Amusement.bvh", 10)
    assert (item.actor, item.take) == ("AnBh", "AnBh_0708_ftf_bluebeard_t3-001")
    assert named("f_wave_01", 10).take == "f_wave_01"


def test_one_person_is_one_actor_whatever_the_takes_are_called() -> None:
    assert named("Sinead_2007_ftf_sw_t2-003_1_0_1_1_Joy.bvh", 10).actor == "SiGl"
    assert named("Session2_AnBh-x_1_2_3_4_Joy.bvh", 10).actor == "AnBh"


def test_narrators_are_stood_up_and_each_take_loses_its_own_lean() -> None:
    def seated(name: str, lean: float) -> NamedClip:
        clip = swaying(0.5, 90, 0.1)
        turns = clip.rotations.astype(float).copy()
        turns[:, INDEX["hips"]] = rot.multiply(rot.exp(np.array([lean - 0.5, 0.0, 0.0])), turns[:, INDEX["hips"]])
        turns[:, INDEX["spine"]] = rot.multiply(rot.exp(np.array([0.5, 0.0, 0.0])), turns[:, INDEX["spine"]])
        return NamedClip(name, Clip(30.0, turns.astype(np.float32), clip.hips_m - np.float32(0.4), clip.hands))

    stood = standing([seated("A_1_t1_0_0_1_1_Joy", 0.4), seated("A_1_t2_0_0_1_1_Joy", -0.1)])
    for item in stood:
        places = positions(item.clip.rotations, item.clip.hips_m)
        assert abs(places[:, INDEX["hips"], 1] - 0.93).max() < 0.02
        assert np.median(places[:, INDEX["upperChest"], 2] - places[:, INDEX["hips"], 2]) == pytest.approx(
            0.0, abs=0.05
        )
        assert skate_rate(soles(item.clip.rotations, item.clip.hips_m), 30.0) == 0.0


def test_halves_share_no_take_and_are_about_equal() -> None:
    clips = [named(f"A_1_ftf_t{take}_x_{n}_0_1_1_Joy", 10 * (take + 1)) for take in range(6) for n in range(3)]
    first, second = halves(clips)
    assert not {item.take for item in first} & {item.take for item in second}
    assert len(first) + len(second) == len(clips)
    lengths = [sum(len(item.clip) for item in half) for half in (first, second)]
    assert abs(lengths[0] - lengths[1]) <= 60
    with pytest.raises(ValueError, match="at least two takes"):
        halves(clips[:3])


def test_each_actor_is_in_both_halves_where_takes_allow() -> None:
    lengths = {"A": (300, 200, 90), "B": (50, 40), "C": (30,)}
    clips = [named(f"{who}_1_t{n}_x_0_1_1_Joy", k) for who, sizes in lengths.items() for n, k in enumerate(sizes)]
    first, second = halves(clips)
    for half in (first, second):
        assert {"A", "B"} <= {item.actor for item in half}
    assert sum(item.actor == "C" for item in (*first, *second)) == 1


def test_the_filter_keeps_motion_and_takes_noise() -> None:
    slow = swaying(2.0)
    kept = without_noise(slow)
    assert rot.angle_between(slow.rotations.astype(float), kept.rotations.astype(float))[12:-12].max() < 0.005
    assert rot.angle_between(slow.rotations.astype(float), kept.rotations.astype(float)).max() < 0.05, "at the ends too"
    slow = swaying(0.4, size=0.1)
    noise = rot.exp(np.random.default_rng(0).normal(0, 3e-4, (120, 22, 3)))
    rough = Clip(30.0, rot.multiply(slow.rotations.astype(float), noise).astype(np.float32), slow.hips_m, slow.hands)
    before, after, clean = (
        mean_jerk(positions(c.rotations, c.hips_m), 30.0) for c in (rough, without_noise(rough), slow)
    )
    assert abs(after - clean) < 0.4 * abs(before - clean)
    assert np.allclose(np.linalg.norm(kept.rotations, axis=-1), 1.0, atol=1e-6)


def test_the_filter_is_flat_below_and_closed_above_its_edge() -> None:
    reach = 10
    pulse = np.zeros((61, 1))
    pulse[30] = 1.0
    taps = _low_pass(pulse, 8.0 / 30.0)[30 - reach : 31 + reach, 0]
    _, response = freqz(taps, worN=[2.0, 5.0, 8.0, 11.0, 14.0], fs=30.0)
    gains = np.abs(response)
    assert (
        np.allclose(gains[:2], 1.0, atol=0.02) and gains[2] == pytest.approx(0.5, abs=0.03) and (gains[3:] < 0.02).all()
    )


@pytest.mark.parametrize("frames", [1, 2, 5, 15])
def test_short_clips_pass_the_filter(frames: int) -> None:
    assert len(without_noise(swaying(1.0, frames))) == frames


@pytest.mark.slow
@pytest.mark.computing
def test_real_people_are_nearer_to_real_people_than_baselines_are(attune_data: Path) -> None:
    if not (attune_data / "mpi-ebedb").is_dir() or not (attune_data / "ljspeech" / "wavs").is_dir():
        pytest.skip("mpi-ebedb or ljspeech is not in ATTUNE_DATA: attune data list")
    report = run.evaluate(
        run.held_out(attune_data), read_sessions(attune_data / "ljspeech" / "wavs"), encoder.shipped()
    )
    rows = report.methods
    assert rows["ground_truth"].fgd < report.between_actors_fgd < rows["procedural"].fgd < rows["static"].fgd
    assert rows["ground_truth"].coverage > 10 * rows["procedural"].coverage
    assert abs(rows["ground_truth"].ldlj_rel) < 0.3
    assert rows["ground_truth"].foot_contact_error == rows["ground_truth"].skate_rate == 0.0, "people stand"
    assert rows["procedural"].coupling_z > max(2.0, rows["mismatched_audio"].coupling_z + 1.0)
