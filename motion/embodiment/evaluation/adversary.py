"""Everything that can go wrong between an agent and its body, drawn at random: what is wanted, when it arrives, who interferes.

One tick after the other, under a seed. Motion comes in stretches of some seconds: the agent's own (gestures of the lexicon, one into the
other), rotations that jump and shake, joint targets far outside of every limit. On their way frames are late, lost, in bursts, out of
order, or hold numbers that are none; the stream stops; the clock jumps; somebody presses the emergency stop, comes near, restarts the
driver. Pure computation; one thread.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from motion.embodiment.description import BodyDescription, Float64
from motion.procedural.generator import ProceduralGenerator
from motion.procedural.lexicon import LABELS
from runtime.settings import ListenerSettings, MotionSettings
from runtime.vocabulary import BODY_JOINTS

Kind = Literal["agent", "shaking", "jumping", "joints", "silence"]
KINDS: tuple[Kind, ...] = ("agent", "shaking", "jumping", "joints", "silence")
SHARES = (0.5, 0.15, 0.15, 0.15, 0.05)
STRETCH_S = (1.0, 8.0)
LOST = 0.08
NO_NUMBER = 0.004
SACCADE = 0.02
"""How likely the agent's eyes jump in a tick: once a second."""
LATE_TICKS_MAX = 6
STOP_EVERY_S, RELEASE_AFTER_S = 25.0, (0.2, 2.5)
PERSON_EVERY_S = 12.0
CLOCK_EVERY_S = 70.0
RESTART_EVERY_S = 45.0
RESTART_TICKS = (10, 60)


@dataclass(slots=True)
class Wanted:
    """What is asked of the body in one tick.

    Attributes:
        kind: of motion; the agent's own counts for the share of poses in which it would touch itself.
        rotations: float32 [22, 4] of a frame that arrives in this tick; None: none does.
        hands: float32 [2, 6] of it.
        eyes_rad: of it.
        joints: [joints] targets that arrive instead of a frame.
        emergency_stop: it is pressed now.
        release: it is released now.
        person_m: how near the nearest person is from now on.
        clock_jump_s: by how much the driver's clock jumps.
        restart_ticks: the driver dies now and is back after so many ticks.
    """

    kind: Kind
    rotations: Float64 | None = None
    hands: Float64 | None = None
    eyes_rad: tuple[float, float] = (0.0, 0.0)
    joints: Float64 | None = None
    emergency_stop: bool = False
    release: bool = False
    person_m: float | None = None
    clock_jump_s: float = 0.0
    restart_ticks: int = 0


@dataclass(slots=True)
class _Shake:
    axes: Float64
    amplitudes: Float64
    rates_hz: Float64
    phases: Float64


