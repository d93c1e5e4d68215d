"""Recognition by PocketSphinx in a worker process: the embedded default, with its English model in the wheel.

Open dictation is weak (about 40 % word errors). What the scenario expects is compiled into a grammar
(`behavioral.hearing.asr.grammar`) that is decoded beside it and believed where it fits (`pocketsphinx_worker`). Faults of the worker
are those of `worker_recogniser`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from behavioral.hearing.asr.contract import MALFORMED
from behavioral.hearing.asr.grammar import ExpectedSpeech, compile_grammar
from behavioral.hearing.asr.worker_recogniser import WorkerRecogniser
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.worker import Header, WorkerDied

_NOTHING = ExpectedSpeech()


class PocketSphinxRecogniser(WorkerRecogniser):
    """PocketSphinx behind the recogniser contract."""

    name = "pocketsphinx"

    def __init__(self, new_offload: Callable[[str], Offload], expected: ExpectedSpeech = _NOTHING) -> None:
        """Describe the worker; it starts with `prepare` or the first utterance.

        Args:
            new_offload: makes the runner of the blocking exchanges with the worker.
            expected: what the scenario expects people to say; punctuation and case do not matter.

        Raises:
            AttuneError: pocketsphinx is not installed.
        """
        if importlib.util.find_spec("pocketsphinx") is None:
            raise AttuneError("pocketsphinx is not installed", "pip install pocketsphinx, or set hearing.asr to none")
        grammar = compile_grammar(expected)
        setup: Header = {"rules": grammar.rules, "values": grammar.values, "tails": grammar.tails}
        super().__init__("behavioral.hearing.asr.pocketsphinx_worker", (), setup, new_offload)
        self.left_out: tuple[str, ...] = ()
        """After `prepare`: patterns with a word that the pronunciation dictionary does not know; they are only heard by dictation."""

    async def prepare(self) -> None:
        """Load the models (about a second), so that the first utterance need not wait for them."""
        try:
            self.left_out = tuple(str(rule) for rule in (await self._load()).get("left_out", ()))
        except (WorkerDied, *MALFORMED) as error:  # a refusal is a ValueError
            self._failure = str(error)
