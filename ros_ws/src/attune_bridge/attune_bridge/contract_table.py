"""The contract as a table for people: `python -m attune_bridge.contract_table docs/ros.md` writes it anew between its two marks."""

from __future__ import annotations

import sys
from pathlib import Path

from attune_bridge.contract import CONTRACT

BEGIN, END = "<!-- contract: begin -->", "<!-- contract: end -->"
WAYS = {"topic": ("published", "subscribed"), "service": ("called", "served"), "action": ("goals sent", "served")}


def markdown() -> str:
    """Return one table per node, with its marks."""
    parts = [BEGIN]
    for node in ("agent", "perception", "body"):
        parts += ["", f"### `{node}_node`", "| name | way | type | QoS | |", "|---|---|---|---|---|"]
        for row in CONTRACT:
            if row.node == node:
                way = WAYS[row.kind][row.direction == "in"]
                parts.append(f"| `{row.name}` | {way} | `{row.type}` | {row.qos} | {row.what} |")
    return "\n".join([*parts, "", END])


def write(path: Path) -> None:
    """Put the table into a file in place of the one that is there."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    path.write_text(before + markdown() + rest.split(END, 1)[1], encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
