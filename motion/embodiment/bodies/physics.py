"""The physics of a simulated body: motors that follow their commands late, weight, parts that touch."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.description import Float64
from motion.embodiment.engine import load_mujoco
from motion.embodiment.safety.filter import Command
from runtime.errors import AttuneError

CLOSED_WITHIN_S = 3.0
"""How long the viewer's thread may take to end; a process that ends before it crashes."""
VIEW_DISTANCE_M, VIEW_ELEVATION_DEG, BELOW_TOP_M = 1.9, -8.0, 0.25


def look_at_upper_body(camera: Any, data: Any) -> None:
    """Point a camera (`MjvCamera`) at a body's chest, from in front: robots face +x."""
    camera.azimuth, camera.elevation, camera.distance = 180.0, VIEW_ELEVATION_DEG, VIEW_DISTANCE_M
    camera.lookat[:] = (0.0, 0.0, float(data.xpos[1:, 2].max()) - BELOW_TOP_M)


class Physics:
    """One body in MuJoCo, standing at rest at first. Confined to one thread, but for a viewer's."""

    def __init__(self, robot: RobotModel) -> None:
        """Compile the model; raises AttuneError where MuJoCo is not installed."""
        self._mujoco = load_mujoco(f"body {robot.description.name}")
        self._robot = robot
        self.model = robot.make()
        self.data = self._mujoco.MjData(self.model)
        periods = robot.description.period_s / self.model.opt.timestep
        self._substeps = round(periods)
        if self._substeps < 1 or abs(periods - self._substeps) > 1e-3:
            raise AttuneError(
                f"body {robot.description.name}: rate_hz: a period of {robot.description.period_s:g} s is no whole number of "
                f"steps of {self.model.opt.timestep:g} s",
                "Use a rate like 25, 50 or 100",
            )
        self._joints = [int(self.model.joint(name).qposadr[0]) for name in robot.description.names]
        self._speeds = [int(self.model.joint(name).dofadr[0]) for name in robot.description.names]
        self._viewer: Any = None
        self._drawing: list[threading.Thread] = []
        rest = robot.description.vector("rest_rad")
        self.data.qpos[self._joints] = rest
        self.data.ctrl[:] = rest
        self._mujoco.mj_forward(self.model, self.data)

    def show(self) -> None:
        """Open MuJoCo's viewer; closing its window ends only the showing. Raises AttuneError where there is no display."""
        import mujoco.viewer

        before = set(threading.enumerate())
        try:
            self._viewer = mujoco.viewer.launch_passive(self.model, self.data, show_left_ui=False, show_right_ui=False)
        except Exception as error:  # whatever GLFW says
            raise AttuneError(
                f"MuJoCo's viewer cannot be opened ({str(error)[:200]})", "Write a film with --out"
            ) from None
        self._drawing = [thread for thread in threading.enumerate() if thread not in before]
        with self._viewer.lock():
            look_at_upper_body(self._viewer.cam, self.data)

    @property
    def shown(self) -> bool:
        """Whether a viewer's window is open."""
        return self._viewer is not None and bool(self._viewer.is_running())

    def command(self, command: Command) -> None:
        """Tell the motors where each joint is to be by the time that they have it there, and let one period go by."""
        self.data.ctrl[:] = command.position_rad + self._robot.lag_s * command.velocity_rad_s
        self.go_on()

    def go_on(self) -> None:
        """Let one period go by without a new command."""
        self._mujoco.mj_step(self.model, self.data, self._substeps)
        if self.shown:
            self._viewer.sync()

    def measured_rad(self) -> Float64:
        """Return where the joints are, [joints]."""
        return np.array(self.data.qpos[self._joints])

    def measured_rad_s(self) -> Float64:
        """Return how fast the joints are, [joints]."""
        return np.array(self.data.qvel[self._speeds])

    @property
    def touches(self) -> bool:
        """Whether two of its parts touch."""
        return bool(self.data.ncon)

    def close(self) -> None:
        """Close the viewer, and wait until nothing draws any more."""
        if self._viewer is not None:
            self._viewer.close()
        self._viewer = None
        for thread in self._drawing:
            thread.join(CLOSED_WITHIN_S)
