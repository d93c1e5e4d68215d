"""A process that is made to be killed: works on a memory folder and says on standard output what is on the disk.

`python -m tests.cognitive.memory.memory_writer FOLDER LIFE END`. It goes on a few steps before where the life
before it was killed: entering people, facts, episodes, promises, settling, forgetting.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cognitive.memory import deletion
from cognitive.memory.facts import Fact
from cognitive.memory.long_term import Episode, Forgotten, LongTermMemory
from cognitive.memory.promises import SESSION_FILE, Promise, Promises

T0 = 1_750_000_000.0
ENDLESS = 1_000_000
REPEATED = 5
"""Steps before the last one that a new life does again, as the room does after a restart."""
FORGET_EVERY = 10


def say(*words: object) -> None:
    print(*words, flush=True)


def main(folder: Path, life: int, end: int) -> None:
    memory = LongTermMemory(folder)
    session = LongTermMemory(folder, SESSION_FILE)
    promises = Promises(session, memory)
    if memory.warning or session.warning:
        say("damaged", memory.warning, session.warning)
    memory.close_episodes(but_session=1)
    say("ready")
    row = memory.connection.execute("SELECT value FROM meta WHERE key = 'step'").fetchone()
    for step in range(max(0, int(row[0]) - REPEATED) if row else 0, end):
        memory.connection.execute("INSERT OR REPLACE INTO meta VALUES ('step', ?)", (str(step),))
        at_s = T0 + 100.0 * step
        known_as = f"face-{step // FORGET_EVERY}"
        if memory.connection.execute("SELECT 1 FROM meta WHERE key = ?", (f"gone {known_as}",)).fetchone():
            if person := memory.person_of(
                known_as
            ):  # killed between the wish and the deed; the room keeps the wish in its state
                deletion.forget(memory, person, at_s)
                say("forgotten", known_as)
            continue
        person = memory.begin_person(
            f"1/{known_as}/5.0", T0, "words", known_as=known_as, spoken=f"Name{step // FORGET_EVERY}"
        )
        try:
            memory.learn(person, Fact(subject="self", attribute="home", value=f"town-{step}", source="x"), at_s)
            say("fact", known_as, step)
            for closed in (False, True):
                memory.write_episode(
                    Episode(
                        person, 1, step, f"said: step {step} " + "y" * 300, at_s, at_s + 60, 0.1, 0.5, closed=closed
                    )
                )
            say("episode", known_as, step)
            promises.make(Promise(f"p{step}", person if step % 2 else 0, known_as, f"promise {step}", at_s, at_s + 5))
            promises.move(known_as, person)
            if promises.settle(f"p{step}", "kept", at_s + 5, (f"life-{life}",)):
                say("settled", f"p{step}")
        except Forgotten:
            say("surprise", known_as)
        if step % (3 * FORGET_EVERY) == 3 * FORGET_EVERY - 1:
            memory.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (f"gone {known_as}",))
            deletion.forget(memory, person, at_s)
            say("forgotten", known_as)
    say("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
