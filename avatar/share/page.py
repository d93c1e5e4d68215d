"""A recorded session as one self-contained page: the page's own modules, the figure, motion, both voices and captions in a single file.

It needs no server and no network and opens from a disk or an e-mail; its policy lets it load nothing from anywhere. The camera's pictures
are not in it. Blocking work.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avatar.share.modules import PREFIX, import_map
from avatar.share.packing import COLUMNS, FULL_SCALE, pack
from avatar.share.sound import ogg_opus
from avatar.vrm_file import read_vrm
from runtime.errors import AttuneError
from runtime.session.reader import SessionReader
from runtime.session.sound import mixed

PAGE_FOLDER = Path(__file__).parents[1] / "page"
HERE = Path(__file__).parent
OWN_CHARACTER = PAGE_FOLDER / "character" / "attune.vrm"
ENTRY = "replay.js"
SHARE_MAX_S = 3_600.0
"""A longer page would be a hundred megabytes, which browsers and mail refuse."""


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """The page, and what is heard in it: mono, float32 [samples] at `sound.RATE_HZ`."""

    html: str
    sound: NDArray[np.float32]


def replay_page(
    folder: Path,
    *,
    title: str = "",
    from_s: float = 0.0,
    until_s: float | None = None,
    avatar: Path | None = None,
) -> ReplayPage:
    """Return the page.

    Args:
        folder: of the recorded session.
        title: what the page is called; the folder's name where it is empty.
        from_s: where it begins, media time.
        until_s: where it ends; the session's end where None.
        avatar: a VRM file to show instead of the usual character.

    Raises:
        AttuneError: the folder is no recording, the file no VRM, the span holds no motion or is longer than `SHARE_MAX_S`.
    """
    if until_s is not None and until_s <= from_s:
        raise AttuneError(f"--from {from_s:g} --until {until_s:g}: the span is empty", "Name a later end")
    end_s = from_s + SHARE_MAX_S + 1.0 if until_s is None else until_s
    packed = pack(SessionReader(folder), from_s, end_s)
    if packed.duration_s > SHARE_MAX_S:
        raise AttuneError(
            f"{folder}: {packed.duration_s:.0f} s are too long for one page (at most {SHARE_MAX_S:.0f})",
            "Name a part with --from and --until",
        )
    sound = mixed(folder, from_s, packed.duration_s)
    data = {
        "duration_s": packed.duration_s,
        "count": len(packed.times_us),
        "columns": [{"name": name, "size": size, "scale": scale / FULL_SCALE} for name, size, scale in COLUMNS],
        "times_us": _squeezed(packed.times_us.astype("<i4").tobytes()),
        # Column by column, as differences: neighbouring frames are alike, so gzip makes a third of it.
        "frames": _squeezed(np.diff(packed.frames, axis=0, prepend=np.int16(0)).T.astype("<i2").tobytes()),
        "events": _squeezed(packed.events),
        "character": _squeezed(OWN_CHARACTER.read_bytes() if avatar is None else read_vrm(avatar)),
        "sound": base64.b64encode(ogg_opus(sound)).decode() if np.any(sound) else "",
    }
    return ReplayPage(_assembled(title or folder.resolve().name, json.dumps(data)), sound)


def _squeezed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _assembled(title: str, data: str) -> str:
    style = (PAGE_FOLDER / "style.css").read_text() + (HERE / "replay.css").read_text()
    imports = import_map(PAGE_FOLDER, ENTRY)
    start = f'import "{PREFIX}{ENTRY}";'
    policy = (
        f"default-src 'none'; script-src data: {_hash(imports)} {_hash(start)}; style-src {_hash(style)}; "
        "img-src data: blob:; media-src data: blob:; connect-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    fields = {
        "policy": html.escape(policy, quote=True), "title": html.escape(title), "style": style, "imports": imports,
        "data": data, "start": start, "panel": _panel(),
    }  # fmt: skip
    # In one go: what is filled in is not looked through for names again.
    return re.sub("{(" + "|".join(fields) + ")}", lambda found: fields[found[1]], (HERE / "replay.html").read_text())


def _panel() -> str:
    """Return the live page's panel of what the agent thinks; its buttons need a live agent and stay hidden (`replay.js`)."""
    page = (PAGE_FOLDER / "index.html").read_text()
    start = page.index('<details id="mind"')
    return page[start : page.index("</details>", start)] + "</details>"


def _hash(text: str) -> str:
    """Return how a policy names an inline script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
