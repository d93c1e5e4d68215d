"""Ground floor of Attune: wire schema, clock, bus, profiles, supervision, sessions and the command line.

Nothing in here imports another room. Importing `runtime` alone is cheap: the wire client used on ROS machines
(`runtime.messages`, `runtime.codec`, `runtime.bus`) needs only msgspec and pyzmq and runs on Python 3.10.
"""

__version__ = "0.1.0"
