"""What the tests read of the ROS 2 workspace without ROS: its packages, executables, launch files and declared parameters."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomllib
from catkin_pkg.package import Package, parse_package

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "ros_ws" / "src"
PACKAGES = ("attune_bridge", "attune_bringup", "attune_description", "attune_msgs")
PYTHON_PACKAGES = PACKAGES[:3]
BRIDGE = SRC / "attune_bridge" / "attune_bridge"
LAUNCH_FILES = sorted([*SRC.glob("*/launch/*.launch.py"), *(ROOT / "launch").glob("*.launch.py")])


def version() -> str:
    """Return the distribution's version."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return str(told)


def package(name: str) -> tuple[Package, list[str]]:
    """Return a package's manifest and the warnings about it."""
    warnings: list[str] = []
    return parse_package(str(SRC / name), warnings=warnings), warnings


def depends(name: str) -> set[str]:
    """Return the packages that a package needs to run."""
    manifest, _ = package(name)
    return {depend.name for depend in (*manifest.exec_depends, *manifest.build_export_depends)}


def setup_arguments(name: str) -> dict[str, ast.expr]:
    """Return the arguments of the call of `setup` in a package's setup.py."""
    tree = ast.parse((SRC / name / "setup.py").read_text())
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "setup")
    return {str(keyword.arg): keyword.value for keyword in call.keywords}


def executables(name: str) -> dict[str, str]:
    """Return the executables of a Python package with the function that each runs (`module:function`)."""
    points = setup_arguments(name).get("entry_points")
    if points is None:
        return {}
    scripts: list[str] = ast.literal_eval(points)["console_scripts"]
    return {script.partition("=")[0].strip(): script.partition("=")[2].strip() for script in scripts}


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Yield the calls of functions or classes of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
            yield node


def argument(call: ast.Call, name: str) -> ast.expr | None:
    """Return a keyword argument."""
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def constants(tree: ast.AST, value: ast.expr | None) -> set[Any]:
    """Return what an expression can be: itself where it is a constant; of a function's parameter, what its callers give."""
    if isinstance(value, ast.Constant):
        return {value.value}
    if not isinstance(value, ast.Name):
        return set()
    found: set[Any] = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and value in set(ast.walk(function)):
            parameters = [parameter.arg for parameter in function.args.args]
            if value.id in parameters:
                place = parameters.index(value.id)
                found |= {
                    call.args[place].value
                    for call in calls(tree, function.name)
                    if place < len(call.args) and isinstance(call.args[place], ast.Constant)
                }
    return found


def declared_parameters(node: str) -> dict[str, Any]:
    """Return the parameters that a node of the bridge declares, with their defaults: made as it makes itself."""
    if str(BRIDGE.parent) not in sys.path:
        sys.path.insert(0, str(BRIDGE.parent))
    found: dict[str, Any] = {"use_sim_time": False}

    class Wire:
        """Only takes note of what is asked for."""

        def parameter(self, name: str, default: Any) -> Any:
            found[name] = default
            return default

        def log(self, level: str, text: str) -> None:
            pass

    logic = importlib.import_module(f"attune_bridge.{node}_logic")
    kind = getattr(logic, f"{node.capitalize()}Logic")
    importlib.import_module("attune_bridge.node").BridgeNode(Wire(), node, kind)
    return found
