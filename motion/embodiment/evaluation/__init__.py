"""How well a body performs what the figure does: directions of its limbs, where it points, and what its gestures are taken for."""
