"""The page's files, read once at start and served from memory.

Only what lay in the folder at start can be asked for, so no request path ever reaches the file system. Text is also
kept gzipped; entity tags let a reload cost nothing.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from runtime.addresses import is_loopback
from runtime.errors import AttuneError

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".vrm": "model/gltf-binary",
}
"""File types that are served; anything else in the folder (build scripts, notes) is not."""

GZIP_FROM_BYTES = 1_024
OWN_CHARACTER = "/character/attune.vrm"
SESSION_CHARACTER = "/character/session.vrm"
"""Where the page finds the character of this session: the user's own file, else the one that comes with Attune."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file ready to be sent."""

    body: bytes
    gzipped: bytes | None
    content_type: str
    etag: str


class PageFiles:
    """All files below one folder by their URL path."""

    def __init__(self, folder: Path, character: bytes | None = None) -> None:
        """Read the folder.

        Args:
            folder: where the page's files are.
            character: a checked VRM file to show instead of the page's own.

        Raises:
            AttuneError: the page is not there.
        """
        self._files: dict[str, PageFile] = {}
        for path in sorted(folder.rglob("*")):
            content_type = CONTENT_TYPES.get(path.suffix)
            if content_type is not None and path.is_file():
                self._files["/" + path.relative_to(folder).as_posix()] = _load(path, content_type)
        if "/index.html" not in self._files:
            raise AttuneError(f"{folder}: the page's files are missing", "Install attune again")
        self._files["/"] = self._files["/index.html"]
        if character is not None:  # as it is: to squeeze megabytes of pictures takes seconds and gains little
            self._files[SESSION_CHARACTER] = PageFile(character, None, CONTENT_TYPES[".vrm"], _tag(character))
        elif OWN_CHARACTER in self._files:
            self._files[SESSION_CHARACTER] = self._files[OWN_CHARACTER]

    def file(self, path: str) -> PageFile | None:
        """Return the file at a URL path, if there is one."""
        return self._files.get(path)

    def response(self, request: web.Request, path: str = "") -> web.Response:
        """Answer a GET for a file (`path`, where it is not the request's own), or say that there is none."""
        found = self.file(path or request.path)
        if found is None:
            return web.Response(status=404, text="There is nothing here. The page is at /\n")
        headers = {"ETag": found.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if request.headers.get("If-None-Match") == found.etag:
            return web.Response(status=304, headers=headers)
        body = found.body
        if found.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            body = found.gzipped
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=body, headers={**headers, "Content-Type": found.content_type})


def _load(path: Path, content_type: str) -> PageFile:
    body = path.read_bytes()
    squeezed = gzip.compress(body, 6, mtime=0) if len(body) >= GZIP_FROM_BYTES else None
    if squeezed is not None and len(squeezed) > 0.9 * len(body):
        squeezed = None
    return PageFile(body, squeezed, content_type, _tag(body))


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def security_headers(host: str, *, secure: bool = False) -> dict[str, str]:
    """Return the headers of every response; `host` is the checked `Host` (some browsers' 'self' excludes ws:)."""
    # Over http from elsewhere browsers ignore an opener policy, and say so as an error in the console.
    heeded = secure or not host or is_loopback(host.rpartition(":")[0] or host)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"connect-src 'self' {f'ws://{host} wss://{host}' if host else ''}; media-src 'self' blob:; worker-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        **({"Cross-Origin-Opener-Policy": "same-origin"} if heeded else {}),
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "microphone=(self), camera=(self), geolocation=()",
    }
