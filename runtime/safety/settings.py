"""The `safety` section of a profile: how strict a session is, and whom it is with. Needs only msgspec."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from runtime.section import NonNegative, Section

Mode = Literal["strict", "default", "research"]
TopicName = Literal[
    "politics", "religion", "health", "money", "law", "sex", "weapons", "drugs", "alcohol", "gambling", "death"
]


class SafetySettings(Section, frozen=True, kw_only=True):
    """What the agent may say and do (docs/safety.md)."""

    mode: Mode = "default"
    """`strict`: besides what `default` refuses, no delicate topic that is not in `topics_allowed`, no coming nearer, and no words of the
    slow loop's language model: it chooses acts, the persona has the sentences. `research`: legal and financial advice, pressure and
    claims of feelings pass, each with a `SafetyDecision` on the bus; all else is refused there too."""
    topics_allowed: Annotated[tuple[TopicName, ...], Meta(max_length=16)] = ()
    """Delicate topics that the agent may speak about in `strict`."""
    children: bool = False
    """Whether children are expected (a school, a museum's family day): then always as if one were there. A child that is seen or heard
    of counts without this."""
    personal_distance_m: NonNegative = 1.2
    """Nearer than this the agent does not come to anybody who has not asked it to (the outer end of personal distance in Hall, The Hidden
    Dimension, 1966)."""
    help_line: Annotated[str, Meta(max_length=200)] = ""
    """A sentence added where somebody may harm themself, with whom to call here: "In the US you can call or text 988." """
