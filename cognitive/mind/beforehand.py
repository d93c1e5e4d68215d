"""What was so before anybody said so: a thing that is taken out of the jar was in the jar.

Whoever has been about and has not seen it taken may know where it used to be, and goes there for it. So each of them who knows nothing
of the thing is taken to believe that it still is where it was. Pure but for the model; raises at nothing.
"""

from __future__ import annotations

import re

from cognitive.cues import words_of
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE, Fact, Relation, Thinks
from cognitive.mind.sightings import believed
from cognitive.mind.state import FactRecord

_SOURCE = re.compile(
    r"\b(?P<how>out of|from|off) (?:the|a|an|her|his|their) (?P<spot>[\w' ]+?)(?= (?:to|into|onto|and|in|on|under|behind|with)\b|$)"
)
_WORDS_MAX = 3


def assume_it_was_there(model: EpistemicModel, text: str, t_ns: int) -> None:
    """Let who did not see this deed, and knows nothing of its thing, believe that the thing is where it was taken from.

    Args:
        model: has taken in the deed.
        text: the sentence that told of it.
        t_ns: when it was.
    """
    found = _SOURCE.search(" ".join(words_of(text)))
    if found is None or len(found["spot"].split()) > _WORDS_MAX:
        return
    relation: Relation = "on" if found["how"] == "off" else "in"
    for record in [one for one in model.state.facts.values() if _just_taken(one, t_ns)]:
        witnesses = {name for sighting in record.sightings for name in sighting.believes}
        for name in model.people():
            unaware = name not in witnesses and believed((name,), record.subject, PLACE, record.sightings) is None
            if unaware and name != model.state.me:
                model.apply(Thinks(name, Fact(record.subject, PLACE, found["spot"], relation)), t_ns, text=text)


def _just_taken(record: FactRecord, t_ns: int) -> bool:
    since = record.since
    return record.attribute == PLACE and since is not None and since.t_ns == t_ns and since.act in ("moves", "takes")
