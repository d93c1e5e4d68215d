"""What the avatar page costs in a real headless Chromium that draws on the processor (SwiftShader), at 1280x720.

    python benchmarks/bench_page.py [--character FILE.vrm] [--quality low] [--seconds 8] [--json]

`open_to_moving_ms` runs from the navigation to the first picture of the figure moving as the stream says, with an empty
cache, of a server that is up. `fps` counts drawn pictures while the agent gestures and speaks; `cpu_ms_per_picture` is
the processor time of all browser processes for one of them. `tick_to_bone_ms` runs from the scheduled time of a moment
of motion to the end of the script that put it on the bones and drew it; the page's clock is set against the server's by
the wall clock of the one machine, not by the page's own estimate. `skew_ms` is by how much the mouth is seen to open
after the tone that it goes with begins to sound (negative: before), by the browser's own report of what its audio output
plays. `gzip_kb` is all that the page loads, as it is sent. Needs Chromium and the extras `agent` and `dev`; whatever
else the machine does shows in the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import psutil

from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.vocabulary import VISEMES
from tests.e2e.page_support import CHROMIUM, FLAGS, TICK_NS, House, Tab, synthetic_frame

OPENINGS = 5
BURST_S, EVERY_S = 0.24, 0.6
RATE_HZ = 22_050
LEAD_NS = 80 * NS_PER_MS
PIECE = 882

WATCH = """() => {
    const { theatre, voice } = attune, log = { draws: [], onsets: [], dates: [] }, draw = theatre.draw.bind(theatre);
    voice.analyser.fftSize = 16384;
    const sound = new Float32Array(16384), rate = voice.context.sampleRate, quiet = Math.round(0.1 * rate);
    theatre.draw = (pose, halted, now_ms) => {
        draw(pose, halted, now_ms);
        const now = performance.now();
        log.draws.push([pose.t_ns, now, pose.visemes[10]]);
        log.dates.push(Date.now() - performance.timeOrigin - now);
        const { currentTime, outputLatency } = voice.context, told = voice.context.getOutputTimestamp();
        voice.analyser.getFloatTimeDomainData(sound);
        for (let i = 0, silent = 0; i < sound.length; i++) {
            if (Math.abs(sound[i]) < 0.01) { silent += 1; continue; }
            if (silent >= quiet) {
                const at = currentTime - (sound.length - i) / rate;
                const heard = told.performanceTime > 0
                    ? told.performanceTime + 1000 * (at - told.contextTime) : now + 1000 * (at - currentTime + outputLatency);
                if (!log.onsets.some((onset) => Math.abs(onset - heard) < 200)) log.onsets.push(heard);
            }
            silent = 0;
        }
    };
    window.watched = log;
    return performance.timeOrigin;
}"""


class Speaking(House):
    """An agent that waves, and whose mouth opens with each burst of a tone that it plays."""

    speaks_from_ns = -1

    def opens(self, t_ns: int) -> bool:
        """Return whether the tone sounds at a session time."""
        since = t_ns - self.speaks_from_ns
        return self.speaks_from_ns >= 0 <= since and since % int(EVERY_S * NS_PER_S) < int(BURST_S * NS_PER_S)

    async def _move(self) -> None:
        index = 0
        while True:
            due = index * TICK_NS
            await self.clock.sleep_until_ns(due)
            visemes = np.zeros(len(VISEMES), np.float32)
            visemes[VISEMES.index("aa")] = 1.0 if self.opens(due) else 0.0
            self.bus.publish(synthetic_frame(index, due, visemes=visemes.tobytes()))
            index += 1

    async def speak(self, seconds: float) -> None:
        """Play bursts of a tone, in pieces of 40 ms, 80 ms ahead as the voice does."""
        start = -(-(self.clock.now_ns() + 300 * NS_PER_MS) // TICK_NS) * TICK_NS
        self.speaks_from_ns = start
        t = np.arange(int(RATE_HZ * seconds)) / RATE_HZ
        tone = (9_000 * np.sin(2 * np.pi * 330 * t) * (t % EVERY_S < BURST_S)).astype("<i2")
        for offset in range(0, len(tone), PIECE):
            at = start + offset * NS_PER_S // RATE_HZ
            await self.clock.sleep_until_ns(at - LEAD_NS)
            pcm = tone[offset : offset + PIECE].tobytes()
            piece = m.AgentAudio(t_ns=at, pcm=pcm, sample_rate_hz=RATE_HZ, response_id="r", offset_samples=offset)
            self.bus.publish(piece)


def opening(browser: Any, url: str, quality: str) -> tuple[float, float, float]:
    """Open the page afresh; return ms to the first figure, ms to the first moving one, and kB as sent."""
    with Tab(browser, url, f"/?quality={quality}") as tab:
        figure, moving = tab.page.evaluate("[attune.theatre.figure_ms, attune.theatre.moving_ms]")
        size = tab.page.evaluate(
            "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
            ".reduce((sum, entry) => sum + entry.encodedBodySize, 0)"
        )
    return figure, moving, size / 1_000


def browser_cpu_s() -> float:
    """Return the processor time of the browser's processes until now."""
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            used = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system
    return total


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure everything."""
    import asyncio

    from playwright.sync_api import sync_playwright

    character = args.character.read_bytes() if args.character else None
    with sync_playwright() as play:
        fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS + fake)
        with Speaking(character=character) as house:
            opened = np.array([opening(browser, house.url, args.quality) for _ in range(OPENINGS)])
            with Tab(browser, house.url, f"/?quality={args.quality}") as tab:
                tab.page.click("#talk")
                tab.wait("attune.voice.context && attune.voice.context.state === 'running'")
                asyncio.run_coroutine_threadsafe(house.speak(args.seconds + 1.0), house.loop)
                time.sleep(0.6)
                origin_ms = tab.page.evaluate(WATCH)
                before = browser_cpu_s()
                time.sleep(args.seconds)
                cpu_s = browser_cpu_s() - before
                wall_ms = time.time() * 1e3 - house.clock.now_ns() / 1e6
                log = tab.page.evaluate("watched")
                triangles, calls = tab.page.evaluate(
                    "[attune.stage.renderer.info.render.triangles, attune.stage.renderer.info.render.calls]"
                )
        browser.close()
    draws = np.array(log["draws"])
    page_wall_ms = origin_ms + float(np.median(log["dates"]))
    tick_to_bone = draws[:, 1] + page_wall_ms - (draws[:, 0] / 1e6 + wall_ms)
    opens = draws[1:, 1][(draws[1:, 2] >= 0.5) & (draws[:-1, 2] < 0.5)]
    skews = [float(o - s) for s in log["onsets"] for o in opens[np.abs(opens - s) < 0.4 * 1_000 * EVERY_S]]
    steps = np.diff(draws[:, 1])
    return {
        "quality": args.quality,
        "fps": round(1_000 * len(steps) / float(steps.sum()), 1),
        "cpu_ms_per_picture": round(1_000 * cpu_s / len(draws), 1),
        "picture_ms_p95": round(float(np.percentile(steps, 95)), 1),
        "triangles": triangles,
        "draw_calls": calls,
        "open_to_figure_ms": round(float(np.median(opened[:, 0]))),
        "open_to_moving_ms": round(float(np.median(opened[:, 1]))),
        "open_to_moving_ms_max": round(float(opened[:, 1].max())),
        "tick_to_bone_ms_p50": round(float(np.median(tick_to_bone)), 1),
        "tick_to_bone_ms_p95": round(float(np.percentile(tick_to_bone, 95)), 1),
        "skew_ms_p50": round(float(np.median(skews)), 1) if skews else None,
        "skew_ms_p95_abs": round(float(np.percentile(np.abs(skews), 95)), 1) if skews else None,
        "skews": len(skews),
        "gzip_kb": round(float(opened[:, 2].max())),
        "load_1_min": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--character", type=Path, help="a VRM file; the usual character without")
    parser.add_argument("--quality", choices=("low", "high"), default="low")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not CHROMIUM:
        sys.exit("bench_page: needs Chromium; on Debian: apt-get install chromium")
    found = run(args)
    if args.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
