"""Interchangeable ways of assessing a situation behind one interface."""
