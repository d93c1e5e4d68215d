"""The house rules that hold for every file: who imports whom, size, docstrings, no dangerous calls, nothing of one workplace."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

ROOT = Path(__file__).resolve().parent.parent
ARROWS = {
    "runtime": set(),
    "motion": {"runtime"},
    "behavioral": {"motion", "runtime"},
    "cognitive": {"runtime"},
    "avatar": {"runtime"},
}
"""Which rooms a room may import, besides itself."""
MAX_LINES = 400


def tracked() -> list[Path]:
    """Return the files that git has or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def modules() -> list[Path]:
    return sorted(path for room in ARROWS for path in (ROOT / room).rglob("*.py") if "node_modules" not in path.parts)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, *, at_import_time: bool) -> Iterator[tuple[str, int]]:
    """Yield imported module names with lines; with `at_import_time` only those that run when the module is imported."""
    known = {module_name(p) for p in modules()}
    package = module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]

    def walk(node: ast.AST) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            if at_import_time and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            if at_import_time and isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.Import):
                yield from ((alias.name, child.lineno) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    up = package.split(".")[: len(package.split(".")) - child.level + 1]
                    base = ".".join([*up, base] if base else up)
                for alias in child.names:
                    yield (f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base), child.lineno
            else:
                yield from walk(child)

    yield from walk(ast.parse(path.read_text()))


def test_a_room_imports_only_the_rooms_below_it() -> None:
    wrong = []
    for path in modules():
        room = path.relative_to(ROOT).parts[0]
        for name, line in imports(path, at_import_time=False):
            other = name.partition(".")[0]
            if other in ARROWS and other != room and other not in ARROWS[room]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_in_a_circle() -> None:
    known = {module_name(path) for path in modules()}
    edges = {
        module_name(path): {name for name, _ in imports(path, at_import_time=True) if name in known}
        - {module_name(path)}
        for path in modules()
        if path.name != "__init__.py"  # a package's own file is imported before all of its modules
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, "circle: " + " -> ".join((*trail[trail.index(name) :], name))
        if name in done:
            return
        for other in sorted(edges.get(name, ())):
            visit(other, (*trail, name))
        done.add(name)

    for name in sorted(edges):
        visit(name, ())


def test_importing_runtime_loads_no_heavy_library() -> None:
    heavy = ("numpy", "onnxruntime", "cv2", "torch", "aiohttp", "matplotlib", "mcap", "pocketsphinx", "pydantic")
    code = (
        "import sys, runtime.messages, runtime.codec, runtime.bus, runtime.cli\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [__import__("sys").executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("room", sorted(ARROWS))
def test_every_module_is_short_and_says_what_it_is(room: str) -> None:
    wrong = []
    for path in modules():
        if path.relative_to(ROOT).parts[0] != room:
            continue
        text = path.read_text()
        limit = MAX_LINES
        if len(text.splitlines()) > limit:
            wrong.append(f"{path.relative_to(ROOT)}: {len(text.splitlines())} lines, at most {limit}")
        if not (ast.get_docstring(ast.parse(text)) or "").strip():
            wrong.append(f"{path.relative_to(ROOT)}: no docstring")
    assert not wrong, "\n".join(wrong)


def test_every_room_is_typed() -> None:
    assert [room for room in ARROWS if not (ROOT / room / "py.typed").is_file()] == []


def test_nothing_is_unpickled_evaluated_or_passed_to_a_shell() -> None:
    modules_refused = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
    wrong = []
    for path in modules():
        tree = ast.parse(path.read_text())
        for name, line in imports(path, at_import_time=False):
            if name.partition(".")[0] in modules_refused:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            keywords = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            if called in ("eval", "exec", "os.system", "os.popen") or keywords.get("shell") == "True":
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} calls {called}")
            if keywords.get("allow_pickle") == "True":
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} allows pickles")
    assert not wrong, "\n".join(wrong)


def test_no_tracked_file_names_a_workplace() -> None:
    refused = re.compile(
        "|".join(["/" + "work/", "/opt/" + "pypi", "/opt/" + "wheels", "extra-" + "index-url", "/home/[a-z]+/"])
    )
    wrong = []
    for path in tracked():
        if path.stat().st_size > 2 << 20 or path.suffix in (".onnx", ".png", ".wav", ".flac", ".npz", ".glb", ".vrm"):
            continue
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), 1):
            if found := refused.search(line):
                wrong.append(f"{path.relative_to(ROOT)}:{number} names {found.group()}")
    assert not wrong, "\n".join(wrong)


def test_each_test_is_run_by_exactly_one_line_of_make_test() -> None:
    chosen = [
        Expression.compile(text) for text in re.findall(r'-m pytest .*?-m "(.+?)"', (ROOT / "Makefile").read_text())
    ]
    assert len(chosen) == 2
    for marks in (set(), {"slow"}, {"slow", "computing"}):
        assert sum(one.evaluate(lambda name, **_: name in marks) for one in chosen) == 1, marks  # noqa: B023


def test_pinned_versions_are_names_and_versions_only() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert len(lines) > 50
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9.-]+==[0-9][0-9a-z.]*", line)] == []
    assert "torch==2.13.0" in lines


def test_ros_keeps_its_import_name() -> None:
    assert not (ROOT / "launch" / "__init__.py").exists()
    assert not (ROOT / "models" / "__init__.py").exists()
