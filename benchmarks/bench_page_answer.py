"""How fast a spoken question is answered audibly in the page, beside the same questions without a page.

    python benchmarks/bench_page_answer.py [--questions 12] [--set KEY=VALUE] [--json]

A wav of questions is the microphone of a headless Chromium that talks with `attune demo`, and then the input of `attune run --audio`. In
the page both ends are read on the clock of its one AudioContext, so that nothing has to be aligned: the sound of the microphone track,
against which the wav is laid question by question (the end of the speech is known in it), and the agent's sound where it leaves for the
loudspeaker, plus the output latency that the browser states. What the fake device and the browser's echo canceller take before the sound
is on the track is not in it. `answer_ms` runs from the last sample above -40 dB of a question to the first above -40 dB of the agent;
without the page it is read off the recorded tracks. `difference_ms` is what the page adds (aim: at most 60). Questions that the
agent talks into, or answers after more than 4 s, are counted apart. Needs Chromium and the extras `agent`, `voice` and `dev`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from benchmarks._demo_page import RATE_HZ, chromium, demo, speak, start, until
from runtime.session.reader import SessionReader

QUESTIONS = ("what can you do?", "who are you?", "how are you?", "what is your name?")
FIRST_S, PAUSE_S = 7.0, 5.0
BLOCK_S = 0.005
AUDIBLE = 0.01
LATEST_S = 4.0

Envelope = NDArray[np.float64]

LISTEN = """(block_s) => {
    const { context, analyser: spoken } = attune.voice, log = { heard: {}, spoken: {}, latency: [] };
    const heard = context.createAnalyser();
    context.createMediaStreamSource(attune.microphone.stream).connect(heard);
    heard.fftSize = spoken.fftSize = 32768;
    const sound = new Float32Array(32768), rate = context.sampleRate;
    setInterval(() => {
        const ends = context.currentTime;
        log.latency.push(context.outputLatency || context.baseLatency || 0);
        for (const [name, analyser] of [["heard", heard], ["spoken", spoken]]) {
            analyser.getFloatTimeDomainData(sound);
            for (let i = 0; i < sound.length; i++) {
                const level = Math.abs(sound[i]), block = Math.floor((ends - (sound.length - i) / rate) / block_s);
                if (level > (log[name][block] ?? 0.0005)) log[name][block] = level;
            }
        }
    }, 250);
    window.listened = log;
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--questions", type=int, default=12)
    parser.add_argument("--set", action="append", default=[], help="as for attune demo and attune run")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    settings = [word for one in args.set for word in ("--set", one)]
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "questions.wav"
        lines = [QUESTIONS[i % len(QUESTIONS)] for i in range(args.questions)]
        spans = speak(lines, wav, pause_s=PAUSE_S, first_s=FIRST_S)
        page = in_page(wav, spans, settings)
        plain = without_page(wav, spans, Path(folder) / "session", settings)
    found = {**figures("page", page), **figures("run", plain)}
    for point in ("p50", "p95"):
        both = found[f"page_answer_ms_{point}"], found[f"run_answer_ms_{point}"]
        found[f"difference_ms_{point}"] = round(both[0] - both[1], 1) if None not in both else None
    found["load_1_min"] = round(os.getloadavg()[0], 1)
    if args.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:24} {value}")


def figures(name: str, answers: list[float | None]) -> dict[str, Any]:
    """p50 and p95 of the answers that came, and how many did."""
    came = [1e3 * answer for answer in answers if answer is not None]
    return {
        f"{name}_answered": f"{len(came)} of {len(answers)}",
        **{
            f"{name}_answer_ms_p{point}": round(float(np.percentile(came, point)), 1) if came else None
            for point in (50, 95)
        },
    }


