"""The `body` section of a profile: which body with motors the agent has, if any. Needs only msgspec."""

from __future__ import annotations

from runtime.section import NonNegative, Positive, Section


class BodySettings(Section, frozen=True, kw_only=True):
    """A body with motors, simulated or real, in a process of its own behind the safety filter."""

    name: str = ""
    """What it is and where: `mujoco:attune`, `mujoco:unitree_g1`, `reachy-mini:HOST:PORT`, `nao:HOST` (docs/bodies.md). Empty: none."""
    table_height_m: NonNegative = 0.0
    """Height of the top of a table that stands before it and must not be touched; 0: there is none. Only `mujoco:` and `ros:` bodies."""
    table_edge_m: Positive = 0.3
    """How far from the body's axis the table begins."""
    measured_hz: Positive = 50.0
    """How often its measured joints are told to the other rooms, at most once per period of the body."""
    distance_silent_s: Positive = 1.0
    """A distance sensor that has told nothing for this long counts as blind: the body is slowed down as with a person at
    `distance_blind_m`."""
    distance_blind_m: NonNegative = 0.6
    """Also where somebody counts, for a while, whom the agent's eyes saw come near and see no more."""
    heeds_people_seen: bool = True
    """Whether a robot is also slowed down by people whom the agent's camera sees near. Switch it off where that camera is not the robot's,
    and the robot has distance sensors."""

    @property
    def needs_bridge(self) -> bool:
        """Whether only the ROS nodes can move it: commands and measurements go through the bridge."""
        return self.name.partition(":")[0] == "ros"
