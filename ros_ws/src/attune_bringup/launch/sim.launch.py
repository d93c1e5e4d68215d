"""The agent in MuJoCo, seen in RViz: `ros2 launch attune_bringup sim.launch.py`.

`attune_bridge` tells the joints of the simulated body on /joint_states; with another body than our humanoid give its URDF as `urdf`.
Takes the arguments of agent.launch.py as well.
"""

from pathlib import Path

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription, OpaqueFunction
from launch.conditions import IfCondition
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

LAUNCH = Path(__file__).resolve().parent


def generate_launch_description():
    """Return the agent with its arguments, the state publisher and RViz."""
    urdf = share("attune_description") / "urdf" / "attune.urdf"
    return LaunchDescription(
        [
            DeclareLaunchArgument("urdf", default_value=str(urdf), description="URDF of the body."),
            DeclareLaunchArgument("rviz", default_value="true", description="Whether to start RViz."),
            DeclareLaunchArgument("use_sim_time", default_value="false", description="Take time from /clock."),
            IncludeLaunchDescription(PythonLaunchDescriptionSource(str(LAUNCH / "agent.launch.py"))),
            OpaqueFunction(function=state_publisher),
            Node(
                package="rviz2",
                executable="rviz2",
                arguments=["-d", str(LAUNCH.parent / "rviz" / "agent.rviz")],
                parameters=[{"use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool)}],
                condition=IfCondition(LaunchConfiguration("rviz")),
            ),
        ]
    )


def share(package):
    """Return a package's folder: where it is installed, else beside this one in a checkout."""
    try:
        return Path(get_package_share_directory(package))
    except PackageNotFoundError:
        return LAUNCH.parents[1] / package


def state_publisher(context):
    """Return the node that makes frames of joints; the URDF is read when its argument is known."""
    urdf = Path(LaunchConfiguration("urdf").perform(context))
    return [
        Node(
            package="robot_state_publisher",
            executable="robot_state_publisher",
            parameters=[
                {
                    "robot_description": ParameterValue(urdf.read_text(encoding="utf-8"), value_type=str),
                    "use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool),
                }
            ],
        )
    ]
