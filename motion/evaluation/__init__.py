"""Measures of generated motion against real motion: distributions, smoothness, timing, contact, collision, and one table of them.

NumPy only; importing this package loads nothing. Every measure is a pure function of arrays and refuses input that is not finite, or
too short, with a `ValueError` that names the argument. Formulas carry the paper or the code they come from.
"""
