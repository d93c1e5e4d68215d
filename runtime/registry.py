"""The two lists of things that can be fetched: `models/registry.toml` and `launch/data.toml`.

A collection is a model or a data set: its origin, revision, licence, credit, and files with size and SHA-256. Files that differ from
their origin are listed apart: made by a declared conversion, or not fetched, with how. Pure parsing and hashing, synchronous; a broken
list is one `AttuneError`.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runtime.errors import AttuneError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_FILE_BYTES = 8 << 30
"""Largest file that a list may name."""

Sha256 = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")]
Status = Literal["ok", "missing", "by hand", "wrong size", "wrong hash", "wrong samples", "unchecked"]


class RemoteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file as its origin has it.

    Attributes:
        path: where it lies inside its collection's folder.
        size: bytes; 0 where not known.
        sha256: hexadecimal; empty where not known, and then it cannot be verified.
        origin: its path at the origin where that differs.
    """

    path: str
    size: Annotated[int, Meta(ge=0, le=MAX_FILE_BYTES)] = 0
    sha256: Sha256 = ""
    origin: str = ""


class MadeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file that `runtime.convert` makes from its public origin.

    Attributes:
        path: where it lies inside its collection's folder.
        size: bytes of the file that our tests ran on; a FLAC of the same samples may differ.
        sha256: hexadecimal, of the same file.
        convert: the declared conversion.
        from_urls: `join-text`: all, joined in this order; `wav-float32-to-flac16`: one file, the first address that answers.
        samples_sha256: FLAC only, of the decoded samples as little-endian int16.
        limit_bytes: most bytes accepted from one address.
        keep: `join-text`: beginnings of the lines to keep, all where empty; compared after accents were removed.
        strip_accents: `join-text`: remove combining marks after canonical decomposition (Unicode NFD).
    """

    path: str
    size: Annotated[int, Meta(gt=0, le=MAX_FILE_BYTES)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    convert: Literal["wav-float32-to-flac16", "join-text"]
    from_urls: Annotated[tuple[str, ...], Meta(min_length=1, max_length=16)]
    limit_bytes: Annotated[int, Meta(gt=0, le=64 << 20)]
    samples_sha256: Sha256 = ""
    keep: tuple[str, ...] = ()
    strip_accents: bool = False


class DerivedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file that we made from its origin and that is not fetched; `how` says from what, how, and why not."""

    path: str
    size: Annotated[int, Meta(ge=0, le=MAX_FILE_BYTES)]
    sha256: Sha256
    how: str


class Collection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model or data set; `url` holds `{path}` where a file's path at the origin goes."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=64)]
    source: str
    revision: str
    licence: str
    credit: str
    task: str = ""
    about: str = ""
    used_by: str = ""
    url: str = ""
    shipped: bool = False
    hash_origin: Literal["", "shipped", "published"] = ""
    files: tuple[RemoteFile, ...] = ()
    made: tuple[MadeFile, ...] = ()
    derived: tuple[DerivedFile, ...] = ()

    @property
    def entries(self) -> tuple[RemoteFile | MadeFile | DerivedFile, ...]:
        """Return all files: those fetched as they are, those made from their origin, those that are not fetched."""
        entries: list[RemoteFile | MadeFile | DerivedFile] = [*self.files, *self.made, *self.derived]
        return tuple(entries)

    @property
    def size(self) -> int:
        """Return the bytes of the files that can be had."""
        return sum(file.size for file in self.files) + sum(file.size for file in self.made)

    def url_of(self, file: RemoteFile) -> str:
        """Return where a file is fetched from."""
        return self.url.replace("{path}", file.origin or file.path)


def read_registry(path: Path, key: Literal["model", "data"]) -> dict[str, Collection]:
    """Return the collections of a list by name, in the order of the file.

    Raises:
        AttuneError: unreadable, not TOML, an unknown key, a path that leaves its folder, a URL that is not https, or a name twice.
    """
    try:
        with open(path, "rb") as file:
            tree: dict[str, Any] = tomllib.load(file)
        collections = msgspec.convert(tree.get(key, []), list[Collection])
    except OSError as error:
        raise AttuneError(f"{path} cannot be read: {error.strerror or error}", "install attune again") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise AttuneError(f"{path}: {str(error)[:300]}", "mend that place in the file") from None
    found: dict[str, Collection] = {}
    for collection in collections:
        if collection.name in found:
            raise AttuneError(f"{path}: the name '{collection.name}' stands twice", "rename one")
        if collection.url and not is_allowed_url(collection.url):
            raise AttuneError(f"{path}: {collection.name}: url must be https", "only loopback may use http")
        for made in collection.made:
            if not all(is_allowed_url(url) and url.isascii() and " " not in url for url in made.from_urls):
                raise AttuneError(
                    f"{path}: {collection.name}: {made.path}: from_urls must be https", "percent-encode other letters"
                )
            if (made.convert == "wav-float32-to-flac16") != bool(made.samples_sha256):
                raise AttuneError(
                    f"{path}: {collection.name}: {made.path}: samples_sha256 does not fit convert",
                    "FLAC has one, text none",
                )
        for item in collection.entries:
            if not _stays_inside(item.path):
                raise AttuneError(
                    f"{path}: {collection.name}: the path '{item.path}' leaves its folder", "use a relative path"
                )
        found[collection.name] = collection
    return found


def is_allowed_url(url: str) -> bool:
    """Return whether we fetch from an address: https, or http on loopback (a mirror on this machine)."""
    return url.startswith(("https://", "http://127.0.0.1:", "http://localhost:"))


def check_file(path: Path, file: RemoteFile | DerivedFile) -> Status:
    """Return how a file on disk compares with its entry; `unchecked` means present, with no hash to compare."""
    if not path.is_file():
        return "missing"
    if file.size and path.stat().st_size != file.size:
        return "wrong size"
    if not file.sha256:
        return "unchecked"
    return "ok" if sha256_of(path) == file.sha256 else "wrong hash"


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def pick(collections: dict[str, Collection], names: list[str], kind: str) -> list[Collection]:
    """Return the named collections, or all where none is named.

    Raises:
        AttuneError: a name that is not in the list.
    """
    for name in names:
        if name not in collections:
            raise AttuneError(f"there is no {kind} '{name[:80]}'", f"known: {', '.join(collections)}")
    return [collections[name] for name in names] if names else list(collections.values())


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return bool(path) and not parts.is_absolute() and ".." not in parts.parts and "\\" not in path and "\0" not in path
