"""Make the table of `docs/listener.md` from `runtime/nonverbal.py`: parameter, default, meaning, source.

    python scripts/make_listener_table.py [--check]

Meaning and source are the docstring under each field, defaults those of `ListenerSettings()`. Everything between the
two marks of the document is written anew; the rest is prose. With `--check` nothing is written, and the exit status
is 1 where the document is behind.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from runtime.settings import ListenerSettings

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "runtime" / "nonverbal.py"
DOCUMENT = ROOT / "docs" / "listener.md"
BEGIN, END = "<!-- table: scripts/make_listener_table.py -->", "<!-- end of table -->"
SOURCED = re.compile(r"^(?P<meaning>.+) \[(?P<source>[^\]]+)\]$", re.DOTALL)
GROUP = re.compile(r"^    # -{20,} (?P<name>.+)$")


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield group, parameter, default, meaning and source of every field, in order.

    Raises:
        ValueError: a field has no docstring that ends in a source in brackets.
    """
    text = SETTINGS.read_text(encoding="utf-8")
    groups = {number: found["name"] for number, line in enumerate(text.splitlines(), 1) if (found := GROUP.match(line))}
    (settings,) = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    defaults = ListenerSettings()
    for node, after in zip(settings.body, [*settings.body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        name = node.target.id
        said = ast.literal_eval(after.value) if isinstance(after, ast.Expr) else ""
        found = SOURCED.match(" ".join(said.split()))
        if found is None:
            raise ValueError(f"{name}: its docstring must end in the source of its default, in brackets")
        group = [title for number, title in groups.items() if number < node.lineno][-1]
        yield group, name, _number(getattr(defaults, name)), found["meaning"], found["source"]


def table() -> str:
    """Return the tables, one per group."""
    lines, last = [], ""
    for group, name, default, meaning, source in rows():
        if group != last:
            lines += ["", f"### {group[0].upper()}{group[1:]}", ""]
            lines += ["| Parameter | Default | Meaning | Source |", "| --- | --- | --- | --- |"]
            last = group
        lines.append(f"| `{name}` | {default} | {meaning} | {source} |")
    return "\n".join(lines).strip()


def document(old: str) -> str:
    """Return the document with a new table.

    Raises:
        ValueError: the marks are missing.
    """
    if old.count(BEGIN) != 1 or old.count(END) != 1:
        raise ValueError(f"{DOCUMENT.name} needs the lines {BEGIN} and {END}, once each")
    before, _, rest = old.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _number(value: object) -> str:
    return ", ".join(f"{x:g}" for x in value) if isinstance(value, tuple) else f"{value:g}"


def main() -> None:
    """Write the document, or check it."""
    old = DOCUMENT.read_text(encoding="utf-8")
    new = document(old)
    if sys.argv[1:] == ["--check"]:
        sys.exit(f"{DOCUMENT.name} is behind: run this without --check" if new != old else 0)
    DOCUMENT.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
