"""Starts attune_bringup's sim.launch.py: `ros2 launch launch/sim.launch.py` from a checkout, with the same arguments.

The agent's own command is found by its name: install it, or give `attune:=.venv/bin/attune`.
"""

from pathlib import Path

from launch import LaunchDescription
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource

BRINGUP = Path(__file__).resolve().parents[1] / "ros_ws" / "src" / "attune_bringup" / "launch"


def generate_launch_description() -> LaunchDescription:
    """Return the package's launch file, found in this checkout; arguments pass through."""
    file = BRINGUP / "sim.launch.py"
    if not file.is_file():
        raise FileNotFoundError(
            f"{file}: only a checkout has it; with the packages built: ros2 launch attune_bringup sim.launch.py"
        )
    return LaunchDescription([IncludeLaunchDescription(PythonLaunchDescriptionSource(str(file)))])
