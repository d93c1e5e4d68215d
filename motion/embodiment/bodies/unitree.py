"""Unitree G1's arms and waist by its SDK (`unitree_sdk2py`, from Unitree's repository), while its own legs keep it standing.

Commands are `LowCmd` on `rt/arm_sdk`: for motors 12 to 28 an angle, a speed, stiffness and damping, and at index 29 the weight, by which
the robot blends our angles with its own (0: all its own, 1: all ours). The weight is raised over `WEIGHT_S` only after angles equal to
the measured ones have gone out, and lowered at the end before we fall silent; after a loss it begins at 0 again. While it changes
nothing else is sent: `push` waits, and the filter then begins at the angles that were held. States come on `rt/lowstate` in a thread of
the SDK's; where none has come for `SILENT_S` the robot is away, and what we send has weight 0. Each command carries its CRC. `Write` is
the SDK's: it puts a sample into DDS and does not wait for the robot. Where its model is on this machine its arms are kept off its own
body (`g1_apart`). Never seen on a real G1: try it on a stand, with the remote's stop at hand.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import Any

import numpy as np

from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.g1_apart import Missing, apart
from motion.embodiment.bodies.g1_arms import BODY, NAME, Retargeting
from motion.embodiment.bodies.link import Link
from motion.embodiment.contract import Measured
from motion.embodiment.description import Float64
from motion.embodiment.safety.filter import Command
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.messages import MotionFrame

FIRST_MOTOR, WEIGHT_AT = 12, 29
WEIGHT_S = 2.0
SILENT_S = 0.3
STATE_WITHIN_S = 3.0
WAIST_KP, WAIST_KD = 120.0, 3.0
ARM_KP, ARM_KD = 60.0, 1.5
WRIST_KP, WRIST_KD = 30.0, 1.0
"""Stiffness N m/rad and damping N m s/rad: Unitree's own arm example has 60 and 1.5 throughout."""
SDK_MEND = "git clone https://github.com/unitreerobotics/unitree_sdk2_python && pip install -e unitree_sdk2_python"

logger = logging.getLogger(__name__)


def _gains(name: str) -> tuple[float, float]:
    if name.startswith("waist"):
        return WAIST_KP, WAIST_KD
    return (WRIST_KP, WRIST_KD) if "wrist" in name else (ARM_KP, ARM_KD)


