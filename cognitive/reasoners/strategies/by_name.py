"""The strategies by the names that profiles and commands give them. Importing this needs no HTTP library."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognitive.reasoners.strategies.audience import Audience
from cognitive.reasoners.strategies.contract import Answerer, Strategy
from cognitive.reasoners.strategies.empathy import Empathy
from cognitive.reasoners.strategies.foresee_reflect import ForeseeReflect
from cognitive.reasoners.strategies.metamind import MetaMind
from cognitive.reasoners.strategies.perspective import Perspective
from cognitive.reasoners.strategies.plain import Plain
from cognitive.reasoners.strategies.repair import Repair
from runtime.llm.prompt import Ask

STRATEGIES: Mapping[str, Callable[[Ask], Strategy]] = {
    kind.name: kind for kind in (Plain, MetaMind, ForeseeReflect, Audience, Repair, Empathy)
}
"""What judges a moment (`cognitive.strategy`)."""
ANSWERERS: Mapping[str, Callable[[Ask], Answerer]] = {**STRATEGIES, Perspective.name: Perspective}
"""What answers questions on stories."""
