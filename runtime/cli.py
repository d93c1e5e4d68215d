"""The command `attune`: finds its sub-commands by the entry-point group `attune.commands` and loads only the one that is used.

An entry point is `name = "module:object"`; the object is a plain function (one Typer command) or a `typer.Typer` (a group). For
`attune --help` the first line of each module's docstring is read from its source without importing it, so that help costs nothing and
works with extras missing.

Exit status: 0 done; 1 an unexpected error, whose traceback is in a file that is named; 2 bad input, told in one line; 130 Ctrl-C.
Typer and Rich are imported inside `main`, so that importing this module is cheap.
"""

from __future__ import annotations

import ast
import importlib.metadata
import os
import sys
import time
import traceback
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime import __version__
from runtime.errors import AttuneError
from runtime.extras import extra_of, install_line

if TYPE_CHECKING:
    import typer

GROUP = "attune.commands"
_FLAGS = ("--debug",)
"""Options of `attune` itself that may stand before the command."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `attune` with the given arguments (default: those of this process) and return the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = bool(os.environ.get("ATTUNE_DEBUG"))
    while arguments and arguments[0] in _FLAGS:
        debug = True
        arguments.pop(0)
    if arguments and arguments[0] == "--version":
        print(f"attune {__version__}")
        return 0
    wanted = arguments[0] if arguments else ""
    try:
        return _run(wanted, arguments)
    except AttuneError as error:
        _say(str(error))
        if debug:
            traceback.print_exc()
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has gone (attune ... | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except ImportError as error:
        line = _missing_library(wanted, error)
        if line is None or debug:
            return _unexpected(wanted, error, debug)
        _say(line)
        return 2
    except Exception as error:
        return _unexpected(wanted, error, debug)


def commands() -> dict[str, importlib.metadata.EntryPoint]:
    """Return the registered commands by name; of two with one name the one of this distribution wins."""
    found: dict[str, importlib.metadata.EntryPoint] = {}
    for point in importlib.metadata.entry_points(group=GROUP):
        owner = point.dist.name if point.dist is not None else ""
        if point.name not in found or owner == "attune":
            found[point.name] = point
    return dict(sorted(found.items()))


def first_line(module: str) -> str:
    """Return the first sentence of a module's docstring, from its source and without importing it; empty where there is none."""
    top, *rest = module.split(".")
    spec = PathFinder.find_spec(top)
    if spec is None:
        return ""
    if spec.submodule_search_locations is not None:
        folders = [Path(folder).joinpath(*rest) for folder in spec.submodule_search_locations]
        candidates = [path for folder in folders for path in (folder.with_suffix(".py"), folder / "__init__.py")]
    else:
        candidates = [Path(spec.origin)] if spec.origin and not rest else []
    for path in candidates:
        try:
            doc = ast.get_docstring(ast.parse(path.read_bytes()))
        except (OSError, SyntaxError, ValueError):
            continue
        return _as_help(doc) if doc and doc.strip() else ""
    return ""


def _as_help(doc: str) -> str:
    """Return a docstring's first line for a list of commands: without backticks and without `attune NAME ...: ` before it."""
    line = doc.strip().splitlines()[0].replace("`", "")
    if line.startswith("attune ") and ": " in line:
        line = line.partition(": ")[2]
    return line[:1].upper() + line[1:]


def _run(wanted: str, arguments: list[str]) -> int:
    """Build the command tree with the wanted command loaded and the others as names only, and run it."""
    import typer
    import typer.main

    app = typer.Typer(
        name="attune",
        help="Attune: a real-time runtime for embodied social agents.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def options(
        debug: bool = typer.Option(False, "--debug", help="Show the traceback of an unexpected error."),
        version: bool = typer.Option(False, "--version", help="Show the version."),
    ) -> None:
        """Attune: a real-time runtime for embodied social agents."""  # both options have been read by `main`

    for name, point in commands().items():
        if name == wanted:
            _register(app, name, point)
        else:
            app.command(name, help=first_line(point.module) or "(not installed)")(_never)
    try:
        outcome = typer.main.get_command(app)(args=arguments, prog_name="attune")
    except SystemExit as leaving:
        outcome = leaving.code
    if isinstance(outcome, str):
        _say(outcome)
        return 1
    return outcome if isinstance(outcome, int) else 0


def _never() -> None:
    """Stand in for a command that was not asked for."""
    raise AssertionError("a command that was not loaded cannot be run")


def _register(app: typer.Typer, name: str, point: importlib.metadata.EntryPoint) -> None:
    import typer

    try:
        target: Any = point.load()
    except ModuleNotFoundError as error:
        if error.name is not None and (point.module + ".").startswith(error.name + "."):
            raise AttuneError(
                f"attune {name} is registered but {error.name} is not installed", "install attune again"
            ) from None
        raise
    if isinstance(target, typer.Typer):
        app.add_typer(target, name=name, help=first_line(point.module))
    elif callable(target):
        app.command(name)(target)
    else:
        raise AttuneError(
            f"the entry point '{name}' of {GROUP} ({point.value}) is no command", "register a function or a Typer"
        )


def _missing_library(command: str, error: ImportError) -> str | None:
    """Return the one line for a library that an extra would bring, or None for any other import error."""
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return None
    extra = extra_of(error.name)
    return f"attune {command} needs the {extra} extra: {install_line(extra)}" if extra is not None else None


def _unexpected(command: str, error: BaseException, debug: bool) -> int:
    if debug:
        traceback.print_exception(type(error), error, error.__traceback__)
        return 1
    kept = _keep_traceback(error)
    where = f"the traceback is in {kept}" if kept is not None else "run it with attune --debug for the traceback"
    _say(f"attune {command}: unexpected {type(error).__name__}; {where}")
    return 1


def _keep_traceback(error: BaseException) -> Path | None:
    """Write the traceback to a private file; None where that fails (a full or read-only disk must not hide the first error)."""
    from runtime.paths import state_dir

    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    try:
        folder = state_dir() / "errors"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return None
    return path


def _say(line: str) -> None:
    """Print one line to standard error, red on a terminal."""
    line = " ".join(line.split())
    if sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        line = f"\x1b[31m{line}\x1b[0m"
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
