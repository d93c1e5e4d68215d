"""Starts the agent with a body, and the bridge that joins it to ROS: `ros2 launch attune_bringup agent.launch.py body:=mujoco:attune`.

The agent is a process of its own, in its own Python environment: `attune` names its command (a path, where it is not on the PATH). Its
sessions are recorded into `out`, a folder that must be new; tell the people who are seen and heard. When the agent ends, so does the
launch.
"""

import time
from pathlib import Path

from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from launch import LaunchDescription
from launch.actions import (
    DeclareLaunchArgument,
    ExecuteProcess,
    IncludeLaunchDescription,
    LogInfo,
    OpaqueFunction,
    Shutdown,
)
from launch.conditions import IfCondition
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration

LAUNCH = Path(__file__).resolve().parent
CONFIG = LAUNCH.parent / "config"
NOT_BUILT = (
    "attune_bridge is not built, so the agent runs without ROS: cd ros_ws && colcon build && source install/setup.bash"
)


def generate_launch_description():
    """Return the arguments, the agent and the bridge."""
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "body", default_value="mujoco:attune", description="The agent's body, as for attune run --body."
            ),
            DeclareLaunchArgument(
                "profile", default_value="robot", description="Profile, as for attune run --profile."
            ),
            DeclareLaunchArgument(
                "audio", default_value="mic", description="What the agent hears: mic, mic:NAME or a file."
            ),
            DeclareLaunchArgument(
                "out",
                default_value=time.strftime("attune-session-%Y%m%d-%H%M%S"),
                description="New folder for the session's recording.",
            ),
            DeclareLaunchArgument("attune", default_value="attune", description="The agent's command."),
            DeclareLaunchArgument("start_agent", default_value="true", description="false: it runs already."),
            DeclareLaunchArgument("use_sim_time", default_value="false", description="Take time from /clock."),
            DeclareLaunchArgument(
                "params_file",
                default_value=str(CONFIG / "bridge.yaml"),
                description="Parameters of the bridge's nodes.",
            ),
            ExecuteProcess(
                cmd=[
                    LaunchConfiguration("attune"),
                    "run",
                    "--audio",
                    LaunchConfiguration("audio"),
                    "--out",
                    LaunchConfiguration("out"),
                    "--profile",
                    LaunchConfiguration("profile"),
                    "--body",
                    LaunchConfiguration("body"),
                    "--bridge",
                ],
                name="attune",
                output="screen",
                sigterm_timeout="35",
                on_exit=Shutdown(reason="the agent has ended"),
                condition=IfCondition(LaunchConfiguration("start_agent")),
            ),
            OpaqueFunction(function=bridge),
        ]
    )


def bridge(context):
    """Return the bridge's launch file, or a line that says what is missing for it."""
    try:
        get_package_prefix("attune_bridge")
    except PackageNotFoundError:
        return [LogInfo(msg=NOT_BUILT)]
    return [
        IncludeLaunchDescription(
            PythonLaunchDescriptionSource(str(LAUNCH / "bridge.launch.py")),
            launch_arguments={
                "use_sim_time": LaunchConfiguration("use_sim_time"),
                "params_file": LaunchConfiguration("params_file"),
            }.items(),
        )
    ]
