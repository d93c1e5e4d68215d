"""The fast system: hears, sees, takes turns, speaks and moves, fifty times a second, without ever waiting for the slow one."""
