"""MuJoCo, imported when it is first needed."""

from __future__ import annotations

import os
import sys
from typing import Any

from runtime.errors import AttuneError
from runtime.extras import install_line


def load_mujoco(asked_by: str) -> Any:
    """Import MuJoCo so that it can draw without a display (by EGL, unless `MUJOCO_GL` says otherwise, which it reads only now).

    Args:
        asked_by: what needs it, for the error: `body attune`.

    Raises:
        AttuneError: it is not installed.
    """
    if sys.platform == "linux":
        os.environ.setdefault("MUJOCO_GL", "egl")
    try:
        import mujoco
    except ImportError:
        raise AttuneError(f"{asked_by}: MuJoCo is not installed", install_line("robot")) from None
    return mujoco
