"""Whether the body jumps in the page where an intention begins or ends: jerk there over jerk elsewhere, on the bones as drawn.

    python benchmarks/bench_page_jumps.py [--seconds 120] [--quality low] [--json]

`attune demo` runs as a user starts it; gestures, looks, faces and postures are sent to its intentions port, many of them while another
still goes on and some cancelled under way. On each drawn picture the turns of the spine, neck, head, shoulders, arms and hands are
read from the page's figure together with the session time that they show. The turns are laid on an even grid of 50 Hz (a cubic spline:
straight pieces would have a jerk of their own at each picture) and differentiated three times: the jerk of a moment is the greatest over
bones, in rad/s^3. `jerk_ratio` is its median within five frames of a place where the frames' list of intentions changes over its median
elsewhere (the definition of `motion.evaluation.smoothness`, with turns in place of positions); aim: at most 1.1. `gesture_jerk_ratio`
compares with the rest of the time in which an intention is carried out; `sent_jerk_ratio` is of the frames as the page got them, before it
interpolates. Pictures farther apart than 60 ms are gaps: no jerk is taken over them.
Needs Chromium and the extras `agent` and `dev`.
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

import msgspec
import numpy as np
import zmq
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from benchmarks._demo_page import address, chromium, end, start, until
from motion.evaluation.smoothness import SEAM_FRAMES
from motion.skeleton import INDEX

BONES = (
    "hips", "spine", "chest", "upperChest", "neck", "head", "leftShoulder", "leftUpperArm", "leftLowerArm", "leftHand", "rightShoulder",
    "rightUpperArm", "rightLowerArm", "rightHand",
)  # fmt: skip
FPS = 50.0
GAP_S = 0.06
EVERY_S = 1.3
FREE_PORT = 18_770

ASKED: tuple[dict[str, Any], ...] = (
    {"kind": "gesture", "label": "wave"},
    {"kind": "gaze", "target": {"direction_rad": [0.5, 0.1]}},
    {"kind": "expression", "label": "happy"},
    {"kind": "gesture", "label": "shrug"},
    {"kind": "gesture", "label": "point"},
    {"kind": "posture", "label": "lean_back"},
    {"kind": "gesture", "label": "yes"},
    {"kind": "gaze", "target": {"direction_rad": [-0.4, -0.1]}},
    {"kind": "gesture", "label": "open_palms"},
    {"kind": "gesture", "label": "think"},
    {"kind": "expression", "label": "surprised"},
    {"kind": "gesture", "label": "bow"},
    {"kind": "dialogue", "content": "This is what I wanted to show you today."},
    {"kind": "gesture", "label": "celebrate"},
)

WATCH = """(names) => {
    const { theatre, motion } = attune, log = { draws: [], changes: [], frames: [] }, draw = theatre.draw.bind(theatre);
    const bones = names.map((name) => attune.figure.bone(name)).filter(Boolean);
    theatre.draw = (pose, halted, now_ms) => {
        draw(pose, halted, now_ms);
        log.draws.push([pose.t_ns / 1e9, ...bones.flatMap((bone) => bone.quaternion.toArray())]);
    };
    let before = null;
    attune.connection.addEventListener("message", ({ detail: { message: m } }) => {
        if (m.type !== "motion_frame") return;
        const { t_ns, rotations } = motion.frames.at(-1);
        log.frames.push([t_ns / 1e9, ...rotations]);
        const now = m.intention_ids.join(" ");
        if (before !== null && now !== before) log.changes.push(Number(m.t_ns) / 1e9);
        before = now;
        if (now) (log.carried ??= []).push(Number(m.t_ns) / 1e9);
    });
    window.watched = log;
    return bones.length;
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--quality", choices=("low", "high"), default="low")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = run(args.seconds, args.quality)
    if args.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:24} {value}")


def run(seconds: float, quality: str) -> dict[str, Any]:
    """Ask for intentions while the page is watched."""
    ports = ("--set", f"bus.intentions_port={FREE_PORT}", "--set", f"bus.streams_port={FREE_PORT + 1}")
    process = start("--no-browser", "--port", "0", "--seed", "1", *ports)
    try:
        url = address(process)
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(f"{url}{'&' if '?' in url else '?'}quality={quality}")
            until(lambda: page.evaluate("!!window.attune && !!attune.figure && attune.motion.received > 50"))
            page.wait_for_timeout(3_000)
            bones = page.evaluate(WATCH, list(BONES))
            states = ask(page, seconds)
            log = page.evaluate("watched")
    finally:
        end(process)
    changes, carried = np.array(log["changes"]), np.array(log.get("carried", []))
    found = measure(np.array(log["draws"]), bones, changes, carried)
    frames = np.array(log["frames"])
    turns = frames[:, 1:].reshape(len(frames), -1, 4)[:, [INDEX[bone] for bone in BONES]]
    sent = measure(np.column_stack([frames[:, 0], turns.reshape(len(frames), -1)]), len(BONES), changes, carried)
    return {
        "asked": states.pop("asked"),
        **{f"ended_{k}": v for k, v in states.items()},
        **found,
        "sent_jerk_ratio": sent["jerk_ratio"],
        "sent_gesture_jerk_ratio": sent["gesture_jerk_ratio"],
        "sent_jerk_near_rads3_p50": sent["jerk_near_rads3_p50"],
        "sent_jerk_elsewhere_rads3_p50": sent["jerk_elsewhere_rads3_p50"],
        "load_1_min": round(os.getloadavg()[0], 1),
    }


