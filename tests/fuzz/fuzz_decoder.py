"""Fuzz the decoder: whatever the bytes are, it returns a message or raises `Undecodable`, and what it returns can travel again.

    python tests/fuzz/fuzz_decoder.py --seconds 20 [--seed N]

Uses atheris (coverage-guided) where it can be imported, else mutates real messages at random. Exit code 1 and the failing bytes in hex
on the first failure.
"""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import msgspec

from runtime import codec
from runtime import messages as m

SAMPLES = [
    m.Intention(
        id="i",
        kind="gaze",
        content="look",
        target=m.Target(direction_rad=(0.1, 0.2)),
        timing=m.Timing(when="at_word", word="hello"),
        parameters={"side": 1.0},
        evidence=(m.Evidence(t_ns=5, kind="word"),),
    ),
    m.MotionFrame(index=1, rotations=bytes(352), intention_ids=("a", "b")),
    m.UserAudio(pcm=bytes(64)),
    m.Word(op="commit", unit_id="u", text="été", start_ns=1, end_ns=2),
    m.AgentSpeech(state="planned", response_id="r", words=(m.SpeechTiming("a", 0.0, 10.0),)),
    m.Heartbeat(pid=1, hears=("behavioral",), counters={"published": 3.0}),
    m.CognitiveCycle(cycle=1, duration_ms=2.0, scores=(m.TriggerScore("greeting", 0.4, 0.5),), memory={"user": "x"}),
    m.Fact(text="likes tea", person_id="p"),
    m.Knowledge(persona="Ada", facts=("likes tea",), situation="x"),
    m.SessionControl(action="start"),
]
INTERESTING = (0x00, 0x7F, 0x80, 0x8F, 0x90, 0xA0, 0xC0, 0xC1, 0xC4, 0xC7, 0xCA, 0xCB, 0xCF, 0xD3, 0xDB, 0xDF, 0xFF)


def check(payload: bytes) -> None:
    """Raise anything but `Undecodable` if the decoder misbehaves on these bytes."""
    try:
        message = codec.decode(payload)
    except codec.Undecodable:
        return
    again = codec.decode(codec.encode(message))
    if again != message:
        raise AssertionError(f"changed on the way: {message!r} became {again!r}")


def mutated(rng: random.Random) -> bytes:
    """Return a message with a few bytes changed, moved, repeated or cut, or plain random bytes."""
    if rng.random() < 0.1:
        return rng.randbytes(rng.randrange(200))
    data = bytearray(codec.encode(rng.choice(SAMPLES)))
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(6):
            case 0 if at < len(data):
                data[at] = rng.choice(INTERESTING)
            case 1 if at < len(data):
                data[at] ^= 1 << rng.randrange(8)
            case 2:
                data[at:at] = rng.randbytes(rng.randint(1, 9))
            case 3:
                del data[at : at + rng.randint(1, 9)]
            case 4:
                data[at:at] = data[at : at + rng.randint(1, 30)]
            case 5:
                other = codec.encode(rng.choice(SAMPLES))
                data[at:] = other[rng.randrange(len(other)) :]
    return bytes(data)


def fuzz(seconds: float, seed: int, most: int | None = None) -> int:
    """Try mutations for so long (or so many); return how many were tried."""
    rng = random.Random(seed)
    deadline = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < deadline and tried != most:
        payload = mutated(rng)
        try:
            check(payload)
        except Exception:
            sys.stderr.write(f"failing payload: {payload.hex()}\n")
            raise
        tried += 1
    return tried


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Fuzz the wire decoder.")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    try:
        import atheris
    except ImportError:
        tried = fuzz(arguments.seconds, arguments.seed)
        print(f"{tried} payloads, no failure (msgspec {msgspec.__version__}, seed {arguments.seed})")
        return 0
    atheris.Setup([sys.argv[0], f"-max_total_time={int(arguments.seconds)}", f"-seed={arguments.seed}"], check)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
