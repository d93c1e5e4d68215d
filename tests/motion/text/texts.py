"""The two lists of texts, as the tests read them."""

from __future__ import annotations

from pathlib import Path

import tomllib

from motion.text.onnx_encoder import PARAPHRASES

HELD_OUT = Path(__file__).with_name("held_out.toml")


def positive(path: Path) -> list[tuple[str, str]]:
    """Label and text, in order."""
    with path.open("rb") as file:
        return [(label, text) for label, texts in tomllib.load(file)["positive"].items() for text in texts]


def nothing(path: Path) -> list[str]:
    """Texts that ask for no gesture."""
    with path.open("rb") as file:
        texts: list[str] = tomllib.load(file)["negative"]["nothing"]
    return texts


__all__ = ["HELD_OUT", "PARAPHRASES", "nothing", "positive"]