def ask(page: Any, seconds: float) -> dict[str, int]:
    """Send the intentions in turn, every third while another goes on, each seventh cancelled; return how they ended."""
    client = zmq.Context.instance().socket(zmq.DEALER)
    client.connect(f"tcp://127.0.0.1:{FREE_PORT}")
    states: dict[str, int] = {"asked": 0}
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        number = states["asked"]
        name = f"jump-{number}"
        client.send(msgspec.msgpack.encode({"type": "intention", "id": name, **ASKED[number % len(ASKED)]}))
        states["asked"] += 1
        page.wait_for_timeout(1e3 * EVERY_S * (0.4 if number % 3 == 0 else 1.5))
        if number % 7 == 3:
            client.send(msgspec.msgpack.encode({"type": "intention_cancel", "intention_id": name, "reason": "bench"}))
        while client.poll(0):
            state = msgspec.msgpack.decode(client.recv())["state"]
            if state not in ("accepted", "started"):
                states[state] = states.get(state, 0) + 1
    client.close(0)
    return states


def measure(
    draws: NDArray[np.float64], bones: int, changes: NDArray[np.float64], carried: NDArray[np.float64]
) -> dict[str, Any]:
    """The ratio of the jerk near the changes to the jerk elsewhere."""
    t_s, first = np.unique(draws[:, 0], return_index=True)
    turns = draws[first, 1:].reshape(len(t_s), bones, 4)
    turns = turns / np.linalg.norm(turns, axis=-1, keepdims=True)
    grid = np.arange(t_s[0], t_s[-1], 1.0 / FPS)
    after = np.clip(np.searchsorted(t_s, grid, side="right"), 1, len(t_s) - 1)
    step = t_s[after] - t_s[after - 1]
    same_side = np.cumprod(np.where((turns[1:] * turns[:-1]).sum(axis=-1) < 0, -1.0, 1.0), axis=0)
    turns[1:] *= same_side[..., None]
    even = CubicSpline(t_s, turns)(grid)
    even /= np.linalg.norm(even, axis=-1, keepdims=True)
    whole = step <= GAP_S
    peak = turn_jerk(even)
    clean = np.lib.stride_tricks.sliding_window_view(whole, 4).all(axis=1)
    middle = grid[: len(peak)] + 1.5 / FPS
    inside = changes[(changes > grid[0]) & (changes < grid[-1])]
    near = nearest(middle, inside) <= SEAM_FRAMES / FPS
    busy = nearest(middle, carried) <= 1.0 / FPS
    rest = clean & ~near
    return {
        "jerk_ratio": ratio(peak[clean & near], peak[rest]),
        "gesture_jerk_ratio": ratio(peak[clean & near], peak[rest & busy]),
        "jerk_near_rads3_p50": round(float(np.median(peak[clean & near])), 1),
        "jerk_elsewhere_rads3_p50": round(float(np.median(peak[rest])), 1),
        "jerk_near_rads3_p99": round(float(np.percentile(peak[clean & near], 99)), 1),
        "jerk_elsewhere_rads3_p99": round(float(np.percentile(peak[rest], 99)), 1),
        "changes": len(inside),
        "pictures": len(t_s),
        "fps": round((len(t_s) - 1) / float(t_s[-1] - t_s[0]), 1),
        "share_in_gaps": round(float(1 - clean.mean()), 3),
    }


def turn_jerk(turns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Greatest angular jerk over bones [T - 3], rad/s^3: the second difference of the angular velocity between frames."""
    a, b = turns[:-1], turns[1:]
    b = np.where((a * b).sum(axis=-1, keepdims=True) < 0, -b, b)
    w = (a * b).sum(axis=-1)
    v = a[..., 3:] * b[..., :3] - b[..., 3:] * a[..., :3] - np.cross(a[..., :3], b[..., :3])
    size = np.linalg.norm(v, axis=-1)
    angle = 2.0 * np.arctan2(size, w)
    velocity = v * (angle / np.maximum(size, 1e-12))[..., None] * FPS
    out: NDArray[np.float64] = np.linalg.norm(np.diff(velocity, n=2, axis=0), axis=-1).max(axis=1) * FPS**2
    return out


def nearest(at: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each time is from the nearest place."""
    edges = np.concatenate([[-np.inf], np.sort(places), [np.inf]])
    after = np.searchsorted(edges, at)
    out: NDArray[np.float64] = np.minimum(at - edges[after - 1], edges[after] - at)
    return out


def ratio(near: NDArray[np.float64], rest: NDArray[np.float64]) -> float | None:
    """Median over median; None where there is nothing on one side."""
    if not len(near) or not len(rest):
        return None
    return round(float(np.median(near) / np.median(rest)), 3)


if __name__ == "__main__":
    main()
