"""`attune why`: trace an intention, an estimate or a belief back to what it rests on, from a session's recording.

    attune why DIR                                  the intentions of the session
    attune why DIR INTENTION_ID                     one of them: plan, deciding cycle, evidence with its recorded source, outcome
    attune why DIR --mind anna --at 65              what Anna was taken to feel, attend to, want and believe then, and why
    attune why DIR --belief "where does Ben think the keys are" --at 65

Times are seconds of media time; without `--at` it is the session's end.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError

if TYPE_CHECKING:
    from runtime.session.reader import SessionReader

BEYOND_S = 2.0
"""A session goes on for a little longer than its last cycle."""


def command(
    folder: Annotated[Path, typer.Argument(help="Session folder with a session.mcap.")],
    intention_id: Annotated[str, typer.Argument(help="Which; all are listed where it is left out.")] = "",
    mind: Annotated[str, typer.Option("--mind", help="Of this person: every estimate with its evidence.")] = "",
    belief: Annotated[
        str, typer.Option("--belief", help='A question: "where does Ben think the keys are", "does Anna know ...".')
    ] = "",
    at: Annotated[
        float | None, typer.Option("--at", min=0.0, help="Seconds into the session, for --mind and --belief.")
    ] = None,
    asker: Annotated[str, typer.Option("--asker", help='Who asks --belief: "I" and "my".')] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Trace an intention, an estimate or a belief back to its evidence."""
    from runtime.session.reader import SessionReader

    if sum(map(bool, (intention_id, mind, belief))) > 1:
        raise AttuneError("one question at a time", "give an intention's id, --mind or --belief")
    if not (mind or belief) and (at is not None or asker):
        raise AttuneError("--at and --asker belong to --mind and --belief", "leave them out, or add one of these")
    reader = SessionReader(folder)
    at_ns = None if at is None else _within(reader, at)
    if mind:
        _mind(reader, mind, at_ns, json)
    elif belief:
        _belief(reader, belief, at_ns, asker, json)
    else:
        _intention(reader, folder, intention_id, json)


def _within(reader: SessionReader, at_s: float) -> int:
    """Return the session time of a media time that lies in the recording."""
    at_ns = reader.media_zero_ns + round(at_s * NS_PER_S)
    last_ns = max((cycle.t_ns for cycle in reader.messages(m.CognitiveCycle)), default=reader.media_zero_ns)
    end_s = (last_ns - reader.media_zero_ns) / NS_PER_S
    if at_s > end_s + BEYOND_S:
        raise AttuneError(f"--at {at_s:g}: the slow loop's record ends at {end_s:.1f} s", "leave it out for the end")
    return at_ns


def _mind(reader: SessionReader, person: str, at_ns: int | None, json: bool) -> None:
    from cognitive.account.asked import mind_at, mind_lines, mind_plain
    from runtime.printing import print_json

    found = mind_at(reader, person, at_ns)
    if json:
        print_json(mind_plain(found, reader.media_zero_ns))
        return
    for line in mind_lines(found, reader.media_zero_ns):
        print(line)


def _belief(reader: SessionReader, question: str, at_ns: int | None, asker: str, json: bool) -> None:
    from cognitive.account.asked import answer_at
    from cognitive.account.described import seconds
    from runtime.printing import print_json

    answer, t_ns = answer_at(reader, question, at_ns, asker)
    if json:
        print_json({"question": question, "answer": answer, "at_s": seconds(t_ns, reader.media_zero_ns)})
        return
    print(answer)


def _intention(reader: SessionReader, folder: Path, intention_id: str, json: bool) -> None:
    from cognitive.account.described import as_lines, as_plain, clock
    from cognitive.account.trace import trace_of
    from runtime.printing import print_json

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
