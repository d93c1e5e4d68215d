"""`attune motion generate`: move the agent's body to what both people say.

`learned` is the network of `models/motion-generator` (default where it is shipped), `procedural` the model-free body. Deterministic under
the seed. Blocking; wrong files, names and numbers are one sentence.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final

import numpy as np
import typer
from numpy.typing import NDArray

from motion.clip import Clip
from motion.commands.clip_files import check_place, write_clip
from motion.commands.intentions import FORM, parse
from motion.evaluation.baselines import Intended, procedural
from motion.evaluation.speech import RATE_HZ, read_speech, spoken_words
from runtime.errors import AttuneError
from runtime.paths import models_dir

Float32 = NDArray[np.float32]
CHECKPOINT: Final = "motion-generator"
"""Folder of the shipped network in `models/`."""
_LEARNED: Final = "motion.streaming"
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
_SEED = typer.Option(0, "--seed", help="Of all noise.")
_BODY = typer.Option(None, "--body", help="learned (default where its network is shipped) or procedural.")


def command(
    agent_audio: Path = _AGENT,
    user_audio: Path | None = _USER,
    out: Path = _OUT,
    intend: list[str] | None = _INTEND,
    steps: int | None = _STEPS,
    style: str = _STYLE_OPTION,
    seed: int = _SEED,
    body: Body | None = _BODY,
) -> None:
    """Move the body to a recording of speech and write the clip at 30 fps."""
    check_place(out)
    chosen = body or (Body.learned if is_shipped() else Body.procedural)
    if chosen is Body.procedural:
        refuse_learned_options(steps, style, user_audio)
    try:
        intended = [parse(text) for text in intend or []]
        agent = read_speech(agent_audio).astype(np.float32)
        user = None if user_audio is None else read_speech(user_audio).astype(np.float32)
        check_times(intended, len(agent) / RATE_HZ)
        if chosen is Body.procedural:
            clip = procedural(spoken_words(agent), len(agent) / RATE_HZ, seed, intended)
        else:
            clip = learned(agent, user, seed, steps, style, intended)
    except ValueError as error:
        raise AttuneError(str(error)) from error
    note = write_clip(out, clip, chosen.value, agent)
    typer.echo(f"{out}: {len(clip)} frames, {clip.duration_s:.1f} s, {chosen.value} body{f' ({note})' if note else ''}")


def is_shipped() -> bool:
    """Whether the learned body can be used: its network and the code that runs it are there."""
    return (models_dir() / CHECKPOINT).is_dir() and importlib.util.find_spec(_LEARNED) is not None


def refuse_learned_options(steps: int | None, style: str, user_audio: Path | None) -> None:
    """The procedural body has no use for some options; say so instead of ignoring them.

    Raises:
        AttuneError: one of them is given.
    """
    given = {"--steps": steps is not None, "--style": bool(style), "--user-audio": user_audio is not None}
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
    agent: Float32, user: Float32 | None, seed: int, steps: int | None, style: str, intended: Sequence[Intended]
) -> Clip:
    """Move the body by the shipped network; a missing user is silent.

    Raises:
        ValueError: a number or style that the network does not have.
        AttuneError: the network is not there.
    """
    actor_and_emotion = parse_style(style)
    if steps is not None and not 1 <= steps <= _MAX_STEPS:
        raise ValueError(f"--steps is {steps}; it must be between 1 and {_MAX_STEPS}")
    if not is_shipped():
        raise AttuneError(
            f"the learned body's network is missing in {models_dir() / CHECKPOINT}", "take --body procedural"
        )
    heard = np.zeros_like(agent)
    if user is not None:
        heard[: min(len(user), len(agent))] = user[: len(agent)]
    # Loaded only here: it brings ONNX Runtime.
    streaming: Any = importlib.import_module(_LEARNED)
    clip: Clip = streaming.speak(agent, heard, seed=seed, steps=steps, style=actor_and_emotion, intents=tuple(intended))
    return clip
