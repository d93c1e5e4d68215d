"""The agent's body at each tick: generated base, listener behaviour, gaze, face, and the intentions that shape them."""
