"""See, export and delete what the agent remembers of people: `attune memory list|show|export|forget|consents`.

A person is named by number (`attune memory list`), stable name or spoken name; a spoken name that several people have is refused. The
folder is that of the profile (`cognitive.long_term.folder`) or `--folder`. All but `forget` only read: they write nothing. A
damaged file is reported and left as it is, by `forget` too. `forget` also works while the agent runs: the running
session forgets within a cycle, and the command waits until it has said so.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import typer

from cognitive.memory import deletion
from cognitive.memory.export import export_person, time_text
from cognitive.memory.long_term import LongTermMemory, PersonRow
from cognitive.memory.schema import FILE_NAME, OtherSchema, is_damage
from runtime.errors import AttuneError
from runtime.printing import print_json
from runtime.profile import load_profile

REACH_S = 5.0
"""How long `forget` waits for running sessions."""

MEND = (
    "Put back a backup, or save what can be read with `sqlite3 FILE .recover`; or start the agent, which sets the file aside "
    "(.damaged-1) and begins a new one."
)

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

_FOLDER = typer.Option(
    None, "--folder", help="Folder of the memory (default: the profile's cognitive.long_term.folder)."
)
_PROFILE = typer.Option("cpu", "--profile", help="Name in launch/profiles, or a YAML file.")
_JSON = typer.Option(False, "--json", help="Print one JSON value and nothing else.")
_WHO = typer.Argument(..., metavar="PERSON", help="Number, stable name or spoken name.")
_OUT = typer.Option(None, "--out", help="New file (mode 0600) instead of standard output.")
_YES = typer.Option(False, "--yes", help="Do not ask.")


@app.command("list")
def list_people(folder: Path | None = _FOLDER, profile: str = _PROFILE, as_json: bool = _JSON) -> None:
    """Everybody who is remembered."""
    with _opened(folder, profile, to_read=True) as memory:
        rows = memory.people()
        if as_json:
            print_json([_summary(row) for row in rows])
            return
        print(
            f"{memory.path}: {len(rows)} {'person' if len(rows) == 1 else 'people'}, {memory.size_bytes() // 1024} kB"
        )
        for row in rows:
            print(
                f"{row.person:>4}  {row.name}  last met {time_text(row.last_s)}, {row.encounters} encounters, {row.facts} facts,"
                f" {row.promises} open promises"
            )


@app.command()
def show(who: str = _WHO, folder: Path | None = _FOLDER, profile: str = _PROFILE) -> None:
    """What is remembered of one person, in words."""
    with _opened(folder, profile, to_read=True) as memory:
        known = export_person(memory, _person(memory, who), time.time())
        assert known is not None
        names = ", ".join(f"{item['name']} ({item['kind']})" for item in known["names"]) or "no name"
        print(f"person {known['person']}: {names}; first met {known['first_met']}, last {known['last_met']}")
        for fact in known["facts"]:
            holds = "" if fact["holds"] else "  (no longer)"
            who_of = "" if fact["subject"] == "self" else f"{fact['subject']} "
            print(f"  {who_of}{fact['attribute']}: {fact['value']}  [{fact['at']}, {fact['confidence']:.0%}]{holds}")
        for episode in known["episodes"]:
            print(f"  {episode['from']}  {episode['text']}  (valence {episode['valence']:+.1f})")
        for promise in known["promises"]:
            print(f"  promised: {promise['text']}, due {promise['due']}, {promise['state']}")


@app.command()
def export(who: str = _WHO, out: Path | None = _OUT, folder: Path | None = _FOLDER, profile: str = _PROFILE) -> None:
    """All of it as JSON: names, consents, episodes, facts, promises."""
    with _opened(folder, profile, to_read=True) as memory:
        known = export_person(memory, _person(memory, who), time.time())
    if out is None:
        print_json(known)
        return
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AttuneError(f"--out: {out} exists already", "Name a new file.") from None
    except OSError as error:
        raise AttuneError(f"--out: {out} cannot be written ({error.strerror})") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(known, file, ensure_ascii=False, indent=2)
        file.write("\n")
    print(f"{out}: everything that is remembered of person {known['person'] if known else who}")


@app.command()
def consents(folder: Path | None = _FOLDER, profile: str = _PROFILE, as_json: bool = _JSON) -> None:
    """Who has agreed to be remembered, when and how."""
    with _opened(folder, profile, to_read=True) as memory:
        with memory.lock:
            rows = memory.connection.execute(
                "SELECT person, state, at_s, how FROM consents ORDER BY at_s, id"
            ).fetchall()
        names = {row.person: row.name for row in memory.people()}
    if as_json:
        print_json([{"person": p, "state": state, "at": time_text(at_s), "how": how} for p, state, at_s, how in rows])
        return
    for person, state, at_s, how in rows:
        print(f"{time_text(at_s)}  person {person} ({names.get(person, '')})  {state}, by {how}")


@app.command()
def forget(who: str = _WHO, yes: bool = _YES, folder: Path | None = _FOLDER, profile: str = _PROFILE) -> None:
    """Delete a person for good, from the files and from running sessions."""
    with _opened(folder, profile) as memory:
        person = _person(memory, who)
        if not yes and not typer.confirm(f"Delete everything about person {person} for good?", default=False):
            raise typer.Exit(1)
        try:
            tombstone = deletion.forget(memory, person, time.time())
            left = deletion.reach_sessions(memory, person, tombstone, REACH_S)
            done = not deletion.purge_pending(memory) or deletion.purge(memory)
        except sqlite3.OperationalError as error:
            raise AttuneError(
                f"{memory.path} is in use or cannot be written ({getattr(error, 'sqlite_errorname', 'error')})",
                "Try again in a moment.",
            ) from None
        print(f"person {person} is deleted from {memory.path}")
        if left:
            raise AttuneError(
                f"a session has not confirmed that it has forgotten too: {', '.join(map(str, left))}",
                "It does when it answers again; end it to be sure, its memory goes with it.",
            )
        if not done:
            raise AttuneError(
                f"{memory.path} is being read, so its free space could not be cleared yet",
                "The agent does it by itself when it starts again.",
            )


@contextmanager
def _opened(folder: Path | None, profile: str, *, to_read: bool = False) -> Iterator[LongTermMemory]:
    """Open the memory that the options name; it must exist. Who only looks (`to_read`) changes nothing, not even a damaged file."""
    if folder is None:
        named = load_profile(profile).cognitive.long_term.folder
        if not named:
            raise AttuneError(
                f"profile {profile}: cognitive.long_term.folder names no folder, so nothing is remembered beyond a session",
                "Name one there, or the folder itself with --folder.",
            )
        folder = Path(named).expanduser()
    if not (folder / FILE_NAME).is_file():
        raise AttuneError(f"{folder} holds no memory ({FILE_NAME})", "Name the folder with --folder.")
    try:
        memory = LongTermMemory(folder, to_read=True)
        if not to_read:  # opened to write, a damaged file would be set aside, and what is to be deleted with it
            memory.close()
            memory = LongTermMemory(folder)
    except (sqlite3.Error, OSError) as error:
        path = folder / FILE_NAME
        if isinstance(error, OtherSchema):
            raise AttuneError(f"{path} cannot be read: {error}", "Use the version of attune that made it.") from None
        if isinstance(error, sqlite3.Error) and is_damage(error):
            raise AttuneError(f"{path} is damaged; it was left as it is", MEND) from None
        what = getattr(error, "sqlite_errorname", None) or getattr(error, "strerror", None)
        raise AttuneError(f"{folder / FILE_NAME} cannot be opened ({what})", "Try again in a moment.") from None
    try:
        if memory.warning:
            typer.echo(f"warning: {memory.warning}", err=True)
        yield memory
    except sqlite3.Error as error:
        if is_damage(error):  # in the middle of it: the file was sound when it was opened
            raise AttuneError(f"{memory.path} is damaged; it was left as it is", MEND) from None
        what = getattr(error, "sqlite_errorname", "error")
        raise AttuneError(f"{memory.path} is in use or cannot be used ({what})", "Try again in a moment.") from None
    finally:
        with suppress(sqlite3.Error):
            memory.close()


def _person(memory: LongTermMemory, who: str) -> int:
    """Return the number of whoever is meant."""
    if who.isdigit() and memory.row_of(int(who)) is not None:
        return int(who)
    if person := memory.person_of(who):
        return person
    called = memory.people_called(who)
    if len(called) > 1:
        raise AttuneError(
            f"several people are called {who}: {', '.join(map(str, called))}",
            "Name one by number; `attune memory show` tells them apart.",
        )
    if not called:
        raise AttuneError(f"nobody is remembered as {who}", "`attune memory list` shows who is.")
    return called[0]


def _summary(row: PersonRow) -> dict[str, Any]:
    return {
        "person": row.person, "name": row.name, "identities": list(row.identities), "spoken": list(row.spoken),
        "first_met": time_text(row.created_s), "last_met": time_text(row.last_s), "encounters": row.encounters,
        "episodes": row.episodes, "facts": row.facts, "open_promises": row.promises,
    }  # fmt: skip
