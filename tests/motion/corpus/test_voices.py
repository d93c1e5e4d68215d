"""A voice comes from whatever package offers one; without any the lack is named."""

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from motion.corpus import voices
from runtime.errors import AttuneError


@contextmanager
def humming() -> Iterator[Any]:
    yield lambda text, voice: (np.full(16, 0.5, np.float32), [])


def points(*names: str) -> list[importlib.metadata.EntryPoint]:
    return [importlib.metadata.EntryPoint(name, f"{__name__}:humming", voices.GROUP) for name in names]


def test_the_first_by_name_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = points("b", "a")
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: offered if group == voices.GROUP else [])
    asked: list[str] = []
    monkeypatch.setattr(importlib.metadata.EntryPoint, "load", lambda point: asked.append(point.name) or humming)
    with voices.offered() as speak:
        samples, words = speak("hello", "any")
    assert asked == ["a"] and samples.max() == 0.5 and words == []


def test_without_a_voice_the_lack_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [])
    with pytest.raises(AttuneError, match=r"attune\.voices"):
        voices.offered()
