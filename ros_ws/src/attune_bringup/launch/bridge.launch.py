"""Starts the three nodes of attune_bridge and makes them active.

Each is a lifecycle node: it is configured when its process starts, activated once it is inactive, and configured again a little later where
that failed (the agent may not be there yet). A node whose process ends is started again, and goes through the same.
"""

from pathlib import Path

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, EmitEvent, OpaqueFunction, RegisterEventHandler, TimerAction
from launch.event_handlers import OnProcessStart
from launch.events import matches_action
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import LifecycleNode
from launch_ros.event_handlers import OnStateTransition
from launch_ros.events.lifecycle import ChangeState
from launch_ros.parameter_descriptions import ParameterValue
from lifecycle_msgs.msg import Transition

SHARE = Path(__file__).resolve().parents[1]
AGAIN_S = 2.0
"""After a configuration that failed."""


def generate_launch_description():
    """Return the arguments, the nodes and what leads each to be active."""
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "params_file",
                default_value=str(SHARE / "config" / "bridge.yaml"),
                description="Parameters of the nodes.",
            ),
            DeclareLaunchArgument("use_sim_time", default_value="false", description="Take time from /clock."),
            *lifecycle_node("attune_agent", "agent_node"),
            *lifecycle_node("attune_perception", "perception_node"),
            *lifecycle_node("attune_body", "body_node"),
        ]
    )


def lifecycle_node(name, executable):
    """Return a node with the handlers that configure and activate it; they stand before it, so that they miss nothing."""
    sim_time = ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool)
    node = LifecycleNode(
        package="attune_bridge",
        executable=executable,
        name=name,
        namespace="",
        parameters=[LaunchConfiguration("params_file"), {"use_sim_time": sim_time}],
        output="screen",
        respawn=True,
        respawn_delay=1.0,
    )

    def change(transition):
        return EmitEvent(event=ChangeState(lifecycle_node_matcher=matches_action(node), transition_id=transition))

    def change_later(_context):  # makes a new timer each time
        return [TimerAction(period=AGAIN_S, actions=[change(Transition.TRANSITION_CONFIGURE)])]

    def on_transition(start, goal, action):
        return RegisterEventHandler(
            OnStateTransition(target_lifecycle_node=node, start_state=start, goal_state=goal, entities=[action])
        )

    return [
        RegisterEventHandler(OnProcessStart(target_action=node, on_start=[change(Transition.TRANSITION_CONFIGURE)])),
        on_transition("configuring", "inactive", change(Transition.TRANSITION_ACTIVATE)),
        on_transition("configuring", "unconfigured", OpaqueFunction(function=change_later)),
        node,
    ]
