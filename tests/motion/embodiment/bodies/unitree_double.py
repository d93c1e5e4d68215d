"""A stand-in for Unitree's SDK with a G1 behind it: hardware that we do not have. The names, fields and calls that the driver uses."""

from __future__ import annotations

import sys
import threading
import time
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


class G1:
    """Keeps what is published; blends by the weight, as the robot does; tells its state 200 times a second."""

    def __init__(self) -> None:
        arm, mirrored = [0.2] * 7, [0.2, -0.2, -0.2, 0.2, -0.2, 0.2, -0.2]
        self.q = [0.1] * 15 + arm + mirrored + [0.2] * 6
        self.commands: list[tuple[float, list[float], list[float], int, int]] = []
        self.interface: tuple[Any, ...] = ()
        self.handler: Any = None
        self.alive = True
        self.write_fails = False
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._tells, daemon=True)
        self._thread.start()

    def _tells(self) -> None:
        while not self._ends.is_set():
            if self.alive and self.handler is not None:
                motors = [SimpleNamespace(q=value) for value in self.q]
                self.handler(SimpleNamespace(motor_state=motors, mode_machine=5))
            time.sleep(0.005)

    def takes(self, command: Any) -> None:
        weight = command.motor_cmd[29].q
        angles = [motor.q for motor in command.motor_cmd[12:29]]
        gains = [(motor.kp, motor.kd) for motor in command.motor_cmd[12:29]]
        assert all(kp > 0 and kd > 0 for kp, kd in gains)
        self.commands.append(
            (weight, angles, [motor.dq for motor in command.motor_cmd[12:29]], command.crc, command.mode_machine)
        )
        if self.alive:
            self.q[12:29] = [
                weight * angle + (1.0 - weight) * own for angle, own in zip(angles, self.q[12:29], strict=True)
            ]

    def end(self) -> None:
        self._ends.set()
        self._thread.join()


def install(monkeypatch: pytest.MonkeyPatch, robot: G1) -> None:
    """Put the modules in place of the SDK's."""

    class Publisher:
        def __init__(self, topic: str, kind: type) -> None:
            assert (topic, kind.__name__) == ("rt/arm_sdk", "LowCmd_")

        def Init(self) -> None: ...

        def Write(self, command: Any) -> bool:
            if robot.write_fails:
                raise Exception("publisher is not initialised")
            assert command.crc == checksum(command), "its CRC is of what is sent"
            robot.takes(command)
            return True

        def Close(self) -> None: ...

    class Subscriber:
        def __init__(self, topic: str, kind: type) -> None:
            assert (topic, kind.__name__) == ("rt/lowstate", "LowState_")

        def Init(self, handler: Any, depth: int) -> None:
            robot.handler = handler

        def Close(self) -> None:
            robot.handler = None

    class CRC:
        def Crc(self, command: Any) -> int:
            return checksum(command)

    def checksum(command: Any) -> int:
        return (
            hash(tuple((motor.mode, motor.q, motor.dq, motor.kp, motor.kd) for motor in command.motor_cmd)) & 0xFFFFFFFF
        )

    def initialise(domain: int, *interface: str) -> None:
        if "nowhere" in interface:
            raise Exception("channel factory init error.")
        robot.interface = (domain, *interface)

    def low_command() -> Any:
        motors = [SimpleNamespace(mode=0, q=0.0, dq=0.0, tau=0.0, kp=0.0, kd=0.0) for _ in range(35)]
        return SimpleNamespace(motor_cmd=motors, mode_pr=0, mode_machine=0, crc=0)

    made = {
        "unitree_sdk2py.core.channel": {
            "ChannelFactoryInitialize": initialise, "ChannelPublisher": Publisher, "ChannelSubscriber": Subscriber,
        },
        "unitree_sdk2py.idl.default": {"unitree_hg_msg_dds__LowCmd_": low_command},
        "unitree_sdk2py.idl.unitree_hg.msg.dds_": {"LowCmd_": type("LowCmd_", (), {}), "LowState_": type("LowState_", (), {})},
        "unitree_sdk2py.utils.crc": {"CRC": CRC},
    }  # fmt: skip
    for name, content in made.items():
        parts = name.split(".")
        for depth in range(1, len(parts)):
            monkeypatch.setitem(sys.modules, ".".join(parts[:depth]), ModuleType(".".join(parts[:depth])))
        module = ModuleType(name)
        for key, value in content.items():
            setattr(module, key, value)
        monkeypatch.setitem(sys.modules, name, module)
