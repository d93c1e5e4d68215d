"""`attune render DIR -o talk.mp4`: a film of a recorded session, made without a screen."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from avatar.commands.share import check_target
from avatar.share.film import film
from avatar.share.page import replay_page
from runtime.errors import AttuneError
from runtime.printing import print_share

SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")
FPS_MAX = 60


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a recorded session.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The film to write, a new .mp4 file.")],
    size: Annotated[str, typer.Option(help="Width and height in pixels.")] = "1280x720",
    fps: Annotated[int, typer.Option(min=1, max=FPS_MAX, help="Pictures a second.")] = 30,
    quality: Annotated[str, typer.Option(help="high or low; low is drawn faster.")] = "high",
    title: Annotated[str, typer.Option(help="What stands over the picture (the folder's name).")] = "",
    from_s: Annotated[float, typer.Option("--from", min=0.0, help="Where it begins, seconds.")] = 0.0,
    until_s: Annotated[
        float | None, typer.Option("--until", min=0.0, help="Where it ends, seconds (the session's end).")
    ] = None,
    avatar: Annotated[Path | None, typer.Option(help="A VRM file to show instead of the usual character.")] = None,
) -> None:
    """Make a film of a recorded session."""
    check_target(out, ".mp4")
    matched = SIZE.fullmatch(size)
    if matched is None or int(matched[1]) % 2 or int(matched[2]) % 2:
        raise AttuneError(f"--size {size}: not a size", "Give two even numbers, as 1280x720")
    if quality not in ("high", "low"):
        raise AttuneError(f"--quality {quality}: not a quality", "Use high or low")
    made = replay_page(folder, title=title, from_s=from_s, until_s=until_s, avatar=avatar)
    with tempfile.TemporaryDirectory(prefix="attune-render-") as work:
        page, part = Path(work) / "page.html", out.with_name(f".{out.stem}.part.mp4")
        page.write_text(made.html)
        try:
            length_s = film(
                page,
                part,
                made.sound,
                size=(int(matched[1]), int(matched[2])),
                fps=fps,
                quality=quality,
                progress=print_share,
            )
            part.chmod(0o600)
            part.rename(out)
        finally:
            part.unlink(missing_ok=True)
    print(f"\r{out}: {length_s:.1f} s. It shows the voices and words of everybody in the session", file=sys.stderr)
