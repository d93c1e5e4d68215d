"""Test benches of the fast system: two-party conversation with known truth, and the agent's own voice in its microphone."""
