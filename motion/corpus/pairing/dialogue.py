"""One scene as the generator will meet them: who speaks when, what is said, and what the body does meanwhile.

Turns are drawn from the AMI statistics. In the agent's turns the body plays pieces of one style and clauses are found for them (`search`);
in the user's it listens while another voice talks. Each turn follows from the one before: motion first, then the speech that fits it,
then the next turn's beginning. At the end all strokes that have an accent near are brought to it by a gentle warp (`warp`), and the head
gets what silent motion of other people could not have: feedback to this user and accents of this speech (`nods`). Seconds from the
scene's start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from motion.clip import Clip
from motion.corpus.pairing import nods
from motion.corpus.pairing.cast import Body, Cast, Style, feedback
from motion.corpus.pairing.material import FPS
from motion.corpus.pairing.search import Match, Pool, Spoken, Stroke, find_speech, matches
from motion.corpus.pairing.speech import Float32, sound_track
from motion.corpus.pairing.splice import Reel, Splice
from motion.corpus.pairing.warp import Warp, plan, warped
from motion.corpus.scene import Scene
from motion.corpus.turn_statistics import Spurt, is_feedback, joined
from motion.corpus.turns import TurnSampler
from motion.corpus.words import TimedWord
from motion.features.frames import SAMPLE_RATE_HZ

Kind = Literal["speaking", "dialogue", "listening", "idle"]
Mirror = Callable[[Clip], Clip]

LENGTH_S: Final = (30.0, 60.0)
_BEFORE_S: Final = 0.4
"""The body begins to speak so long before the voice."""
_AFTER_S: Final = 0.8
_SHORTEST_TURN_S: Final = 1.2
_PAUSE_S: Final = (0.15, 1.0)
_LEVEL_SPREAD_DB: Final = 4.0
_NOISE_DB: Final = (-75.0, -52.0)
_NOISY: Final = 0.7
_TAIL_S: Final = 0.6


@dataclass(frozen=True, slots=True)
class Record:
    """How a scene came about, for measuring.

    Attributes:
        kind: of scene.
        agent: what the agent says.
        user: what the user says.
        strokes: of the motion before the warp.
        matched: strokes with their accents.
        warp: what was done about them.
        splices: where pieces meet, before the warp.
        speaking: stretches in which the body speaks.
        acts: of the listening head.
        mirrored: whether left and right were exchanged.
    """

    kind: Kind
    agent: tuple[Spoken, ...]
    user: tuple[Spoken, ...]
    strokes: tuple[Stroke, ...]
    matched: tuple[Match, ...]
    warp: Warp
    splices: tuple[Splice, ...]
    speaking: tuple[tuple[float, float], ...]
    acts: tuple[nods.HeadAct, ...]
    mirrored: bool


@dataclass(slots=True)
class _Take:
    """A scene while it is being made."""

    cast: Cast
    style: Style
    agent_pool: Pool
    user_pool: Pool
    rng: np.random.Generator
    own_quiet: bool
    reel: Reel = field(default_factory=Reel)
    bodies: list[tuple[float, Body]] = field(default_factory=list)
    agent: list[Spoken] = field(default_factory=list)
    user: list[Spoken] = field(default_factory=list)

    def switch(self, body: Body, at_s: float) -> float:
        """Let the body change by about a time; returns when it does."""
        if not self.reel.parts:
            piece = self.cast.offered(body, self.style, self.rng, self.own_quiet)[0]
            self.reel.begin(piece)
            self.cast.took(piece)
            self.bodies.append((0.0, body))
            return 0.0
        self._append(body, round(at_s * FPS))
        self.bodies.append((self.reel.splices[-1].middle_s, body))
        return self.bodies[-1][0]

    def cover(self, until_s: float) -> None:
        """Go on with the present state of the body until a time."""
        while self.reel.frames < until_s * FPS:
            self._append(self.bodies[-1][1], None)

    def _append(self, body: Body, leave_by: int | None) -> None:
        offered = self.cast.offered(body, self.style, self.rng, self.own_quiet)
        last = self.reel.parts[-1][0].name
        taken = self.reel.append([m for m in offered if m.name != last] or offered, leave_by)
        if taken is None:
            raise ValueError(f"style {self.style}: no piece is long enough for {body!r}")
        self.cast.took(taken)

    def spans(self, wanted: Body, length_s: float) -> list[tuple[float, float]]:
        """Stretches of one state of the body."""
        edges = [*self.bodies, (length_s, self.bodies[-1][1])]
        return [(a[0], min(b[0], length_s)) for a, b in pairwise(edges) if a[1] == wanted and a[0] < length_s]


def make_scene(
    cast: Cast, kind: Kind, name: str, length_s: float, rng: np.random.Generator, mirror: Mirror | None = None
) -> tuple[Scene, Record]:
    """Make one scene.

    Args:
        cast: material of its split; its counts of use go up.
        kind: `speaking` and `listening` are one long turn, `idle` is nobody's.
        name: of the scene.
        length_s: about what it should last.
        rng: all chance.
        mirror: exchanges left and right in a clip; used for every second scene.

    Raises:
        ValueError: a style has no piece that is long enough.
    """
    style = cast.next_style(rng)
    agent_pool = cast.agent(rng)
    take = _Take(cast, style, agent_pool, cast.user(agent_pool, rng), rng, cast.own_quiet(style, rng))
    if kind in ("speaking", "dialogue"):
        # Of a style with little material a long scene would show the same again and again.
        length_s = min(length_s, max(12.0, (1.0 if kind == "speaking" else 2.0) * cast.seconds(style)))
    end_s = _perform(take, kind, length_s)
    frames = min(take.reel.frames, round((end_s + _TAIL_S) * FPS))
    scene_s = frames / FPS
    strokes = [s for s in take.reel.strokes() if s.t_s < scene_s]
    agent = [p for p in take.agent if p.end_s <= scene_s]
    user = [p for p in take.user if p.end_s <= scene_s]
    matched = matches([s for s in strokes if _within(s.t_s, take.spans("speak", scene_s))], agent)
    warp = plan(
        scene_s,
        [m.stroke_s for m in matched],
        [m.wanted_s for m in matched],
        [m.weight for m in matched],
    )
    clip = warped(take.reel.clip(frames), warp)
    exchanged = mirror is not None and bool(rng.random() < 0.5)
    if mirror is not None and exchanged:
        clip = mirror(clip)
    listening = [*take.spans("listen", scene_s), *take.spans("idle", scene_s)]
    acts, angles = nods.listener_acts(user, sorted(listening), scene_s, rng)
    clip = nods.with_head(clip, angles + nods.accent_nods(agent, scene_s, rng))
    size = round(scene_s * SAMPLE_RATE_HZ)
    gains = rng.uniform(-_LEVEL_SPREAD_DB, _LEVEL_SPREAD_DB, size=2)
    scene = Scene(
        name=name,
        split=cast.split,
        actor=take.style[0] if kind in ("speaking", "dialogue") else take.reel.parts[0][0].actor,
        emotion=take.style[1] if kind in ("speaking", "dialogue") else take.reel.parts[0][0].emotion,
        clip=clip,
        agent=sound_track(agent, size, float(gains[0])),
        user=_with_room(sound_track(user, size, float(gains[1])), rng),
        words=tuple(
            TimedWord(w.text, p.start_s + w.start_s, p.start_s + w.end_s) for p in agent for w in p.utterance.words
        ),
    )
    record = Record(
        kind, tuple(agent), tuple(user), tuple(strokes), tuple(matched), warp, tuple(take.reel.splices),
        tuple(take.spans("speak", scene_s)), tuple(acts), exchanged,
    )  # fmt: skip
    return scene, record


def _perform(take: _Take, kind: Kind, length_s: float) -> float:
    """Play the turns; returns when the last is over."""
    if kind == "speaking":
        return _agent_turn(take, float(take.rng.uniform(0.2, 0.9)), length_s)
    if kind == "listening":
        take.switch("listen", 0.0)
        clock = float(take.rng.uniform(0.5, 2.0))
        while clock < length_s - 3.0:
            clock = _user_turn(take, clock, float(take.rng.uniform(5.0, 20.0))) + float(take.rng.uniform(0.8, 2.5))
        take.cover(clock + _TAIL_S)
        return clock
    if kind == "idle":
        take.switch("idle", 0.0)
        take.cover(length_s + _TAIL_S)
        return length_s
    spurts = joined(TurnSampler(take.rng).dialogue(length_s))
    flags = is_feedback(spurts)
    turns = _turns([s for s, flag in zip(spurts, flags, strict=True) if not flag])
    replies = [s for s, flag in zip(spurts, flags, strict=True) if flag]
    clock = planned = 0.0
    # The scene begins with a moment of nothing.
    shift = float(take.rng.uniform(0.4, 1.2))
    for turn in turns:
        start = max(0.3, clock + (turn.start_s - planned) + shift)
        shift, planned = 0.0, turn.end_s
        before = clock
        clock = (_agent_turn if turn.speaker == 0 else _user_turn)(take, start, max(_SHORTEST_TURN_S, turn.length_s))
        clock = max(clock, before)
        for reply in replies:
            if turn.start_s <= reply.start_s < turn.end_s and reply.speaker != turn.speaker:
                _reply(take, reply, start + reply.start_s - turn.start_s, clock)
    take.cover(clock + _TAIL_S)
    return clock


def _turns(spurts: list[Spurt]) -> list[Spurt]:
    """Spurts of one speaker in a row as one."""
    out: list[Spurt] = []
    for spurt in spurts:
        if out and out[-1].speaker == spurt.speaker:
            out[-1] = out[-1]._replace(end_s=max(out[-1].end_s, spurt.end_s))
        else:
            out.append(spurt)
    return out


def _agent_turn(take: _Take, start_s: float, length_s: float) -> float:
    """The body goes over to speaking, then clauses are found; returns when the voice is over."""
    if not take.bodies and start_s > 1.0:
        take.switch("idle", 0.0)
    begun = take.switch("speak", start_s - _BEFORE_S)
    start_s = max(start_s, begun + 0.1)
    take.cover(start_s + length_s + _AFTER_S)
    reel, end_s = take.reel, start_s + length_s
    said = find_speech(reel.strokes(), reel.still(), start_s, end_s, take.agent_pool, take.rng, reel.speed_mps())
    take.agent += said
    return said[-1].end_s if said else start_s + 0.5


def _user_turn(take: _Take, start_s: float, length_s: float) -> float:
    """The other talks; the body listens from soon after the agent's last word on."""
    voice, rng = take.user_pool, take.rng
    clock = start_s
    while clock < start_s + length_s - 0.5:
        left = start_s + length_s + 0.5 - clock
        fitting = [u for u in voice.clauses if u.duration_s <= left]
        if not fitting:
            break
        least = min(voice.uses[u.name] for u in fitting)
        fresh = [u for u in fitting if voice.uses[u.name] <= least + 1]
        utterance = fresh[int(rng.integers(len(fresh)))]
        voice.uses[utterance.name] += 1
        take.user.append(Spoken(utterance, clock))
        clock += utterance.duration_s + float(np.clip(rng.lognormal(np.log(0.4), 0.6), *_PAUSE_S))
    end_s = take.user[-1].end_s if take.user else start_s
    if not take.bodies or take.bodies[-1][1] == "speak":
        spoken_s = take.agent[-1].end_s if take.agent else 0.0
        take.switch("listen", spoken_s + _AFTER_S)
    take.cover(end_s + _TAIL_S)
    return max(end_s, start_s)


