"""What the dialogue can do besides talking: give intentions to the body, and facts to the slow system.

The seam between replies and the room; without a room (tests, a text console) nothing happens and the tools say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from behavioral.dialogue.embodied_tools import TRIGGER, embodied_tools
from behavioral.dialogue.tools import Toolbox
from runtime.clock import Clock
from runtime.ids import IdSource
from runtime.messages import Fact, Intention
from runtime.vocabulary import EXPRESSIONS

FACES = {"smile": "happy", **{name: name for name in EXPRESSIONS if name != "surprised"}}
"""Tags that are faces; `[surprised]` is a gesture of the lexicon."""


@dataclass(frozen=True, slots=True)
class Embodiment:
    """The body and the slow system, as the dialogue reaches them.

    Attributes:
        intend: gives an intention to the body; returns why it is refused, or an empty text.
        remember: tells the slow system a fact.
        ids: names the intentions.
        clock: session time.
    """

    intend: Callable[[Intention], str]
    remember: Callable[[Fact], None]
    ids: IdSource
    clock: Clock

    def toolbox(self) -> Toolbox:
        """Return the built-in tools over this body."""
        return Toolbox(embodied_tools(self.intend, self.remember, self.ids, self.clock))

    def act(self, label: str) -> None:
        """Perform the tag of a reply without words; one that names nothing is dropped."""
        face = FACES.get(label, "")
        self.intend(
            Intention(
                id=self.ids.new("intention"),
                kind="expression" if face else "gesture",
                label=face,
                content="" if face else label,
                trigger=TRIGGER,
                t_ns=self.clock.now_ns(),
            )
        )
