"""`attune motion generate`: move the agent's body to what both people say.

`learned` is the network of `models/motion-generator` (default where it is shipped), `procedural` the model-free body. Deterministic under
the seed. Blocking; wrong files, names and numbers are one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Final

import numpy as np
import typer
from numpy.typing import NDArray

from motion.clip import Clip
from motion.commands.clip_files import check_place, joint_names, write_clip
from motion.commands.intentions import FORM, parse
from motion.evaluation.baselines import Intended, procedural
from motion.evaluation.methods import request
from motion.evaluation.speech import RATE_HZ, read_speech, spoken_words
from motion.retarget.tables import WRITABLE as SKELETONS
from motion.streaming.model import SHIPPED, Model
from motion.streaming.speak import speak
from runtime.errors import AttuneError
from runtime.paths import models_dir

Float32 = NDArray[np.float32]
_STYLE: Final = re.compile(r"([A-Za-z0-9_-]{0,40})(?:/([A-Za-z0-9_-]{1,40}))?")
_MAX_STEPS: Final = 100


class Body(str, Enum):
    """Which generator moves the body."""

    learned = "learned"
    procedural = "procedural"


_AGENT = typer.Option(..., "--agent-audio", help="What the agent says: WAV, FLAC, OGG or MP3.")
_USER = typer.Option(None, "--user-audio", help="What the other person says meanwhile.")
_OUT = typer.Option(..., "--out", help="M.bvh, M.npz, M.vrma or M.mp4.")
_INTEND = typer.Option(None, "--intend", help=f"A gesture, {FORM}; may be given several times.")
_STEPS = typer.Option(None, "--steps", help="Evaluations of the network per chunk (learned; default: as shipped).")
_STYLE_OPTION = typer.Option("", "--style", help="actor, actor/emotion or /emotion of the training data (learned).")
_SEED = typer.Option(0, "--seed", min=0, help="Of all noise.")
_BODY = typer.Option(None, "--body", help="learned (default where its network is shipped) or procedural.")
_SKELETON = typer.Option(
    None, "--skeleton", help=f"Joint names of a .bvh: {', '.join(SKELETONS)} (default: ours, vrm)."
)
_MODEL = typer.Option(None, "--model", help="Folder of another network (attune motion export); learned.")


def command(
    agent_audio: Path = _AGENT,
    user_audio: Path | None = _USER,
    out: Path = _OUT,
    intend: list[str] | None = _INTEND,
    steps: int | None = _STEPS,
    style: str = _STYLE_OPTION,
    seed: int = _SEED,
    body: Body | None = _BODY,
    model: Path | None = _MODEL,
    skeleton: str | None = _SKELETON,
) -> None:
    """Move the body to a recording of speech and write the clip at 30 fps."""
    check_place(out)
    names = joint_names(skeleton, out)
    chosen = body or (Body.learned if model is not None or is_shipped() else Body.procedural)
    if chosen is Body.procedural:
        refuse_learned_options(steps, style, user_audio, model)
    try:
        intended = [parse(text) for text in intend or []]
        agent = read_speech(agent_audio).astype(np.float32)
        user = None if user_audio is None else read_speech(user_audio).astype(np.float32)
        check_times(intended, len(agent) / RATE_HZ)
        if chosen is Body.procedural:
            clip = procedural(spoken_words(agent), len(agent) / RATE_HZ, seed, intended)
        else:
            clip = learned(agent, user, seed, steps, style, intended, model)
    except ValueError as error:
        raise AttuneError(str(error)) from error
    note = write_clip(out, clip, chosen.value, agent, names)
    typer.echo(f"{out}: {len(clip)} frames, {clip.duration_s:.1f} s, {chosen.value} body{f' ({note})' if note else ''}")


def is_shipped() -> bool:
    """Whether the learned body's network is there."""
    return (models_dir() / SHIPPED / "base.onnx").is_file()


def refuse_learned_options(steps: int | None, style: str, user_audio: Path | None, model: Path | None) -> None:
    """The procedural body has no use for some options; say so instead of ignoring them.

    Raises:
        AttuneError: one of them is given.
    """
    given = {
        "--steps": steps is not None,
        "--style": bool(style),
        "--user-audio": user_audio is not None,
        "--model": model is not None,
    }
    if named := [option for option, there in given.items() if there]:
        raise AttuneError(
            f"{named[0]} is for the learned body", f"leave {named[0]} out, or take --body {Body.learned.value}"
        )


def check_times(intended: Sequence[Intended], duration_s: float) -> None:
    """Gestures lie within the recording; whether they are known, each body says itself.

    Raises:
        ValueError: one does not.
    """
    for one in intended:
        if not 0.0 <= one.at_s <= duration_s:
            raise ValueError(
                f"--intend {one.label} at {one.at_s:g} s lies outside the clip of {duration_s:.2f} s; "
                "give a time within --agent-audio"
            )


def parse_style(text: str) -> tuple[str, str]:
    """Read `actor/emotion`; either may be missing.

    Raises:
        ValueError: it has another form.
    """
    found = _STYLE.fullmatch(text)
    if not found:
        raise ValueError(f"--style {text[:100]!r} is not of the form actor, actor/emotion or /emotion")
    return found[1], found[2] or ""


def learned(
    agent: Float32,
    user: Float32 | None,
    seed: int,
    steps: int | None,
    style: str,
    intended: Sequence[Intended],
    folder: Path | None,
) -> Clip:
    """Move the body by a network; a missing user is silent.

    Raises:
        ValueError: a number or style that the network does not have, or a folder that holds none.
        AttuneError: the shipped network is not there.
    """
    actor, emotion = parse_style(style)
    if steps is not None and not 1 <= steps <= _MAX_STEPS:
        raise ValueError(f"--steps is {steps}; it must be between 1 and {_MAX_STEPS}")
    if folder is None and not is_shipped():
        raise AttuneError(
            f"the learned body's network is missing in {models_dir() / SHIPPED}", "take --body procedural"
        )
    model = Model(folder)
    for name, kind, known in ((actor, "actor", model.shape.actors), (emotion, "emotion", model.shape.emotions)):
        if name and name not in known:
            raise ValueError(f"--style: {kind} {name!r} is none of {', '.join(known)}")
    heard = np.zeros_like(agent)
    if user is not None:
        heard[: min(len(user), len(agent))] = user[: len(agent)]
    placed = [request(one.label, one.at_s, stroke=one.stroke, side=one.side) for one in intended]
    return speak(model, agent, heard, seed=seed, steps=steps, style=(actor, emotion), intents=placed)[0]
