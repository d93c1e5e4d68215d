"""`attune why`: trace an intention back to what it rests on, from a session's recording.

Prints the intention with the plan that it belongs to, the cycle that decided it (every trigger type's score beside its
threshold), each piece of evidence with its weight and the recorded message that it came from, and what became of it. Without an
id it lists the intentions of the session.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from runtime import messages as m
from runtime.errors import AttuneError


def command(
    folder: Annotated[Path, typer.Argument(help="Session folder with a session.mcap.")],
    intention_id: Annotated[str, typer.Argument(help="Which; all are listed where it is left out.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Trace an intention back to its evidence."""
    from cognitive.account.described import as_lines, as_plain, clock
    from cognitive.account.trace import trace_of
    from runtime.pull import print_json
    from runtime.session.reader import SessionReader

    reader = SessionReader(folder)
    zero_ns = reader.media_zero_ns
    intentions = {one.id: one for one in reader.messages(m.Intention)}
    if not intention_id:
        for one in intentions.values():
            at = clock(one.created_ns or one.t_ns, zero_ns)
            print(f"{at}  {one.id}  {one.trigger}  {one.kind}  {one.content[:80]}")
        return
    if intention_id not in intentions:
        near = difflib.get_close_matches(intention_id, list(intentions), n=1, cutoff=0.5)
        mend = (
            f"did you mean '{near[0]}'?" if near else f"attune why {folder} lists the {len(intentions)} that there are"
        )
        raise AttuneError(f"{folder}: there is no intention '{intention_id[:80]}' in the recording", mend)
    trace = trace_of(intentions[intention_id], intentions.values(), reader)
    if json:
        print_json(as_plain(trace, zero_ns))
        return
    for line in as_lines(trace, zero_ns):
        print(line)
