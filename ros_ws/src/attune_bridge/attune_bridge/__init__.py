"""Joins Attune's agent to ROS 2: a contract table, ROS-free logic, and two wires (rclpy; cyclonedds without ROS)."""
