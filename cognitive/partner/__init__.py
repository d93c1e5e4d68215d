"""A simulated person who talks with the whole agent over the bus."""
