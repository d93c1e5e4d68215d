"""`attune motion render`: a contact sheet or a video of a clip, for people to look at.

Needs OpenCV (extra `vision`). Blocking; wrong files, views and numbers are one sentence.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import numpy as np
import typer

from motion.commands.clip_files import check_place, read_clip
from motion.evaluation.speech import read_speech
from motion.video.movie import VIEWS, Panel, write_video
from motion.video.sheet import even_moments, write_sheet
from runtime.errors import AttuneError


class View(str, Enum):
    """Where the camera stands."""

    front = "front"
    three_quarter = "three-quarter"
    side = "side"
    back = "back"


_CLIP = typer.Argument(..., help="Motion: .bvh, .npz or .vrma.")
_OUT = typer.Option(None, "--out", help="S.png (contact sheet) or V.mp4 (default: CLIP's name with .png, here).")
_AUDIO = typer.Option(None, "--audio", help="Sound of a video: WAV, FLAC, OGG or MP3.")
_VIEW = typer.Option(None, "--view", help="Camera; may be given several times (default: front and three-quarter).")
_MOMENTS = typer.Option(16, "--moments", help="Poses on a contact sheet.")


def command(
    clip: Path = _CLIP,
    out: Path | None = _OUT,
    audio: Path | None = _AUDIO,
    view: list[View] | None = _VIEW,
    moments: int = _MOMENTS,
) -> None:
    """Draw a clip as a contact sheet (PNG) or a video (MP4)."""
    place = out if out is not None else Path(clip.with_suffix(".png").name)
    check_place(place, (".png", ".mp4"))
    video = place.suffix.lower() == ".mp4"
    if audio is not None and not video:
        raise AttuneError(f"--audio {audio} has no place in a picture", "give --out a name that ends in .mp4")
    motion = read_clip(clip)
    views = [one.value for one in view or (View.front, View.three_quarter)]
    try:
        if video:
            sound = None if audio is None else read_speech(audio).astype(np.float32)
            titles = [clip.stem if index == 0 else "" for index in range(len(views))]
            panels = [Panel(title, motion, VIEWS[name]) for title, name in zip(titles, views, strict=True)]
            movie = write_video(panels, place, sound)
            note = f" ({movie.note})" if movie.note else ""
            typer.echo(f"{place}: {movie.frames} frames, {movie.width} x {movie.height}{note}")
            return
        if moments < 1:
            raise ValueError(f"--moments is {moments}; it must be at least 1")
        write_sheet(motion, place, even_moments(motion, moments), views)
    except ValueError as error:
        raise AttuneError(str(error)) from error
    typer.echo(f"{place}: {moments} moments of {motion.duration_s:.1f} s")