@dataclass(slots=True)
class Adversary:
    """The script of one run."""

    body: BodyDescription
    seed: int
    _chance: np.random.Generator = field(init=False)
    _generator: ProceduralGenerator = field(init=False)
    _kind: Kind = field(init=False, default="agent")
    _left: int = field(init=False, default=0)
    _tick: int = field(init=False, default=0)
    _gesture_s: float = field(init=False, default=0.5)
    _gestures: int = field(init=False, default=0)
    _shake: _Shake | None = field(init=False, default=None)
    _way: deque[tuple[int, Wanted]] = field(init=False, default_factory=deque)
    _release_at: int = field(init=False, default=-1)
    _held: Float64 | None = field(init=False, default=None)
    _eyes: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    _jumped: Float64 | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Begin."""
        self._chance = np.random.default_rng(self.seed)
        self._generator = ProceduralGenerator(self.seed, ListenerSettings(), MotionSettings())

    def next(self) -> Wanted:
        """Return what arrives in the next tick, and who interferes."""
        self._tick += 1
        if self._left <= 0:
            self._begin_stretch()
        self._left -= 1
        made = self._made()
        if made is not None and self._chance.random() >= LOST:
            late = int(self._chance.integers(0, LATE_TICKS_MAX)) if self._chance.random() < 0.2 else 0
            self._way.append((self._tick + late, made))
        arrived = Wanted(self._kind)
        for due, frame in list(
            self._way
        ):  # several may arrive at once, the newest is taken; those that overtook stay ahead
            if due <= self._tick:
                self._way.remove((due, frame))
                arrived = frame
        return self._interfered(arrived)

    def _begin_stretch(self) -> None:
        low, high = STRETCH_S
        self._left = round(self._chance.uniform(low, high) * self.body.rate_hz)
        self._kind = KINDS[int(self._chance.choice(len(KINDS), p=SHARES))]
        count = len(BODY_JOINTS)
        axes = self._chance.normal(size=(count, 3))
        self._shake = _Shake(
            axes / np.linalg.norm(axes, axis=1, keepdims=True),
            self._chance.uniform(0.0, 1.4, count),
            self._chance.uniform(0.1, 5.0, count),
            self._chance.uniform(0.0, 6.28, count),
        )

    def _made(self) -> Wanted | None:
        at_s = self._tick / self.body.rate_hz
        if self._kind == "silence":
            return None
        if self._kind == "joints":
            return self._joint_targets()
        if self._kind == "agent":
            if at_s >= self._gesture_s:
                self._generator.gesture(f"g{self._gestures}", at_s, str(self._chance.choice(LABELS)))
                self._gesture_s, self._gestures = at_s + self._chance.uniform(0.8, 4.0), self._gestures + 1
            pose = self._generator.sample(at_s)
            rotations, hands = pose.rotations.astype(float), pose.hands.astype(float)
        else:
            rotations, hands = self._rotations(at_s), self._chance.uniform(0.0, 1.0, (2, 6))
        if self._chance.random() < (SACCADE if self._kind == "agent" else 0.5):
            self._eyes = (float(self._chance.normal(0.0, 0.3)), float(self._chance.normal(0.0, 0.15)))
        if self._chance.random() < NO_NUMBER:
            rotations = np.array(rotations)
            rotations[int(self._chance.integers(len(rotations)))] = self._chance.choice([np.nan, np.inf])
        return Wanted(self._kind, rotations, hands, self._eyes)

    def _joint_targets(self) -> Wanted:
        if self._held is None or self._chance.random() < 0.15:
            low, high = self.body.vector("low_rad"), self.body.vector("high_rad")
            far = 0.5 * (low + high) + self._chance.choice([0.4, 1.0, 3.0]) * (high - low) * self._chance.uniform(
                -1.0, 1.0, len(low)
            )
            self._held = np.where(self._chance.random(len(low)) < 0.3, self._chance.choice([low, high]), far)
        joints = self._held
        if self._chance.random() < NO_NUMBER:
            joints = joints.copy()
            joints[int(self._chance.integers(len(joints)))] = np.nan
        return Wanted(self._kind, joints=joints)

    def _rotations(self, at_s: float) -> Float64:
        shake = self._shake
        assert shake is not None
        if self._kind == "jumping":
            if self._jumped is None or self._chance.random() < 0.2:
                half = 0.5 * self._chance.uniform(-1.6, 1.6, len(BODY_JOINTS))
                self._jumped = np.column_stack((shake.axes * np.sin(half)[:, None], np.cos(half)))
            return self._jumped
        half = 0.5 * shake.amplitudes * np.sin(2.0 * np.pi * shake.rates_hz * at_s + shake.phases)
        return np.column_stack((shake.axes * np.sin(half)[:, None], np.cos(half)))

    def _interfered(self, arrived: Wanted) -> Wanted:
        per_tick = 1.0 / self.body.rate_hz
        wanted = Wanted(arrived.kind, arrived.rotations, arrived.hands, arrived.eyes_rad, arrived.joints)
        if self._chance.random() < per_tick / STOP_EVERY_S:
            wanted.emergency_stop = True
            self._release_at = self._tick + round(self._chance.uniform(*RELEASE_AFTER_S) * self.body.rate_hz)
        wanted.release = 0 <= self._release_at <= self._tick
        if self._chance.random() < per_tick / PERSON_EVERY_S:
            wanted.person_m = float(self._chance.choice([0.1, 0.5, 0.9, np.nan, np.inf, np.inf, np.inf]))
        if self._chance.random() < per_tick / CLOCK_EVERY_S:
            wanted.clock_jump_s = float(self._chance.choice([-100.0, -0.3, 0.3, 1e4]))
        if self._chance.random() < per_tick / RESTART_EVERY_S:
            wanted.restart_ticks = int(self._chance.integers(*RESTART_TICKS))
        return wanted

    def released(self) -> None:
        """Say that the stop has been released: it is not asked for again."""
        self._release_at = -1
