"""Recorded people for the shipped corpus: every source as standing, facing pieces on our skeleton, and what moves in them."""
