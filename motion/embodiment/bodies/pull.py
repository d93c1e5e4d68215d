"""`python -m motion.embodiment.bodies.pull NAME`: fetch the model of a mapped robot, once, by name or by the path of its mapping.

Tells what is fetched and under which licence, then where it lies. What can be mended is one line, and 1.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from motion.embodiment.bodies import mapping, model_files
from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file


def main(names: Sequence[str]) -> int:
    """Fetch the models of the bodies that are named; return the exit code."""
    if not names:
        print("name a body: python -m motion.embodiment.bodies.pull unitree_g1", file=sys.stderr)
        return 2
    try:
        for name in names:
            robot = mapping.read(find_launch_file("bodies", name.removeprefix("mujoco:")))
            if wheel := robot.model.wheel:
                print(f"{wheel.package} {wheel.version}: {wheel.credit}; {wheel.licence}", file=sys.stderr)
            print(model_files.pull(robot))
    except AttuneError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
