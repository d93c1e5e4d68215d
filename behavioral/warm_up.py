"""Runs the hot path once on made-up input before the session, so that its first real use is as quick as the others.

The first call of many numpy functions imports or builds something; ten milliseconds of that at the person's first word would be half a
frame. Everything here is scratch: its own body, ear and voice, silence and a tone, nothing published. Takes about a fifth of
a second; blocking, called before media time zero.
"""

from __future__ import annotations

import numpy as np

from behavioral.body.body import Body
from behavioral.dialogue.scenario import Scenario
from behavioral.dialogue.scripted import ScriptedDialogue
from behavioral.hearing.asr.silent import NoRecogniser
from behavioral.hearing.ear import Ear
from behavioral.hearing.echo import NoCanceller
from behavioral.hearing.front_end import FrontEnd
from behavioral.hearing.self_voice import SelfVoice
from behavioral.sources.contract import BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ
from behavioral.voice.breath import breath_in
from behavioral.voice.playback import Playback
from behavioral.voice.speaker import ClauseScheduled
from behavioral.voice.tts.silent import estimated_clause
from behavioral.voice.visemes import viseme_track
from runtime.clock import NS_PER_S, Clock
from runtime.settings import Profile
from runtime.ticker import Tick

TONE_HZ = 140.0
SPEECH_BLOCKS = range(10, 40)
BLOCKS = 60
FRAMES = 60
SENTENCE = "Let me show you something."


class _ScriptedVad:
    """Says that the blocks of `SPEECH_BLOCKS` are speech."""

    name = "scripted"
    reason = ""

    def __init__(self) -> None:
        self._block = 0

    def probability(self, block: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
        self._block += 1
        return float(self._block in SPEECH_BLOCKS)

    def reset(self) -> None:
        self._block = 0


def warm_up(profile: Profile, scenario: Scenario, clock: Clock) -> None:
    """Hear, answer, speak and move once, for nothing."""
    _hear(profile, clock)
    ScriptedDialogue(scenario, 0).answer("what is it that you can do for me today")
    _move(profile, clock)
    breath_in()


def _hear(profile: Profile, clock: Clock) -> None:
    ear = Ear(profile.hearing, profile.listener, NoRecogniser(), _ScriptedVad(), clock)
    time_s = np.arange(BLOCKS * BLOCK_SAMPLES) / SAMPLE_RATE_HZ
    tone = (6_000 * np.sin(2 * np.pi * TONE_HZ * time_s * (1 + 0.02 * time_s))).astype("<i2")
    front = FrontEnd(NoCanceller(), SelfVoice())
    for index, block in enumerate(tone.reshape(BLOCKS, BLOCK_SAMPLES)):
        front.played(block.tobytes(), SAMPLE_RATE_HZ, index * BLOCK_NS)
        clean = front.clean(block.tobytes(), index * BLOCK_NS)
        ear.push(clean.pcm, clean.t_ns)
    ear.flush()


def _move(profile: Profile, clock: Clock) -> None:
    body = Body(profile, 0)
    playback = Playback(clock, profile.voice, duck_gain=profile.turns.duck_gain)
    clause = estimated_clause(SENTENCE, profile.voice.rate_wpm)
    start_ns = playback.enqueue("warm-up", 0, clause) or 0
    playback.duck(True)
    for index in range(FRAMES):
        t_ns = round(index * NS_PER_S / profile.loop.tick_hz)
        if index == 5:
            body.set_mode("listening", t_ns / NS_PER_S)
        elif index == 10:
            body.set_mode("thinking", t_ns / NS_PER_S)
        elif index == 15:
            body.speech_scheduled(ClauseScheduled("warm-up", 0, clause, t_ns, (), viseme_track(clause.phonemes)))
            body.perform_tag("wave", "warm-up", t_ns / NS_PER_S, t_ns / NS_PER_S + 0.5)
            body.set_mode("speaking", t_ns / NS_PER_S)
        elif index == 40:
            body.generator.nod(t_ns / NS_PER_S, "short")
            body.generator.posture(t_ns / NS_PER_S, "lean_in", 0.5)
        elif index == 50:
            body.speech_stopped(t_ns / NS_PER_S)
        body.frame(Tick(index, t_ns, 0.0), ())
        playback.pieces_due(start_ns + t_ns)
    playback.stop("warm-up", start_ns)
