"""Explore, generate, simulate: advice, candidate utterances, and how hearers would take each; one request, or three with an act.

After Liu, Yen, Marjieh, Griffiths and Krishna 2023, "Improving Interpersonal Communication by Simulating Audiences with Language Models"
(arXiv 2311.00687): the EGS framework produces diverse advice for a scenario, generates candidates conditioned on it, and simulates the
reactions of audiences to choose. Ours: the first question also judges the moment, so that a quiet one costs one request; all candidates
are judged in one request by the person addressed and by bystanders; silence is always among the candidates, and is kept unless an
utterance is taken clearly better (`MARGIN`); the worst-pleased hearer counts, not the mean. The prompts are our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from cognitive.acts import ACTS
from cognitive.reasoners import quoting
from cognitive.reasoners.brief import Brief
from cognitive.reasoners.judgement import ActChoice, Judgement, TriggerJudgement, violation
from cognitive.reasoners.strategies.contract import prompt_of
from cognitive.reasoners.strategies.story import ask_story, story_prompt
from runtime.llm.prompt import Ask

MARGIN = 0.1
"""An utterance must be taken this much better than silence, on a scale from -1 to 1."""
SILENCE = "(says nothing)"

_EXPLORE = """\
Step 1 of 3, explore. Judge the triggers and choose an act or none. If you choose an act that speaks, also give three
short and different pieces of advice on how to say it in this situation; else none."""
_GENERATE = """\
Step 2 of 3, generate. The notes hold the chosen act and advice. Write three different utterances for it, each after
other advice; short plain spoken sentences."""
_SIMULATE = """\
Step 3 of 3, simulate. The notes hold numbered utterances. Put yourself into the person addressed and into anybody
else who hears it: how does each utterance make them feel about the agent and the moment, from -1 (put off) to 1
(glad)? Rate every number, silence included."""
_STORY_EXPLORE = "Step 1 of 2. Give three different readings of the story that bear on the question, each seen by another person in it."
_STORY_SIMULATE = (
    "Step 2 of 2. With the readings in the notes, answer the question as the people in the story would make it true."
)

Advice = Annotated[list[Annotated[str, Meta(max_length=300)]], Meta(max_length=5)]


class Explored(Struct, frozen=True, kw_only=True):
    """The answer of the first step."""

    triggers: Annotated[list[TriggerJudgement], Meta(max_length=16)]
    act: ActChoice | None = None
    advice: Advice


class Readings(Struct, frozen=True, kw_only=True):
    """The first step for a story."""

    advice: Advice


class Generated(Struct, frozen=True, kw_only=True):
    """The answer of the second."""

    utterances: Annotated[list[Annotated[str, Meta(min_length=1, max_length=400)]], Meta(min_length=1, max_length=5)]


class Reaction(Struct, frozen=True, kw_only=True):
    """How one hearer takes one utterance."""

    utterance: int
    hearer: Annotated[str, Meta(max_length=60)]
    feeling: Annotated[float, Meta(ge=-1, le=1)]


class Simulated(Struct, frozen=True, kw_only=True):
    """The answer of the third."""

    reactions: Annotated[list[Reaction], Meta(min_length=1, max_length=40)]


class Audience:
    """Three steps."""

    name = "audience"
    requests_most = 3

    def __init__(self, ask: Ask) -> None:
        """Ask by `ask`."""
        self._ask = ask

    async def judge(self, brief: Brief) -> Judgement:
        """Return the judgement with the words that the simulated hearers like best, or without an act."""

        def fits(explored: Explored) -> str:
            return violation(Judgement(triggers=explored.triggers, act=explored.act), brief)

        explored = await self._ask(prompt_of(brief, _EXPLORE), Explored, fits)
        act = explored.act
        if act is None or act.act not in ACTS or not ACTS[act.act].speaks:
            return Judgement(triggers=explored.triggers, act=act)
        notes = [quoting.line({"act": act.act, "first_idea": act.words})]
        notes += [quoting.line({"advice": text}) for text in explored.advice]
        generated = await self._ask(prompt_of(brief, _GENERATE, notes), Generated)
        candidates = [
            SILENCE,
            *dict.fromkeys(text.strip() for text in [act.words, *generated.utterances] if text.strip()),
        ]
        lines = [quoting.line({"utterance": number, "text": text}) for number, text in enumerate(candidates)]

        def complete(simulated: Simulated) -> str:
            rated = {reaction.utterance for reaction in simulated.reactions}
            missing = set(range(len(candidates))) - rated
            return f"reactions: utterance {min(missing)} is not rated" if missing else ""

        simulated = await self._ask(prompt_of(brief, _SIMULATE, lines), Simulated, complete)
        best = _best(simulated, len(candidates))
        return Judgement(
            triggers=explored.triggers, act=replace(act, words=candidates[best]) if best is not None else None
        )

    async def answer(self, story: str, question: str, choices: Sequence[str]) -> str:
        """Return the answer after several readings."""
        readings = await self._ask(story_prompt(story, question, choices, _STORY_EXPLORE), Readings)
        notes = [quoting.line({"reading": text}) for text in readings.advice]
        return await ask_story(self._ask, story, question, choices, _STORY_SIMULATE, notes)


def _best(simulated: Simulated, candidates: int) -> int | None:
    """Return the utterance of which the least pleased hearer is most pleased, None where silence (number 0) does as well."""
    worst: dict[int, float] = {}
    for reaction in simulated.reactions:
        worst[reaction.utterance] = min(worst.get(reaction.utterance, 1.0), reaction.feeling)
    best = max(range(1, candidates), key=lambda number: (worst[number], -number), default=None)
    return None if best is None or worst[best] < worst[0] + MARGIN else best
