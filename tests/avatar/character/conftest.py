from __future__ import annotations

from pathlib import Path

import pytest

from avatar.character.build import Character, character
from avatar.server import PAGE_FOLDER
from tests.avatar.character.reading import Read

SHIPPED = Path(PAGE_FOLDER) / "character" / "attune.vrm"


@pytest.fixture(scope="session")
def made() -> Character:
    return character()


@pytest.fixture(scope="session")
def vrm(made: Character) -> Read:
    return Read(made.data)
