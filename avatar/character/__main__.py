"""`python -m avatar.character OUT.vrm`: write the default character."""

from __future__ import annotations

import argparse
from pathlib import Path

from avatar.character.build import character


def main() -> None:
    """Write the file and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m avatar.character", description="Write the default character.")
    parser.add_argument("out", type=Path, metavar="OUT.vrm")
    out: Path = parser.parse_args().out
    made = character()
    out.write_bytes(made.data)
    sizes = ", ".join(f"{name} {triangles} triangles" for name, triangles in made.triangles.items())
    print(f"{out}: {len(made.data)} bytes; {sizes}")


if __name__ == "__main__":
    main()
