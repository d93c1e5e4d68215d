"""The figures of the false-belief benchmark: the epistemic model on our generated stories, or on a file that the user brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from cognitive.bench.stories import generator, readings, tomi
from cognitive.bench.stories.loaders import LOADERS
from cognitive.bench.stories.loaders.detect import form_of
from cognitive.bench.stories.report import Report, judge_epistemic
from cognitive.bench.stories.story import Story
from runtime.errors import AttuneError

GENERATED = 400
"""Stories where no file is given."""

_READERS: dict[str, Callable[[Path], Iterable[Story]]] = {
    "tomi": tomi.read,
    "tom_babi": lambda path: tomi.read(path, sight="nothing"),
    "tomi_published": lambda path: tomi.read(path, convention="third_entrance"),
    **LOADERS,
}


def load(path: Path, form: str = "") -> Iterable[Story]:
    """Return the stories of a file.

    Args:
        path: of the file.
        form: tomi, tom_babi, tomi_published, hi_tom, bigtom, t4d, somi_tom or socialveil; "" finds it out: `.txt` and what is not known
            is ToMi, `.json`, `.jsonl` and `.csv` by their fields.

    Raises:
        AttuneError: for a file or form that is not known, or a line that is wrong.
    """
    form = form or form_of(path)
    reader = _READERS.get(form)
    if reader is None:
        raise AttuneError(
            f"There is no format of stories called {form!r}.", f"Known are {', '.join(sorted(_READERS))}."
        )
    return reader(path)


def false_belief_figures(path: Path | None, seed: int, form: str = "") -> dict[str, Any]:
    """Return accuracies of the epistemic model.

    There are three readings of a file in the ToMi format, see `readings`. Where no `form` is given, a file is read as ToMi, and if that
    reading disagrees with an answer, in the other ways too; the one that clearly fits more of the file's answers about beliefs counts. All
    are in the result, so that nothing is hidden by the choice.

    Args:
        path: file of stories; None for `GENERATED` stories of our own.
        seed: of our own stories.
        form: of the file, see `load`.

    Returns:
        `first_order` and `second_order` (accuracy from 0 to 1, None where nothing of the kind was asked), `stories`, `questions`,
        `not_attempted`, `suspect_labels` (wrong second-order answers whose label is most likely at fault, see `report`) and
        `second_order_without_suspect` (the accuracy without them), `by_type` (kind, and kind with the truth of the belief: asked, right,
        not_attempted, accuracy), `wrong` (the first wrong answers), `form`, and `other_forms`: of each reading that was not taken its
        `form`, `first_order` and `second_order` (empty where there was no choice).

    Raises:
        AttuneError: for a bad file.
    """
    if path is None:
        return {**figures(judge_epistemic(generator.stories(seed, GENERATED))), "form": "generated", "other_forms": []}
    chosen, reports = read_in_all_ways(path, form)
    return {
        **figures(reports[chosen]),
        "form": chosen,
        "other_forms": [
            {
                "form": other,
                "first_order": report.accuracy("first_order"),
                "second_order": report.accuracy("second_order"),
            }
            for other, report in reports.items()
            if other != chosen
        ],
    }


def read_in_all_ways(path: Path, form: str = "") -> tuple[str, dict[str, Report]]:
    """Return the reading of a file that counts, and the epistemic model's report in each reading that was tried.

    Raises:
        AttuneError: for a bad file.
    """
    chosen = form or form_of(path)
    reports = {chosen: judge_epistemic(load(path, chosen))}
    if not form and chosen == readings.DEFAULT and reports[chosen].wrong:
        reports |= {other: judge_epistemic(load(path, other)) for other in readings.LEAST_GAIN}
        chosen = readings.best(reports)
    return chosen, reports


def figures(report: Report) -> dict[str, Any]:
    """Return a report as plain data."""
    second = report.kinds.get("second_order")
    whole = report.whole
    return {
        "first_order": report.accuracy("first_order"),
        "second_order": report.accuracy("second_order"),
        "stories": report.stories,
        "questions": whole.asked,
        "not_attempted": whole.not_attempted,
        "suspect_labels": report.suspect,
        "second_order_without_suspect": None
        if second is None or second.asked == report.suspect
        else second.right / (second.asked - report.suspect),
        "by_type": {kind: report.kinds[kind].figures() for kind in sorted(report.kinds)},
        "wrong": [msgspec.to_builtins(wrong) for wrong in report.wrong],
    }
