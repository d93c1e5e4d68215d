from __future__ import annotations

import pytest

from avatar.character.build import Character, character
from tests.avatar.character.reading import Read


@pytest.fixture(scope="session")
def made() -> Character:
    return character()


@pytest.fixture(scope="session")
def vrm(made: Character) -> Read:
    return Read(made.data)
