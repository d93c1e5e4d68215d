"""What a recorded session tells of why the agent did what it did, and of what it took people to feel, want and know."""
