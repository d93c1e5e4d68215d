"""`attune share` and `attune render`: what they refuse, and what the page may load."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from avatar.commands import render, share
from avatar.share.page import replay_page
from runtime.errors import AttuneError
from tests.avatar.share.recorded import session


def test_the_page_is_its_owners_and_loads_nothing(tmp_path: Path) -> None:
    out = tmp_path / "talk.html"
    share.command(session(tmp_path), out, title="Anna & <Ben>")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    page = out.read_text()
    assert "<title>Anna &amp; &lt;Ben&gt;</title>" in page
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert (
        policy is not None
        and "default-src &#x27;none&#x27;" in policy[1]
        and "http" not in policy[1]
        and "unsafe" not in policy[1]
    )
    assert not re.search(r'(?:src|href)="', page), "nothing of it lies elsewhere"


def test_what_people_said_is_nowhere_markup(tmp_path: Path) -> None:
    assert "<b>you</b>" not in replay_page(session(tmp_path)).html


@pytest.mark.parametrize(
    ("name", "message"),
    [("talk.txt", r"must end in \.html"), ("there.html", "is there already"), ("no/talk.html", "no such folder")],
)
def test_a_file_that_cannot_be_written_is_named_with_the_mend(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "there.html").write_text("mine")
    with pytest.raises(AttuneError, match=message):
        share.command(session(tmp_path), tmp_path / name)
    assert (tmp_path / "there.html").read_text() == "mine"


def test_an_empty_span_and_a_folder_without_a_session_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="--from 3 --until 2: the span is empty"):
        share.command(session(tmp_path), tmp_path / "a.html", from_s=3.0, until_s=2.0)
    with pytest.raises(AttuneError, match="no such folder"):
        share.command(tmp_path / "nothing", tmp_path / "a.html")


@pytest.mark.parametrize("size", ["1280", "1281x720", "1x1", "axb"])
def test_a_size_that_no_film_can_have_is_refused(tmp_path: Path, size: str) -> None:
    with pytest.raises(AttuneError, match=f"--size {size}: not a size"):
        render.command(tmp_path, tmp_path / "talk.mp4", size=size)
