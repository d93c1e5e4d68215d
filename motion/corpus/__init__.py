"""What the generator learns from: recorded motion and speech, and how the two are joined."""
