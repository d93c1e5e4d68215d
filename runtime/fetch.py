"""Fetch one file over HTTPS: resumed, bounded, checked, and put in place only when it is whole and right.

The bytes go to `NAME.part` beside the target; a later call goes on from there. The target appears by an atomic rename after its size
and SHA-256 have been checked, so that nobody ever opens half a model. Blocking; no retries (run the command again, it resumes).
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from runtime.errors import AttuneError
from runtime.registry import is_allowed_url, sha256_of

_PIECE_BYTES = 1 << 18
UNKNOWN_SIZE_LIMIT = 64 << 20
"""Most bytes accepted for a file whose size is not in the list."""

Progress = Callable[[int, int], None]
"""Called with the bytes on disk and the bytes expected (0 where not known)."""


def fetch(
    url: str,
    target: Path,
    *,
    size: int = 0,
    sha256: str = "",
    limit: int = UNKNOWN_SIZE_LIMIT,
    progress: Progress | None = None,
    timeout_s: float = 30.0,
) -> None:
    """Fetch `url` into `target`.

    Args:
        url: https, or http on loopback.
        target: the final path; its folder is made.
        size: expected bytes; 0 where not known, then at most `limit` are accepted.
        sha256: expected hexadecimal hash; empty where not known.
        limit: most bytes accepted where `size` is not known.
        progress: told after each piece.
        timeout_s: longest wait for the network to answer.

    Raises:
        AttuneError: no network, refused, too large, wrong size or hash, or a full disk. What has come of a broken transfer is
            kept for the next call; what is wrong is deleted.
    """
    if not is_allowed_url(url):
        raise AttuneError(f"{url[:200]} is not an https address", "mend the list it comes from")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _transfer(url, part, size, limit, progress, timeout_s)
        _check(part, url, size, sha256)
        os.replace(part, target)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise AttuneError(
                f"the disk of {target.parent} is full", "free some space and run it again, it resumes"
            ) from None
        raise AttuneError(
            f"{target} cannot be written: {error.strerror or error}", "choose a folder that you may write"
        ) from None


def _transfer(url: str, part: Path, size: int, limit: int, progress: Progress | None, timeout_s: float) -> None:
    limit = size or limit
    have = part.stat().st_size if part.exists() else 0
    if size and have == size:
        return
    if have >= limit:
        part.unlink()
        have = 0
    request = urllib.request.Request(url, headers={"User-Agent": "attune", "Accept-Encoding": "identity"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    with contextlib.closing(_open(request, part, timeout_s)) as response:
        resumed = have > 0 and response.status == 206 and _range_start(response) == have
        have = have if resumed else 0
        with open(part, "ab" if resumed else "wb") as file:
            while piece := _read(response, url):
                have += len(piece)
                if have > limit:
                    file.close()
                    part.unlink()
                    raise AttuneError(
                        f"{url} sends more than the {limit} bytes listed", "the origin has changed: do not use it"
                    )
                file.write(piece)
                if progress is not None:
                    progress(have, size)


def _open(request: urllib.request.Request, part: Path, timeout_s: float) -> Any:
    """Open the address; every way in which a network fails is one error."""
    url = request.full_url
    host = urlsplit(url).hostname or url
    try:
        return urllib.request.urlopen(request, timeout=timeout_s)
    except urllib.error.HTTPError as error:
        if error.code == 416 and part.exists():  # our partial file does not fit theirs
            part.unlink()
            raise AttuneError(f"{url} cannot be resumed", "run it again, it starts afresh") from None
        raise AttuneError(
            f"{url}: the server answers {error.code} {error.reason}", "the file may have moved; see its source"
        ) from None
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise AttuneError(
            f"cannot reach {host}: {reason}", "check the network, or copy the file there by hand"
        ) from None


def _read(response: Any, url: str) -> bytes:
    try:
        piece: bytes = response.read(_PIECE_BYTES)
    except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
        name = type(error).__name__
        raise AttuneError(
            f"the connection to {urlsplit(url).hostname} broke ({name})", "run it again, it resumes"
        ) from None
    return piece


def _range_start(response: Any) -> int:
    """Return the first byte of a partial answer (`Content-Range: bytes 10-99/100`), or -1."""
    start = str(response.headers.get("Content-Range", "")).removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdigit() else -1


def _check(part: Path, url: str, size: int, sha256: str) -> None:
    have = part.stat().st_size
    if size and have < size:
        raise AttuneError(f"{url} ended after {have} of {size} bytes", "run it again, it resumes")
    if sha256 and sha256_of(part) != sha256:
        part.unlink()
        raise AttuneError(
            f"{url} has not the SHA-256 listed; it was deleted", "the origin or the way there has changed it"
        )
