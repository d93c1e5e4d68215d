"""Initiatives against labels: hits, false alarms, missed windows, restraint. Pure functions; definitions in `docs/social-bench.md`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cognitive.bench.social.play import Initiative, Played
from cognitive.bench.social.scene_file import Quiet, SceneScript, Window
from cognitive.motivation.thresholds import THRESHOLDS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the labels of one scene say about what an agent did.

    Attributes:
        scene: which.
        hits: window and the initiative that it was hit by.
        missed: windows without one.
        false_alarms: initiatives outside every fitting window.
        quiet: each quiet span with whether it was kept.
    """

    scene: SceneScript
    hits: tuple[tuple[Window, Initiative], ...]
    missed: tuple[Window, ...]
    false_alarms: tuple[Initiative, ...]
    quiet: tuple[tuple[Quiet, bool], ...]


def judge(played: Played, *, any_type: bool = False) -> Verdict:
    """Return the verdict on one scene.

    Args:
        played: what the agent did.
        any_type: whether an initiative of another trigger type hits a window as well.
    """
    scene = played.scene
    hits: dict[int, Initiative] = {}
    false_alarms: list[Initiative] = []
    for initiative in played.initiatives:
        fitting = [
            index
            for index, window in enumerate(scene.windows)
            if window.from_s <= initiative.at_s <= window.to_s and (any_type or initiative.trigger in window.triggers)
        ]
        free = [index for index in fitting if index not in hits]
        if free:
            hits[min(free, key=lambda index: scene.windows[index].to_s)] = initiative
        elif not fitting:
            false_alarms.append(initiative)
    kept = tuple(
        (span, not any(span.from_s <= initiative.at_s <= span.to_s for initiative in played.initiatives))
        for span in scene.quiet
    )
    return Verdict(
        scene,
        tuple((scene.windows[index], initiative) for index, initiative in sorted(hits.items())),
        tuple(window for index, window in enumerate(scene.windows) if index not in hits),
        tuple(false_alarms),
        kept,
    )


def figures(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return all figures over scenes; what nothing is known of is None."""
    hits = [hit for verdict in verdicts for hit in verdict.hits]
    missed = [window for verdict in verdicts for window in verdict.missed]
    alarms = [initiative for verdict in verdicts for initiative in verdict.false_alarms]
    quiet = [kept for verdict in verdicts for _, kept in verdict.quiet]
    hours = sum(verdict.scene.seconds for verdict in verdicts) / 3_600
    return {
        "scenes": len(verdicts),
        "hours": round(hours, 2),
        "windows": len(hits) + len(missed),
        "quiet_spans": len(quiet),
        **_rates(len(hits), len(alarms), len(missed)),
        "false_alarms_per_hour": round(len(alarms) / hours, 2) if hours else None,
        "restraint": round(sum(quiet) / len(quiet), 4) if quiet else None,
        "onset_error_s": _percentiles(initiative.at_s - window.from_s for window, initiative in hits),
        "by_type": {name: _of_type(name, hits, missed, alarms) for name in THRESHOLDS},
    }


def _of_type(
    name: str, hits: Sequence[tuple[Window, Initiative]], missed: Iterable[Window], alarms: Iterable[Initiative]
) -> dict[str, Any]:
    """Return one trigger type's figures; a window of two types counts for the first that it names."""
    own = [(window, initiative) for window, initiative in hits if window.triggers[0] == name]
    return {
        **_rates(
            len(own),
            sum(initiative.trigger == name for initiative in alarms),
            sum(window.triggers[0] == name for window in missed),
        ),
        "windows": len(own) + sum(window.triggers[0] == name for window in missed),
        "onset_error_s": _percentiles(initiative.at_s - window.from_s for window, initiative in own)["p50"],
    }


def _rates(hits: int, alarms: int, missed: int) -> dict[str, float | None]:
    precision = hits / (hits + alarms) if hits + alarms else None
    recall = hits / (hits + missed) if hits + missed else None
    f1 = 2 * hits / (2 * hits + alarms + missed) if hits + alarms + missed else None
    return {name: None if rate is None else round(rate, 4) for name, rate in
            (("precision", precision), ("recall", recall), ("f1", f1))}  # fmt: skip


def _percentiles(values: Iterable[float]) -> dict[str, float | None]:
    ordered = sorted(values)
    return {
        name: round(ordered[max(0, math.ceil(at * len(ordered)) - 1)], 2) if ordered else None
        for name, at in (("p50", 0.5), ("p95", 0.95))
    }