class UnitreeLink(Link):
    """Two topics of DDS."""

    holds = True
    _started: str | None = None
    """Interface for which the SDK's factory was started; it can be once in a process."""

    def __init__(self, clock: Clock, interface: str) -> None:
        """Make it for a network interface, empty for the SDK's choice."""
        super().__init__(NAME)
        self._clock, self._interface = clock, interface
        self._gains = [_gains(name) for name in BODY.names]
        self._command: Any = None
        self._crc: Any = None
        self._publisher: Any = None
        self._subscriber: Any = None
        self._mode_machine = 0
        self._measured: Measured | None = None
        self.weight = 0.0
        """Share of our angles in what its motors do, as last sent."""
        self._hands_over = False
        """Whether the weight is changing: `push` would be a second writer then."""
        self._watch: asyncio.Task[None] | None = None

    async def _reach(self) -> None:
        try:
            channel, defaults, types, crc = (
                import_module(f"unitree_sdk2py.{name}")
                for name in ("core.channel", "idl.default", "idl.unitree_hg.msg.dds_", "utils.crc")
            )
        except ImportError:
            raise AttuneError(f"body {self.name}: Unitree's SDK is not installed", SDK_MEND) from None
        try:
            if UnitreeLink._started is None:
                channel.ChannelFactoryInitialize(0, *([self._interface] if self._interface else []))
                UnitreeLink._started = self._interface
            if self._publisher is None:
                self._publisher = channel.ChannelPublisher("rt/arm_sdk", types.LowCmd_)
                self._publisher.Init()
                self._subscriber = channel.ChannelSubscriber("rt/lowstate", types.LowState_)
                self._subscriber.Init(self._state, 10)
        except Exception as error:  # the SDK raises plain ones
            raise AttuneError(
                f"body {self.name}: its SDK cannot use the interface {self._interface or '(its choice)'} ({str(error)[:120]})",
                "Name the interface that the robot is on: attune run --body unitree-g1:eth0",
            ) from None
        self._command, self._crc = defaults.unitree_hg_msg_dds__LowCmd_(), crc.CRC()
        self._measured, self.weight = None, 0.0
        for _ in range(round(STATE_WITHIN_S / 0.02)):
            if self._measured is not None:
                self._watch = asyncio.create_task(self._watches(), name=f"{self.name} states")
                return
            await asyncio.sleep(0.02)
        raise AttuneError(
            f"body {self.name}: no state on rt/lowstate for {STATE_WITHIN_S:g} s",
            "Switch the robot on, and name the interface that it is on (attune run --body unitree-g1:eth0)",
        )

    async def _leave(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
        self.weight = 0.0
        if self._keeper is None and self._publisher is not None:  # for good; a lost robot keeps its topics
            for topic in (self._subscriber, self._publisher):
                topic.Close()
            self._publisher = self._subscriber = None

    async def power(self, on: bool) -> None:
        """Take the arms over at where they are, or give them back, over `WEIGHT_S`."""
        await super().power(on)
        begins, held, watch = self.weight, self.stands_at(), self._watch
        if held is None or watch is None or begins == float(on):
            return
        angles, still, start_ns = held.tolist(), [0.0] * len(held), self._clock.now_ns()
        self._hands_over = True
        try:
            while (share := (self._clock.now_ns() - start_ns) / (WEIGHT_S * NS_PER_S)) < 1.0 and not watch.done():
                self.weight = begins + (float(on) - begins) * share
                self._write(angles, still)
                await self._clock.sleep_until_ns(self._clock.now_ns() + round(NS_PER_S / BODY.rate_hz))
            if not watch.done():
                self.weight = float(on)
                self._write(angles, still)
        except asyncio.CancelledError:  # half taken over, and nobody there who would go on
            self.weight = 0.0
            with suppress(AttuneError):
                self._write(angles, still)
            raise
        finally:
            self._hands_over = False

    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        """Send the angles; with a weight of 0 before `power`. Nothing while the weight changes, or the robot is away."""
        if self.connected and self._command is not None and not self._hands_over:
            self._write(command.position_rad.tolist(), command.velocity_rad_s.tolist())

    def measured(self) -> Measured | None:
        """Return the newest state."""
        return self._measured

    def stands_at(self) -> Float64 | None:
        """Return the angles that it is held at, where it is: what is measured sags below them."""
        if self.weight == 0.0:
            return super().stands_at()
        motors = self._command.motor_cmd[FIRST_MOTOR : FIRST_MOTOR + len(self._gains)]
        return np.array([motor.q for motor in motors])

    def _write(self, angles: Iterable[float], speeds: Iterable[float]) -> None:
        command = self._command
        command.mode_pr, command.mode_machine = 0, self._mode_machine
        for index, (angle, speed, (kp, kd)) in enumerate(zip(angles, speeds, self._gains, strict=True)):
            motor = command.motor_cmd[FIRST_MOTOR + index]
            motor.mode, motor.q, motor.dq, motor.tau, motor.kp, motor.kd = 1, angle, speed, 0.0, kp, kd
        command.motor_cmd[WEIGHT_AT].q = self.weight
        try:
            command.crc = self._crc.Crc(command)
            self._publisher.Write(command)
        except Exception as error:  # the SDK raises plain ones
            raise AttuneError(
                f"body {self.name}: its SDK could not send a command ({type(error).__name__}: {str(error)[:120]})",
                "See the robot's network, and the SDK's own log",
            ) from error

    def _state(self, state: Any) -> None:  # in a thread of the SDK's
        values = np.array([state.motor_state[FIRST_MOTOR + index].q for index in range(len(self._gains))], float)
        if np.isfinite(values).all():
            self._mode_machine = int(state.mode_machine)
            self._measured = Measured(values, self._clock.now_ns())

    async def _watches(self) -> None:
        """Say that the robot is away when its states stop; its arms are its own again then."""
        while True:
            await self._clock.sleep_until_ns(self._clock.now_ns() + round(SILENT_S * NS_PER_S / 4))
            measured = self._measured
            if measured is not None and self._clock.now_ns() - measured.t_ns > SILENT_S * NS_PER_S:
                self.weight = 0.0
                try:
                    self._write(measured.position_rad.tolist(), [0.0] * len(self._gains))
                except Exception:  # nor can it be told: it is lost all the more
                    logger.exception("body %s: the weight of 0 could not be sent", self.name)
                self.lost(f"no state on rt/lowstate for {SILENT_S:g} s")
                return


def driver(clock: Clock, interface: str = "", *, waist: bool = True) -> DrivenBody:
    """Return the driver of a G1 on a network interface; where its model is missing, its parts may touch, and a warning says so."""
    retargeting, link, found = Retargeting(waist=waist), UnitreeLink(clock, interface), apart(BODY)
    if isinstance(found, Missing):
        logger.warning("body %s: nothing keeps its arms off its own body: %s. Mend: %s", NAME, found.why, found.mend)
        return DrivenBody(clock, BODY, retargeting, link)
    target = found.target
    return DrivenBody(clock, BODY, lambda frame: target(retargeting(frame)), link, found.clearance_m)
