"""Write `motion/corpus/turns.json`: who speaks when in two-party talk, measured on the AMI meetings.

    ATTUNE_DATA=FOLDER python scripts/fit_turns.py

A developer's script, to be run from the repository root. Only the development meetings are used: the test meetings are kept to judge
the sampler by.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion.corpus.turn_statistics import dyadic_stretches, measure, read_rttm
from motion.corpus.turns import STATISTICS_FILE, TurnStatistics
from runtime.paths import data_dir

CREDIT = (
    "Measured on the AMI Meeting Corpus (Carletta et al. 2005, https://groups.inf.ed.ac.uk/ami/corpus/, CC BY 4.0), speaker turns of the "
    "development meetings as given by pyannote-audio; numbers only, changed: reduced to quantiles of two-party stretches."
)


def main() -> None:
    """Measure and write."""
    folder = data_dir()
    if folder is None:
        raise SystemExit("ATTUNE_DATA names no folder of real recordings")
    meetings = read_rttm(folder / "ami-turn-timings" / "MixHeadset.development.rttm")
    stretches = [stretch for name in sorted(meetings) for stretch in dyadic_stretches(meetings[name])]
    measures = measure(stretches)
    content = {
        "credit": CREDIT,
        "made_by": "scripts/fit_turns.py",
        "stretches": len(stretches),
        "minutes": round(measures.total_s / 60.0, 1),
        **TurnStatistics.fitted(measures).to_json(),
    }
    STATISTICS_FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
