"""Praat's TextGrid files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from motion.corpus.datasets.textgrid import read, words

SHORT = """File type = "ooTextFile short"
"TextGrid"

0
2.5
<exists>
2
"IntervalTier"
"phones"
0
2.5
1
0
2.5
"AH0"
"IntervalTier"
"words"
0
2.5
3
0
0.5
""
0.5
1.25e0
"said ""17"" 3"
1.25
2.5
"sil"
"""


def test_the_long_format_is_read(tmp_path: Path, textgrid: Callable[..., str]) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_text(textgrid((0.0, 0.4, ""), (0.4, 0.9, "hello"), (0.9, 1.5, "there")))
    assert [(tier.name, len(tier.intervals)) for tier in read(path)] == [("words", 3)]
    assert words(path) == (("hello", 0.4, 0.9), ("there", 0.9, 1.5))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_short_format_quotes_and_encodings_too(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_text(SHORT.replace("ooTextFile short", "ooTextFile"), encoding=encoding)
    assert words(path) == (('said "17" 3', 0.5, 1.25),)


def test_points_are_passed_over(tmp_path: Path) -> None:
    points = '"TextTier"\n"tones"\n0\n2.5\n2\n0.1\n"H*"\n0.2\n"L"\n'
    text = SHORT.replace(" short", "").replace("\n2\n", f"\n3\n{points}", 1)
    (tmp_path / "a.TextGrid").write_text(text)
    assert [tier.name for tier in read(tmp_path / "a.TextGrid")] == ["phones", "words"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("ooTextFile short", "ooBinary", "does not begin as one"),
        ("<exists>", "<absent>", "stands where|no tiers"),
        ("\n3\n0\n", "\n4\n0\n", "ends too early"),
        ("\n3\n0\n", "\n9999999\n0\n", "items"),
        ('"IntervalTier"\n"words"', '"OddTier"\n"words"', "OddTier"),
        ("1.25e0", "0.25", "from 0.5 to 0.25 s"),
    ],
)
def test_faults_name_the_file(tmp_path: Path, old: str, new: str, fault: str) -> None:
    path = tmp_path / "odd.TextGrid"
    path.write_text(SHORT.replace(old, new).replace(" short", ""))
    with pytest.raises(ValueError, match=rf"odd\.TextGrid is no TextGrid .*({fault})"):
        read(path)
