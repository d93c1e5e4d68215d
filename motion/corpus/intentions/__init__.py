"""Training data for intentions: gestures of the lexicon performed on top of real base motion. numpy only, no state between calls.

`place` draws which gesture comes when, `overlay` performs them on a clip, `build` makes scenes of both.
"""
