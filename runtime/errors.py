"""Expected errors: what went wrong and how to mend it, in one sentence for people.

Rooms and commands raise `AttuneError` for everything that a user can mend (a missing model, a port in use, a bad
file). The CLI prints it as one line without a traceback; the supervisor carries it from a room's process to the
command that started the house.
"""

from __future__ import annotations


class AttuneError(Exception):
    """Something that the user can mend.

    Attributes:
        message: what is wrong, naming the file, field or port.
        mend: what to do about it; may be empty.
    """

    def __init__(self, message: str, mend: str = "") -> None:
        """Keep both parts; `str()` joins them."""
        self.message = message.strip()
        self.mend = mend.strip()
        text = self.message
        if self.mend:
            text = f"{text.rstrip('.')}. {self.mend}"
        super().__init__(text)
