"""`attune run`: one session on recorded input (or a microphone), recorded to a folder.

In real time the rooms are processes under the supervisor; with `--speed max` they are tasks on virtual time,
which is deterministic under the seed. When the rooms have stopped, the folder is completed from the
recording: motion, transcript, intentions, summary, timeline. What is wrong with the input is said before
anything is written.
"""

from __future__ import annotations

import asyncio
import enum
import sys
from pathlib import Path
from typing import Annotated

import typer

from behavioral.commands.finish import finish
from runtime.errors import AttuneError
from runtime.house import HouseResult, RoomSpec
from runtime.profile import load_profile
from runtime.session.folder import prepare_session_folder, remove_unbegun
from runtime.settings import Profile
from runtime.supervisor import Supervisor
from runtime.virtual_house import run_virtual_house

ROOMS = (
    RoomSpec("recorder", "runtime.session.recorder"),
    RoomSpec("cognitive", "cognitive.process"),
    RoomSpec("behavioral", "behavioral.process", restart=False, essential=True),
)


class Speed(str, enum.Enum):
    """How session time passes."""

    realtime = "realtime"
    max = "max"


def command(
    audio: Annotated[str, typer.Option(help="Recording of the person (WAV, FLAC, OGG, MP3), or mic, or mic:NAME.")],
    out: Annotated[Path, typer.Option(help="New folder for the session.")],
    profile: Annotated[str, typer.Option(help="Name in launch/profiles, or a YAML file.")] = "cpu",
    video: Annotated[Path | None, typer.Option(help="Video of the person, seen alongside the audio.")] = None,
    speed: Annotated[
        Speed, typer.Option(help="realtime, or max: virtual time, deterministic under the seed.")
    ] = Speed.realtime,
    seed: Annotated[int, typer.Option(help="Seed of every random choice.")] = 0,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
) -> None:
    """Talk with a recording (or a microphone) and write down everything that happened."""
    chosen = load_profile(profile, settings or ())
    live = audio == "mic" or audio.startswith("mic:")
    if live and speed is Speed.max:
        raise AttuneError("--speed max needs a recording", "Give a file with --audio, or leave --speed realtime")
    if not live and not Path(audio).is_file():
        raise AttuneError(f"--audio {audio}: no such file", "Give the path of an existing recording")
    if video is not None and not video.is_file():
        raise AttuneError(f"--video {video}: no such file", "Give the path of an existing video")
    options: dict[str, object] = {
        "seed": seed,
        "audio": audio if live else str(Path(audio).resolve()),
        "video": str(video.resolve()) if video is not None else "",
        "speed": speed.value,
        "opening": live,
    }
    existed = out.exists()
    try:
        folder = prepare_session_folder(out, chosen.recorder.min_free_mb, "--out")
        result = _session(chosen, folder, seed, options, speed)
    except AttuneError:
        if not existed:
            remove_unbegun(out)
        raise
    recorded_s = finish(folder, result.rss_mb)
    if not result.ok:
        raise AttuneError(f"The session ended early: {result.reason}", f"What was recorded is in {out}")
    short = "" if recorded_s > result.duration_s - 1.0 else f" of {result.duration_s:.1f} s"
    print(f"{out}: {recorded_s:.1f} s{short} recorded", file=sys.stderr)


def _session(profile: Profile, folder: Path, seed: int, options: dict[str, object], speed: Speed) -> HouseResult:
    rooms = [room for room in ROOMS if room.name != "cognitive" or profile.cognitive.enabled]
    if speed is Speed.max:
        return run_virtual_house(profile, rooms, folder, seed, options)
    supervisor = Supervisor(profile, rooms, folder, seed, options, on_ready=_tell)
    return asyncio.run(supervisor.run())


def _tell(endpoints: dict[str, object]) -> None:
    if notice := endpoints.get("notice"):
        print(notice, file=sys.stderr)
    if where := endpoints.get("intentions"):
        print(f"intentions: {where}  streams: {endpoints.get('streams')}", file=sys.stderr)
