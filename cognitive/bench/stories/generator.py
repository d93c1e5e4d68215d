"""Our own false-belief stories, made under a seed, with the answers of the brute-force oracle.

A story has two rooms, three people and two things. The people come and go, move the things, tell each other where they are (sometimes
falsely), fall asleep; in between stand sentences that say nothing to the matter. Every story ends with the questions of the ToMi format:
memory, reality, first and second order. In three of four stories somebody is mistaken. The same seed gives the same stories.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from cognitive.bench.stories.oracle import Oracle
from cognitive.bench.stories.story import Question, Story, Truth
from cognitive.mind import events as e

NAMES = "Mara Tobias Ines Jonas Petra Oskar Lena Viktor Salma Henrik Noor Emil Greta Pavel Aylin Milan".split()
ROOMS = "kitchen cellar garden library garage lounge front_yard music_room attic office".split()
CONTAINERS = "box basket drawer crate jar blue_suitcase red_bag wooden_chest cupboard green_bucket bowl".split()
THINGS = "apple scarf torch hammer green_pepper notebook whistle candle t-shirt marble lemon ticket".split()
PLURAL = "keys glasses gloves scissors".split()
LIKES = "likes dislikes loves hates".split()
STEPS_MIN, STEPS_MAX = 4, 9
DRAWS_MAX = 60


class Draft:
    """One story while it is being made."""

    def __init__(self, rng: random.Random) -> None:
        """Choose the cast."""
        self.rng = rng
        self.people = rng.sample(NAMES, 3)
        self.rooms = rng.sample(ROOMS, 2)
        self.things = [*rng.sample(THINGS, 1), rng.choice([*PLURAL, *THINGS[:4]])]
        if self.things[0] == self.things[1]:
            self.things.pop()
        containers = rng.sample(CONTAINERS, 5)
        self.containers = {self.rooms[0]: containers[:3], self.rooms[1]: containers[3:]}
        self.oracle = Oracle(self.people)
        self.lines: list[str] = []

    def tell(self, event: e.Event, *wordings: str) -> None:
        """Let an event happen, and put it in words."""
        self.oracle.happens(event)
        self.lines.append(self.rng.choice(wordings))

    def story(self, source: str) -> Story:
        """Return the finished story."""
        first, second, third = self.people
        main = self.rooms[0]
        opening = self.rng.sample([first, second], 2)
        if self.rng.random() < 0.3:
            for who in opening:
                self.oracle.happens(e.Enters(who, main))
            self.lines.append(f"{opening[0]} and {opening[1]} are in the {main}.")
        else:
            for who in opening:
                self.tell(
                    e.Enters(who, main),
                    f"{who} entered the {main}.",
                    f"{who} is in the {main}.",
                    f"{who} came into the {main}.",
                )
        for thing in self.things:
            spot = self.rng.choice(self.containers[main])
            verb = "are" if thing in PLURAL else "is"
            self.tell(e.IsAt(thing, spot, "in", main), f"The {thing} {verb} in the {spot}.")
        if self.rng.random() < 0.5:
            room = self.rng.choice(self.rooms)
            self.tell(e.Enters(third, room), f"{third} entered the {room}.")
        for _ in range(self.rng.randint(STEPS_MIN, STEPS_MAX)):
            self.step()
        return Story(source=source, lines=tuple(self.lines), questions=tuple(self.questions()))

    def step(self) -> None:
        """Let one thing happen."""
        who = self.rng.choice(self.people)
        room = self.oracle.room_of[who]
        draw = self.rng.random()
        if not self.oracle.awake[who]:
            self.tell(e.Attends(who, "awake"), f"{who} wakes up.", f"{who} woke up.")
        elif draw < 0.12:
            self.lines.append(
                self.rng.choice([
                    f"{who} {self.rng.choice(LIKES)} the {self.rng.choice(THINGS)}.", "The phone rang.", f"{who} lost a glove.",
                    "It began to rain.", f"{who} saw a cat.", f"{who} made no movements for a minute.",
                ])
            )  # fmt: skip
        elif room is None:
            to = self.rng.choice(self.rooms)
            self.tell(
                e.Enters(who, to),
                f"{who} entered the {to}.",
                f"{who} came into the {to}.",
                f"{who} walks into the {to}.",
            )
        elif draw < 0.45:
            self.tell(
                e.Leaves(who, room),
                f"{who} exited the {room}.",
                f"{who} left the {room}.",
                f"{who} goes out of the {room}.",
            )
        elif draw < 0.50:
            self.tell(e.Attends(who, "asleep"), f"{who} falls asleep.", f"{who} fell asleep.")
        elif draw < 0.62:
            self.lie_or_truth(who, room)
        else:
            self.move(who, room)

    def move(self, who: str, room: str) -> None:
        """Let somebody move a thing that is in the room."""
        here = [thing for thing in self.things if self.oracle.container_room[self.oracle.really[thing]] == room]
        if not here:
            return
        thing = self.rng.choice(here)
        old = self.oracle.really[thing]
        spot = self.rng.choice([c for c in self.containers[room] if c != old])
        self.tell(
            e.Moves(who, thing, spot),
            f"{who} moved the {thing} to the {spot}.", f"{who} moves the {thing} from the {old} to the {spot}.",
            f"{who} put the {thing} into the {spot}.", f"{who} took the {thing} out of the {old} and put it in the {spot}.",
        )  # fmt: skip

    def lie_or_truth(self, who: str, room: str) -> None:
        """Let somebody tell somebody in the room where a thing is."""
        others = [p for p in self.people if p != who and self.oracle.room_of[p] == room and self.oracle.awake[p]]
        if not others:
            return
        hearer, thing = self.rng.choice(others), self.rng.choice(self.things)
        spot = self.rng.choice([c for spots in self.containers.values() for c in spots])
        verb = "are" if thing in PLURAL else "is"
        self.tell(
            e.Tells(who, e.Fact(thing, e.PLACE, spot), (hearer,)),
            f"{who} told {hearer} that the {thing} {verb} in the {spot}.", f"{who} said to {hearer} that the {thing} {verb} in the {spot}.",
        )  # fmt: skip

    def questions(self) -> Iterator[Question]:
        """Yield the questions that have an answer."""
        thing = self.rng.choice(self.things)
        verb, was = ("are", "were") if thing in PLURAL else ("is", "was")
        actual, after = self.oracle.really[thing], len(self.lines)
        yield Question(
            text=f"Where {was} the {thing} at the beginning?",
            answer=self.oracle.at_first[thing],
            kind="memory",
            after=after,
        )
        yield Question(text=f"Where {verb} the {thing} really?", answer=actual, kind="reality", after=after)
        for a in self.people:
            held = self.oracle.believes((a,), thing)
            if held is not None:
                asked = self.rng.choice(
                    [f"Where will {a} look for the {thing}?", f"Where does {a} think the {thing} {verb}?"]
                )
                yield Question(text=asked, answer=held, kind="first_order", after=after, truth=_truth(held, actual))
            for b in self.people:
                held = self.oracle.believes((a, b), thing) if a != b else None
                if held is not None:
                    asked = self.rng.choice([
                        f"Where does {a} think that {b} searches for the {thing}?",
                        f"Where does {a} think that {b} thinks the {thing} {verb}?",
                        f"Where does {a} believe {b} will look for the {thing}?",
                    ])  # fmt: skip
                    yield Question(
                        text=asked, answer=held, kind="second_order", after=after, truth=_truth(held, actual)
                    )


def _truth(held: str, actual: str) -> Truth:
    return "true_belief" if held == actual else "false_belief"


def stories(seed: int, number: int = 400) -> Iterator[Story]:
    """Yield so many stories."""
    rng = random.Random(seed)
    for i in range(number):
        yield _draw(rng, f"generated:{seed}:{i + 1}", mistaken=i % 4 != 0)


def _draw(rng: random.Random, source: str, mistaken: bool) -> Story:
    """Return a story; `mistaken`: one in which somebody believes what is not so, about the thing that is asked about."""
    story = Draft(rng).story(source)
    for _ in range(DRAWS_MAX):
        if not mistaken or any(question.truth == "false_belief" for question in story.questions):
            break
        story = Draft(rng).story(source)
    return story


def write(path: Path, seed: int, number: int = 400) -> None:
    """Write stories in the ToMi format, one story a question, as ToMi has them."""
    with path.open("w", encoding="utf-8") as file:
        for story in stories(seed, number):
            for question in story.questions:
                for i, line in enumerate(story.lines, 1):
                    file.write(f"{i} {line}\n")
                file.write(f"{len(story.lines) + 1} {question.text}\t{question.answer}\t1\n")
