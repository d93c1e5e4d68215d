"""Text that the owner of the files has written, as opposed to what a model wrote or a person said: it is checked when it is loaded."""

from __future__ import annotations


class Authored(str):
    """A piece of a reply that comes from a file of the owner's as it stands there."""

    __slots__ = ()
