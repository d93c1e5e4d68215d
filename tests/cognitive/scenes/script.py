"""The parts that a script of a scene is made of: who comes and goes, what is said, what the fast system answers."""

from __future__ import annotations

from runtime import messages as m

FACE = {"box": (0.4, 0.3, 0.2, 0.3), "confidence": 0.95}


def arrives(t_s, person="anna", until_s=0.0):
    """A person comes and is seen once a second until `until_s`."""
    script = [(t_s, m.PersonPercept(state="arrived", person_id=person, **FACE))]
    t = t_s + 1.0
    while t < until_s:
        script.append((t, m.PersonPercept(state="present", person_id=person, **FACE)))
        t += 1.0
    return script


def leaves(t_s, person="anna"):
    return [(t_s, m.PersonPercept(state="left", person_id=person))]


def says(t_s, text, length_s=1.0, turn_id="turn-1"):
    """The person speaks: onset, offset, and the decided turn 0.3 s later."""
    return [
        (t_s, m.UserSpeech(state="started")),
        (t_s, m.Turn(state="started", speaker="user", turn_id=turn_id)),
        (t_s + length_s, m.UserSpeech(state="ended")),
        (t_s + length_s + 0.3, m.Turn(state="ended", speaker="user", turn_id=turn_id, text=text)),
    ]


def replies(t_s, text, length_s=1.5, response_id="response-1"):
    """The fast system answers in turn."""
    return [
        (t_s, m.Turn(state="started", speaker="agent", turn_id=response_id)),
        (t_s, m.AgentSpeech(state="started", response_id=response_id, text=text, duration_ms=length_s * 1000)),
        (t_s + length_s, m.AgentSpeech(state="finished", response_id=response_id)),
        (t_s + length_s, m.Turn(state="ended", speaker="agent", turn_id=response_id, text=text)),
    ]


def greeted(t_s=0.5, until_s=60.0):
    """A person who has come and talked: the start of most scenes."""
    return arrives(0.2, until_s=until_s) + says(3.0, "nice place you have here") + replies(5.0, "Thank you.")
