"""`attune motion corpus`: a folder of one's own becomes a corpus, the shipped one is built with the offered voice, and what is refused."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from motion import commands
from motion.corpus import shipped, store, voices
from motion.corpus.scene import Scene
from motion.evaluation.baselines import procedural
from motion.formats import bvh
from runtime.errors import AttuneError

RUN = CliRunner()


@pytest.fixture
def takes(speech: Path, tmp_path: Path) -> Path:
    """Two actors' motion with speech, and a file that is none."""
    folder = tmp_path / "takes"
    for seed, actor in enumerate(("ann", "ben")):
        (folder / actor).mkdir(parents=True)
        bvh.write(folder / actor / f"take{seed}.bvh", procedural([], 6.0, seed))
        shutil.copy(speech / f"{seed}.wav", folder / actor / f"take{seed}.wav")
    (folder / "ann" / "broken.bvh").write_text("HIERARCHY\nno\n")
    return folder


def test_a_folder_of_motion_becomes_a_corpus(takes: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    done = RUN.invoke(commands.app, ["corpus", "--out", str(out), "--from", str(takes)])
    assert done.exit_code == 0 and "2 scenes, 0.2 minutes" in done.stdout, done.output
    assert "left out" in done.stderr and "broken.bvh" in done.stderr, "what cannot be read is named"
    corpus = store.read(out)
    assert {entry.actor for entry in corpus.entries} == {"ann", "ben"}
    assert corpus.about["dataset"] == "bvh" and "licence" in corpus.about
    assert np.ptp(corpus.features(corpus.entries[0]).astype(float), axis=0).max() > 1.0, "with its speech"


def test_minutes_end_a_data_set_early(takes: Path, tmp_path: Path) -> None:
    arguments = ["corpus", "--out", str(tmp_path / "c"), "--from", str(takes), "--dataset", "bvh", "--minutes", "0.05"]
    done = RUN.invoke(commands.app, arguments)
    assert done.exit_code == 0 and "1 scenes" in done.stdout, done.output


def test_the_shipped_corpus_is_built_with_the_voice_that_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    @contextmanager
    def voice() -> Iterator[str]:
        yield "a voice"

    def scenes(
        pieces: Any, spoken: Any, seed: int, minutes: float, validation: float, note: Any = None
    ) -> Iterator[Scene]:
        asked.append((pieces, spoken, seed, round(minutes, 6), round(validation, 6)))
        clip, quiet = procedural([], 15.0, 0), np.zeros(240_000, np.float32)
        yield Scene(f"seed-{seed}", "train", "ann", "", clip, quiet, quiet)

    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path))
    monkeypatch.setattr(voices, "offered", voice)
    monkeypatch.setattr(shipped, "read_pieces", lambda root: [root])
    monkeypatch.setattr(shipped, "read_utterances", lambda root, speak, texts: [speak])
    monkeypatch.setattr(shipped, "scenes", scenes)
    monkeypatch.setattr(shipped.Measures, "summary", lambda self: {"on_time": 1})
    done = RUN.invoke(commands.app, ["corpus", "--out", str(tmp_path / "c"), "--minutes", "40"])
    assert done.exit_code == 0 and "2 scenes" in done.stdout, done.output
    # Half as many minutes with gestures come on top, performed on scenes of their own, of which some are spare.
    assert asked == [([tmp_path], ["a voice"], 1, 40.0, 2.0), ([tmp_path], ["a voice"], 2, 24.0, 1.2)]
    plain, with_gestures = store.read(tmp_path / "c").entries
    assert not plain.intents and not plain.performed
    assert with_gestures.intents and with_gestures.performed
    assert json.loads((tmp_path / "c" / "pairing.json").read_text()) == {"on_time": 1}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--from", "none"], "--from none is no folder"),
        (["--from", "empty"], "empty is no data set that can be read"),
        (["--from", "empty", "--dataset", "beat9"], "unknown data set 'beat9'"),
        (["--from", "empty", "--seed", "3"], "--seed is for the shipped corpus"),
        (["--dataset", "beat2"], "add --from FOLDER"),
        (["--minutes", "0"], "--minutes is 0"),
        (["--out", "file"], "--out file is a file"),
        ([], "ATTUNE_DATA names no folder"),
    ],
)
def test_corpus_says_in_one_sentence_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATTUNE_DATA", raising=False)
    Path("empty").mkdir()
    Path("file").write_text("")
    done = RUN.invoke(commands.app, ["corpus", *([] if "--out" in more else ["--out", "c"]), *more])
    assert isinstance(done.exception, AttuneError) and says in str(done.exception), done.exception
