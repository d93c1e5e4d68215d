"""`attune replay DIR`: watch a recorded session on the page, or read it with `--text`.

The page shows the recording as it showed the session: motion, voice, captions and intentions at their own times.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from avatar.house import check_result, run_with_page
from avatar.vrm_file import showing
from runtime.errors import AttuneError
from runtime.house import RoomSpec
from runtime.profile import load_profile
from runtime.session.digest import read_digest
from runtime.session.operator import operator_lines
from runtime.session.reader import SessionReader
from runtime.session.transcript import Line, transcript_lines

ROOMS = (
    RoomSpec("avatar", "avatar.process"),
    RoomSpec("behavioral", "runtime.session.replay", restart=False, essential=True),
)
"""The replaying room stands in the place, and under the name, of the one whose messages it plays."""

SPEED_MAX = 16.0


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a recorded session.")],
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port of the page (8765); 0 takes a free one.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    speed: Annotated[float, typer.Option(help="2 is twice as fast.")] = 1.0,
    avatar: Annotated[Path | None, typer.Option(help="A VRM file to show instead of the usual character.")] = None,
    text: Annotated[bool, typer.Option("--text", help="Print what was said, with times, and end.")] = False,
) -> None:
    """Watch a recorded session on the page, or read it with --text."""
    if not folder.is_dir():
        raise AttuneError(f"{folder}: no such folder", "Give the folder of a recorded session")
    if not 0 < speed <= SPEED_MAX:
        raise AttuneError(f"--speed {speed:g}: must be above 0 and at most {SPEED_MAX:g}", "Leave it out for 1")
    reader = SessionReader(folder)
    if text:
        digest = read_digest(reader)
        lines = [(line["start_s"], transcript_text(line)) for line in transcript_lines(digest)]
        lines += [(line["t_s"], operator_text(line)) for line in operator_lines(digest)]
        for _at_s, told in sorted(lines, key=lambda line: line[0]):
            sys.stdout.write(told + "\n")
        return
    options = {"replay_dir": str(folder.resolve()), "replay_speed": speed, "replay_waits_for_viewer": not no_browser}
    chosen = load_profile()
    chosen = msgspec.structs.replace(chosen, avatar=showing(chosen.avatar, avatar))
    result = run_with_page(chosen, ROOMS, port=port, browser=not no_browser, options=options)
    check_result(result)


def transcript_text(line: Line) -> str:
    """Return one turn as a line for people: times, speaker, words; in brackets what was not heard."""
    end = "     " if line["end_s"] is None else _clock(line["end_s"])
    said = str(line["text"])
    heard = line["heard"]
    if line["interrupted"] and heard is not None:
        rest = said[len(heard) :].strip() if said.startswith(heard) else said
        said = f"{heard} [interrupted; not heard: {rest}]" if rest else heard
    return f"{_clock(line['start_s'])}-{end}  {line['speaker'] + ':':<6} {said}"


def operator_text(line: Line) -> str:
    """Return one act of an operator as a line for people."""
    what = f" {line['what']}" if line["what"] else ""
    if line["initiative"] is not None:
        what += " (acts of its own accord)" if line["initiative"] else " (only answers)"
    fate = f" [{line['outcome']}{': ' + line['reason'] if line['reason'] else ''}]" if line["outcome"] else ""
    if line["safety"]:
        fate += f" [not said as typed: the rule {line['safety']}]"
    return f"{_clock(line['t_s'])}         {line['operator']}: {line['deed'].replace('_', ' ')}{what}{fate}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0.0, seconds), 60)
    return f"{int(minutes):02d}:{rest:04.1f}"
