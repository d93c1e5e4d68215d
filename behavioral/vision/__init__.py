"""Seeing people: a worker process that looks at pictures, and pure tracking of who is there."""
