"""The agent on a robot under ros2_control, here our humanoid on mock hardware: `ros2 launch attune_bringup robot.launch.py`.

ros2_control owns the motors. `attune_bridge` sends what leaves the agent's safety filter to the trajectory controller, and takes
/joint_states for where the joints are. For a robot of your own give its URDF (with its `ros2_control` block) and its controllers; their
joints must be those of the agent's `body`. Takes the arguments of agent.launch.py as well.
"""

from pathlib import Path

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
from launch import LaunchDescription
from launch.actions import (
    DeclareLaunchArgument,
    IncludeLaunchDescription,
    OpaqueFunction,
    RegisterEventHandler,
    Shutdown,
)
from launch.conditions import IfCondition
from launch.event_handlers import OnProcessExit
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

LAUNCH = Path(__file__).resolve().parent
CONFIG = LAUNCH.parent / "config"


def generate_launch_description():
    """Return the motors' side, and the agent once the controllers run."""
    urdf = share("attune_description") / "urdf" / "attune.ros2_control.urdf"
    sim_time = ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool)
    controllers = LaunchConfiguration("controllers")
    joint_states = spawner("joint_state_broadcaster")
    trajectories = spawner("joint_trajectory_controller")
    agent = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(str(LAUNCH / "agent.launch.py")),
        launch_arguments={
            "body": LaunchConfiguration("body"),
            "params_file": LaunchConfiguration("params_file"),
        }.items(),
    )
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "body", default_value="ros:attune", description="Which robot it is: ros: and a name of launch/bodies."
            ),
            DeclareLaunchArgument("urdf", default_value=str(urdf), description="URDF with a ros2_control block."),
            DeclareLaunchArgument(
                "controllers",
                default_value=str(CONFIG / "controllers.yaml"),
                description="Controllers and their joints.",
            ),
            DeclareLaunchArgument(
                "params_file", default_value=str(CONFIG / "robot.yaml"), description="Parameters of the bridge's nodes."
            ),
            DeclareLaunchArgument("rviz", default_value="false", description="Whether to start RViz."),
            DeclareLaunchArgument("use_sim_time", default_value="false", description="Take time from /clock."),
            OpaqueFunction(function=state_publisher),
            Node(
                package="controller_manager",
                executable="ros2_control_node",
                parameters=[controllers, {"use_sim_time": sim_time}],
                remappings=[("~/robot_description", "/robot_description")],
                output="screen",
            ),
            joint_states,
            once_done(joint_states, trajectories),
            once_done(trajectories, agent),
            Node(
                package="rviz2",
                executable="rviz2",
                arguments=["-d", str(LAUNCH.parent / "rviz" / "agent.rviz")],
                parameters=[{"use_sim_time": sim_time}],
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


def once_done(process, following):
    """Return the handler that goes on when a spawner has done its work, and ends the launch where it could not."""

    def follow(event, _context):
        return [following] if event.returncode == 0 else [Shutdown(reason="a controller could not be started")]

    return RegisterEventHandler(OnProcessExit(target_action=process, on_exit=follow))


def spawner(controller):
    """Return the process that loads and starts a controller."""
    return Node(
        package="controller_manager",
        executable="spawner",
        arguments=[controller, "--controller-manager", "/controller_manager"],
        output="screen",
    )


def state_publisher(context):
    """Return the node that makes frames of joints, and tells the URDF to the controller manager."""
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
