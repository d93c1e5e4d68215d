"""Profiles: defaults, files, inheritance, overrides, and one error for every mistake."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import AttuneError
from runtime.profile import load_profile, profile_names
from runtime.settings import Profile


@pytest.mark.parametrize("name", profile_names())
def test_every_shipped_profile_loads_under_its_own_name(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile.description


def test_cpu_is_the_default_and_changes_nothing_but_the_body() -> None:
    profile = load_profile()
    assert (profile.name, profile.motion.generator) == ("cpu", "learned")
    bare = msgspec.structs.replace(profile.motion, generator="procedural")
    assert msgspec.structs.replace(profile, description="", motion=bare) == Profile()


def test_quiet_takes_no_initiative_and_keeps_the_rest_of_cpu() -> None:
    assert load_profile("quiet").cognitive.enabled is False
    assert load_profile("quiet").turns == load_profile("cpu").turns


def write(folder: Path, text: str, name: str = "mine.yaml") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_a_file_by_path_gets_its_stem_as_name_and_extends_a_shipped_one(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, "extends: robot\nturns: {max_silence_ms: 2000}\n"))
    assert profile.name == "mine"
    assert profile.turns.max_silence_ms == 2000
    assert profile.motion.amplitude == load_profile("robot").motion.amplitude


def test_a_file_extends_its_neighbour_by_relative_path(tmp_path: Path) -> None:
    write(tmp_path, "loop: {tick_hz: 60}\n", "base.yaml")
    assert load_profile(write(tmp_path, "extends: base.yaml\nvoice: {pitch: 40}\n")).loop.tick_hz == 60


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert load_profile(write(tmp_path, "")) == Profile(name="mine")


def test_overrides_are_yaml_and_the_last_one_wins() -> None:
    profile = load_profile(
        "cpu",
        [
            "loop.tick_hz=40",
            "loop.tick_hz=60",
            "dialogue.llm.model=tiny",
            "listener.head_accent_deg=[1, 2]",
            "vision.enabled=no",
        ],
    )
    assert profile.loop.tick_hz == 60
    assert profile.dialogue.llm.model == "tiny"
    assert profile.listener.head_accent_deg == (1, 2)
    assert profile.vision.enabled is False


@pytest.mark.parametrize(
    ("override", "parts"),
    [
        ("cognitive.cycle=1", ["cognitive.cycle", "did you mean 'cycle_s'"]),
        ("tick_hz=50", ["tick_hz", "did you mean 'loop.tick_hz'"]),
        ("dialogue.tick_hz=50", ["dialogue.tick_hz", "did you mean 'loop.tick_hz'"]),
        ("cognitve.cycle_s=1", ["cognitve", "did you mean 'cognitive'"]),
        ("dialogue.llm.modle=x", ["dialogue.llm.modle", "did you mean 'model'"]),
        ("hearing.zzz=1", ["hearing.zzz", "known in hearing", "vad_on"]),
        ("cognitive.cycle_s=99", ["cognitive.cycle_s", "<= 30", "got 99", "the default is 0.5"]),
        ("cognitive.cycle_s=soon", ["cognitive.cycle_s", "expected `float`", "got soon"]),
        ("vision.enabled=maybe", ["vision.enabled", "expected `bool`"]),
        ("hearing.vad=loud", ["hearing.vad", "got loud", "the default is auto"]),
        ("listener.nod_type_shares=[1, 0]", ["listener.nod_type_shares", "length 3"]),
        (
            "listener.responses_per_min=[12, 6]",
            ["listener.responses_per_min", "12", "over", "the default is [6.0, 12.0]"],
        ),
        ("listener.nod_cycle_shares=[0, 0, 0, 0, 0]", ["listener.nod_cycle_shares", "over 0"]),
        ("cognitive.thresholds={greeting: 3}", ["cognitive.thresholds", "<= 1"]),
        ("loop=5", ["loop", "expected a mapping, got a number"]),
        ("loop.tick_hz=.nan", ["loop.tick_hz"]),
        ("turns.duck_gain=.nan", ["turns.duck_gain"]),
        ("turns.stay_out_below=0.7", ["turns.stay_out_below", "0.7 must not be over addressed_from, 0.6"]),
        ("turns.others_first_ms=-1", ["turns.others_first_ms", ">= 0"]),
        ("run.tail_s=.inf", ["run.tail_s", "finite"]),
        ("listener.head_accent_deg=[1, .inf]", ["listener.head_accent_deg", "finite"]),
        ("run.tail_s=[1", ["run.tail_s", "line 1"]),
        ("run.tail_s", ["--set section.key=value"]),
        ("run..tail_s=1", ["empty part"]),
        ("=1", ["no assignment"]),
    ],
)
def test_a_wrong_override_names_the_key_and_the_mend(override: str, parts: list[str]) -> None:
    with pytest.raises(AttuneError) as caught:
        load_profile("cpu", [override])
    assert all(part in str(caught.value) for part in ["--set", *parts]), str(caught.value)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("loop:\n  tick_hz: 5\n", ["loop.tick_hz", ">= 10"]),
        ("loop:\n  tickhz: 50\n", ["loop.tickhz", "did you mean 'tick_hz'"]),
        ("loop: [50]\n", ["loop", "got a list"]),
        ("loop:\n", ["loop", "the section is empty"]),
        ("- loop\n", ["a profile is a mapping"]),
        ("loop: {tick_hz: 50\n", ["line 2", "mend the YAML"]),
        ("loop:\n\ttick_hz: 50\n", ["line 2"]),
        ("loop: {}\nloop: {}\n", ["line 2", "'loop' stands twice"]),
        ("name: !!python/object/apply:os.getcwd []\n", ["line 1"]),
        ("extends: 7\n", ["extends", "got a number"]),
        ("extends: gpuu\n", ["'gpuu'", "did you mean 'gpu'"]),
        ("extends: mine.yaml\n", ["extends itself"]),
        ("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8)), ["aliases"]),
        ("a: &a [*a]\n", ["contains itself"]),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named_with_key_and_mend(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(AttuneError) as caught:
        load_profile(path)
    assert all(part in str(caught.value) for part in parts), str(caught.value)
    assert "mine.yaml" in str(caught.value) or "gpuu" in str(caught.value)


def test_profiles_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "extends: b.yaml\n", "a.yaml")
    write(tmp_path, "extends: a.yaml\n", "b.yaml")
    with pytest.raises(AttuneError, match="circle"):
        load_profile(str(tmp_path / "a.yaml"))


def test_unreadable_files_are_one_error_each(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_bytes(b"#" * ((1 << 20) + 1))
    (tmp_path / "latin.yaml").write_bytes(b"description: caf\xe9\n")
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)))
    for name, part in [
        ("large", "larger than"),
        ("latin", "not UTF-8"),
        ("binary", "binary.yaml"),
        ("absent", "does not exist"),
    ]:
        with pytest.raises(AttuneError, match=part):
            load_profile(str(tmp_path / f"{name}.yaml"))
    with pytest.raises(AttuneError, match="is a folder"):
        load_profile(f"{tmp_path}/")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(AttuneError, match=r"did you mean 'quiet'.*known: cpu, gpu, llm, quiet"):
        load_profile("quite")


@given(st.text(max_size=60), st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_text_brings_anything_but_a_profile_or_one_error(key: str, value: str) -> None:
    try:
        assert isinstance(load_profile("cpu", [f"{key}={value}"]), Profile)
    except AttuneError as error:
        assert str(error)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([f.name for f in msgspec.structs.fields(Profile)]), json_like)
@settings(max_examples=60, deadline=None)
def test_no_value_of_a_section_brings_anything_else(section: str, value: object) -> None:
    text = msgspec.json.encode({section: value}).decode()
    try:
        assert isinstance(load_profile("cpu", [f"{section}={text[len(section) + 4 : -1]}"]), Profile)
    except AttuneError as error:
        assert section in str(error)
