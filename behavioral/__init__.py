"""The fast process: hearing, vision, turn-taking, dialogue, voice and body. Never blocks, never waits for the slow system."""
