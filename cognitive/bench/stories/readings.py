"""Which reading of a file in the ToMi format fits its own answers.

The format does not say by which rules its answers were made, and there are three sets of them in the field:

- `tomi`: who comes into a room sees what is in its boxes, and beliefs about beliefs follow from what people saw of each other. The
  default, and what corrected ToMi files have;
- `tom_babi`: who comes into a room sees nothing in its boxes (Nematzadeh et al. 2018, and the classic Sally-Anne test);
- `tomi_published`: as `tomi`, but with the rule of the published ToMi generator for the second order, see `third_entrance`.

A file is one reading as a whole: nothing is chosen by story or by question. Another reading than the default is taken only where it is
right on more of all questions about beliefs (see `least_gain`); of two such, the one right on more. So a file with right labels keeps
the default, whatever its size, and one odd label does not make it a published one.

Pure functions, no failure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from cognitive.bench.stories.report import Report

DEFAULT = "tomi"
LEAST_GAIN = {"tom_babi": 1, "tomi_published": 2}
"""So many more answers about beliefs must a reading have right than the default. `tomi` and `tom_babi` are both sensible readings of what
the text leaves open, so the majority settles it; `tomi_published` is a fault that many files have, and one such label may be chance."""
GAIN_SHARE = {"tom_babi": 0.0, "tomi_published": 0.01}
"""And so much of all questions about beliefs. A published file gains some 6 of 100."""


def least_gain(form: str, beliefs: int) -> int:
    """Return how many more answers a reading must have right than the default, of so many questions about beliefs."""
    return max(LEAST_GAIN[form], math.ceil(GAIN_SHARE[form] * beliefs))


def best(reports: Mapping[str, Report]) -> str:
    """Return the reading to take.

    Args:
        reports: by reading, of the same file; `tomi` among them.
    """
    asked, usual = beliefs(reports[DEFAULT])
    gains = {form: beliefs(report)[1] - usual for form, report in reports.items() if form != DEFAULT}
    better = [form for form, gain in gains.items() if gain >= least_gain(form, asked)]
    return max(better, key=lambda form: gains[form], default=DEFAULT)


def beliefs(report: Report) -> tuple[int, int]:
    """Return how many questions about beliefs, of whatever order, were asked, and how many answers were right."""
    tallies = [tally for kind, tally in report.kinds.items() if kind.endswith("_order")]
    return sum(tally.asked for tally in tallies), sum(tally.right for tally in tallies)
