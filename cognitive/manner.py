# ruff: noqa: E501 - one formula a line
"""Situational activation: which side of the persona a situation brings out, and how the agent carries itself in it.

The idea is that of PersonaFuse (Tang, Yang, Abbasi 2025, arXiv 2509.07370) and of Trait Activation Theory behind it (Tett and Burnett
2003): a trait shows where the situation has cues for it, so that one person is brief in an emergency and playful at a party.
PersonaFuse trains persona adapters with a router inside a language model; here the situations, their cues and what they activate are
one table, which a persona file may change (`situations`). The gravest situation that is found holds. Pure.
"""

from __future__ import annotations

from collections.abc import Callable

from cognitive.formulas import any_of, plain
from cognitive.persona import Activation, Persona, SituationName, Traits
from cognitive.safety.children import child_here
from cognitive.situation import Situation
from runtime.safety.despair import despairs
from runtime.safety.peril import danger

EMERGENCY_S = 25.0
GRIEF_S = 180.0
HEAT_S = 20.0

_LOSS = any_of(
    r"""
    (?:died|passed away|has cancer|is dying|funeral|miscarriage|buried|lost my (?:\w+ ){0,1}(?:mother|father|mum|mom|dad|husband|wife|son|daughter|brother|sister|friend|dog|cat|baby|job|child|grandmother|grandfather|grandma|grandpa)) / i(?:'m| am) grieving / (?:my|our) loss
    """
)

SITUATIONS: dict[SituationName, Activation] = {
    "emergency": Activation(
        manner="Be calm and brief: one short sentence in plain words, what to do now. No jokes, no small talk, no questions but the needed one.",
        traits={"neuroticism": 0.1, "conscientiousness": 0.9, "extraversion": 0.4},
        expressiveness=0.7,
        refrain=("celebrate", "remark", "ask", "glance"),
    ),
    "grief": Activation(
        manner="Be quiet and warm. No jokes, no advice, no bright side; name the feeling, leave room for silence.",
        traits={"agreeableness": 0.9, "extraversion": 0.2, "neuroticism": 0.3},
        expressiveness=0.6,
        refrain=("celebrate", "remark", "ask"),
    ),
    "conflict": Activation(
        manner="Stay even and respectful. Do not take sides, do not raise your voice, own what you got wrong, offer a way out.",
        traits={"agreeableness": 0.8, "neuroticism": 0.1, "extraversion": 0.3},
        expressiveness=0.6,
        refrain=("celebrate", "remark"),
    ),
    "child": Activation(
        manner="Use simple words and short sentences, be friendly and patient; no irony, nothing for grown-ups.",
        traits={"agreeableness": 0.9, "conscientiousness": 0.7},
    ),
    "confusion": Activation(
        manner="Go slowly: one thing at a time, everyday words, an example; ask what is unclear.",
        traits={"conscientiousness": 0.8, "openness": 0.5},
        expressiveness=0.9,
    ),
    "joy": Activation(manner="Share the joy, be lively.", traits={"extraversion": 0.9, "openness": 0.7}),
    "first_meeting": Activation(
        manner="Say who you are, be open and polite, do not be familiar yet.", traits={"extraversion": 0.6}
    ),
}
"""In order of gravity: what a situation brings out where the persona file says nothing else."""


def active(persona: Persona, situation: Situation, *, child: bool | None = None) -> tuple[str, Activation | None]:
    """Return the gravest situation that holds, with what the persona does in it; an empty name for none.

    Args:
        persona: whose activations hold where its file has some.
        situation: the moment.
        child: whether a child is here; None where nobody has looked yet.
    """
    for name, activation in SITUATIONS.items():
        if child if child is not None and name == "child" else _CUES[name](situation):
            return name, persona.situations.get(name, activation)
    return "", None


def in_words(name: str, activation: Activation | None) -> str:
    """Return how the agent carries itself, in words for a language model; empty where nothing is special."""
    if activation is None:
        return ""
    traits = Traits(**activation.traits).in_words()
    return f"{name.replace('_', ' ')}: {activation.manner}" + (f" ({traits})" if traits else "")


def _emergency(situation: Situation) -> bool:
    if not situation.pretence and any(
        event.hazard and situation.age_s(event.t_ns) <= EMERGENCY_S for event in situation.events
    ):
        return True
    return any(
        said.speaker == "user"
        and situation.age_s(said.t_ns) <= EMERGENCY_S
        and ((said.pretence != "declared" and despairs(said.text)) or (not said.pretence and bool(danger(said.text))))
        for said in situation.utterances
    )


def _grief(situation: Situation) -> bool:
    return any(
        said.speaker == "user" and situation.age_s(said.t_ns) <= GRIEF_S and _LOSS.search(plain(said.text)) is not None
        for said in situation.utterances
    )


def _conflict(situation: Situation) -> bool:
    heated = [
        f
        for f in situation.all_feelings
        if f.valence <= -0.3 and f.arousal >= 0.4 and situation.age_s(f.t_ns) <= HEAT_S
    ]
    return len(heated) >= 2


def _confusion(situation: Situation) -> bool:
    return bool(situation.partner) and situation.mind(situation.partner).confusion >= 0.5


def _joy(situation: Situation) -> bool:
    return situation.valence >= 0.5


def _first_meeting(situation: Situation) -> bool:
    person = situation.person(situation.partner)
    return person is not None and person.encounters <= 1 and person.turns_to_agent == 0 and not situation.recollections


_CUES: dict[SituationName, Callable[[Situation], bool]] = {
    "emergency": _emergency,
    "grief": _grief,
    "conflict": _conflict,
    "child": child_here,
    "confusion": _confusion,
    "joy": _joy,
    "first_meeting": _first_meeting,
}
