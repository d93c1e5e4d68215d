"""What cues say about minds, counted in annotated sessions: `python -m cognitive.mind.learning ANNOTATIONS SESSION [SESSION ...]`.

A session is a recording (`session.mcap` in a folder); ANNOTATIONS is a CSV file with the header
`session,person_id,variable,from_s,to_s,holds`: in which spans (media seconds) a variable of `cognitive.mind.likelihoods` held for
a person (1) or did not (0). The recording is played through the tracker, which tells its cues; a moment counts as an event of a
rate, a stretch by the share of time that it takes. The log-likelihood ratio of a cue is the logarithm of its rate while the state
held over its rate while it did not, shrunk towards the table's by `PRIOR_COUNT` (a gamma prior on rates, a beta prior on shares).
Prints the lines that differ, for `likelihoods.py`. Blocking; wrong files are one error each.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cognitive.mind import likelihoods as table
from cognitive.mind import tracker
from cognitive.mind.person import PersonMind
from cognitive.perceive import perceive
from cognitive.scene import Scene
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError

PRIOR_COUNT = 5.0
"""The table's ratio weighs as much as so many observations of a cue."""
STEP_S = 0.5
HEADER = ("session", "person_id", "variable", "from_s", "to_s", "holds")
ANNOTATION_BYTES_MAX = 16 << 20


@dataclass(frozen=True, slots=True)
class Span:
    """A span in which a variable held for a person, or did not; media seconds."""

    session: str
    person_id: str
    variable: str
    from_s: float
    to_s: float
    holds: bool


@dataclass(slots=True)
class Counts:
    """How often, and for how long, a cue came while a variable held and while it did not."""

    seconds: dict[tuple[str, bool], float] = field(default_factory=lambda: defaultdict(float))
    moments: dict[tuple[str, str, bool], int] = field(default_factory=lambda: defaultdict(int))
    lasted_s: dict[tuple[str, str, bool], float] = field(default_factory=lambda: defaultdict(float))


def read_annotations(path: Path) -> list[Span]:
    """Return the spans of a file.

    Raises:
        AttuneError: naming the file, the line and the mend.
    """
    try:
        if path.stat().st_size > ANNOTATION_BYTES_MAX:
            raise AttuneError(f"{path} is larger than {ANNOTATION_BYTES_MAX} bytes", "split it")
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise AttuneError(f"{path} cannot be read: {error.strerror or error}", "check the path") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise AttuneError(f"{path} is no CSV file ({error})", f"its header is {','.join(HEADER)}") from None
    return [_span(row, f"{path}: line {number}") for number, row in enumerate(rows, start=2)]


def _span(row: dict[str, str | None], where: str) -> Span:
    missing = [name for name in HEADER if not (row.get(name) or "").strip()]
    if missing:
        raise AttuneError(f"{where}: {missing[0]} is missing", f"the header is {','.join(HEADER)}")
    given = {name: str(row[name]).strip() for name in HEADER}
    if given["variable"] not in table.VARIABLES:
        raise AttuneError(
            f"{where}: unknown variable '{given['variable'][:40]}'", f"known: {', '.join(table.VARIABLES)}"
        )
    if given["holds"] not in ("0", "1"):
        raise AttuneError(f"{where}: holds is '{given['holds'][:20]}'", "give 1 or 0")
    try:
        from_s, to_s = float(given["from_s"]), float(given["to_s"])
    except ValueError:
        raise AttuneError(f"{where}: from_s and to_s are seconds", "such as 12.5") from None
    if not 0.0 <= from_s < to_s < math.inf:
        raise AttuneError(f"{where}: from {from_s:g} to {to_s:g} s is no span", "0 <= from_s < to_s")
    return Span(given["session"], given["person_id"], given["variable"], from_s, to_s, given["holds"] == "1")


