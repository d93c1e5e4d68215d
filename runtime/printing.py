"""How commands show what they found: one JSON object for programs, a plain table or named figures for people.

Rich is imported only where a table is drawn. With `--json` a command prints one object and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import msgspec

_NAME_COLUMNS = 28


def print_json(value: object) -> None:
    """Print one JSON value on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value).decode(), indent=2) + "\n")


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Print a plain table."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=index == 0)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    Console(soft_wrap=False).print(table)


def print_figures(figures: Mapping[str, object], indent: str = "") -> None:
    """Print named figures one a line, those within others below their name; what was not measured is `-`."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            print(f"{indent}{name}")
            print_figures(value, indent + "  ")
        else:
            print(f"{indent}{name:{_NAME_COLUMNS}} {'-' if value is None else value}")


def print_share(share: float) -> None:
    """Show how much of a long work is done, 0 to 1, on one line of standard error; nothing where nobody looks."""
    if sys.stderr.isatty():
        print(f"\r{100 * share:3.0f} %", end="", file=sys.stderr)
