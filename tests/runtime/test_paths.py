"""Where data files lie: one answer in a checkout and in a wheel, and an error that names the place where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime import paths
from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file, launch_names, read_yaml

ROOT = Path(__file__).resolve().parents[2]


def test_a_checkout_has_them_beside_the_packages() -> None:
    assert paths.launch_dir() == ROOT / "launch"
    assert paths.models_dir() == ROOT / "models"


def test_a_wheel_has_them_inside_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "runtime")
    (tmp_path / "runtime/_launch/profiles").mkdir(parents=True)
    (tmp_path / "runtime/_models").mkdir()
    (tmp_path / "runtime/_models/registry.toml").write_text("")
    (tmp_path / "launch").mkdir()  # a folder of somebody else's by that name, as ROS has
    assert paths.launch_dir() == tmp_path / "runtime/_launch"
    assert paths.models_dir() == tmp_path / "runtime/_models"


def test_an_incomplete_installation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "runtime")
    with pytest.raises(AttuneError, match="install attune again"):
        paths.launch_dir()


def test_cache_and_state_follow_our_variable_then_xdg_then_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("ATTUNE_CACHE", "ATTUNE_STATE", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert paths.cache_dir() == tmp_path / ".cache/attune"
    assert paths.state_dir() == tmp_path / ".local/state/attune"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert paths.cache_dir() == tmp_path / "xdg/attune"
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "own"))
    assert paths.cache_dir() == tmp_path / "own"


def test_names_are_found_and_wrong_ones_told_by_their_kind(tmp_path: Path) -> None:
    assert "welcome" in launch_names("scenarios")
    assert find_launch_file("scenarios", "welcome") == ROOT / "launch/scenarios/welcome.yaml"
    with pytest.raises(AttuneError, match=r"there is no scenario 'welcom'. did you mean 'welcome'"):
        find_launch_file("scenarios", "welcom")
    with pytest.raises(AttuneError, match=r"there is no study 'x'. give a path"):
        find_launch_file("studies", "x")
    for wrong in ("", "a\0b"):
        with pytest.raises(AttuneError, match="empty or no text"):
            find_launch_file("profiles", wrong)


def test_plain_yaml_only(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [1, 2.5, yes, null, 'x']\nbase: &b {k: 1}\nover: {<<: *b, k: 2}\n")
    assert read_yaml(tmp_path / "a.yaml")["over"] == {"k": 2}
    (tmp_path / "b.yaml").write_text("a: !!python/name:os.system\n")
    with pytest.raises(AttuneError, match=r"b\.yaml, line 1"):
        read_yaml(tmp_path / "b.yaml")
