"""From the agent's skeleton to a body's joints: in closed form where the body is built like it, by inverse kinematics elsewhere."""
