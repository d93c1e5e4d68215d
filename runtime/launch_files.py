"""Find and read the YAML files of `launch/`: by name (`welcome`) or by path (`./mine.yaml`), with one clear error each.

Used for profiles, scenarios, personas and studies. Files are small and read whole, in the caller's thread; anything over
`MAX_BYTES` is refused before it is read. Only YAML's plain data types are built (safe loader), a key that stands twice in one mapping
is an error, and so are aliases that expand to very many nodes.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from runtime.errors import AttuneError
from runtime.paths import launch_dir

MAX_BYTES = 1 << 20
"""Largest YAML file accepted."""
_MAX_NODES = 200_000
"""Largest number of values after aliases are expanded (a few lines of nested aliases can stand for billions)."""

_SUFFIXES = (".yaml", ".yml")


def launch_names(folder: str) -> list[str]:
    """Return the names of the YAML files in a folder of `launch/`, sorted."""
    return sorted(path.stem for path in (launch_dir() / folder).glob("*.yaml"))


def find_launch_file(folder: str, name_or_path: str | os.PathLike[str]) -> Path:
    """Return the file that a name or a path stands for.

    Args:
        folder: folder of `launch/`, for example `profiles`; its singular is the word used in errors.
        name_or_path: `cpu`, or a path. Whatever holds a slash or ends in .yaml is a path.

    Raises:
        AttuneError: no such file; the mend lists the names there are.
    """
    text = os.fspath(name_or_path)
    kind = folder.rstrip("s") if not folder.endswith("ies") else folder[:-3] + "y"
    kind = "person" if folder == "people" else kind
    names = launch_names(folder)
    listed = f"known: {', '.join(names)}; or give a path to a .yaml file" if names else "give a path to a .yaml file"
    if not text or "\0" in text:
        raise AttuneError(f"the name of the {kind} is empty or no text", listed)
    if os.sep in text or text.endswith(_SUFFIXES):
        path = Path(text).expanduser()
        if path.is_dir():
            raise AttuneError(f"{kind} {path} is a folder", listed)
        if not path.exists():
            raise AttuneError(f"{kind} file {path} does not exist", listed)
        return path
    path = launch_dir() / folder / f"{text}.yaml"
    if not path.is_file():
        near = difflib.get_close_matches(text, names, n=1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise AttuneError(f"there is no {kind} '{text[:80]}'", hint + listed)
    return path


def read_yaml(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> Any:
    """Return the plain data in a YAML file (None for an empty one).

    Raises:
        AttuneError: unreadable, too large, not UTF-8, not YAML (with line and column), or a key given twice.
    """
    name = os.fspath(path)
    try:
        with open(path, "rb") as file:
            raw = file.read(max_bytes + 1)
    except OSError as error:
        raise AttuneError(
            f"{name} cannot be read: {error.strerror or error}", "check the path and its permissions"
        ) from None
    if len(raw) > max_bytes:
        raise AttuneError(f"{name} is larger than {max_bytes} bytes", "this is not such a file, or split it")
    try:
        return parse_yaml(raw.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        raise AttuneError(f"{name} is not UTF-8 text (byte {error.start})", "save it as UTF-8") from None


def parse_yaml(text: str, name: str) -> Any:
    """Return the plain data in YAML text; `name` is what errors call it.

    Raises:
        AttuneError: as for `read_yaml`.
    """
    try:
        data = yaml.load(text, Loader=_StrictLoader)  # a subclass of the safe loader
    except yaml.YAMLError as error:
        raise AttuneError(f"{name}{_place(error)}: {_problem(error)}", "mend the YAML there") from None
    except (RecursionError, ValueError) as error:
        raise AttuneError(f"{name} is not usable YAML: {type(error).__name__}", "make it simpler") from None
    if _count_nodes(data, _MAX_NODES) <= 0:
        raise AttuneError(
            f"{name} expands to more than {_MAX_NODES} values or contains itself", "remove its YAML aliases"
        )
    return data


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, except that a key may stand only once in a mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build one mapping after looking for keys that stand twice."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge" or not isinstance(key_node, yaml.ScalarNode):
                continue
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key_node.value}' stands twice", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return str(problem).splitlines()[0][:200]


def _count_nodes(data: Any, budget: int) -> int:
    """Return what is left of the budget after walking all values as a tree; stops at zero, so that circles end too."""
    waiting = [data]
    while waiting and budget > 0:
        value = waiting.pop()
        budget -= 1
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return budget
