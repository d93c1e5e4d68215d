"""Shows the humanoid in RViz, its joints moved by sliders: `ros2 launch attune_description view.launch.py`.

Works from a checkout as well: `ros2 launch ros_ws/src/attune_description/launch/view.launch.py`.
"""

from pathlib import Path

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.conditions import IfCondition, UnlessCondition
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

SHARE = Path(__file__).resolve().parents[1]


def generate_launch_description():
    """Return the nodes: state publisher, sliders or a publisher of zeros, RViz."""
    description = (SHARE / "urdf" / "attune.urdf").read_text(encoding="utf-8")
    return LaunchDescription(
        [
            DeclareLaunchArgument("gui", default_value="true", description="Sliders for the joints."),
            DeclareLaunchArgument("rviz", default_value="true", description="Whether to start RViz."),
            DeclareLaunchArgument(
                "rviz_config", default_value=str(SHARE / "rviz" / "attune.rviz"), description="What RViz shows."
            ),
            Node(
                package="robot_state_publisher",
                executable="robot_state_publisher",
                parameters=[{"robot_description": ParameterValue(description, value_type=str)}],
            ),
            Node(
                package="joint_state_publisher_gui",
                executable="joint_state_publisher_gui",
                condition=IfCondition(LaunchConfiguration("gui")),
            ),
            Node(
                package="joint_state_publisher",
                executable="joint_state_publisher",
                condition=UnlessCondition(LaunchConfiguration("gui")),
            ),
            Node(
                package="rviz2",
                executable="rviz2",
                arguments=["-d", LaunchConfiguration("rviz_config")],
                condition=IfCondition(LaunchConfiguration("rviz")),
            ),
        ]
    )
