"""Sub-commands of `attune` that belong to the avatar room."""
