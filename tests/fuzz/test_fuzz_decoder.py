"""A short run of the fuzz target, the same every time."""

import importlib.util
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("fuzz_decoder", Path(__file__).with_name("fuzz_decoder.py"))
fuzz_decoder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fuzz_decoder)


def test_a_few_thousand_mutated_messages_do_no_harm():
    assert fuzz_decoder.fuzz(seconds=60, seed=1, most=3_000) == 3_000


def test_the_target_notices_a_decoder_that_raises_something_else(monkeypatch):
    def broken(payload):
        raise KeyError("type")

    monkeypatch.setattr(fuzz_decoder.codec, "decode", broken)
    with pytest.raises(KeyError):
        fuzz_decoder.fuzz(seconds=10, seed=1, most=10)
