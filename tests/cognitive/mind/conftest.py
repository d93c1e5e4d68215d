"""A scene told in sentences of the controlled language."""

from __future__ import annotations

import pytest

from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.language import Discourse, parse_statement
from runtime.clock import NS_PER_S


class Scene:
    """Sentences, a second apart, into a model; a sentence that is not understood fails the test."""

    def __init__(self, **kwargs):
        self.model = EpistemicModel(**kwargs)
        self.talk = Discourse()
        self.t_ns = 0

    def tell(self, text, seen_by=None):
        for line in text.strip().splitlines():
            events = parse_statement(line, self.talk)
            assert events, f"not understood: {line}"
            self.t_ns += NS_PER_S
            for event in events:
                self.model.apply(event, self.t_ns, seen_by=seen_by, text=line.strip())
        return self

    def where(self, thing, *chain):
        held = self.model.belief(chain, thing)
        return None if held is None else held.value


@pytest.fixture
def scene():
    def begin(text="", **kwargs):
        return Scene(**kwargs).tell(text) if text else Scene(**kwargs)

    return begin
