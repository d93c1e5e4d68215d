"""The recording of a session and everything that is made from it.

`recorder` writes MCAP and WAV while the rooms run; `reader` reads a session folder back, also after a crash; `replay`
plays it; `digest`, `transcript`, `summary` and `timeline` turn it into files for people; `outputs` writes them all.
"""
