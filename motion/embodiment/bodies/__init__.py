"""The bodies that can be driven: each has a description, a way from the agent's skeleton to its joints, and a driver."""
