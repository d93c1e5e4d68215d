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
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from behavioral.commands.bodies import FILM, film_session, print_body, robot_of
from behavioral.commands.finish import finish
from behavioral.sources.file import check_regular_file
from runtime.addresses import free_port, operator_url
from runtime.errors import AttuneError
from runtime.house import HouseResult, RoomSpec, body_rooms
from runtime.operator_access import with_operator, without_operator
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


PAGE = RoomSpec("avatar", "avatar.process")
"""Started as well where an operator console is wanted, which the page's server serves."""
INTERRUPTED = "interrupted"
"""`HouseResult.reason` after Ctrl-C."""


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
    operator: Annotated[
        bool, typer.Option("--operator", help="Serve the page and the operator console (docs/operator.md).")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="With --operator: port of the page (8765); 0 takes a free one."),
    ] = None,
    body: Annotated[
        str | None, typer.Option(help="A body with motors, as mujoco:attune or nao:HOST (docs/bodies.md).")
    ] = None,
    bridge: Annotated[
        bool, typer.Option("--bridge", help="Let outside programs take part, such as the ROS 2 nodes (docs/ros.md).")
    ] = False,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
) -> None:
    """Talk with a recording (or a microphone) and write down everything that happened."""
    chosen = load_profile(profile, [*(settings or ()), *([] if body is None else [f"body.name={body}"])])
    robot = robot_of(chosen.body)
    body_rooms(chosen.body, bridge=bridge)  # a body that cannot move is said before anything is written
    chosen = with_operator(chosen) if operator else without_operator(chosen)
    if operator and speed is Speed.max:
        raise AttuneError("--operator needs real time", "Leave --speed realtime")
    if bridge and speed is Speed.max:
        raise AttuneError("--bridge needs real time", "Leave --speed realtime")
    if port is not None and not operator:
        raise AttuneError("--port belongs to --operator", "Leave it out, or add --operator")
    live = is_live(audio)
    if live and speed is Speed.max:
        raise AttuneError("--speed max needs a recording", "Give a file with --audio, or leave --speed realtime")
    options = session_options(audio, video, seed, speed)
    if operator:
        chosen = _on_free_port(chosen, port)
    existed = out.exists()
    try:
        folder = prepare_session_folder(out, chosen.recorder.min_free_mb, "--out")
        result = run_session(chosen, folder, seed, options, speed, bridge=bridge)
    except AttuneError:
        if not existed:
            remove_unbegun(out)
        raise
    if result.reason == INTERRUPTED:
        _say_interrupted(out, result.duration_s, existed)
        return
    try:
        summary = finish(folder, result.rss_mb, result.duration_s)
    except KeyboardInterrupt:
        raise AttuneError(f"{out}: recorded, but not completed", f"Do that with: attune finish {out}") from None
    if not result.ok:
        raise AttuneError(f"The session ended early: {result.reason}", f"What was recorded is in {out}")
    if note := summary["recording"]["input"]:
        print(note, file=sys.stderr)
    if "body" in summary:
        print_body(summary["body"])
    if robot is not None:
        film_session(out, robot, out / FILM)
    missing_s = summary["recording"]["missing_s"]
    short = f"; the last {missing_s:.1f} s are missing" if missing_s >= 1.0 else ""
    print(f"{out}: {summary['duration_s']:.1f} s recorded{short}", file=sys.stderr)


def is_live(audio: str) -> bool:
    """Return whether `--audio` asks for a microphone."""
    return audio == "mic" or audio.startswith("mic:")


def session_options(audio: str, video: Path | None, seed: int, speed: Speed) -> dict[str, object]:
    """Return the launch options of a session; raises AttuneError where a file is none."""
    live = is_live(audio)
    if not live:
        check_regular_file(Path(audio), "--audio", "recording")
    if video is not None:
        check_regular_file(video, "--video", "video")
    return {
        "seed": seed,
        "audio": audio if live else str(Path(audio).resolve()),
        "video": str(video.resolve()) if video is not None else "",
        "speed": speed.value,
        "opening": live,
    }


def _on_free_port(profile: Profile, port: int | None) -> Profile:
    """Return the profile with the page's port, which is free now; a port in use is said before the folder is made."""
    page = profile.avatar
    port = free_port(page.host, page.port if port is None else port)
    return msgspec.structs.replace(profile, avatar=msgspec.structs.replace(page, port=port))


def _say_interrupted(out: Path, seconds: float, existed: bool) -> None:
    """After Ctrl-C everything ends at once; the folder can be completed whenever there is time."""
    if not existed:
        remove_unbegun(out)
    if out.exists():
        print(f"{out}: {seconds:.1f} s recorded; complete it with: attune finish {out}", file=sys.stderr)
    else:
        print("interrupted before the session began; nothing was recorded", file=sys.stderr)


def run_session(
    profile: Profile, folder: Path, seed: int, options: dict[str, object], speed: Speed, *, bridge: bool = False
) -> HouseResult:
    """Run a session into a prepared folder, on virtual time where `speed` is `max`."""
    rooms = [room for room in ROOMS if room.name != "cognitive" or profile.cognitive.enabled]
    rooms[1:1] = body_rooms(profile.body, bridge=bridge)
    if speed is Speed.max:
        return run_virtual_house(profile, rooms, folder, seed, options)
    console = ""
    if token := profile.avatar.operator_token:
        rooms.insert(1, PAGE)
        console = operator_url(profile.avatar.host, profile.avatar.port, token, secure=profile.avatar.secure)
    supervisor = Supervisor(profile, rooms, folder, seed, options, on_ready=partial(_tell, console))
    return asyncio.run(supervisor.run())


def _tell(console: str, endpoints: dict[str, object]) -> None:
    if console:
        print(f"The operator console is at {console}", flush=True)
    if notice := endpoints.get("notice"):
        print(notice, file=sys.stderr)
    if where := endpoints.get("intentions"):
        print(f"intentions: {where}  streams: {endpoints.get('streams')}", file=sys.stderr)
