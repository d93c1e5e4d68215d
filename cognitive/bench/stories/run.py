"""The figures of the false-belief benchmark: the epistemic model on our generated stories, or on a file that the user brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from cognitive.bench.stories import generator, tomi
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
    **LOADERS,
}


def load(path: Path, form: str = "") -> Iterable[Story]:
    """Return the stories of a file.

    Args:
        path: of the file.
        form: tomi, tom_babi, hi_tom, bigtom, t4d, somi_tom or socialveil; "" finds it out: `.txt` and what is not known is ToMi, `.json`,
            `.jsonl` and `.csv` by their fields.

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

    The text of a story in the ToMi format does not say whether somebody who comes back into a room sees what is in the boxes: in the ToMi
    stories they do, in ToM-bAbi and in the classic Sally-Anne test they do not. Where no `form` is given, a file is read as ToMi, and if
    that reading disagrees with an answer, the other way too; the reading that fits more of the file's first-order answers counts. Both are
    in the result, so that nothing is hidden by the choice.

    Args:
        path: file of stories; None for `GENERATED` stories of our own.
        seed: of our own stories.
        form: of the file, see `load`.

    Returns:
        `first_order` and `second_order` (accuracy from 0 to 1, None where nothing of the kind was asked), `stories`, `questions`,
        `not_attempted`, `suspect_labels` (wrong second-order answers whose label is most likely at fault, see `report`) and
        `second_order_without_suspect` (the accuracy without them), `by_type` (kind, and kind with the truth of the belief: asked, right,
        not_attempted, accuracy), `wrong` (the first wrong answers), `form`, and `other_form` with the two accuracies of the reading that
        was not taken (None where there was no choice).

    Raises:
        AttuneError: for a bad file.
    """
    if path is None:
        return {**figures(judge_epistemic(generator.stories(seed, GENERATED))), "form": "generated", "other_form": None}
    chosen = form or form_of(path)
    report = judge_epistemic(load(path, chosen))
    other = None
    if not form and chosen == "tomi" and report.wrong:
        second = judge_epistemic(load(path, "tom_babi"))
        other = ("tom_babi", second)
        if (second.accuracy("first_order") or 0.0) > (report.accuracy("first_order") or 0.0):
            chosen, report, other = "tom_babi", second, ("tomi", report)
    return {
        **figures(report),
        "form": chosen,
        "other_form": None
        if other is None
        else {
            "form": other[0],
            "first_order": other[1].accuracy("first_order"),
            "second_order": other[1].accuracy("second_order"),
        },
    }


def figures(report: Report) -> dict[str, Any]:
    """Return a report as plain data."""
    second = report.kinds.get("second_order")
    whole = [tally for kind, tally in report.kinds.items() if "." not in kind]
    return {
        "first_order": report.accuracy("first_order"),
        "second_order": report.accuracy("second_order"),
        "stories": report.stories,
        "questions": sum(tally.asked for tally in whole),
        "not_attempted": sum(tally.not_attempted for tally in whole),
        "suspect_labels": report.suspect,
        "second_order_without_suspect": None
        if second is None or second.asked == report.suspect
        else second.right / (second.asked - report.suspect),
        "by_type": {kind: report.kinds[kind].figures() for kind in sorted(report.kinds)},
        "wrong": [msgspec.to_builtins(wrong) for wrong in report.wrong],
    }
