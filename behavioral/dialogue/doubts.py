"""What the session's safety would not have the agent say of its own scenario: found at load, told to its owner, and said all the same.

A person's words that fill a slot are another matter: a reply that holds them is judged when it is said. Pure.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from behavioral.dialogue.scenario import Scenario
from behavioral.dialogue.speakable import Speakable
from behavioral.voice.guard import VoiceGuard
from runtime.room import RoomContext
from runtime.safety.refusals import read_limits
from runtime.safety.speech import SpeechRules

TOLD_MAX = 8
CHARS_MAX = 4_000
logger = logging.getLogger(__name__)


def open_guard(context: RoomContext, scenario: Scenario) -> VoiceGuard:
    """Return the session's guard, after a warning about each line of the scenario that it would have refused.

    Raises:
        AttuneError: the persona's file is missing or its limits are wrong.
    """
    profile = context.profile
    rules = SpeechRules(profile.safety, read_limits(profile.cognitive.persona))
    places = list(doubts(scenario, rules))
    for place in places[:TOLD_MAX]:
        logger.warning("scenario %s, %s: it will be said, since you wrote it", profile.dialogue.scenario, place)
    context.counters["scenario_doubts"] = len(places)
    return VoiceGuard(rules, context.bus.publish, context.clock.now_ns)


def doubts(scenario: Scenario, rules: SpeechRules) -> Iterator[str]:
    """Return the place and the category of each line that a rule speaks against; not the line, which may be long."""
    file = scenario.file
    for index, entry in enumerate(file.rules):
        lines = [(f"replies[{number}]", line) for number, line in enumerate(entry.replies)]
        for name, line in [*lines, ("ask", entry.ask)]:
            yield from _doubt(f"rules[{index}] ({entry.id}).{name}", line, rules)
    for key, group in (("fallbacks", file.fallbacks), ("not_understood", file.not_understood)):
        for number, line in enumerate(group):
            yield from _doubt(f"{key}[{number}]", line, rules)
    for number, script in enumerate(file.opening):
        yield from _doubt(f"opening[{number}]", script.say, rules)


def _doubt(place: str, line: str, rules: SpeechRules) -> Iterator[str]:
    speakable = Speakable(CHARS_MAX)
    finding = rules.judge(speakable.push(line) + speakable.flush()[0])
    if finding is not None:
        yield f"{place}: {finding.category}"
