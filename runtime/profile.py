"""Read a run profile: YAML from `launch/profiles/` or a path, checked against `runtime.settings`, with overrides.

A profile sets what differs from the defaults. `extends: NAME` starts from another profile of `launch/profiles/` (or a path relative to
the file). Every mistake is one `AttuneError` that names the file (or `--set`), the dotted key and the mend; nothing is guessed.
Synchronous; called once at start.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import yaml

from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file, launch_names, parse_yaml, read_yaml
from runtime.settings import Profile

_MAX_EXTENDS = 8

Tree = dict[str, Any]


def profile_names() -> list[str]:
    """Return the names of the shipped profiles."""
    return launch_names("profiles")


def load_profile(name_or_path: str = "cpu", overrides: Sequence[str] = ()) -> Profile:
    """Return a checked profile.

    Args:
        name_or_path: a name of `launch/profiles/`, or the path of a YAML file.
        overrides: `section.key=value` each, the value read as YAML; later ones win.

    Raises:
        AttuneError: naming file or override, key and mend.
    """
    path = find_launch_file("profiles", name_or_path)
    tree = _read(path, ())
    tree.setdefault("name", path.stem)
    for override in overrides:
        key, value = _parse_override(override)
        where = f"--set {override[:120]}"
        change: Tree = {}
        _put(change, key.split("."), value, where)
        _check_tree(change, Profile, where, "")
        _merge(tree, change)
    try:
        return msgspec.convert(tree, Profile)
    except (
        msgspec.ValidationError
    ) as error:  # each file and override has been checked alone; what is left lies between them
        raise _explain(error, str(path), tree) from None


def _read(path: Path, seen: tuple[Path, ...]) -> Tree:
    """Return the tree of one file over that of the profile it extends."""
    where = str(path)
    data = read_yaml(path)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise AttuneError(
            f"{where}: a profile is a mapping of sections, this is {_kind(data)}", "see launch/profiles/cpu.yaml"
        )
    base = data.pop("extends", None)
    _check_tree(data, Profile, where, "")
    if base is None:
        return data
    if not isinstance(base, str) or not base:
        raise AttuneError(f"{where}: extends: expected the name of a profile, got {_kind(base)}", "write extends: cpu")
    resolved = path.resolve()
    if resolved in seen or len(seen) >= _MAX_EXTENDS:
        raise AttuneError(f"{where}: extends: the profiles extend each other in a circle", "remove one extends")
    beside = path.parent / base
    base_path = beside if base.endswith((".yaml", ".yml")) and beside.is_file() else find_launch_file("profiles", base)
    if base_path.resolve() == resolved:
        raise AttuneError(f"{where}: extends: the profile extends itself", "name another one")
    tree = _read(base_path, (*seen, resolved))
    for inherited in ("name", "description"):
        tree.pop(inherited, None)
    _merge(tree, data)
    return tree


def _parse_override(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise AttuneError(f"--set {text[:120]!r} is no assignment", "write --set section.key=value")
    return key.strip(), parse_yaml(value, f"--set {key.strip()[:80]}")


def _put(tree: Tree, keys: list[str], value: Any, where: str) -> None:
    if not all(keys):
        raise AttuneError(f"{where}: the key has an empty part", "write --set section.key=value")
    for key in keys[:-1]:
        tree = tree.setdefault(key, {})
    tree[keys[-1]] = value


def _merge(base: Tree, change: Tree) -> None:
    """Put `change` over `base` in place; mappings are merged, all else is replaced."""
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value


def _check_tree(tree: Any, section: type[msgspec.Struct], where: str, prefix: str) -> None:
    """Check one mapping against its section, naming the dotted key of the first mistake."""
    place = prefix.rstrip(".")
    if tree is None and prefix:
        raise AttuneError(f"{where}: {place}: the section is empty", "remove it or give it a key")
    if not isinstance(tree, dict):
        raise AttuneError(
            f"{where}: {place}: expected a mapping, got {_kind(tree)}", f"write the keys of '{place}' under it"
        )
    hints = get_type_hints(section, include_extras=True)
    for key, value in tree.items():
        if not isinstance(key, str) or key not in hints:
            raise _unknown(str(key), section, where, prefix)
        dotted = prefix + key
        kind = hints[key]
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            _check_tree(value, kind, where, f"{dotted}.")
            continue
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise AttuneError(
                f"{where}: {dotted}: {_sentence(error)}, got {_shown(value)}", _mend(section, key)
            ) from None
        if not _is_finite(value):
            raise AttuneError(f"{where}: {dotted}: expected finite numbers, got {_shown(value)}", _mend(section, key))
    try:
        msgspec.convert(tree, section)  # what a section says of its fields together, beginning with the key
    except msgspec.ValidationError as error:
        message = str(error).partition(" - at ")[0]
        raise AttuneError(f"{where}: {prefix}{message}", _mend(section, message.partition(":")[0])) from None


def _is_finite(value: Any) -> bool:
    """Return whether a value holds neither infinity nor NaN, which pass some bounds."""
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def _unknown(key: str, section: type[msgspec.Struct], where: str, prefix: str) -> AttuneError:
    """Return the error for a key that the section does not have, with the nearest one that exists."""
    here = [field.name for field in msgspec.structs.fields(section)]
    if not prefix:
        here = [*here, "extends"]
    message = f"{where}: unknown key '{(prefix + key)[:80]}'"
    near = difflib.get_close_matches(key, here, n=1, cutoff=0.6)
    if near:
        return AttuneError(message, f"did you mean '{near[0]}'?")
    everywhere = _all_keys(Profile, "")
    last = key.rpartition(".")[2]
    elsewhere = [dotted for dotted in everywhere if dotted.rpartition(".")[2] == last]
    if not elsewhere:
        names = {dotted.rpartition(".")[2]: dotted for dotted in everywhere}
        elsewhere = [names[name] for name in difflib.get_close_matches(last, list(names), n=1, cutoff=0.75)]
    if elsewhere:
        return AttuneError(message, f"did you mean '{elsewhere[0]}'?")
    return AttuneError(message, f"known {'in ' + prefix.rstrip('.') if prefix else 'sections'}: {', '.join(here)}")


def _all_keys(section: type[msgspec.Struct], prefix: str) -> list[str]:
    keys: list[str] = []
    for name, kind in get_type_hints(section, include_extras=True).items():
        if name.startswith("__"):
            continue
        keys.append(prefix + name)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            keys.extend(_all_keys(kind, f"{prefix}{name}."))
    return keys


def _explain(error: msgspec.ValidationError, where: str, tree: Tree) -> AttuneError:
    message, _, path = str(error).partition(" - at ")
    return AttuneError(f"{where}: {path.strip('`$.') or 'the profile'}: {message}", "mend that value")


def _sentence(error: msgspec.ValidationError) -> str:
    """Return msgspec's message without the path and the part that we say in our own words."""
    message, _, path = str(error).partition(" - at ")
    inner = path.strip("`$")
    text = message.partition(", got ")[0]
    return (text[:1].lower() + text[1:]) + (f" at {inner}" if inner else "")


def _mend(section: type[msgspec.Struct], key: str) -> str:
    for field in msgspec.structs.fields(section):
        if field.name == key and field.default is not msgspec.NODEFAULT:
            return f"the default is {_shown(field.default)}"
    return "leave it out for the default"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        value = list(value)
    try:
        text = yaml.safe_dump(value, default_flow_style=True, width=10_000).removesuffix("\n").removesuffix("\n...")
    except yaml.YAMLError:
        text = _kind(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(value: Any) -> str:
    names = {type(None): "nothing", dict: "a mapping", list: "a list", str: "text", bool: "a truth value"}
    return names.get(type(value), "a number" if isinstance(value, (int, float)) else type(value).__name__)
