"""Test benches that a command or a test can run: simulated rooms and people around the real agent."""
