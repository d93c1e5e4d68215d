"""The page's modules find each other without a server."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from avatar.share.modules import import_map, rewritten
from avatar.share.page import ENTRY, PAGE_FOLDER


def test_relative_imports_become_names_of_the_map() -> None:
    text, imported = rewritten('import { a } from "./a.js";\nexport * from "../b/c.js";import"./d.js";', "sub/x.js")
    assert text == 'import { a } from "attune/sub/a.js";\nexport * from "attune/b/c.js";import"attune/sub/d.js";'
    assert imported == ["sub/a.js", "b/c.js", "sub/d.js"]


def test_minified_and_long_imports_are_found_and_words_in_a_text_are_not() -> None:
    text, imported = rewritten(
        'import{x as y}from"./x.js";import {\n  z,\n} from "./z.js";\nconst s = "not from \'./s.js\'";', "m.js"
    )
    assert imported == ["x.js", "z.js"] and "./s.js" in text


def test_all_that_the_player_needs_is_in_the_map() -> None:
    modules = json.loads(import_map(PAGE_FOLDER, ENTRY))["imports"]
    for name, address in modules.items():
        text = base64.b64decode(address.partition("base64,")[2]).decode()
        assert rewritten(text, name)[1] == [], f"{name} still imports something relative"
    assert "attune/replay.js" in modules and "attune/vendor/three.module.min.js" in modules


def test_a_module_that_is_missing_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import "./b.js";')
    with pytest.raises(FileNotFoundError, match=r"b\.js"):
        import_map(tmp_path, "a.js")
