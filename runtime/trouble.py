"""Says where an exception came from without repeating what it says: messages of libraries may hold what people said."""

from __future__ import annotations

import traceback


def place_of(error: BaseException) -> str:
    """Return the type of an exception and the innermost function and line it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {frames[-1].name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
