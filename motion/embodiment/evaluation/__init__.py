"""How a body is judged: limits under adversarial driving, what its gestures look like."""
