"""Write `skeleton.js` from `motion.skeleton`, so that the page draws the very body that the motion is made for.

A developer's script: `python scripts/make_skeleton.py` from the repository root, after a change of the skeleton.
The avatar room itself never imports `motion`; a test compares the file with the numbers.
"""

from __future__ import annotations

import json
from pathlib import Path

from motion.skeleton import HAND_M, PARENTS, REST_OFFSETS_M
from runtime.vocabulary import BODY_JOINTS

HEADER = """// @ts-check
// Made by scripts/make_skeleton.py from motion/skeleton.py; do not edit. Metres, y up, facing +z, left is +x, rest is a T-pose.

/** @type {{name: string, parent: number, offset: number[]}[]} */
export const SKELETON = """


def skeleton_source() -> str:
    """Return the text of `skeleton.js`."""
    rows = [
        {"name": name, "parent": PARENTS[index], "offset": [round(float(v), 6) for v in REST_OFFSETS_M[index]]}
        for index, name in enumerate(BODY_JOINTS)
    ]
    body = "[\n" + "".join(f"  {json.dumps(row)},\n" for row in rows) + "];\n"
    return f"{HEADER}{body}\n/** Wrist to fingertip. */\nexport const HAND_M = {HAND_M};\n"


if __name__ == "__main__":
    (Path(__file__).parents[1] / "avatar" / "page" / "skeleton.js").write_text(skeleton_source())
