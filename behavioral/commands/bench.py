"""`attune bench dialogue`: measure how the agent converses, on audio with known truth.

Plays scripted conversations (real speech where `ATTUNE_DATA` names it, voices elsewhere) to the whole agent in real time, reads
off when its voice sounded, and prints offsets, cut-ins, missed ends, false and ignored interruptions, backchannels, and where the time
goes; half an hour of the agent's own voice in its microphone, on virtual time; and the same scripts in a pipecat pipeline where
`ATTUNE_PIPECAT_PYTHON` names a Python that has it. About a quarter of an hour, twice that with the peer.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from runtime.errors import AttuneError
from runtime.paths import data_dir

ECHO_LEVEL_DB = -10.0


def dialogue(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of pauses, noises and the agent.")] = 0,
    lines: Annotated[int, typer.Option(min=2, max=24, help="Lines of dialogue that are said.")] = 24,
    speed: Annotated[
        str, typer.Option(help="realtime, or max: virtual time, which costs nothing but shows no latency of ours.")
    ] = "realtime",
    echo_minutes: Annotated[float, typer.Option(min=0, help="Minutes of the agent's own echo; 0 for none.")] = 30.0,
    peers: Annotated[bool, typer.Option(help="Also play it to peers whose environment is there.")] = True,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
) -> None:
    """Play scripted conversations to the agent and measure its timing."""
    from behavioral.bench.attune import hear, reply_s
    from behavioral.bench.outcome import overlap_outcomes, turn_outcomes
    from behavioral.bench.report import Tally, span_figures
    from behavioral.bench.sessions import sessions
    from behavioral.bench.telling_apart import Evidence, areas, pauses_of

    if speed not in ("realtime", "max"):
        raise AttuneError(f"--speed is {speed}", "Give realtime or max")
    scripts = sessions(data_dir(), seed, lines=lines)
    tally, heard = Tally(), []
    judged: dict[str, list[Evidence]] = {"real": [], "voices": []}
    answer_s = reply_s(settings or ())
    for name, script in scripts:
        _tell(json, f"{name}: {len(script.samples) / 16_000:.0f} s")
        one = hear(script, realtime=speed == "realtime", seed=seed, settings=settings or ())
        heard.append(one)
        judged["real" if script.sounds[0].origin == "real" else "voices"] += pauses_of(script, one.decisions)
        tally.turns += turn_outcomes(script, one.answers)
        tally.overlaps += overlap_outcomes(script, one.answers, answer_s)
    figures: dict[str, Any] = {
        "speed": speed,
        "seconds": round(sum(len(script.samples) for _, script in scripts) / 16_000),
        **tally.figures(),
        **span_figures(heard),
        "real": tally.of("real").figures(),
        "voices": tally.of("voice").figures(),
        "ends_told_from_pauses": {name: areas(pauses) for name, pauses in judged.items()},
        "self_interruptions": _echo(echo_minutes, seed),
        "peers": {"pipecat": _pipecat(scripts, peers, json)},
    }
    from runtime.printing import print_figures, print_json

    if json:
        print_json(figures)
    else:
        print_figures(figures)


def _echo(minutes: float, seed: int) -> int | None:
    """Return how often the agent fell silent for its own echo; None where that was not asked for or cannot run."""
    if minutes <= 0:
        return None
    from behavioral.bench.echo_path import EchoPath
    from behavioral.bench.echo_session import self_interruptions

    return self_interruptions(minutes, EchoPath(level_db=ECHO_LEVEL_DB), seed=seed).self_interruptions


def _pipecat(scripts: list[tuple[str, Any]], wanted: bool, quiet: bool) -> dict[str, Any]:
    """Return the peer's figures by its two ways to end a turn, or why there are none."""
    from behavioral.bench.outcome import overlap_outcomes, turn_outcomes
    from behavioral.bench.pipecat import PIPECAT_MEND, REPLY_S, play_to_pipecat
    from behavioral.bench.report import Tally

    python = os.environ.get("ATTUNE_PIPECAT_PYTHON", "")
    none: dict[str, Any] = {"voice_to_voice_ms": {"p50": None, "p95": None}}
    if not wanted or not python:
        return {**none, "reason": "not asked for" if not wanted else f"no environment: {PIPECAT_MEND}"}
    figures: dict[str, Any] = {}
    try:
        for stop in ("smart-turn", "timeout"):
            tally = Tally()
            for name, script in scripts:
                _tell(quiet, f"pipecat ({stop}), {name}")
                peer = play_to_pipecat(script, python, stop=stop)
                answers = [[interval] for interval in peer.voice]
                tally.turns += turn_outcomes(script, answers)
                tally.overlaps += overlap_outcomes(script, answers, REPLY_S)
                figures["version"] = peer.pipecat
            figures[stop] = tally.figures()
    except AttuneError as error:
        return {**none, "reason": f"{error.message}: {error.mend}"}
    return {"voice_to_voice_ms": figures["smart-turn"]["voice_to_voice_ms"], **figures}


def _tell(quiet: bool, text: str) -> None:
    if not quiet:
        print(text, file=sys.stderr)
