"""The page's own modules inside one HTML file: each as a `data:` address in an import map, so that no server and no bundler is needed.

Relative imports do not work from a `data:` address, so each is rewritten to a bare name that the map knows. Pure, but for reading
the page's files.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
from pathlib import Path

_IMPORT = re.compile(
    r"""((?:^|[;}\s])(?:import|export)\b[^"';()]*?\bfrom\s*|(?:^|[;}\s])import\s*)(["'])(\.{1,2}/[^"']+)\2""",
    re.MULTILINE,
)
PREFIX = "attune/"


def import_map(folder: Path, entry: str) -> str:
    """Return the JSON of an import map that holds a module and all that it imports, by names `attune/...`.

    Args:
        folder: the page's files.
        entry: the module's path in it.

    Raises:
        FileNotFoundError: a module that is imported is not there.
    """
    found: dict[str, str] = {}
    waiting = [posixpath.normpath(entry)]
    while waiting:
        name = waiting.pop()
        if PREFIX + name in found:
            continue
        text, imported = rewritten((folder / name).read_text(), name)
        found[PREFIX + name] = "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()
        waiting += imported
    return json.dumps({"imports": dict(sorted(found.items()))})


def rewritten(text: str, name: str) -> tuple[str, list[str]]:
    """Return a module with bare names in place of its relative imports, and the paths of what it imports."""
    imported: list[str] = []

    def bare(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[3]))
        imported.append(path)
        return f"{match[1]}{match[2]}{PREFIX}{path}{match[2]}"

    return _IMPORT.sub(bare, text), imported
