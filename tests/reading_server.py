"""A language model server that reads: `tests/openai_server.py` with moods that answer from the story and the utterances in the prompt.

What they are told is taken apart again from the quoted lines of the prompt, nothing else is known to them:

- `mind_reader`: answers with the epistemic model on the quoted sentences.
- `place_reader`: answers where the thing is now in the text that it is given, whoever is asked about, so it fails false beliefs; asked for
  a perspective it says which sentences people were there for, asked for hypotheses or forecasts it writes what people believe, and where
  the notes hold such, it answers from them. So the strategies help it for the reason for which they are there.
- `limited_at_first`: 429 for every first request of a question, then `mind_reader`; `limited_for_good`: 429 always.
- `lapsing`: every third question gets prose, also after the repair round.
- `late`: `mind_reader` after `--delay-s`.
- `ear`: rates utterances of an agent by exclamation marks and words of contempt, against the sentences of the persona in its instructions.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from typing import Any

from aiohttp import web

from cognitive.bench.stories.answer import EpistemicAnswerer, ask, replay
from cognitive.bench.stories.staging import stage
from cognitive.bench.stories.story import NotAttempted, Question, Story, same_answer
from cognitive.mind import events as e
from cognitive.mind.language import parse_question
from cognitive.mind.names import normal
from tests import openai_server
from tests.openai_answers import Json, refusal, schema_of, send
from tests.openai_moods import State, mood

ASKED: Counter[str] = Counter()
PLACE: dict[str, int] = {}
UNDER_WAY: list[int] = []


class Told:
    """What a prompt says: sentences, question, choices and notes."""

    def __init__(self, body: Json) -> None:
        content = body["messages"][1]["content"]
        data, _, notes = content.partition("\nEND DATA")
        lines = [json.loads(line) for line in data.splitlines() if line.startswith("{")]
        self.sentences = [str(line["text"]) for line in lines if "sentence" in line]
        self.question = next((str(line["question"]) for line in lines if "question" in line), "")
        self.choices = [str(line["text"]) for line in lines if "choice" in line]
        self.utterances = [str(line["text"]) for line in lines if "utterance" in line]
        self.notes = [json.loads(line) for line in notes.splitlines() if line.startswith("{")]
        self.wants = set(schema_of(body)["properties"])

    def story(self) -> Story:
        return Story(source="prompt", lines=tuple(self.sentences), questions=())

    def asked(self) -> Question:
        kind = "whom_to_help" if "information" in self.question else ""
        return Question(
            text=self.question, answer="", kind=kind, after=len(self.sentences), choices=tuple(self.choices)
        )


def answered(told: Told, answer: str) -> Json:
    """Return an answer in the form that is wanted."""
    value: Json = {"why": "read", "answer": answer or "nobody knows", "fit": 1.0}
    if told.choices:
        fitting = [n for n, choice in enumerate(told.choices, 1) if same_answer(choice, answer)]
        value["choice"] = fitting[0] if fitting else 1
    return {name: value[name] for name in told.wants}


def mind_read(told: Told) -> Json:
    try:
        return answered(told, EpistemicAnswerer().answer_now(told.story(), told.asked()))
    except NotAttempted:
        return answered(told, "")


def placed(told: Told) -> dict[str, str]:
    """Return where each thing was put last, and nothing of who knows it."""
    where: dict[str, str] = {}
    for line in stage(told.sentences):
        for event in line.events:
            if isinstance(event, e.IsAt | e.Moves):
                where[normal(event.thing)] = normal(event.spot)
    return where


def people_of(told: Told) -> list[str]:
    query = parse_question(told.question)
    return [] if query is None or query.kind in {"memory", "reality"} else list(query.chain)


def witnessed(told: Told, people: list[str]) -> list[int]:
    """Return the numbers of the sentences that all the people were together for; coming in shows the last place of each thing."""
    room: dict[str, str | None] = {}
    put: dict[str, tuple[int, str | None]] = {}
    known: set[int] = set()
    for number, line in enumerate(stage(told.sentences), 1):
        for event in line.events:
            match event:
                case e.Enters(person=who, place=place):
                    room[normal(who)] = normal(place)
                    if len({room.get(normal(person)) for person in people}) == 1 and normal(who) in map(normal, people):
                        known.update(at for at, there in put.values() if there == normal(place))
                case e.Leaves(person=who):
                    room[normal(who)] = None
                case e.IsAt(thing=thing, place=place):
                    put[normal(thing)] = (number, normal(place or ""))
                    known.update([number] if all(room.get(normal(p)) == normal(place or "") for p in people) else [])
                case e.Moves(person=who, thing=thing):
                    here = room.get(normal(who))
                    put[normal(thing)] = (number, here)
                    known.update([number] if all(room.get(normal(person)) == here for person in people) else [])
    return sorted(known)


def beliefs(told: Told) -> dict[str, dict[str, str]]:
    """Return by person where they believe each thing to be."""
    model, _ = replay(told.story(), len(told.sentences))
    who = {
        normal(event.person) for line in stage(told.sentences) for event in line.events if isinstance(event, e.Enters)
    }
    found: dict[str, dict[str, str]] = {}
    for person in sorted(who):
        for thing in placed(told):
            held = model.belief((person,), thing, e.PLACE)
            if held is not None and held.value:
                found.setdefault(person, {})[thing] = held.value
    return found


def place_read(told: Told) -> Json:
    if "people" in told.wants:
        people = people_of(told)
        return {"people": people, "known": witnessed(told, people)}
    if "hypotheses" in told.wants:
        texts = [
            f"{who} believes {thing} in {spot}" for who, held in beliefs(told).items() for thing, spot in held.items()
        ]
        one = {"kind": "belief", "probability": 0.9, "evidence": [1]}
        return {"hypotheses": [{**one, "text": text} for text in texts[:6]] or [{**one, "text": "nothing"}]}
    if "forecasts" in told.wants:
        really = placed(told)
        one = {"will": "look for it", "probability": 0.8, "trouble": ""}
        found = [
            {**one, "who": who, "does_not_know": "where it is" if any(really[t] != s for t, s in held.items()) else ""}
            for who, held in beliefs(told).items()
        ]
        return {"forecasts": found[:8] or [{**one, "who": "nobody", "does_not_know": ""}]}
    query = parse_question(told.question)
    for note in told.notes:
        if query is not None and len(query.chain) == 1 and "hypothesis" in note:
            match = re.fullmatch(r"(.+) believes (.+) in (.+)", note["text"])
            if match and (match[1], match[2]) == (normal(query.chain[0]), normal(query.subject)):
                return answered(told, match[3])
        if note.get("does_not_know") and told.choices:
            return answered(told, note["forecast_of"])
    if query is None:
        return answered(told, told.choices[-1] if told.choices else "")
    if query.kind == "memory":
        model, _ = replay(told.story(), len(told.sentences))
        return answered(told, ask(model, query))
    return answered(told, placed(told).get(normal(query.subject), ""))


@mood
async def mind_reader(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, body, json.dumps(mind_read(Told(body))))


@mood
async def place_reader(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, body, json.dumps(place_read(Told(body))))


@mood
async def late(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """Notes with each request how many are under way."""
    UNDER_WAY.append(1)
    state.seen[-1]["under_way"] = len(UNDER_WAY)
    try:
        await asyncio.sleep(state.delay_s)
        return await mind_reader(state, request, body)
    finally:
        UNDER_WAY.pop()


@mood
async def limited_at_first(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    asked = body["messages"][1]["content"]
    ASKED[asked] += 1
    if ASKED[asked] == 1:
        return refusal(429, "Rate limit reached", "requests", "rate_limit_exceeded", **{"Retry-After": "0.02"})
    return await mind_reader(state, request, body)


@mood
async def limited_for_good(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return refusal(429, "Rate limit reached", "requests", "rate_limit_exceeded", **{"Retry-After": "0.01"})


@mood
async def lapsing(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    asked = body["messages"][1]["content"]
    PLACE.setdefault(asked, len(PLACE))
    if PLACE[asked] % 3 == 2:
        return await send(request, body, "I had rather talk about the weather.")
    return await mind_reader(state, request, body)


def shouting(texts: list[str]) -> float:
    return sum(min(1, text.count("!")) for text in texts) / max(1, len(texts))


@mood
async def ear(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """Rates against the persona's sentences in the instructions: shouting is extraversion, contempt is want of agreeableness."""
    told = Told(body)
    own = re.findall(
        r'"([^"]+)"', body["messages"][0]["content"].partition("It sounds like this:")[2].partition("\n")[0]
    )
    louder = shouting(told.utterances) - shouting(own)
    rough = [
        text
        for text in told.utterances
        if re.search(r"\b(?:stupid|nonsense|shut|idiot|hate|pity|for once)\b", text.lower())
    ]
    ruder = len(rough) / max(1, len(told.utterances))
    rated: dict[str, Any] = dict.fromkeys(told.wants, 0.0)
    rated |= {"why": "heard", "extraversion": louder, "agreeableness": -ruder, "style": max(abs(louder), ruder)}
    rated["broken"] = [n for n, one in enumerate(told.utterances, 1) if "i am human" in one.lower()]
    return await send(request, body, json.dumps({name: rated[name] for name in told.wants}))


if __name__ == "__main__":
    asyncio.run(openai_server.main())
