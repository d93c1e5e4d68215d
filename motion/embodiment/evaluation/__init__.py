"""How a body is judged: its limits under an adversary, and how well it performs what the figure does."""
