"""Turn-taking: who has the floor, when a turn has ended, and what speech over the agent's voice means."""
