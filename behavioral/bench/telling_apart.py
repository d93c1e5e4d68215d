"""How well the evidence of a pause tells the end of a turn from a pause inside it: the area under the ROC curve, fused and by cue.

Each pause of a script is paired with the decision `hold` that was made about it, by the time at which its silence began. 0.5 is
chance, 1 tells all apart (Fawcett 2006, Pattern Recognition Letters 27: the share of pairs in the right order, ties half). Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from behavioral.bench.script import Script
from runtime.messages import TurnDecision

CUES = ("words", "sentence", "voice", "sound")
EARLY_S, LATE_S = 0.15, 0.25
"""A silence is detected this much before or after it truly began, at most."""

Evidence = tuple[bool, dict[str, float]]


def pauses_of(script: Script, decisions: Sequence[tuple[float, TurnDecision]]) -> list[Evidence]:
    """Return, for each pause that was judged, whether it ends its turn, and the evidence."""
    held = [
        (at_s - decision.evidence.get("silence_ms", 0.0) / 1_000, decision.evidence)
        for at_s, decision in decisions
        if decision.decision == "hold"
    ]
    found: list[Evidence] = []
    for sound in script.sounds:
        if sound.kind != "turn":
            continue
        for began_s, ends in [*((begin, False) for begin, _ in sound.pauses_s), (sound.end_s, True)]:
            evidence = next((e for at_s, e in held if began_s - EARLY_S < at_s < began_s + LATE_S), None)
            if evidence is not None:
                found.append((ends, evidence))
    return found


def areas(pauses: Sequence[Evidence]) -> dict[str, float | None]:
    """Return the area under the curve of the fused probability and of each cue's log-odds, None of too few cases."""
    names = {"fused": "probability", **{cue: f"{cue}_log_odds" for cue in CUES}}
    return {
        name: area(
            [evidence[key] for ends, evidence in pauses if ends and key in evidence],
            [evidence[key] for ends, evidence in pauses if not ends and key in evidence],
        )
        for name, key in names.items()
    }


def area(ends: Sequence[float], inside: Sequence[float]) -> float | None:
    """Return the share of pairs in which the end scores higher."""
    if not ends or not inside:
        return None
    won = sum((end > other) + 0.5 * (end == other) for end in ends for other in inside)
    return round(won / (len(ends) * len(inside)), 3)
