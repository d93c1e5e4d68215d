"""One process of several that train together; for `test_train`. Writes a digest of its weights, and which windows it drew."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

from motion.corpus import store
from motion.training.train import Trainer, TrainSettings
from tests.motion.training.small import SHAPE


def main(corpus: Path, out: Path) -> None:
    settings = TrainSettings(steps=3, rows=4, length=24, warm_up=2, precision="no", save_every=3, validate_every=3)
    trainer = Trainer(out / "run", "base", store.read(corpus), SHAPE, settings, print)
    trainer.run()
    weights = b"".join(value.numpy().tobytes() for value in trainer.base.state_dict().values())
    drawn = trainer._windows.draw(1).tokens.numpy().tobytes()
    found = {"weights": hashlib.sha256(weights).hexdigest(), "drawn": hashlib.sha256(drawn).hexdigest()}
    (out / f"{os.environ['RANK']}.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