def count(spans: Iterable[Span], messages: Sequence[m.Message], zero_ns: int, counts: Counts) -> None:
    """Add what the cues of one session count.

    Args:
        spans: of this session.
        messages: its messages in order of time.
        zero_ns: session time of media time zero.
        counts: added to.
    """
    by_person: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        by_person[span.person_id].append(span)
        counts.seconds[span.variable, span.holds] += span.to_s - span.from_s

    def on_cue(person_id: str, cue: str, t_ns: int, lasted_s: float) -> None:
        at_s = (t_ns - zero_ns) / NS_PER_S
        for span in by_person.get(person_id, ()):
            if span.from_s <= at_s < span.to_s:
                if lasted_s:
                    counts.lasted_s[span.variable, cue, span.holds] += lasted_s
                else:
                    counts.moments[span.variable, cue, span.holds] += 1

    scene, minds = Scene(), dict[str, PersonMind]()
    waiting = list(messages)
    step_ns = round(STEP_S * NS_PER_S)
    now_ns = zero_ns
    index = 0
    while index < len(waiting):
        now_ns += step_ns
        now: list[m.Message] = []
        while index < len(waiting) and waiting[index].t_ns <= now_ns:
            now.append(waiting[index])
            index += 1
        for message in now:
            perceive(scene, message, now_ns)
        tracker.update(minds, scene, now, now_ns, on_cue)


def ratios(counts: Counts) -> dict[str, dict[str, float]]:
    """Return the log-likelihood ratio of every cue and variable that was seen in annotated time, by cue."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for variable in table.VARIABLES:
        held_s, not_s = counts.seconds[variable, True], counts.seconds[variable, False]
        if held_s <= 0.0 or not_s <= 0.0:
            continue
        for cue in table.MOMENTS:
            with_, without = counts.moments[variable, cue, True], counts.moments[variable, cue, False]
            if with_ + without:
                prior = table.MOMENTS[cue].get(variable, 0.0)
                # Both rates share one gamma prior with half an event; the ratio is then shrunk towards the table's.
                seen = math.log((with_ + 0.5) / held_s) - math.log((without + 0.5) / not_s)
                found[cue][variable] = _shrunk(seen, prior, with_ + without)
        for cue in table.STRETCHES:
            on_s, off_s = counts.lasted_s[variable, cue, True], counts.lasted_s[variable, cue, False]
            if on_s + off_s > 0.0:
                prior = table.STRETCHES[cue].get(variable, 0.0)
                share = (on_s + 0.5) / (held_s + 1.0), (off_s + 0.5) / (not_s + 1.0)
                # A share of time says so much once in the time that the variable takes to change, not every second.
                seen = math.log(share[0] / share[1]) / table.VARIABLES[variable].tau_s
                found[cue][variable] = _shrunk(seen, prior, (on_s + off_s) / table.VARIABLES[variable].tau_s)
    return {cue: dict(row) for cue, row in found.items()}


def _shrunk(seen: float, prior: float, observations: float) -> float:
    return round((observations * seen + PRIOR_COUNT * prior) / (observations + PRIOR_COUNT), 3)


def main(arguments: Sequence[str]) -> int:
    """Count and print."""
    from runtime.session.reader import SessionReader

    if len(arguments) < 2:
        print("usage: python -m cognitive.mind.learning ANNOTATIONS SESSION [SESSION ...]", file=sys.stderr)
        return 2
    spans = read_annotations(Path(arguments[0]))
    counts = Counts()
    for name in arguments[1:]:
        reader = SessionReader(Path(name))
        own = [span for span in spans if span.session in (name, Path(name).name)]
        messages = sorted((message for message in reader.messages()), key=lambda message: message.t_ns)
        count(own, messages, reader.media_zero_ns, counts)
    for cue, row in sorted(ratios(counts).items()):
        kind = "MOMENTS" if cue in table.MOMENTS else "STRETCHES"
        print(f'{kind}["{cue}"]: {row}')
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except AttuneError as mistake:
        print(mistake, file=sys.stderr)
        sys.exit(2)
