"""Readers of data sets that a user has downloaded; each yields `Story`. None of them fetches anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from cognitive.bench.stories.loaders import bigtom, hi_tom, socialveil, somi_tom, t4d
from cognitive.bench.stories.story import Story

LOADERS: dict[str, Callable[[Path], Iterable[Story]]] = {
    "bigtom": bigtom.read,
    "hi_tom": hi_tom.read,
    "socialveil": socialveil.read,
    "somi_tom": somi_tom.read,
    "t4d": t4d.read,
}
