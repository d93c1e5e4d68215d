"""The operator console's side of the fast system: who holds which channel, and what an operator does."""
