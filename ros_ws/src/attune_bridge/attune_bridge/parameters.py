"""Parameters, node name, namespace and remappings from a command line in ROS's form, for nodes that run without ROS. Pure functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class Parameters:
    """What `--ros-args` says: `-p NAME:=VALUE`, `-r FROM:=TO` (also `__ns` and `__node`), `--params-file FILE`."""

    def __init__(self, node: str, arguments: list[str]) -> None:
        """Read a command line.

        Raises:
            SystemExit: naming the argument that is not understood.
        """
        self.node, self.namespace = node, "/"
        self._values: dict[str, Any] = {}
        self._remaps: dict[str, str] = {}
        files: list[str] = []
        own: dict[str, Any] = {}
        rest = iter(arguments)
        for flag in rest:
            if flag == "--ros-args":
                continue
            value = next(rest, "")
            name, assigned, text = value.partition(":=")
            if flag == "--params-file":
                files.append(value)
            elif flag in ("-p", "--param") and assigned:
                own[name] = yaml.safe_load(text)
            elif flag in ("-r", "--remap") and name in ("__ns", "__node"):
                setattr(self, {"__ns": "namespace", "__node": "node"}[name], text)
            elif flag in ("-r", "--remap") and assigned:
                self._remaps[name] = text
            else:
                raise SystemExit(
                    f"{flag} {value}: not understood. Use --ros-args -p NAME:=VALUE -r __ns:=/NAME --params-file FILE"
                )
        for file in files:
            self._read(file)
        self._values |= own

    def get(self, name: str, default: Any) -> Any:
        """Return a parameter; a whole number is taken where the default is a float.

        Raises:
            SystemExit: a value of another type than the default's.
        """
        value = self._values.get(name, default)
        if isinstance(default, float) and type(value) is int:
            value = float(value)
        if type(value) is not type(default):
            raise SystemExit(f"parameter {name}: {value!r} is no {type(default).__name__}")
        return value

    def remapped(self, name: str) -> str:
        """Return the name that is meant by a name."""
        return self._remaps.get(name, name)

    def _read(self, file: str) -> None:
        try:
            nodes = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
            for pattern, section in nodes.items():
                if pattern in ("/**", self.node, f"/{self.node}", f"{self.namespace.rstrip('/')}/{self.node}"):
                    self._values |= section["ros__parameters"]
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
            raise SystemExit(f"{file}: no parameter file of ROS ({type(error).__name__})") from None