def _reply(take: _Take, reply: Spurt, start_s: float, until_s: float) -> None:
    """Place a short word of the one who listens, where it fits."""
    pool, track = (take.agent_pool, take.agent) if reply.speaker == 0 else (take.user_pool, take.user)
    word = feedback(pool, reply.length_s, take.rng)
    if word is None or start_s + word.duration_s > until_s:
        return
    placed = Spoken(word, start_s)
    if all(placed.end_s + 0.3 < p.start_s or placed.start_s > p.end_s + 0.3 for p in track):
        track.append(placed)
        track.sort(key=lambda p: p.start_s)


def _within(t_s: float, spans: list[tuple[float, float]]) -> bool:
    return any(a <= t_s <= b for a, b in spans)


def _with_room(track: Float32, rng: np.random.Generator) -> Float32:
    """Add the noise of a room to most microphones: what is heard there is never quite silent."""
    if rng.random() > _NOISY:
        return track
    level = 10 ** (float(rng.uniform(*_NOISE_DB)) / 20)
    noise = rng.standard_normal(len(track)).astype(np.float32)
    # Low frequencies prevail in rooms: a leaky sum of white noise, as a short filter.
    kernel = (0.8 ** np.arange(24)).astype(np.float32)
    coloured = np.convolve(noise, kernel / np.sqrt((kernel**2).sum()), mode="same").astype(np.float32)
    return np.clip(track + np.float32(level) * coloured, -1.0, 1.0).astype(np.float32)
