"""Why the agent might act of its own accord, and why it had better not."""
