"""Whether the monitor finds drifting scripts, and lets steady ones be."""

from __future__ import annotations

import random
import re
from pathlib import Path

import msgspec
import pytest

from cognitive.drift import DRIFTS_FROM, UTTERANCES_MIN, DriftMonitor, DriftState, features
from cognitive.persona import load_persona
from runtime.launch_files import find_launch_file, launch_names, read_yaml

PERSONAS = launch_names("personas")
CORPUS = [
    line
    for line in (Path(__file__).parents[2] / "motion/corpus/pairing/sentences.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
]
DRIFTS = {
    "rough": [
        "Do it now, I said.",
        "No, wrong. Stop that.",
        "Obviously you must listen now.",
        "Whatever. This is stupid.",
    ],
    "preaching": [
        "Considering everything that distinguished philosophers have traditionally maintained regarding happiness, "
        "moderation, friendship and responsibility, contemporary understanding necessarily remains incomplete, "
        "notwithstanding considerable achievements."
    ],
    "shrill": ["Oh wow!!! Yes!!!", "No way!!! Super!!!", "Fantastic!!! More!!!"],
    "self-centred": [
        "I am great and I know I am.",
        "I told my story and I liked it, I did.",
        "I want what I want, I do.",
    ],
    "claiming to be human": ["I am a real person.", "When I was young my mother sang.", "I am not a robot."],
}


def own(persona):
    return [t.format(name=persona.name, topic="music") for texts in persona.sentences.values() for t in texts]


def scripted():
    lines = [line for rule in read_yaml(find_launch_file("scenarios", "welcome"))["rules"] for line in rule["replies"]]
    return [re.sub(r"\[\w+\] ?", "", line).replace("{name}", "Anna") for line in lines]


def follow(persona, lines):
    """Return the largest drift that was judged, and whether it was warned of."""
    monitor, largest, warned = DriftMonitor(persona, DriftState()), 0.0, False
    for line in lines:
        monitor.said(line)
        if monitor.state.utterances >= UTTERANCES_MIN:
            largest, warned = max(largest, monitor.drift), warned or monitor.state.drifting
    return largest, warned


@pytest.mark.parametrize("name", PERSONAS)
@pytest.mark.parametrize("source", ["own sentences", "scenario"])
def test_steady_sessions_are_not_warned_of(name, source):
    persona = load_persona(name)
    lines = own(persona) if source == "own sentences" else scripted()
    for seed in range(100, 130):
        chance = random.Random(seed)
        largest, warned = follow(persona, [chance.choice(lines) for _ in range(60)])
        assert not warned, (seed, largest)


@pytest.mark.parametrize("name", ["default", "tutor"])
def test_nor_is_other_everyday_speech_of_a_calm_persona(name):
    persona = load_persona(name)
    warned = 0
    for seed in range(30):
        chance = random.Random(seed)
        warned += follow(persona, [chance.choice(CORPUS) for _ in range(60)])[1]
    assert warned <= 2


@pytest.mark.parametrize("name", PERSONAS)
@pytest.mark.parametrize("kind", list(DRIFTS))
def test_a_drifting_session_is_found_within_a_dozen_utterances(name, kind):
    persona = load_persona(name)
    for seed in range(5):
        chance = random.Random(seed)
        steady = [chance.choice(own(persona)) for _ in range(25)]
        assert not follow(persona, steady)[1]
        assert follow(persona, steady + [chance.choice(DRIFTS[kind]) for _ in range(12)])[1], (seed, kind)


def test_the_warning_ends_when_the_agent_has_come_back():
    persona = load_persona("default")
    monitor = DriftMonitor(persona, DriftState())
    for line in own(persona)[:10] + DRIFTS["rough"] * 3:
        monitor.said(line)
    assert monitor.state.drifting and monitor.drift >= DRIFTS_FROM and "rough" in monitor.why
    for line in own(persona)[10:40]:
        monitor.said(line)
    assert not monitor.state.drifting


def test_it_says_how_far_and_in_what_without_any_words_of_the_session():
    monitor = DriftMonitor(load_persona("default"), DriftState())
    for line in DRIFTS["shrill"] * 4:
        monitor.said(line)
    assert re.match(r"drift \d\.\d\d of 1\.2 over 12 utterances: exclaims \+", monitor.in_words())
    assert b"antastic" not in msgspec.json.encode(monitor.state)


def test_it_goes_on_after_a_restart():
    persona = load_persona("default")
    whole, first = DriftMonitor(persona, DriftState()), DriftMonitor(persona, DriftState())
    lines = own(persona)[:20]
    for number, line in enumerate(lines):
        whole.said(line)
        if number == 9:
            first = DriftMonitor(persona, msgspec.json.decode(msgspec.json.encode(first.state), type=DriftState))
        first.said(line)
    assert first.drift == pytest.approx(whole.drift) and first.state == whole.state


@pytest.mark.parametrize("text", ["", "...", "!!!", "\U0001f600", "a" * 100_000, "no " * 50_000])
def test_odd_texts_are_harmless(text):
    monitor = DriftMonitor(load_persona("default"), DriftState())
    monitor.said(text)
    assert all(value == value for value in features(text).values())
