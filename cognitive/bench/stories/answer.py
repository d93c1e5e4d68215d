"""The epistemic model as an answerer of stories, without any language model."""

from __future__ import annotations

from cognitive.bench.stories.staging import stage
from cognitive.bench.stories.story import NotAttempted, Question, Story
from cognitive.bench.stories.third_entrance import shared_end
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import CONTENT, PLACE
from cognitive.mind.language import Query, parse_question
from cognitive.mind.names import normal
from runtime.clock import NS_PER_S


def replay(story: Story, lines: int) -> tuple[EpistemicModel, int]:
    """Return the model after the first lines of a story (a line a second), and how many of them were understood."""
    model = EpistemicModel(sight=story.sight)
    understood = 0
    for i, line in enumerate(stage(story.lines[:lines], story.convention)):
        understood += bool(line.events)
        for event in line.events:
            model.apply(event, i * NS_PER_S, text=line.text)
    return model, understood


class EpistemicAnswerer:
    """Replays the story and asks the model."""

    async def answer(self, story: Story, question: Question) -> str:
        """Return the answer.

        Raises:
            NotAttempted: if question or story are beyond the controlled language, or the model knows nothing.
        """
        return self.answer_now(story, question)

    def answer_now(self, story: Story, question: Question) -> str:
        """Return the answer at once; see `answer`."""
        if question.kind == "whom_to_help":
            return self._mistaken(story, question)
        query = parse_question(question.text)
        if query is None:
            raise NotAttempted("the question is beyond the controlled language")
        model, understood = replay(story, question.after)
        if not understood:
            raise NotAttempted("no sentence of the story is in the controlled language")
        found = ask(model, query)
        if story.convention == "third_entrance" and query.kind in {"belief", "believes"}:
            end = shared_end(stage(story.lines[: question.after]), model, query)
            if end:
                found = end if query.kind == "belief" else "yes" if end == query.value else "no"
        if not found:
            raise NotAttempted("the model knows nothing of it")
        return found

    def _mistaken(self, story: Story, question: Question) -> str:
        """Return which of the people to choose from believes what is not so."""
        model, _ = replay(story, question.after)
        mistaken = {false.person for false in model.false_beliefs()}
        choices = [choice for choice in question.choices if mistaken & set(normal(choice).split())]
        if len(choices) != 1:
            raise NotAttempted("not exactly one of the people to choose from is mistaken")
        return choices[0]


def ask(model: EpistemicModel, query: Query) -> str:
    """Return what the model answers; "" where it knows nothing.

    Who has no belief of its own is taken to believe what the one who thinks of it does; and where a belief is known to hold no longer,
    its last value is the best guess.
    """
    if query.kind in {"memory", "reality"}:
        of = model.first if query.kind == "memory" else model.actual
        found = of(query.subject, query.attribute)
        if not found and query.attribute == CONTENT and query.kind == "reality":
            inside = [
                f.subject for f in model.state.facts.values() if f.attribute == PLACE and f.actual == query.subject
            ]
            return " and ".join(inside)
        return found or ""
    if query.kind == "knows":
        return "yes" if _knows(model, query) else "no"
    value = _believed(model, query)
    if query.kind == "believes":
        return "yes" if value == query.value else "no"
    return value


def _believed(model: EpistemicModel, query: Query) -> str:
    for length in range(len(query.chain), 0, -1):
        chain = query.chain[:length]
        if query.attribute == CONTENT:
            if inside := model.contents(chain, query.subject):
                return " and ".join(inside)
            continue
        held = model.belief(chain, query.subject, query.attribute)
        if held is not None and (held.value or held.before):
            return held.value or held.before
    return model.first(query.subject, query.attribute) or ""


def _knows(model: EpistemicModel, query: Query) -> bool:
    held = model.belief(query.chain, query.subject, query.attribute)
    actual = query.value or model.actual(query.subject, query.attribute)
    return held is not None and bool(held.value) and held.value == actual
