"""`timeline.png`: a whole session on one time axis, to be read at a glance.

From top to bottom: the person's voice (envelope, speech, recognised words), the agent's voice and words, turns with the
decisions between them, intentions with their states, acts of the body, head pitch (degrees, up positive) and hand speed
(m/s, from the caller, who can do forward kinematics). Sessions longer than a row go on in the next one. Blocking; draws
with Agg, needs no display.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runtime.clock import NS_PER_S
from runtime.messages import TurnDecision
from runtime.session.digest import SessionDigest
from runtime.session.files import AGENT_WAV, USER_WAV
from runtime.session.tracks import (
    ENVELOPE_HZ,
    Bar,
    act_bars,
    agent_words,
    clause_bars,
    envelope,
    head_pitch_deg,
    speech_bars,
    user_words,
)
from runtime.session.transcript import intention_lines, transcript_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN, ROW_IN, DPI = 17.0, 4.6, 110
SHORT_ROW_S, LONG_ROW_S, LONG_SESSION_S = 30.0, 60.0, 300.0
_INK, _FAINT, _GRID = "#22272e", "#8a929c", "#e6e9ed"
_USER, _AGENT, _WARN = "#2f6fbd", "#d9722e", "#c0304a"
INTENTIONS_MAX = 300
"""A session that was flooded draws its first intentions only; all of them stand in intentions.jsonl."""
_KINDS = {
    "dialogue": "#d9722e",
    "gesture": "#7a5bb5",
    "gaze": "#2a9d8f",
    "expression": "#c65b8c",
    "posture": "#6b7f3a",
    "locomotion": "#8a6d3b",
    "attention": "#3d8fb3",
}
_DECISIONS = {
    "end_of_turn": ("v", _USER, "end of turn"),
    "hold": (".", _FAINT, "hold"),
    "backchannel": ("o", "#2a9d8f", "backchannel"),
    "duck": ("d", "#e3a008", "duck"),
    "pause": ("|", "#e3a008", "pause"),
    "stop": ("s", _WARN, "stop"),
    "resume": ("^", "#4a9d4a", "resume"),
    "answer": (">", "#4a9d4a", "answer"),
    "wait": ("D", "#8b8f98", "wait"),
    "stay_out": ("x", _FAINT, "stay out"),
}
_ACT_COLOURS = ("#2a9d8f", "#7a5bb5", "#3d8fb3", "#a0a7b0")
_ACT_NAMES = {"nod": "nods", "gesture": "gestures", "gaze": "gaze", "other": "face, voice"}
_LANES = {"person": 1.9, "agent": 1.9, "turns": 0.75, "intentions": 1.2, "body": 1.3, "head": 1.15, "hands": 1.15}
_TITLES = {
    "person": "person",
    "agent": "agent",
    "turns": "turns",
    "intentions": "intentions",
    "body": "",  # its four lines have names of their own
    "head": "head pitch",
    "hands": "hand speed",
}


def draw_timeline(
    digest: SessionDigest,
    folder: Path,
    path: Path,
    *,
    head_pitch: Sequence[float] | None = None,
    hand_speed: Sequence[float] | None = None,
) -> None:
    """Draw a session as PNG.

    Args:
        digest: the recording.
        folder: session folder, for the envelopes of its WAV files; a missing file leaves its envelope out.
        path: the picture to write.
        head_pitch: degrees, up positive, one value per motion frame; from the neck and head joints where None.
        hand_speed: m/s, one value per motion frame; its lane is left out where None.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    duration_s = max(1.0, digest.duration_s)
    row_s = duration_s if duration_s <= SHORT_ROW_S else LONG_ROW_S if duration_s > LONG_SESSION_S else SHORT_ROW_S
    rows = math.ceil(duration_s / row_s - 1e-9)
    row_s = duration_s if rows == 1 else row_s
    lanes = {name: height for name, height in _LANES.items() if name != "hands" or hand_speed is not None}
    figure = Figure(figsize=(WIDTH_IN, ROW_IN * rows + 0.9), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    height_in = ROW_IN * rows + 0.9
    drawing = _Drawing(digest, folder, lanes, head_pitch, hand_speed)
    for row in range(rows):
        bottom = 0.42 + (rows - 1 - row) * ROW_IN
        axes = figure.add_axes((0.062, (bottom + 0.25) / height_in, 0.925, (ROW_IN - 0.35) / height_in))
        drawing.row(axes, row * row_s, (row + 1) * row_s)
    _head(figure, digest, height_in)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a word in a script that the font lacks shows as boxes
        figure.savefig(path, metadata={"Software": None})


def _head(figure: Any, digest: SessionDigest, height_in: float) -> None:
    """Title line and legend."""
    from matplotlib.lines import Line2D

    meta = digest.metadata
    facts = [f"{digest.duration_s:.1f} s", f"{len(digest.frames.t_ns)} frames"]
    facts += [f"{key} {meta[key]}" for key in ("profile", "seed", "speed") if meta.get(key)]
    y = 1.0 - 0.2 / height_in
    figure.text(0.062, y, "Session", size=13, weight="bold", color=_INK, va="center")
    figure.text(0.062 + 0.95 / WIDTH_IN, y, "   ".join(facts), size=9.5, color=_FAINT, va="center", parse_math=False)
    handles = [
        Line2D([], [], marker=mark, color=colour, linestyle="", markersize=6, label=label)
        for mark, colour, label in _DECISIONS.values()
    ]
    handles += [Line2D([], [], color=colour, linewidth=5, label=kind) for kind, colour in _KINDS.items()]
    figure.legend(
        handles=handles,
        loc="lower center",
        ncol=len(handles),
        fontsize=7.5,
        frameon=False,
        handletextpad=0.5,
        handlelength=1.4,
        columnspacing=1.1,
    )


class _Drawing:
    """The lanes of a session, drawn row by row."""

    def __init__(
        self,
        digest: SessionDigest,
        folder: Path,
        lanes: dict[str, float],
        head_pitch: Sequence[float] | None,
        hand_speed: Sequence[float] | None,
    ) -> None:
        self._lanes = lanes
        self._digest = digest
        self._times = (digest.frames.t_ns - digest.zero_ns) / NS_PER_S
        self._pitch = head_pitch_deg(digest.frames.neck_head) if head_pitch is None else np.asarray(head_pitch, float)
        self._speed = None if hand_speed is None else np.asarray(hand_speed, float)
        for name, values in (("head_pitch", self._pitch), ("hand_speed", self._speed)):
            if values is not None and len(values) != len(self._times):
                raise ValueError(f"{name}: {len(values)} values for {len(self._times)} motion frames")
        self._envelopes = {"person": envelope(folder / USER_WAV), "agent": envelope(folder / AGENT_WAV)}
        self._turns = transcript_lines(digest)
        self._intentions = intention_lines(digest)
        self._speech = {"person": speech_bars(digest), "agent": clause_bars(digest)}
        self._words = {"person": user_words(digest), "agent": agent_words(digest)}
        self._acts = act_bars(digest)

    def row(self, axes: Axes, start_s: float, end_s: float) -> None:
        """Draw one stretch of time."""
        axes.set_xlim(start_s, end_s)
        axes.set_ylim(0, sum(self._lanes.values()))
        ticks, top = [], sum(self._lanes.values())
        for name, height in self._lanes.items():
            bottom = top - height
            axes.axhline(bottom, color=_GRID, linewidth=0.8)
            getattr(self, f"_draw_{name}")(axes, bottom, height, start_s, end_s)
            ticks.append((bottom + height / 2, _TITLES[name]))
            top = bottom
        axes.set_yticks([y for y, _ in ticks], [text for _, text in ticks], fontsize=9, color=_INK)
        step = next(step for step in (1, 2, 5, 10) if (end_s - start_s) / step <= 31 or step == 10)
        axes.set_xticks(np.arange(math.ceil(start_s / step) * step, end_s + 1e-6, step))
        axes.tick_params(axis="x", labelsize=8, colors=_FAINT, length=3)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter(lambda value, _: f"{int(value) // 60}:{int(value) % 60:02d}")
        axes.grid(axis="x", color=_GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(_FAINT)

    def _draw_person(self, axes: Axes, bottom: float, height: float, start_s: float, end_s: float) -> None:
        self._voice(axes, "person", _USER, bottom, height, start_s, end_s)

    def _draw_agent(self, axes: Axes, bottom: float, height: float, start_s: float, end_s: float) -> None:
        self._voice(axes, "agent", _AGENT, bottom, height, start_s, end_s)

    def _voice(
        self, axes: Axes, who: str, colour: str, bottom: float, height: float, start_s: float, end_s: float
    ) -> None:
        """Envelope around a middle line, speech as a bar under it, words in up to three lines below."""
        middle, reach = bottom + height - 0.55, 0.45
        levels = self._envelopes[who]
        first, last = int(start_s * ENVELOPE_HZ), int(end_s * ENVELOPE_HZ) + 1
        part = levels[first:last]
        if len(part):
            x = (first + np.arange(len(part))) / ENVELOPE_HZ
            axes.fill_between(x, middle - reach * part, middle + reach * part, color=colour, alpha=0.55, linewidth=0)
        for begin, end, _ in _within(self._speech[who], start_s, end_s):
            axes.barh(bottom + height - 1.08, end - begin, 0.07, begin, color=colour, linewidth=0)
        self._texts(axes, self._words[who], bottom + height - 1.27, 0.21, 3, start_s, end_s)

    def _texts(
        self, axes: Axes, words: list[Bar], top: float, line: float, lines: int, start_s: float, end_s: float
    ) -> None:
        """Write words at their times in the first line where they fit; those that fit nowhere are left out."""
        free = [start_s] * lines
        per_character = (end_s - start_s) * 0.0040
        for begin, _, text in _within(words, start_s, end_s, clip=False):
            if begin < start_s:
                continue
            for number in range(lines):
                width = (len(text) + 1) * per_character
                if free[number] <= begin and begin + width <= end_s + per_character:
                    axes.text(begin, top - number * line, text, size=7, color=_INK, va="center", parse_math=False)
                    free[number] = begin + width
                    break

    def _draw_turns(self, axes: Axes, bottom: float, height: float, start_s: float, end_s: float) -> None:
        for turn in self._turns:
            stop_s = turn["end_s"] if turn["end_s"] is not None else self._digest.duration_s
            for begin, end, _ in _within([(turn["start_s"], stop_s, "")], start_s, end_s):
                user = turn["speaker"] == "user"
                axes.barh(
                    bottom + 0.24, end - begin, 0.2, begin, color=_USER if user else _AGENT, alpha=0.3, linewidth=0
                )
                if turn["interrupted"] and end == stop_s:
                    axes.plot([end, end], [bottom + 0.1, bottom + 0.38], color=_WARN, linewidth=1.8)
        for decision in self._digest.all(TurnDecision):
            at_s = self._digest.seconds(decision.t_ns)
            if start_s <= at_s < end_s:
                mark, colour, _ = _DECISIONS[decision.decision]
                axes.plot(at_s, bottom + 0.55, mark, color=colour, markersize=5)

    def _draw_intentions(self, axes: Axes, bottom: float, height: float, start_s: float, end_s: float) -> None:
        """Bars from receipt to final state in three lines; the pale part waits, the full part is carried out."""
        free = [-math.inf] * 3
        for intention in self._intentions[:INTENTIONS_MAX]:
            states = {state["state"]: state["t_s"] for state in intention["states"]}
            begin = intention.get("received_s", min(states.values(), default=0.0))
            final = states.get(intention["outcome"], self._digest.duration_s)
            if final < start_s or begin >= end_s:
                continue
            name = intention.get("label") or intention.get("content") or intention["id"]
            label = f"{name[:28]}{'…' if len(name) > 28 else ''}"
            width = (len(label) + 3) * (end_s - start_s) * 0.0035
            number = next((n for n in range(3) if free[n] <= begin), int(np.argmin(free)))
            free[number] = max(final, begin + width)
            y = bottom + height - 0.2 - 0.37 * number
            colour = _KINDS.get(intention.get("kind", ""), _FAINT)
            lost = intention["outcome"] in ("rejected", "expired", "superseded", "cancelled")
            left, right = max(begin, start_s), min(max(final, begin + 0.03), end_s)
            axes.barh(y, right - left, 0.14, left, color=colour, alpha=0.3, linewidth=0)
            if "started" in states and states["started"] < end_s:
                axes.barh(
                    y, max(0.0, right - max(states["started"], left)), 0.14, max(states["started"], left), color=colour
                )
            axes.plot(left, y, "|", color=colour, markersize=9)
            if lost and start_s <= final < end_s:
                axes.plot(final, y, "x", color=_WARN, markersize=5, markeredgewidth=1.4)
                label += f" ({intention['outcome']})"
            if begin >= start_s:
                axes.text(
                    begin + 0.002 * (end_s - start_s),
                    y - 0.18,
                    label,
                    size=6.5,
                    color=_INK,
                    va="center",
                    parse_math=False,
                )

    def _draw_body(self, axes: Axes, bottom: float, height: float, start_s: float, end_s: float) -> None:
        shortest_s = 0.005 * (end_s - start_s)  # an act of unknown length must still be seen
        for number, (group, bars) in enumerate(self._acts.items()):
            y = bottom + height - 0.2 - 0.3 * number
            for begin, end, act in _within(bars, start_s, end_s):
                axes.barh(y, max(end - begin, shortest_s), 0.15, begin, color=_ACT_COLOURS[number], linewidth=0)
                if group == "gesture" and end - begin > 0.006 * (end_s - start_s) * len(act):
                    axes.text(begin, y, f" {act}", size=6, color="white", va="center", parse_math=False)
            axes.text(start_s, y, f"{_ACT_NAMES[group]}  ", size=7.5, color=_INK, ha="right", va="center")

    def _draw_head(self, axes: Axes, bottom: float, height: float, start_s: float, end_s: float) -> None:
        reach = max(10.0, float(np.abs(self._pitch).max(initial=0.0)))
        middle = bottom + height / 2
        axes.axhline(middle, color=_GRID, linewidth=0.8)
        self._curve(axes, middle + self._pitch / reach * height * 0.44, _INK, start_s, end_s)
        axes.text(end_s, bottom + height - 0.12, f"±{reach:.0f}°", size=6.5, color=_FAINT, ha="right", va="center")

    def _draw_hands(self, axes: Axes, bottom: float, height: float, start_s: float, end_s: float) -> None:
        if self._speed is None:
            return
        reach = max(0.5, float(self._speed.max(initial=0.0)))
        self._curve(
            axes, bottom + 0.06 + self._speed / reach * height * 0.86, "#7a5bb5", start_s, end_s, base=bottom + 0.06
        )
        axes.text(end_s, bottom + height - 0.12, f"{reach:.1f} m/s", size=6.5, color=_FAINT, ha="right", va="center")

    def _curve(
        self, axes: Axes, y: NDArray[np.float64], colour: str, start_s: float, end_s: float, base: float | None = None
    ) -> None:
        inside = (self._times >= start_s) & (self._times <= end_s)
        axes.plot(self._times[inside], y[inside], color=colour, linewidth=0.9)
        if base is not None:
            axes.fill_between(self._times[inside], base, y[inside], color=colour, alpha=0.2, linewidth=0)


def _within(bars: Sequence[Bar], start_s: float, end_s: float, *, clip: bool = True) -> list[Bar]:
    """Return the bars that reach into a row, cut to it."""
    found = [bar for bar in bars if bar[1] >= start_s and bar[0] < end_s]
    return [(max(a, start_s), min(b, end_s), text) for a, b, text in found] if clip else found
