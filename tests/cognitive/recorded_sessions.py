"""Recorded sessions for `attune why`: a conversation of the whole agent with a simulated person, and a small scene with keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from cognitive.partner.sessions import PROFILES
from runtime.house import RoomSpec
from runtime.profile import load_profile
from runtime.virtual_house import run_virtual_house


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a session in which the agent revives a talk that has died down, and leans in when Anna answers."""
    folder = tmp_path_factory.mktemp("recorded")
    rooms = [
        RoomSpec("recorder", "runtime.session.recorder", restart=False),
        RoomSpec("cognitive", "cognitive.process"),
        RoomSpec("behavioral", "behavioral.process", restart=False, essential=True),
        RoomSpec("partner", "cognitive.partner.room", restart=False, essential=True),
    ]
    options = {
        "audio": "recognised",
        "senses": "bus",
        "opening": False,
        "partner": {"person": "anna", "level": "words", "session": 0, "seed": 1},
    }
    result = run_virtual_house(
        load_profile(PROFILES["words"]), rooms, folder, 1, options, state_dir=tmp_path_factory.mktemp("state")
    )
    assert result.reason == "finished"
    return folder


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a session in which Ben moves Anna's keys while she is away (`keys_room`)."""
    folder = tmp_path_factory.mktemp("keys")
    rooms = [
        RoomSpec("recorder", "runtime.session.recorder", restart=False),
        RoomSpec("cognitive", "cognitive.process"),
        RoomSpec("senses", "tests.cognitive.keys_room", restart=False, essential=True),
    ]
    state_dir = tmp_path_factory.mktemp("state")
    result = run_virtual_house(load_profile(PROFILES["words"]), rooms, folder, 1, state_dir=state_dir)
    assert result.reason == "finished"
    return folder
