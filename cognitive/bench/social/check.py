"""Check scenes without playing them: `python -m cognitive.bench.social.check DIR`. Prints every mistake, one a line."""

from __future__ import annotations

import sys
from pathlib import Path

from cognitive.bench.social.scene_file import read_scene
from runtime.errors import AttuneError


def main(arguments: list[str]) -> int:
    """Return 1 where a scene has a mistake."""
    paths = [path for name in arguments for path in sorted(Path(name).rglob("*.yaml"))]
    wrong = 0
    for path in paths:
        try:
            read_scene(path)
        except AttuneError as error:
            wrong += 1
            print(error)
    print(f"{len(paths)} scenes, {wrong} with a mistake")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
