"""The loopback bench: the agent's own voice in its own microphone, through rooms of every kind, with and without a person over it.

Measured with the real canceller, mask, voice detector and gate; the path between loudspeaker and microphone is simulated
(`behavioral.bench.echo_path`). The extra `aec` must be installed: these tests are not skipped without it.
"""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from behavioral.bench.echo import EchoScore, Person, conditions, measure
from behavioral.bench.echo_path import EchoPath
from behavioral.hearing.blocks import BLOCK_NS
from behavioral.hearing.echo import NoCanceller, WebRtcCanceller, open_canceller
from behavioral.hearing.front_end import FrontEnd, open_front_end
from behavioral.hearing.self_voice import SelfVoice
from behavioral.voice.tts.espeak import EspeakVoice
from runtime.errors import AttuneError
from runtime.offload import InlineOffload
from runtime.settings import HearingSettings, VoiceSettings

RATE_HZ = 22_050
SENTENCES = (
    "Let me show you how this works, it is easier than it looks.",
    "First you press the large button, and then you wait for the green light.",
    "The left side is for paper, and the right side is for glass.",
)


@pytest.fixture(scope="module")
def agent_voice() -> NDArray[np.int16]:
    """Eleven seconds of the agent's voice."""

    async def say() -> NDArray[np.int16]:
        tts = EspeakVoice(VoiceSettings(), InlineOffload())
        parts = []
        for sentence in SENTENCES:
            clause = await tts.synthesise(sentence)
            assert clause.sample_rate_hz == RATE_HZ
            parts += [clause.pcm, np.zeros(RATE_HZ // 4, np.int16)]
        await tts.aclose()
        return np.concatenate(parts)

    return asyncio.run(say())


@pytest.fixture(scope="module")
def recorded_voice(attune_data: Path) -> NDArray[np.int16]:
    """A real person's voice in the agent's place."""
    samples, rate_hz = soundfile.read(sorted((attune_data / "ljspeech" / "wavs").glob("*.wav"))[0], dtype="int16")
    assert rate_hz == RATE_HZ
    return np.asarray(samples, np.int16)


@pytest.fixture(scope="module")
def recorded_voices(attune_data: Path) -> NDArray[np.int16]:
    """Eighty seconds of that voice."""
    paths = sorted((attune_data / "ljspeech" / "wavs").glob("*.wav"))
    pieces = [np.asarray(soundfile.read(path, dtype="int16")[0], np.int16) for path in paths]
    return np.resize(np.concatenate(pieces), 80 * RATE_HZ)


@pytest.fixture(scope="module")
def reader(attune_data: Path) -> NDArray[np.float64]:
    """Two and a half seconds of a reader at -26 dBFS."""
    name = "librivox-austen-aligned/sense_and_sensibility_01_austen_64kb-0870.wav"
    samples, _ = soundfile.read(attune_data / name, dtype="float64")
    samples = samples[: 16_000 * 5 // 2]
    quieter: NDArray[np.float64] = samples * 10 ** (-26 / 20) / np.sqrt(np.mean(samples**2))
    return quieter


def name_of(path: EchoPath) -> str:
    return f"{path.delay_ms:.0f}ms {path.level_db:.0f}dB rt{path.rt60_s} {path.drift_ppm:+.0f}ppm drive{path.drive:.0f}"


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize("path", conditions(), ids=name_of)
def test_the_agent_never_hears_itself_speak(agent_voice: NDArray[np.int16], path: EchoPath) -> None:
    score = measure(agent_voice, RATE_HZ, path)
    assert (score.echo_onsets, score.echo_onsets_first) == (0, 0)
    over_noise_db = path.level_db - 20.0 - path.noise_dbfs  # the voice is at about -20 dBFS
    assert score.erle_db >= min(18.0, over_noise_db - 8.0), "clocks that drift apart cost nothing"


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize(
    ("drift_ppm", "host_drift_ppm"), [(0.0, 0.0), (200.0, 0.0), (-200.0, 0.0), (0.0, 200.0), (-400.0, 200.0)]
)
def test_a_real_voice_that_slides_through_real_devices_is_cancelled_as_if_it_did_not(
    recorded_voices: NDArray[np.int16], drift_ppm: float, host_drift_ppm: float
) -> None:
    """Session times come from late calls; in 80 s the echo would slide by 16 to 32 ms, and slip where it is set anew."""
    path = EchoPath(drift_ppm=drift_ppm, host_drift_ppm=host_drift_ppm)
    score = measure(recorded_voices, RATE_HZ, path, devices=True)
    assert score.echo_onsets == 0
    assert score.erle_db >= 20.0


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize("level_db", [-30.0, -10.0])
def test_a_real_voice_in_the_agents_place_is_not_heard_either(
    recorded_voice: NDArray[np.int16], level_db: float
) -> None:
    score = measure(recorded_voice, RATE_HZ, EchoPath(level_db=level_db))
    assert score.echo_onsets == 0


@pytest.mark.slow
@pytest.mark.computing
def test_without_any_defence_the_echo_is_taken_for_a_person(agent_voice: NDArray[np.int16]) -> None:
    score = measure(agent_voice, RATE_HZ, EchoPath(), front_end=FrontEnd(NoCanceller()))
    assert score.echo_onsets >= 2
    assert score.erle_db == 0.0


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize(
    "path",
    [
        EchoPath(level_db=-40.0),
        EchoPath(level_db=-20.0, delay_ms=250.0),
        EchoPath(),
        EchoPath(level_db=0.0, rt60_s=0.7),
        EchoPath(drift_ppm=-200.0, drive=3.0),
    ],
    ids=name_of,
)
def test_the_mask_alone_keeps_the_agent_from_hearing_itself(agent_voice: NDArray[np.int16], path: EchoPath) -> None:
    assert measure(agent_voice, RATE_HZ, path, front_end=FrontEnd(NoCanceller(), SelfVoice())).echo_onsets == 0


def talked_over(voice: NDArray[np.int16], reader: NDArray[np.float64], path: EchoPath) -> EchoScore:
    return measure(voice, RATE_HZ, path, person=Person(reader, (1.0, 6.0)))


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize("level_db", [-40.0, -30.0, -20.0])
def test_a_person_over_the_agents_voice_is_heard_soon(
    agent_voice: NDArray[np.int16], reader: NDArray[np.float64], level_db: float
) -> None:
    score = talked_over(agent_voice, reader, EchoPath(level_db=level_db))
    assert score.found == score.talked_over == 2
    assert max(score.latency_ms) <= 500.0  # 96 ms of them are the gate's
    assert score.kept >= 0.8
    assert score.echo_onsets == 0


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize(
    "path", [EchoPath(), EchoPath(drift_ppm=200.0), EchoPath(delay_ms=400.0, drive=3.0)], ids=name_of
)
def test_over_a_loud_echo_a_person_is_heard_a_little_later(
    agent_voice: NDArray[np.int16], reader: NDArray[np.float64], path: EchoPath
) -> None:
    score = talked_over(agent_voice, reader, path)
    assert score.found == score.talked_over
    assert max(score.latency_ms) <= 1_300.0
    assert score.kept >= 0.4  # while two talk at once the canceller takes of both


@pytest.mark.slow
@pytest.mark.computing
def test_a_person_alone_is_heard_as_without_the_front_end(reader: NDArray[np.float64]) -> None:
    silence = np.zeros(RATE_HZ * 10, np.int16)
    with_it = talked_over(silence, reader, EchoPath())
    without = measure(
        silence, RATE_HZ, EchoPath(), person=Person(reader, (1.0, 6.0)), front_end=FrontEnd(NoCanceller())
    )
    assert with_it.kept >= 0.97
    assert with_it.found == without.found == 2
    assert np.allclose(with_it.latency_ms, without.latency_ms, atol=65.0)  # two blocks


def blocks(samples: NDArray[np.float64]) -> list[bytes]:
    whole = samples[: len(samples) // 512 * 512].reshape(-1, 512)
    return [np.rint(block * 32_767).astype("<i2").tobytes() for block in whole]


@pytest.mark.parametrize("suppress_noise", [True, False])
@pytest.mark.parametrize("cancel_echo", [True, False])
def test_the_time_of_a_cleaned_block_is_that_of_its_sound(
    cancel_echo: bool, suppress_noise: bool, reader: NDArray[np.float64]
) -> None:
    front = FrontEnd(WebRtcCanceller(cancel_echo=cancel_echo, suppress_noise=suppress_noise))
    reader = 4 * np.diff(reader)  # above the high-pass filter, which delays what is near its edge
    cleaned = [front.clean(pcm, 10**9 + index * BLOCK_NS) for index, pcm in enumerate(blocks(reader))]
    out = np.concatenate([np.frombuffer(block.pcm, "<i2") for block in cleaned]).astype(float)
    behind = round((10**9 - cleaned[0].t_ns) * 16_000 / 1e9)
    spectra = np.fft.rfft(out, 2**17) * np.conj(np.fft.rfft(reader, 2**17))
    assert abs(int(np.argmax(np.fft.irfft(spectra))) - behind) <= 16  # a millisecond


def test_late_lost_and_absurd_pieces_of_the_far_end_break_nothing(reader: NDArray[np.float64]) -> None:
    front = open_front_end(HearingSettings(), own_loudspeaker=True, page=False)
    rng = np.random.default_rng(4)
    for index, pcm in enumerate(blocks(np.tile(reader, 2))):
        t_ns = index * BLOCK_NS
        jump_ns = int(rng.integers(-2_000, 2_000)) * 1_000_000
        if index % 3:
            front.played(pcm, int(rng.choice([16_000, 22_050, 48_000, 1, 0])), max(0, t_ns + jump_ns))
        front.played(b"\1", 16_000, t_ns)
        clean = front.clean(pcm, t_ns if index % 17 else t_ns + 400_000_000)
        assert len(clean.pcm) == 1_024
        assert 0.0 <= clean.own_voice <= 1.0
        assert 0.0 <= clean.uncleaned <= 1.0
    assert front.trouble == ""


# ------------------------------------------------------------ who gets what


def test_a_page_and_a_recording_are_passed_on_untouched() -> None:
    pcm = bytes(range(256)) * 4
    for page in (True, False):
        front = open_front_end(HearingSettings(), own_loudspeaker=False, page=page)
        front.played(pcm, 16_000, 0)
        clean = front.clean(pcm, 5 * BLOCK_NS)
        assert (clean.pcm, clean.t_ns, clean.own_voice, front.listens) == (pcm, 5 * BLOCK_NS, 0.0, False)


def test_a_page_can_have_the_mask_and_a_recording_cannot() -> None:
    settings = HearingSettings(self_voice="on")
    assert open_front_end(settings, own_loudspeaker=False, page=True).listens
    assert not open_front_end(settings, own_loudspeaker=False, page=False).listens


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "livekit.rtc.apm", None)


def test_without_the_library_the_mask_works_and_health_says_the_mend(no_library: None) -> None:
    front = open_front_end(HearingSettings(), own_loudspeaker=True, page=False)
    assert front.listens
    assert "echo canceller is not installed" in front.trouble
    assert "attune[aec]" in front.trouble


def test_asked_for_by_name_it_is_an_error_without_the_library(no_library: None) -> None:
    with pytest.raises(AttuneError, match=r"hearing\.echo to none"):
        open_canceller(HearingSettings(echo="webrtc"))


def test_none_wants_no_library_and_is_no_trouble(no_library: None) -> None:
    canceller = open_canceller(HearingSettings(echo="none"))
    assert (canceller.name, canceller.reason, canceller.delay_samples) == ("none", "", 0)
    assert open_canceller(HearingSettings(echo="none", noise_suppression=True)).reason == ""


def test_noise_suppression_and_gain_control_do_what_they_say(reader: NDArray[np.float64]) -> None:
    def out(make: Callable[[], WebRtcCanceller], sound: NDArray[np.float64]) -> NDArray[np.float64]:
        front = FrontEnd(make())
        pcm = [front.clean(block, index * BLOCK_NS).pcm for index, block in enumerate(blocks(sound))]
        return np.frombuffer(b"".join(pcm), "<i2")[-16_000:] / 32_768.0

    noise = np.random.default_rng(2).standard_normal(16_000 * 4) * 0.01
    plain = out(lambda: WebRtcCanceller(cancel_echo=False, suppress_noise=False), noise)
    quieter = out(lambda: WebRtcCanceller(cancel_echo=False, suppress_noise=True), noise)
    assert 20 * np.log10(plain.std() / quieter.std()) > 6.0
    whisper = np.tile(reader, 4) * 0.1
    low = out(lambda: WebRtcCanceller(cancel_echo=False, suppress_noise=False), whisper)
    raised = out(lambda: WebRtcCanceller(cancel_echo=False, suppress_noise=False, control_gain=True), whisper)
    assert 20 * np.log10(raised.std() / low.std()) > 3.0


def test_a_library_that_fails_in_the_middle_is_given_up_and_the_sound_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def __init__(self, **_features: bool) -> None:
            self.frames = 0

        def process_reverse_stream(self, _frame: object) -> None:
            self.frames += 1
            if self.frames > 10:
                raise RuntimeError("bad handle")

        def process_stream(self, _frame: object) -> None:
            pass

    apm = types.ModuleType("livekit.rtc.apm")
    apm.AudioProcessingModule = Failing  # type: ignore[attr-defined] # stands in for the library's class
    monkeypatch.setitem(sys.modules, "livekit.rtc.apm", apm)
    front = FrontEnd(WebRtcCanceller())
    pcm = b"\7\0" * 512
    out = [front.clean(pcm, 10**9 + index * BLOCK_NS) for index in range(6)]
    assert "bad handle" in front.trouble
    assert out[-1].pcm == pcm
    assert out[-1].t_ns == 10**9 + 5 * BLOCK_NS
