"""How long `attune demo` takes to a served page, and a browser from there to a moving character.

    python benchmarks/bench_demo_start.py [--times 8] [--quality low] [--json]

Starts the real command on a fixed free port again and again, after one run that warms the disk and byte code. `served_ms` runs from the
start of the process to the first answer 200 to `GET /`, asked every 10 ms; `printed_ms` to the line with the address. With Chromium,
`moving_ms` runs from the navigation to the first picture of the figure moving as the stream says, in a fresh context with an empty cache;
the browser itself runs already. Needs the extras `agent`, `voice` and `dev`; whatever else the machine does shows in the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks._demo_page import address, chromium, end, start, until
from tests.e2e.page_support import CHROMIUM

ASK_EVERY_S = 0.01
PATIENCE_S = 60.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--times", type=int, default=8)
    parser.add_argument("--quality", choices=("low", "high"), default="low")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = run(args.times, args.quality)
    if args.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:24} {value}")


def run(times: int, quality: str) -> dict[str, Any]:
    """Start the command `times` times, and once before."""
    once(None, quality)
    if CHROMIUM:
        with chromium() as browser:
            rows = [once(browser, quality) for _ in range(times)]
    else:
        rows = [once(None, quality) for _ in range(times)]
    found: dict[str, Any] = {"times": times}
    for name in rows[0]:
        values = [row[name] for row in rows]
        found[f"{name}_p50"] = round(float(np.median(values)))
        found[f"{name}_max"] = round(max(values))
    return {**found, "load_1_min": round(os.getloadavg()[0], 1)}


def once(browser: Any, quality: str) -> dict[str, float]:
    """Start the command, open the page if there is a browser, and end it; milliseconds."""
    port = free_port()
    served: list[float] = []
    began = time.monotonic()
    process = start("--no-browser", "--port", str(port))
    asking = threading.Thread(target=lambda: served.append(first_answer(f"http://127.0.0.1:{port}/") - began))
    asking.start()
    try:
        url = address(process)
        printed = time.monotonic() - began
        asking.join()
        row = {"served_ms": 1e3 * served[0], "printed_ms": 1e3 * printed}
        if browser:
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            page = context.new_page()
            page.goto(f"{url}{'&' if '?' in url else '?'}quality={quality}", wait_until="commit")
            row["moving_ms"] = until(lambda: page.evaluate("window.attune ? attune.theatre.moving_ms : 0"))
            context.close()
        return row
    finally:
        end(process)


def first_answer(url: str) -> float:
    """When the page was first served, on the monotonic clock."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return time.monotonic()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(ASK_EVERY_S)
    raise SystemExit(f"attune demo did not serve {url} within {PATIENCE_S:g} s")


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
