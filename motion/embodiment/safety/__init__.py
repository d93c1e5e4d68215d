"""The last stage before the motors, small enough to be reviewed in one sitting.

`trajectory` keeps position, velocity, acceleration and jerk within the joints' limits; `filter` adds what must hold whatever arrives:
numbers that are none, a stream that stops, a person who comes near, an emergency stop.
"""
