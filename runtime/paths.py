"""Where Attune's data files lie, in a checkout and in an installed wheel alike, and where it may write.

`launch/` and `models/` are data folders beside the packages in a checkout; the wheel carries them inside this package as `_launch` and
`_models` (`force-include` in pyproject.toml). Standard library only, no state, nothing is created here.
"""

from __future__ import annotations

import os
from pathlib import Path

from runtime.errors import AttuneError

_PACKAGE = Path(__file__).resolve().parent


def launch_dir() -> Path:
    """Return the folder of profiles, scenarios, personas, bodies and studies."""
    return _carried("launch", marker="profiles")


def models_dir() -> Path:
    """Return the folder of shipped models and `registry.toml`."""
    return _carried("models", marker="registry.toml")


def cache_dir() -> Path:
    """Return the folder for pulled models: `$ATTUNE_CACHE`, else `$XDG_CACHE_HOME/attune`, else `~/.cache/attune`."""
    return _user_dir("ATTUNE_CACHE", "XDG_CACHE_HOME", ".cache")


def state_dir() -> Path:
    """Return the folder for tracebacks: `$ATTUNE_STATE`, else `$XDG_STATE_HOME/attune`, else `~/.local/state/attune`."""
    return _user_dir("ATTUNE_STATE", "XDG_STATE_HOME", ".local/state")


def data_dir() -> Path | None:
    """Return the folder of real recordings that `ATTUNE_DATA` names, or None where it is unset or no folder."""
    named = os.environ.get("ATTUNE_DATA", "")
    return Path(named) if named and Path(named).is_dir() else None


def _carried(name: str, marker: str) -> Path:
    """Prefer the wheel's copy; a checkout has none."""
    for folder in (_PACKAGE / f"_{name}", _PACKAGE.parent / name):
        if (folder / marker).exists():
            return folder
    raise AttuneError(
        f"attune's {name} folder is missing beside {_PACKAGE}", "this installation is incomplete: install attune again"
    )


def _user_dir(own: str, xdg: str, fallback: str) -> Path:
    if named := os.environ.get(own):
        return Path(named).expanduser()
    base = os.environ.get(xdg)
    return (Path(base) if base else Path.home() / fallback) / "attune"
