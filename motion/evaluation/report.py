"""The table of methods by measures, as JSON, Markdown and plain text.

Method names are fixed (`ground_truth`, `procedural`, `retrieval`, `static`, `mismatched_audio`, `mismatched_style`, and `generator@N` with
N the number of network evaluations), and so are the JSON fields `methods.<name>.<measure>`; a measure that does not apply is null there and
`-` in a table. Pure functions; an unknown name raises `ValueError`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from motion.evaluation.intentions import Intentions
from motion.evaluation.score import Scores

METHODS: Final = ("ground_truth", "procedural", "retrieval", "static", "mismatched_audio", "mismatched_style")
_GENERATOR: Final = re.compile(r"generator@([1-9][0-9]{0,3})")

_COLUMNS: Final[tuple[tuple[str, str, int], ...]] = (
    ("fgd", "FGD ↓", 3),
    ("density", "Density", 3),
    ("coverage", "Coverage ↑", 3),
    ("ldlj_rel", "LDLJ rel →0", 2),
    ("beat_beat", "Beat (audio)", 3),
    ("beat_aist", "Beat (motion)", 3),
    ("diversity", "L1 div", 3),
    ("boundary_jerk_ratio", "Seam jerk", 2),
    ("intention_accuracy", "Intent ↑", 3),
    ("onset_delay_ms", "Delay ms", 0),
    ("coupling", "Coupling", 3),
    ("coupling_z", "its z", 1),
    ("jerk_mps3", "Jerk m/s³", 1),
    ("foot_contact_error", "Foot err", 3),
    ("skate_rate", "Skate", 3),
    ("self_collision_rate", "Collision", 3),
    ("minutes", "Minutes", 1),
)
"""Field, heading, decimals."""


@dataclass(frozen=True, slots=True)
class Report:
    """One evaluation.

    Attributes:
        encoder: name of the feature extractor; figures of different ones cannot be compared.
        encoder_sha256: hash of its file.
        reference: what real motion the methods were compared with.
        methods: name to scores; rows appear in a fixed order.
        between_actors_fgd: FGD between two real actors, the measure of a human-like spread; NaN where it was not measured.
        notes: what a reader must know.
        intentions: method to what became of its intentions, where that was measured.
    """

    encoder: str
    encoder_sha256: str
    reference: str
    methods: Mapping[str, Scores]
    between_actors_fgd: float = float("nan")
    notes: tuple[str, ...] = field(default=())
    intentions: Mapping[str, Intentions] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the names.

        Raises:
            ValueError: a method has a name that readers of the JSON do not know.
        """
        for name in self.methods:
            if name not in METHODS and not _GENERATOR.fullmatch(name):
                raise ValueError(f"method {name!r} is none of {', '.join(METHODS)}, generator@N")

    def with_intentions(self, measured: Mapping[str, Intentions]) -> Report:
        """The same with the columns of intentions filled in for some methods.

        Raises:
            ValueError: one of them is no row.
        """
        for name in measured:
            if name not in self.methods:
                raise ValueError(f"intentions were measured for {name!r}, which is none of {', '.join(self.methods)}")
        filled = {
            name: replace(self.methods[name], intention_accuracy=found.accuracy, onset_delay_ms=found.onset_delay_ms[0])
            for name, found in measured.items()
        }
        return replace(self, methods={**self.methods, **filled}, intentions={**self.intentions, **measured})

    def ordered(self) -> list[tuple[str, Scores]]:
        """Rows in order: the fixed names, then generators from many evaluations to few."""

        def place(name: str) -> tuple[int, int]:
            found = _GENERATOR.fullmatch(name)
            return (len(METHODS), -int(found[1])) if found else (METHODS.index(name), 0)

        return sorted(self.methods.items(), key=lambda item: place(item[0]))

    def as_json(self) -> dict[str, Any]:
        """A JSON object without NaN."""
        between = self.between_actors_fgd
        return {
            "encoder": self.encoder,
            "encoder_sha256": self.encoder_sha256,
            "reference": self.reference,
            "between_actors_fgd": between if between == between else None,
            "methods": {name: scores.as_json() for name, scores in self.ordered()},
            "intentions": {name: found.as_json() for name, found in self.intentions.items()},
            "notes": list(self.notes),
        }

    def rows(self) -> tuple[list[str], list[list[str]]]:
        """Headings and cells; columns that no method fills are left out."""
        rows = self.ordered()
        used = [column for column in _COLUMNS if any(scores.as_json()[column[0]] is not None for _, scores in rows)]
        cells = [
            [name, *(_cell(getattr(scores, field_name), places) for field_name, _, places in used)]
            for name, scores in rows
        ]
        return ["method", *(heading for _, heading, _ in used)], cells

    def markdown(self) -> str:
        """A Markdown table with a line on encoder and reference, and the notes."""
        head, body = self.rows()
        lines = [f"Encoder {self.encoder} ({self.encoder_sha256[:12] or 'no file'}); reference: {self.reference}."]
        if self.between_actors_fgd == self.between_actors_fgd:
            lines[0] += f" FGD between two real actors: {self.between_actors_fgd:.3f}."
        lines += ["", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        lines += ["| " + " | ".join(row) + " |" for row in body]
        if said := [*self.intention_lines(), *self.notes]:
            lines += ["", *(f"- {line}" for line in said)]
        return "\n".join(lines) + "\n"

    def intention_lines(self) -> list[str]:
        """One sentence for each method whose intentions were measured."""
        out = []
        for name, found in self.intentions.items():
            (delay, most_delay), (stroke, most_stroke), (back, most_back) = (
                found.onset_delay_ms, found.stroke_error_ms, found.return_s
            )  # fmt: skip
            out.append(
                f"{name}, {found.requests} requests: {found.accuracy:.1%} recognised; visible after {delay:.0f} ms (p95 {most_delay:.0f}); "
                f"stroke off by {stroke:.0f} ms (p95 {most_stroke:.0f}); back after {back:.1f} s (p95 {most_back:.1f}); jerk at "
                f"arrivals {found.injected_jerk_ratio:.2f} of elsewhere, {found.gesture_jerk_ratio:.2f} of the gestures'"
                + (
                    f", at chunks {found.chunk_jerk_ratio:.2f}"
                    if found.chunk_jerk_ratio == found.chunk_jerk_ratio
                    else ""
                )
            )
        return out

    def text(self) -> str:
        """The table in columns for a terminal."""
        head, body = self.rows()
        widths = [max(len(row[column]) for row in (head, *body)) for column in range(len(head))]

        def line(row: list[str]) -> str:
            return "  ".join(
                [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
            )

        return "\n".join([line(head), *(line(row) for row in body)]) + "\n"


def _cell(value: float, places: int) -> str:
    return f"{value:.{places}f}" if value == value else "-"
