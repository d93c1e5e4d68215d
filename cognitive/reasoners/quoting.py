r"""Text of people and programs as data in a prompt: it can close no delimiter, begin no line and spell no chat template's mark.

Everything is one JSON string per value, one value per line. Besides JSON's own escapes, the signs of which mark-up and template tokens
are made (`<|im_start|>`, `[INST]`, code fences) are written as `\uXXXX`; control, invisible and direction characters are dropped.
That keeps content from posing as structure; a model can still read what it says, so the instructions call it material, and
whatever the model makes of it passes whitelists and filters. Pure.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping

BEGIN = "BEGIN DATA"
END = "END DATA"
TEXT_CHARS = 500
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>[]`|#\u2028\u2029"}


def plain(text: str, chars_max: int = TEXT_CHARS) -> str:
    """Return a text in one line without control and invisible characters."""
    kept = "".join(" " if sign.isspace() else sign for sign in text[: 4 * chars_max] if _visible(sign))
    return " ".join(kept.split())[:chars_max]


def line(values: Mapping[str, str | float | bool], chars_max: int = TEXT_CHARS) -> str:
    """Return one line of data; texts among the values are made plain, cut and quoted."""
    made = {key: plain(value, chars_max) if isinstance(value, str) else value for key, value in values.items()}
    # Of flat values JSON makes none of the escaped signs itself.
    return json.dumps(made, ensure_ascii=False, separators=(", ", ": ")).translate(_ESCAPED)


def block(lines: list[str]) -> str:
    """Return the lines between the delimiters."""
    return "\n".join([BEGIN, *lines, END])


def _visible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign)[0] != "C"
