"""One line of the doctor's: what was found, and what mends it."""

from __future__ import annotations

from typing import Literal

import msgspec

from runtime.extras import install_line


class Check(msgspec.Struct, frozen=True):
    """One finding; `mend` is empty where nothing needs mending."""

    name: str
    status: Literal["ok", "warn", "missing"]
    detail: str
    mend: str = ""
    required: bool = False


def extra_mend(extra: str) -> str:
    """Return the line that installs an extra, with the system packages that it needs."""
    if extra == "mic":
        return f"apt-get install portaudio19-dev gcc python3-dev, then {install_line(extra)}"
    return install_line(extra)
