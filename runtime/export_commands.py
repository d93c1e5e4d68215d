"""`attune export`: recordings for other programs.

`rosbag` writes a session as a rosbag2 (MCAP) with standard ROS 2 types; ROS need not be installed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from runtime.printing import print_json

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Recordings for other programs."""


@app.command()
def rosbag(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a recorded session.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="New folder for the bag.")],
    wall_time: Annotated[
        bool, typer.Option("--wall-time", help="Times since 1970 (to the second) instead of since the session began.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Write a session as a rosbag2 with an MCAP file (docs/rosbag.md says which topics)."""
    from runtime.session.rosbag import write_rosbag

    summary = write_rosbag(session, out, wall_time=wall_time)
    if json:
        print_json(summary)
        return
    total = sum(summary.topics.values())
    print(f"{out}: {total} messages on {len(summary.topics)} topics, {summary.duration_s:.1f} s")
    if summary.truncated:
        print("The recording breaks off, as after a crash; what could be read is in the bag.", file=sys.stderr)
    for reason, count in summary.left_out.items():
        print(f"left out: {count} x {reason.replace('_', ' ')}", file=sys.stderr)
