"""Several answerers on the same stories, side by side: the epistemic model, a language model, and strategies on top of one.

Answerers are named `epistemic`, `llm` (asked plainly) and `llm:STRATEGY`. They are asked one after the other, each with some questions
under way at the same time. With a limit all get the same questions, drawn under the seed from the whole file: the kinds of
questions come in blocks or in turn in most files, so neither the first nor every n-th would do.
"""

from __future__ import annotations

import asyncio
import functools
import random
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from cognitive.bench.stories import generator
from cognitive.bench.stories.answer import EpistemicAnswerer
from cognitive.bench.stories.report import Report, judge
from cognitive.bench.stories.run import GENERATED, figures, load, read_in_all_ways
from cognitive.bench.stories.story import Story
from cognitive.reasoners.server import open_client
from cognitive.reasoners.strategies.by_name import ANSWERERS
from cognitive.reasoners.strategies.plain import Plain
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from runtime.reasoning import ReasonerLlmSettings

EPISTEMIC = "epistemic"
LLM = "llm"
AT_ONCE = 4
"""Questions under way at the same time, unless told; a client has no more connections."""
NAMES = (EPISTEMIC, LLM, *(f"{LLM}:{name}" for name in ANSWERERS if name != Plain.name))


def compare(
    names: Sequence[str],
    path: Path | None,
    settings: ReasonerLlmSettings,
    *,
    seed: int = 0,
    limit: int | None = None,
    at_once: int = AT_ONCE,
    form: str = "",
    progress: Callable[[str, int, int], None] = lambda _name, _done, _all: None,
) -> dict[str, Any]:
    """Return the figures of each answerer by its name, in the order given.

    Args:
        names: of answerers, see `NAMES`; `llm:plain` is `llm`.
        path: file of stories; None for our own.
        settings: of the server; used only where a language model answers.
        seed: of our own stories, and of the questions drawn.
        limit: most questions; None for all.
        at_once: a language model's questions under way at the same time, 1 to `AT_ONCE`.
        form: of the file (`run.load`); "" finds it out.
        progress: told an answerer's name, its questions done and all of them, after each question.

    Returns:
        Of each answerer: `first_order`, `second_order`, `accuracy` (0 to 1, of all questions; None where nothing was asked), `questions`,
        `failed` and `faults` (by kind), `not_attempted`, `latency` (`p50_ms` and `p95_ms` of answers; None where there was none),
        `requests`, `repairs` and `given_up` of a language model, `by_type`, `wrong` and `form`.

    Raises:
        AttuneError: an unknown answerer, a bad file, or settings that lack a server.
    """
    wanted = list(dict.fromkeys(canonical(name) for name in names))
    if any(name != EPISTEMIC for name in wanted):
        asyncio.run(
            open_client(settings, "an answerer llm").aclose()
        )  # what is missing is said before anything is read
    if path is None:
        form, stories = "generated", list(generator.stories(seed, GENERATED))
    else:
        form, _ = read_in_all_ways(path, form)
        stories = list(load(path, form))
    stories = drawn(stories, limit, seed)
    return asyncio.run(_all(wanted, stories, settings, form, at_once, progress))


def canonical(name: str) -> str:
    """Return the one name of an answerer.

    Raises:
        AttuneError: it is unknown.
    """
    name = LLM if name == f"{LLM}:{Plain.name}" else name
    if name not in NAMES:
        raise AttuneError(f"There is no answerer called {name[:60]!r}", f"Known are {', '.join(NAMES)}")
    return name


def drawn(stories: Sequence[Story], limit: int | None, seed: int) -> list[Story]:
    """Return the stories with at most so many questions, in the order of the file; stories left without any are left out."""
    places = [(i, k) for i, story in enumerate(stories) for k in range(len(story.questions))]
    if limit is None or limit >= len(places):
        return list(stories)
    kept: dict[int, list[int]] = {}
    for i, k in sorted(random.Random(seed).sample(places, limit)):
        kept.setdefault(i, []).append(k)
    return [
        msgspec.structs.replace(stories[i], questions=tuple(stories[i].questions[k] for k in numbers))
        for i, numbers in kept.items()
    ]


async def _all(
    names: Sequence[str], stories: Sequence[Story], settings: ReasonerLlmSettings, form: str, at_once: int,
    progress: Callable[[str, int, int], None],
) -> dict[str, Any]:  # fmt: skip
    found: dict[str, Any] = {}
    for name in names:
        tell = functools.partial(progress, name)
        if name == EPISTEMIC:
            found[name] = _row(await judge(stories, EpistemicAnswerer(), progress=tell), form)
        else:
            found[name] = await _by_model(name, stories, settings, form, at_once, tell)
    return found


async def _by_model(
    name: str, stories: Sequence[Story], settings: ReasonerLlmSettings, form: str, at_once: int,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:  # fmt: skip
    client = open_client(settings, f"the answerer {name}")
    from cognitive.bench.stories.language_model import LanguageModelAnswerer

    strategy = ANSWERERS[name.partition(":")[2] or Plain.name](client.ask)
    clock = MonotonicClock()
    answerer = LanguageModelAnswerer(strategy, settings, clock, form)
    try:
        report = await judge(stories, answerer, at_once, clock, progress)
    finally:
        await client.aclose()
    row = _row(report, form)
    return {**row, "requests": client.requests, "repairs": client.repairs, "given_up": answerer.given_up}


def _row(report: Report, form: str) -> dict[str, Any]:
    whole = report.whole
    return {
        **figures(report),
        "accuracy": whole.accuracy,
        "failed": whole.failed,
        "faults": dict(sorted(report.faults.items())),
        "latency": _latency(report.latencies_s),
        "form": form,
    }


def _latency(latencies_s: Sequence[float]) -> dict[str, float] | None:
    if not latencies_s:
        return None
    ordered = sorted(latencies_s)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"p50_ms": round(1000 * statistics.median(ordered), 3), "p95_ms": round(1000 * p95, 3)}
