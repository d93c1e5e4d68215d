"""What an hour of an open page costs: `attune demo`, a headless Chromium that talks to it all the while, its heap each minute.

    python benchmarks/bench_page_hour.py [--minutes 60] [--quality low] [--log FILE] [--json]

The microphone plays spoken questions for ever, and the camera is on, so that captions, timeline and panel are written all the time. Each
minute the garbage is collected (DevTools protocol) and the heap of the page's scripts read, with its DOM nodes, its
listeners and the bytes that its array buffers hold outside of the heap. `heap_growth_percent` is by how much a line fitted from minute
five to the end rises, as a share of where it begins; `errors` counts errors in the console. With `--log` each minute is also written
to a file as it goes by. Needs Chromium and the extras `agent`, `voice` and `dev`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks._demo_page import chromium, demo, speak, until

LINES = (
    "hello.",
    "my name is Anna.",
    "what can you do?",
    "I feel sad today.",
    "please wave your hand.",
    "who are you?",
    "thank you.",
)
PAUSE_S = 7.0
SETTLED_MINUTES = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--quality", choices=("low", "high"), default="low")
    parser.add_argument("--log", type=Path, help="write each minute to this file as well")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = run(args.minutes, args.quality, args.log)
    if args.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:28} {value}")


def run(minutes: int, quality: str, log: Path | None) -> dict[str, Any]:
    """Keep the page open and read it each minute."""
    errors: list[str] = []
    rows: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "questions.wav"
        speak(LINES, wav, pause_s=PAUSE_S)
        with demo() as url, chromium(wav, loop=True) as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("crash", lambda: errors.append("the page crashed"))
            page.goto(f"{url}?quality={quality}" if "?" not in url else f"{url}&quality={quality}")
            until(lambda: page.evaluate("!!window.attune && attune.motion.received > 5"))
            page.click("#talk")
            page.click("#camera")
            cdp = page.context.new_cdp_session(page)
            cdp.send("HeapProfiler.enable")
            cdp.send("Performance.enable")
            began = time.monotonic()
            for minute in range(minutes + 1):
                while (left := began + 60 * minute - time.monotonic()) > 0:
                    page.wait_for_timeout(1_000 * min(left, 5.0))
                rows.append({"minute": minute, **reading(page, cdp), "errors": len(errors)})
                if log:
                    with log.open("a") as out:
                        out.write(json.dumps(rows[-1]) + "\n")
    return {**summary(rows), "first_error": errors[0] if errors else "", "load_1_min": round(os.getloadavg()[0], 1)}


def reading(page: Any, cdp: Any) -> dict[str, float]:
    """What the page holds now, garbage collected."""
    cdp.send("HeapProfiler.collectGarbage")
    cdp.send("HeapProfiler.collectGarbage")  # finalisers of the first give more free
    metrics = {entry["name"]: entry["value"] for entry in cdp.send("Performance.getMetrics")["metrics"]}
    usage = cdp.send("Runtime.getHeapUsage")
    return {
        "heap_kb": round(metrics["JSHeapUsedSize"] / 1e3, 1),
        "buffers_kb": round(usage.get("backingStorageSize", 0) / 1e3, 1),
        "nodes": metrics["Nodes"],
        "listeners": metrics["JSEventListeners"],
        "motion_frames": page.evaluate("attune.motion.received"),
        "captions": page.evaluate("document.querySelectorAll('#transcript li').length"),
    }


def growth_percent(rows: list[dict[str, float]], name: str) -> float | None:
    """By how much a fitted line rises over the settled minutes, in percent of its beginning; None: too short to say."""
    settled = [row for row in rows if row["minute"] >= SETTLED_MINUTES]
    if len(settled) < 3:
        return None
    minutes = np.array([row["minute"] for row in settled], float)
    slope, at_zero = np.polyfit(minutes, [row[name] for row in settled], 1)
    first = at_zero + slope * minutes[0]
    return round(100 * float(slope * (minutes[-1] - minutes[0]) / first), 2) if first else None


def summary(rows: list[dict[str, float]]) -> dict[str, Any]:
    """The figures to print."""
    return {
        "minutes": rows[-1]["minute"],
        **{f"{name}_growth_percent": growth_percent(rows, f"{name}_kb") for name in ("heap", "buffers")},
        **{f"{name}_growth_percent": growth_percent(rows, name) for name in ("nodes", "listeners")},
        **{f"heap_mb_at_{row['minute']:g}": round(row["heap_kb"] / 1e3, 2) for row in rows[:: max(1, len(rows) // 6)]},
        "nodes_most": max(row["nodes"] for row in rows),
        "captions_most": max(row["captions"] for row in rows),
        "motion_frames": rows[-1]["motion_frames"],
        "errors": rows[-1]["errors"],
    }


if __name__ == "__main__":
    main()
