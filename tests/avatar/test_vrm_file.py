"""A VRM of the user's own is checked at start: a good one is served, a bad one is one clear error with its mend."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from avatar.commands import demo
from avatar.files import SESSION_CHARACTER, PageFiles
from avatar.server import PAGE_FOLDER
from avatar.vrm_file import LIMIT_MIB, REQUIRED_BONES, read_vrm
from runtime.errors import AttuneError
from runtime.settings import Profile
from tests.avatar.vrm_files import OPTIONAL, glb, vrm, without


def refused(tmp_path: Path, body: bytes) -> str:
    path = tmp_path / "mine.vrm"
    path.write_bytes(body)
    with pytest.raises(AttuneError) as error:
        read_vrm(path)
    assert str(path) in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("bones", [without(), without(*OPTIONAL, eyes=False)])
def test_a_vrm_of_either_version_is_taken_as_it_is(tmp_path: Path, version: int, bones: list[str]) -> None:
    body = vrm(version, bones=bones)
    (tmp_path / "mine.vrm").write_bytes(body)
    assert read_vrm(tmp_path / "mine.vrm") == body


def test_a_file_that_is_no_vrm_is_named(tmp_path: Path) -> None:
    assert "is no VRM file" in refused(tmp_path, b"hello")
    assert "is no VRM file" in refused(tmp_path, b"")
    assert "3D model, but no VRM" in refused(tmp_path, glb({"asset": {"version": "2.0"}}))
    with pytest.raises(AttuneError, match=r"nothing\.vrm: No such file"):
        read_vrm(tmp_path / "nothing.vrm")
    with pytest.raises(AttuneError, match=r"Is a directory.*avatar\.character"):
        read_vrm(tmp_path)


def test_a_damaged_file_is_told_from_another_kind_of_file(tmp_path: Path) -> None:
    whole = vrm()
    assert "damaged or only a part" in refused(tmp_path, whole[:1_000])
    assert "damaged or only a part" in refused(tmp_path, whole[:4] + b"\x01" + whole[5:])
    start = whole.index(b'{"asset"')
    assert "description cannot be read" in refused(tmp_path, whole[:start] + b"!" + whole[start + 1 :])
    assert "description cannot be read" in refused(tmp_path, glb([1]))  # type: ignore[arg-type]


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("bone", ["spine", "leftHand"])
def test_a_missing_bone_is_named(tmp_path: Path, version: int, bone: str) -> None:
    assert f"has no bone {bone}" in refused(tmp_path, vrm(version, bones=without(bone)))


@pytest.mark.parametrize("extension", [{"VRMC_vrm": 1}, {"VRM": {"humanoid": []}}, {"VRMC_vrm": {"humanoid": 3}}])
def test_an_extension_of_another_form_lacks_all_bones(tmp_path: Path, extension: dict[str, object]) -> None:
    assert f"has no bone {', '.join(REQUIRED_BONES)}" in refused(tmp_path, glb({"extensions": extension}))


def test_what_needs_more_than_the_page_has_is_refused(tmp_path: Path) -> None:
    assert "Draco" in refused(tmp_path, vrm(extensionsRequired=["KHR_draco_mesh_compression"]))
    assert "other files" in refused(tmp_path, vrm(images=[{"uri": "https://example.org/skin.png"}]))
    big = tmp_path / "big.vrm"
    with big.open("wb") as file:
        file.truncate((LIMIT_MIB << 20) + 1)
    with pytest.raises(AttuneError, match=f"a character may have {LIMIT_MIB}"):
        read_vrm(big)


def test_demo_says_it_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="No such file"):
        demo.command(no_browser=True, avatar=tmp_path / "nothing.vrm")
    with pytest.raises(AttuneError, match="No such file"):
        demo.command(no_browser=True, port=0, settings=[f"avatar.character={tmp_path / 'nothing.vrm'}"])


def test_demo_hands_the_file_on_as_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.vrm").write_bytes(vrm())
    monkeypatch.chdir(tmp_path)
    seen: list[Profile] = []

    class Started(Exception):
        pass

    def run(profile: Profile, *_: object, **__: object) -> None:
        seen.append(profile)
        raise Started

    monkeypatch.setattr(demo, "run_with_page", run)
    with pytest.raises(Started):
        demo.command(no_browser=True, avatar=Path("mine.vrm"))
    assert seen[0].avatar.character == str(tmp_path / "mine.vrm")
    assert msgspec.convert(msgspec.to_builtins(seen[0]), Profile) == seen[0], "rooms get it by their profile"


def test_the_page_finds_the_character_of_the_session_at_one_address() -> None:
    usual, mine = PageFiles(PAGE_FOLDER), PageFiles(PAGE_FOLDER, vrm())
    assert usual.file(SESSION_CHARACTER) is not None
    assert usual.file(SESSION_CHARACTER) == usual.file("/character/attune.vrm")
    shown = mine.file(SESSION_CHARACTER)
    assert shown is not None and shown.body == vrm()
    assert mine.file("/character/attune.vrm") == usual.file("/character/attune.vrm")
