"""Theory of mind: what the agent takes each person to feel, attend to, want and believe, each estimate with its evidence."""