def in_page(wav: Path, spans: list[tuple[float, float]], settings: list[str]) -> list[float | None]:
    """Ask the questions through the page; seconds from the end of each to the audible answer."""
    with demo(*settings) as url, chromium(wav) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{url}{'&' if '?' in url else '?'}quality=low")
        until(lambda: page.evaluate("!!window.attune && attune.motion.received > 5"))
        page.click("#talk")
        until(lambda: page.evaluate("attune.microphone.on && attune.voice.context.state === 'running'"))
        page.evaluate(LISTEN, BLOCK_S)
        page.wait_for_timeout(1e3 * (spans[-1][1] + LATEST_S + 1.0))
        log = page.evaluate("listened")
    heard, spoken = (dense(log[name]) for name in ("heard", "spoken"))
    latency_s = float(np.median(log["latency"]))
    samples, _ = soundfile.read(wav)
    truth = np.abs(samples[: len(samples) // 80 * 80]).reshape(-1, 80).max(axis=1)  # blocks of 5 ms
    around_s = lay(truth, heard, 0.0)
    return [answer(spoken, lay(truth, heard, around_s, span) + span[1], latency_s) for span in spans]


def dense(blocks: dict[str, float]) -> Envelope:
    """The level of each block from the start of the audio clock."""
    out = np.zeros(1 + max(map(int, blocks), default=0))
    for block, level in blocks.items():
        out[int(block)] = level
    return out


def lay(truth: Envelope, heard: Envelope, around_s: float, span: tuple[float, float] | None = None) -> float:
    """When the wav began on the page's clock, by the likeness of the two envelopes in decibels.

    Without a span it is sought everywhere with the whole wav; with one, within 0.3 s of `around_s` with that question alone.
    """
    first, last = (
        (0, len(truth))
        if span is None
        else (round((at + d) / BLOCK_S) for at, d in zip(span, (-0.3, 0.3), strict=True))
    )
    piece = level_db(truth[first:last])
    piece -= piece.mean()
    if span is None:
        shifts = range(-round(2.0 / BLOCK_S), max(1, len(heard) - len(truth) // 2))
    else:
        middle, reach = round(around_s / BLOCK_S), round(0.3 / BLOCK_S)
        shifts = range(middle - reach, middle + reach + 1)
    padded = level_db(np.concatenate([np.zeros(len(truth)), heard, np.zeros(len(truth))]))
    fit = [float(piece @ padded[len(truth) + first + shift :][: len(piece)]) for shift in shifts]
    return shifts[int(np.argmax(fit))] * BLOCK_S


def level_db(levels: Envelope) -> Envelope:
    """Decibels of full scale, -60 at least."""
    return np.asarray(20 * np.log10(np.maximum(levels, 1e-3)))


def answer(spoken: Envelope, end_s: float, latency_s: float) -> float | None:
    """Seconds from the end of a question to the first audible block; None where the agent spoke already, or too late."""
    end = round(end_s / BLOCK_S)
    if (spoken[max(0, end - round(0.3 / BLOCK_S)) : end] > AUDIBLE).any():
        return None
    loud = np.flatnonzero(spoken[end : end + round(LATEST_S / BLOCK_S)] > AUDIBLE)
    return float(loud[0] * BLOCK_S + end * BLOCK_S - end_s + latency_s) if len(loud) else None


def without_page(wav: Path, spans: list[tuple[float, float]], out: Path, settings: list[str]) -> list[float | None]:
    """Ask the same of `attune run --audio`, in real time; read the answers off its recorded voice."""
    process = start("--audio", str(wav), "--out", str(out), *settings, command="run")
    if process.wait(spans[-1][1] + 120) != 0:
        raise SystemExit("attune run failed; run it by hand on a recording to see why")
    SessionReader(out)  # complains if the recording is not whole
    samples, rate_hz = soundfile.read(out / "agent.wav")
    voice = samples if rate_hz == RATE_HZ else soxr.resample(samples, rate_hz, RATE_HZ)
    blocks = np.abs(voice[: len(voice) // 80 * 80]).reshape(-1, 80).max(axis=1)
    return [answer(blocks, end_s, 0.0) for _, end_s in spans]


if __name__ == "__main__":
    main()
