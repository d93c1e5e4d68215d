"""What the Big Five of a persona change: small, stated shifts of the slow loop's numbers and of the persona's own; 0.5 changes nothing.

| trait | what it changes, from 0 to 1 |
|---|---|
| extraversion | expressiveness times 0.7 to 1.3; the silence before it speaks up times 1.4 to 0.6 |
| agreeableness | threshold of comfort up to 0.05 lower and of setting right up to 0.05 higher, and the reverse |
| conscientiousness | threshold of a due promise up to 0.05 lower, and the reverse |
| neuroticism | quiet before it speaks and cool-down times 0.75 to 1.25: more restraint |
| openness | how many of its topics it uses: below 0.5 only the first of them, at 0 a third, at least two |

Extraverts are more animated (Riggio and Friedman 1986) and talk more (Mehl, Gosling and Pennebaker 2006); the agreeable put sympathy
before confrontation (Graziano and Eisenberg 1997); the conscientious are reliable (Roberts et al. 2009); sensitivity to punishment
inhibits approach (Gray 1982); the open have broad interests (McCrae 1996).
Directions are the literature's, sizes are design choices: nothing here is fitted. Pure.
"""

from __future__ import annotations

import math

from msgspec.structs import replace

from cognitive.motivation.thresholds import CONFUSION, EMOTION, PROMISE, resolve_thresholds
from cognitive.persona import Persona
from runtime.settings import CognitiveSettings

SHIFT = 0.1
"""Threshold per unit of a trait."""


def with_traits(persona: Persona, settings: CognitiveSettings) -> tuple[Persona, CognitiveSettings]:
    """Return persona and settings as the persona's traits have them."""
    traits = persona.traits
    lively = traits.extraversion - 0.5
    careful = traits.neuroticism - 0.5
    style = replace(
        persona.style, expressiveness=max(0.0, min(1.0, persona.style.expressiveness * (1.0 + 0.6 * lively)))
    )
    share = min(1.0, (1.0 + 4.0 * traits.openness) / 3.0)
    count = max(min(2, len(persona.topics)), math.ceil(share * len(persona.topics)))
    known = resolve_thresholds(settings.thresholds)
    shifts = {
        EMOTION: -SHIFT * (traits.agreeableness - 0.5),
        CONFUSION: SHIFT * (traits.agreeableness - 0.5),
        PROMISE: -SHIFT * (traits.conscientiousness - 0.5),
    }
    moved = {name: max(0.05, min(0.98, known[name] + shift)) for name, shift in shifts.items() if abs(shift) > 1e-9}
    changed = replace(
        settings,
        thresholds={**settings.thresholds, **moved},
        long_silence_s=settings.long_silence_s * (1.0 - 0.8 * lively),
        min_quiet_s=settings.min_quiet_s * (1.0 + 0.5 * careful),
        cooldown_s=settings.cooldown_s * (1.0 + 0.5 * careful),
    )
    return replace(persona, style=style, topics=persona.topics[:count]), changed
