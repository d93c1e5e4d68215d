"""Which format a file of stories has, by its ending, its first sign and its first fields."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from cognitive.bench.stories.loaders.records import csv_rows, json_records, looks_like_json
from runtime.errors import AttuneError


def form_of(path: Path) -> str:
    """Return the name of the format; ToMi for what neither is JSON (by its ending or its first sign) nor CSV.

    Raises:
        AttuneError: for a file that cannot be read, broken JSON, or JSON of which no reader is known.
    """
    suffix = path.suffix.lower()
    if suffix in {".json", ".jsonl"} or (suffix != ".csv" and looks_like_json(path)):
        _, record = next(json_records(path), (0, {}))
        if "question_order" in record:
            return "hi_tom"
        if "agent_goals_mcqas" in record or "agent_reasons_mcqas" in record:
            return "socialveil"
        if "question" in record and ("options" in record or "choices" in record):
            return "t4d"
        raise AttuneError(
            f"{path} has objects with {', '.join(sorted(record))[:200] or 'nothing'}.",
            "Known are Hi-ToM, SocialVeil and T4D.",
        )
    if suffix == ".csv":
        first = next((row for _, row in islice(csv_rows(path, ","), 1)), [])
        return "somi_tom" if "ground_truth" in {name.strip() for name in first} else "bigtom"
    return "tomi"
