"""A robot of a few boxes with a mapping, as a user would write them: two arms of five joints, a waist, no neck, a free base and a leg."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

ARM = """
<body name="{s}_upper" pos="0 {y} 0.4">
  <joint name="{s}_shoulder_pitch" axis="0 1 0" range="-170 60"/>
  <joint name="{s}_shoulder_roll" axis="1 0 0" range="{roll}"/>
  <joint name="{s}_shoulder_yaw" axis="0 0 1" range="-90 90"/>
  <geom name="{s}_upper" type="capsule" size="0.03" fromto="0 0 -0.02 0 0 -0.2"/>
  <body name="{s}_fore" pos="0 0 -0.25">
    <joint name="{s}_elbow" axis="0 1 0" range="-140 0"/>
    <geom name="{s}_fore" type="capsule" size="0.025" fromto="0 0 -0.04 0 0 -0.18"/>
    <body name="{s}_hand" pos="0 0 -0.22">
      <joint name="{s}_wrist" axis="0 0 1" range="-90 90"/>
    </body>
  </body>
</body>"""
MJCF = f"""<mujoco model="toy">
<compiler angle="degree" autolimits="true"/>
<worldbody>
  <geom name="floor" type="plane" size="1 1 0.1"/>
  <body name="base" pos="0 0 0.8">
    <freejoint/>
    <geom name="base" type="box" size="0.1 0.1 0.05" mass="5"/>
    <body name="leg" pos="0 0 -0.1">
      <joint name="hip" axis="0 1 0" range="-40 40"/>
      <geom name="leg" type="capsule" size="0.05" fromto="0 0 0 0 0 -0.5" mass="5"/>
    </body>
    <body name="torso" pos="0 0 0.1">
      <joint name="waist" axis="0 0 1" range="-60 60"/>
      <geom name="torso" type="box" size="0.08 0.1 0.2" pos="0 0 0.2" mass="8"/>
      {ARM.format(s="left", y=0.18, roll="-10 150")}
      {ARM.format(s="right", y=-0.18, roll="-150 10")}
    </body>
  </body>
</worldbody>
<actuator><motor joint="hip"/></actuator>
</mujoco>"""


def _arm(side: str, inwards: int) -> dict[str, Any]:
    return {
        "shoulder": f"{side}_upper",
        "elbow": f"{side}_fore",
        "wrist": f"{side}_hand",
        "hand": {"body": f"{side}_hand", "tip_m": [0, 0, -0.15], "palm": [0, inwards, 0]},
    }


MAPPING: dict[str, Any] = {
    "name": "toy",
    "model": {"path": "toy.xml"},
    "parts": ["arms", "waist"],
    "motors": {
        "any": {"kp_nm_rad": 100, "velocity_deg_s": 300, "acceleration_deg_s2": 2000, "jerk_deg_s3": 40000},
    },
    "joints": {
        "waist": {"motor": "any"},
        **{
            f"{side}_{joint}": {"motor": "any", "rest_deg": sign * rest}
            for side, sign in (("left", 1), ("right", -1))
            for joint, rest in (("shoulder_roll", 8), ("shoulder_yaw", 0), ("wrist", 0))
        },
        **{f"{side}_{joint}": {"motor": "any"} for side in ("left", "right") for joint in ("shoulder_pitch", "elbow")},
    },
    "figure": {"torso": "torso", "left": _arm("left", -1), "right": _arm("right", 1)},
}


def write(folder: Path, changes: dict[str, Any] | None = None, mjcf: str = MJCF) -> Path:
    """Write the robot and its mapping with some dotted fields changed (None takes one away); return the mapping's path."""
    mapping = copy.deepcopy(MAPPING)
    for dotted, value in (changes or {}).items():
        *above, last = dotted.split(".")
        place = mapping
        for name in above:
            place = place[name]
        if value is None:
            del place[last]
        else:
            place[last] = value
    (folder / "toy.xml").write_text(mjcf)
    path = folder / "toy.yaml"
    path.write_text(yaml.safe_dump(mapping))
    return path
