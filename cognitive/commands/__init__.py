"""Commands of the slow loop."""
