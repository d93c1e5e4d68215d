"""The gesture lexicon: what each named gesture looks like, what else it is called, and which name free text means.

Declarative: a `Definition` says where the arms are at the start of the stroke and at its end, what oscillates, how trunk and head
go along, and how long each phase takes (Kendon's preparation, stroke, hold, retraction). One-handed gestures are written for the right
hand; the player mirrors them. Arm positions are outwards/up/forward of the shoulder in arm lengths (`controls.ArmShape`).
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final, Literal

from motion.procedural import controls as c
from motion.procedural.head import Swing

Hands = Literal["none", "one", "both"]


@dataclass(frozen=True, slots=True)
class Shake:
    """An oscillation of arm controls during stroke and hold: amplitude by control index (`controls.WRIST` and following), and rate."""

    amplitude: dict[int, float]
    hz: float
    both_in_phase: bool = True


@dataclass(frozen=True, slots=True)
class Definition:
    """One gesture.

    Attributes:
        label: canonical name.
        aliases: other names, matched as a whole.
        words: words of free text that speak for it.
        hands: none (head and trunk only), one, or both.
        ready: arm at the start of the stroke.
        peak: arm at the end of the stroke.
        other: the other arm at the peak where it differs (both hands), or takes a small part (one hand).
        prepare_s: length of each phase at normal tempo.
        stroke_s: as above.
        hold_s: as above.
        retract_s: as above.
        shake: oscillation of the arm in stroke and hold.
        trunk: addition to the trunk's controls at the peak.
        swing: oscillation of the head.
        directed: the peak points where `direction_rad` says.
        arc: bulge of the path into the ready position, arm lengths.
    """

    label: str
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hands: Hands = "one"
    ready: c.ArmShape | None = None
    peak: c.ArmShape | None = None
    other: c.ArmShape | None = None
    prepare_s: float = 0.42
    stroke_s: float = 0.26
    hold_s: float = 0.45
    retract_s: float = 0.62
    shake: Shake | None = None
    trunk: c.Vector | None = None
    swing: Swing | None = None
    directed: bool = False
    arc: tuple[float, float, float] = (0.06, 0.0, 0.10)


A = c.ArmShape
_COUNT_READY = A((0.16, -0.42, 0.46), palm=(-0.3, 0.2, 1.0), hand="loose_fist", follow=0.3)
_COUNT_PEAK = (0.17, -0.16, 0.46)


def _count(label: str, hand: str, aliases: tuple[str, ...], words: tuple[str, ...]) -> Definition:
    peak = A(_COUNT_PEAK, palm=(-0.25, 0.1, 1.0), fingers=(-0.05, 1.0, 0.1), hand=hand, follow=0.3)
    return Definition(label, aliases, words, "one", _COUNT_READY, peak, hold_s=0.7, trunk=c.body(head_deg=(1.5, -1, 1)))


_ENTRIES: Final[tuple[Definition, ...]] = (
    Definition(
        "wave",
        ("greet", "hello", "hi", "wave_hand", "say_hello"),
        ("wave", "waving", "greet", "hello", "hi", "hand"),
        "one",
        A((0.24, -0.16, 0.46), palm=(-0.1, 0.1, 1.0), fingers=(0.1, 1, 0.1), hand="open", follow=0.2),
        A((0.28, 0.00, 0.48), palm=(-0.1, 0.0, 1.0), fingers=(0.12, 1, 0.1), hand="open", follow=0.2),
        prepare_s=0.46,
        stroke_s=0.20,
        hold_s=1.15,
        retract_s=0.7,
        shake=Shake({0: 0.085, 1: -0.012, c.DEVIATION: -0.28, c.SWIVEL: 0.06}, 2.3),
        trunk=c.body(head_deg=(-1.5, -2, 4), spine_deg=(0, 0, -2)),
    ),
    Definition(
        "farewell",
        ("bye", "goodbye", "good_bye", "wave_goodbye", "see_you"),
        ("bye", "goodbye", "farewell", "leave", "later"),
        "one",
        A((0.34, -0.14, 0.44), palm=(-0.1, 0.1, 1.0), fingers=(0.05, 1, 0.15), hand="open", follow=0.2),
        A((0.36, -0.06, 0.48), palm=(-0.1, 0.0, 1.0), fingers=(0.05, 1, 0.15), hand="open", follow=0.2),
        hold_s=1.3,
        retract_s=0.75,
        shake=Shake({0: 0.05, c.DEVIATION: -0.32, c.FLEX: 0.10}, 1.9),
        trunk=c.body(head_deg=(4, -1, 3), spine_deg=(2, 0, 0)),
    ),
    Definition(
        "beckon",
        ("come", "come_here", "come_closer"),
        ("come", "here", "closer", "approach", "beckon", "near"),
        "one",
        A((0.16, -0.34, 0.66), palm=(-0.1, 1.0, -0.3), hand="soft", follow=0.3),
        A((0.10, -0.28, 0.52), palm=(-0.2, 1.0, -0.6), fingers=(-0.1, 0.7, 0.6), hand="cup", follow=0.3),
        hold_s=1.0,
        shake=Shake({1: 0.02, 2: -0.06, c.FLEX: 0.42, 9: 0.25, 10: 0.25, 11: 0.25, 12: 0.25}, 1.7),
        trunk=c.body(head_deg=(-2, -2, 4), spine_deg=(2, 0, 0)),
    ),
    Definition(
        "point",
        ("point_at", "point_to", "there", "indicate"),
        ("point", "pointing", "there", "indicate", "show", "direction"),
        "one",
        A((0.12, -0.34, 0.42), palm=(-0.8, -0.6, 0.0), hand="loose_fist", follow=0.0),
        A((0.30, 0.0, 0.90), palm=(-0.5, -0.9, 0.0), hand="point", follow=0.0),
        prepare_s=0.36,
        stroke_s=0.30,
        hold_s=0.85,
        retract_s=0.7,
        directed=True,
        trunk=c.body(spine_deg=(1, 0, 0)),
    ),
    Definition(
        "this",
        ("here", "this_one", "look_here"),
        ("this", "here", "object", "thing"),
        "one",
        A((0.08, -0.38, 0.44), palm=(-0.3, -0.9, 0.2), hand="point", follow=0.3),
        A((0.10, -0.56, 0.56), palm=(-0.3, -1.0, -0.1), hand="point", follow=0.3),
        hold_s=0.55,
        directed=True,
        trunk=c.body(head_deg=(4, -2, 0), spine_deg=(2, 0, 0)),
    ),
    Definition(
        "you",
        ("your_turn", "to_you"),
        ("you", "your", "yours", "yourself", "turn"),
        "one",
        A((0.06, -0.42, 0.44), palm=(-0.3, 0.9, -0.2), hand="relaxed", follow=0.2),
        A((0.06, -0.36, 0.76), palm=(-0.35, 1.0, 0.0), hand="flat", follow=0.2),
        hold_s=0.5,
        directed=True,
        trunk=c.body(head_deg=(1.5, 0, -2), spine_deg=(2, 0, 0)),
    ),
    Definition(
        "me",
        ("myself", "i", "self", "my"),
        ("me", "myself", "i", "my", "mine"),
        "one",
        A((-0.12, -0.34, 0.46), palm=(-0.3, -0.2, -1.0), hand="soft", follow=0.8),
        A(
            (-0.24, -0.24, 0.32),
            palm=(0.0, 0.0, -1.0),
            fingers=(-1, 0.35, -0.1),
            hand="flat",
            swivel_deg=12,
            follow=1.0,
        ),
        hold_s=0.45,
        arc=(0.0, 0.0, 0.12),
        trunk=c.body(head_deg=(2, 1, -2), spine_deg=(-2, 0, 0)),
    ),
    Definition(
        "both",
        ("two_sides", "on_both_sides", "either"),
        ("both", "either", "sides", "everyone"),
        "both",
        A((-0.02, -0.46, 0.50), palm=(-0.5, 0.8, -0.2), hand="soft", follow=0.5),
        A((0.30, -0.50, 0.56), palm=(-0.15, 1.0, 0.1), hand="open", follow=0.5),
        hold_s=0.5,
        trunk=c.body(head_deg=(1, 0, 0), shoulders_deg=(3, 0, 3, 0)),
    ),
    Definition(
        "yes",
        ("nod", "agree", "affirm", "ok", "okay"),
        ("yes", "nod", "agree", "right", "sure", "ok", "okay", "affirm"),
        "none",
        prepare_s=0.12,
        stroke_s=0.22,
        hold_s=0.75,
        retract_s=0.35,
        swing=Swing(0, 7.5, 1.75),
        trunk=c.body(head_deg=(2.5, 0, 0)),
    ),
    Definition(
        "no",
        ("shake_head", "disagree", "deny", "head_shake"),
        ("no", "not", "disagree", "deny", "never", "shake"),
        "none",
        prepare_s=0.14,
        stroke_s=0.22,
        hold_s=0.9,
        retract_s=0.4,
        swing=Swing(1, 12.0, 1.7),
        trunk=c.body(head_deg=(2.5, 0, 0)),
    ),
    Definition(
        "tilt",
        ("head_tilt", "tilt_head", "curious"),
        ("tilt", "curious", "wonder", "interested"),
        "none",
        prepare_s=0.18,
        stroke_s=0.34,
        hold_s=0.6,
        retract_s=0.55,
        trunk=c.body(head_deg=(2, -3, 11), spine_deg=(1, 0, 2)),
    ),
    Definition(
        "shrug",
        ("dont_know", "i_dont_know", "no_idea", "who_knows"),
        ("shrug", "know", "idea", "unsure", "whatever", "dunno"),
        "both",
        A((0.14, -0.64, 0.36), palm=(-0.4, 0.7, 0.3), hand="relaxed", follow=0.6),
        A(
            (0.30, -0.52, 0.44),
            palm=(0.1, 1.0, 0.25),
            fingers=(0.5, -0.05, 0.9),
            hand="open",
            follow=0.6,
            swivel_deg=-6,
        ),
        prepare_s=0.34,
        stroke_s=0.26,
        hold_s=0.5,
        trunk=c.body(head_deg=(2, -2, 7), spine_deg=(-2, 0, 0), shoulders_deg=(24, 0, 24, 0)),
    ),
    Definition(
        "offer",
        ("present", "give", "here_you_are", "palm_up", "go_ahead"),
        ("offer", "give", "present", "take", "please", "have"),
        "one",
        A((0.02, -0.46, 0.44), palm=(-0.4, 0.9, -0.1), hand="soft", follow=0.4),
        A((0.22, -0.42, 0.66), palm=(0.0, 1.0, 0.15), hand="open", follow=0.4),
        hold_s=0.6,
        trunk=c.body(head_deg=(2, -2, -3), spine_deg=(3, 0, 0)),
    ),
    Definition(
        "stop",
        ("halt", "wait", "hold_on"),
        ("stop", "halt", "wait", "hold", "pause", "enough"),
        "one",
        A((0.10, -0.32, 0.42), palm=(-0.2, -0.4, 1.0), hand="soft", follow=0.2),
        A((0.08, -0.10, 0.72), palm=(0.0, 0.0, 1.0), fingers=(0, 1, 0.05), hand="flat", follow=0.2),
        prepare_s=0.34,
        stroke_s=0.22,
        hold_s=0.8,
        trunk=c.body(head_deg=(0, 0, 0), spine_deg=(-2, 0, 0)),
    ),
    Definition(
        "calm_down",
        ("calm", "slow_down", "easy", "relax", "quiet"),
        ("calm", "slow", "easy", "relax", "quiet", "gently"),
        "both",
        A((0.06, -0.30, 0.56), palm=(0.0, -1.0, 0.4), hand="soft", follow=0.4, swivel_deg=10),
        A((0.08, -0.46, 0.56), palm=(0.0, -1.0, 0.25), fingers=(-0.1, 0.3, 1), hand="flat", follow=0.4, swivel_deg=10),
        stroke_s=0.42,
        hold_s=1.1,
        shake=Shake({1: 0.055, c.FLEX: -0.12}, 1.0),
        trunk=c.body(head_deg=(3, 0, 2), spine_deg=(1.5, 0, 0)),
    ),
    _count(
        "count_1", "point", ("one", "first", "firstly", "number_one"), ("one", "first", "firstly", "once", "single")
    ),
    _count(
        "count_2", "two", ("two", "second", "secondly", "number_two"), ("two", "second", "secondly", "pair", "twice")
    ),
    _count("count_3", "three", ("three", "third", "thirdly", "number_three"), ("three", "third", "thirdly", "triple")),
    Definition(
        "big",
        ("large", "huge", "wide", "this_big"),
        ("big", "large", "huge", "wide", "great", "enormous", "lot"),
        "both",
        A((-0.08, -0.42, 0.56), palm=(-1.0, 0.0, 0.1), hand="cup", follow=0.5),
        A((0.46, -0.26, 0.58), palm=(-1.0, 0.1, 0.1), fingers=(0, 0.35, 1), hand="open", follow=0.5),
        stroke_s=0.34,
        hold_s=0.55,
        trunk=c.body(head_deg=(-2, 0, 0), spine_deg=(-3, 0, 0), shoulders_deg=(3, 0, 3, 0)),
    ),
    Definition(
        "small",
        ("little", "tiny", "a_bit"),
        ("small", "little", "tiny", "bit", "slight", "minor"),
        "one",
        A((0.02, -0.34, 0.50), palm=(-0.9, -0.1, 0.2), hand="soft", follow=0.4),
        A((0.02, -0.20, 0.52), palm=(-0.9, -0.2, 0.3), fingers=(-0.2, 0.6, 0.8), hand="pinch", follow=0.4),
        hold_s=0.6,
        trunk=c.body(head_deg=(5, -2, 3), spine_deg=(3, 0, 0), shoulders_deg=(2, 3, 2, 3)),
    ),
    Definition(
        "up",
        ("higher", "above", "rise", "raise"),
        ("up", "higher", "above", "rise", "raise", "increase", "grow"),
        "one",
        A((0.14, -0.46, 0.50), palm=(-0.2, 1.0, 0.0), hand="soft", follow=0.3),
        A((0.22, 0.20, 0.62), palm=(-0.4, 1.0, 0.0), fingers=(0, 0.3, 1.0), hand="flat", follow=0.3),
        stroke_s=0.36,
        hold_s=0.5,
        trunk=c.body(head_deg=(-4, -3, 0), spine_deg=(-2, 0, -2)),
    ),
    Definition(
        "down",
        ("lower", "below", "decrease"),
        ("down", "lower", "below", "under", "decrease", "fall", "drop"),
        "one",
        A((0.20, -0.14, 0.56), palm=(-0.1, -1.0, 0.2), hand="soft", follow=0.3, swivel_deg=8),
        A((0.22, -0.62, 0.50), palm=(-0.1, -1.0, 0.1), fingers=(0, 0.2, 1), hand="flat", follow=0.3, swivel_deg=8),
        stroke_s=0.34,
        hold_s=0.45,
        trunk=c.body(head_deg=(5, -2, 0), spine_deg=(3, 0, 0)),
    ),
    Definition(
        "think",
        ("thinking", "ponder", "hmm", "let_me_think"),
        ("think", "thinking", "ponder", "consider", "hmm", "maybe"),
        "one",
        A((-0.10, -0.20, 0.44), palm=(-0.7, 0.0, -0.8), hand="loose_fist", follow=1.0),
        A(
            (-0.22, 0.03, 0.38),
            palm=(-0.55, 0.1, -0.85),
            fingers=(-0.55, 0.9, -0.15),
            curls=(0.25, 0.35, 0.75, 0.8, 0.85, 0.0),
            follow=1.0,
        ),
        prepare_s=0.46,
        stroke_s=0.34,
        hold_s=1.3,
        retract_s=0.8,
        arc=(0.04, 0.0, 0.08),
        other=A((-0.30, -0.60, 0.30), palm=(-0.1, 0.6, -1.0), hand="relaxed", follow=1.0),
        trunk=c.body(head_deg=(3, -6, 5), spine_deg=(2, 0, 0)),
    ),
    Definition(
        "confused",
        ("puzzled", "unclear", "scratch_head"),
        ("confused", "puzzled", "unclear", "understand", "strange"),
        "one",
        A((0.16, -0.44, 0.46), palm=(-0.4, 0.8, 0.2), hand="relaxed", follow=0.5),
        A((0.28, -0.38, 0.52), palm=(0.1, 1.0, 0.2), hand="open", follow=0.5),
        hold_s=0.7,
        trunk=c.body(head_deg=(3, -5, 10), spine_deg=(2, -2, 2), shoulders_deg=(2, 0, 8, 0)),
        swing=Swing(1, 3.5, 1.2),
    ),
    Definition(
        "surprised",
        ("surprise", "wow", "amazed", "oh"),
        ("surprised", "surprise", "wow", "amazing", "unexpected", "oh"),
        "both",
        A((0.08, -0.46, 0.44), palm=(-0.4, 0.1, 0.8), hand="soft", follow=0.8),
        A((0.20, -0.24, 0.48), palm=(-0.35, 0.0, 1.0), fingers=(0.15, 1, 0.2), hand="open", follow=0.8),
        prepare_s=0.24,
        stroke_s=0.18,
        hold_s=0.6,
        trunk=c.body(head_deg=(-6, 0, 0), spine_deg=(-6, 0, 0), hips_m=(0, 0, -0.02), shoulders_deg=(8, -2, 8, -2)),
    ),
    Definition(
        "applaud",
        ("clap", "bravo", "applause", "well_done"),
        ("applaud", "clap", "bravo", "congratulations", "applause", "done"),
        "both",
        A((-0.16, -0.34, 0.52), palm=(-1.0, 0.0, 0.0), fingers=(-0.1, 0.7, 0.8), hand="flat", follow=0.9, swivel_deg=6),
        A((-0.25, -0.34, 0.52), palm=(-1.0, 0.0, 0.0), fingers=(-0.1, 0.7, 0.8), hand="flat", follow=0.9, swivel_deg=6),
        stroke_s=0.16,
        hold_s=1.3,
        shake=Shake({0: 0.06}, 3.0),
        trunk=c.body(head_deg=(1, 0, 2), spine_deg=(1, 0, 0)),
    ),
    Definition(
        "bow",
        ("bow_down", "curtsy", "greet_formally"),
        ("bow", "bowing", "respect", "honour", "formally"),
        "none",
        prepare_s=0.14,
        stroke_s=0.72,
        hold_s=0.35,
        retract_s=0.85,
        trunk=c.body(head_deg=(12, 0, 0), spine_deg=(20, 0, 0), hips_deg=(16, 0, 0), hips_m=(0, -0.01, -0.06)),
    ),
    Definition(
        "hand_on_heart",
        ("heart", "thank_you", "thanks", "sincerely", "grateful"),
        ("heart", "thanks", "thank", "sincere", "grateful", "love", "touched"),
        "one",
        A((-0.12, -0.34, 0.46), palm=(-0.3, -0.2, -1.0), hand="soft", follow=0.9),
        A((-0.31, -0.22, 0.30), palm=(0.0, 0.1, -1.0), fingers=(-1, 0.45, 0.0), hand="flat", swivel_deg=10, follow=1.0),
        hold_s=1.0,
        retract_s=0.7,
        arc=(0.0, 0.0, 0.12),
        trunk=c.body(head_deg=(7, 2, 3), spine_deg=(5, 0, 0)),
    ),
    Definition(
        "welcome",
        ("open_arms", "welcoming", "come_in"),
        ("welcome", "arms", "guests", "invite", "glad"),
        "both",
        A((0.02, -0.54, 0.50), palm=(-0.6, 0.8, 0.0), hand="soft", follow=0.4),
        A((0.52, -0.42, 0.52), palm=(-0.35, 0.75, 0.6), fingers=(0.6, 0.1, 0.8), hand="open", follow=0.4),
        stroke_s=0.42,
        hold_s=0.7,
        retract_s=0.75,
        trunk=c.body(head_deg=(-1, 0, 2), spine_deg=(-3, 0, 0), shoulders_deg=(2, -4, 2, -4)),
    ),
    Definition(
        "reject",
        ("refuse", "no_way", "push_away", "decline"),
        ("reject", "refuse", "decline", "away", "way"),
        "both",
        A((-0.14, -0.34, 0.50), palm=(-0.2, -0.6, 0.9), hand="soft", follow=0.4),
        A((0.22, -0.32, 0.58), palm=(0.15, -0.35, 1.0), fingers=(-0.2, 1, 0.4), hand="flat", follow=0.4),
        stroke_s=0.26,
        hold_s=0.4,
        trunk=c.body(head_deg=(1, 4, 0), spine_deg=(-4, 0, 0)),
        swing=Swing(1, 9.0, 1.8),
    ),
    Definition(
        "listen_in",
        ("lean_in", "listening", "tell_me_more"),
        ("listen", "more", "lean", "interesting", "tell"),
        "none",
        prepare_s=0.16,
        stroke_s=0.55,
        hold_s=1.2,
        retract_s=0.8,
        trunk=c.body(head_deg=(-8, -4, 7), spine_deg=(13, -3, 0), hips_deg=(5, 0, 0), hips_m=(0, -0.005, 0.02)),
    ),
    Definition(
        "lean_back",
        ("step_back", "withdraw", "recoil"),
        ("back", "withdraw", "recoil", "distance", "space"),
        "none",
        prepare_s=0.14,
        stroke_s=0.5,
        hold_s=0.9,
        retract_s=0.8,
        trunk=c.body(head_deg=(6, 0, 0), spine_deg=(-10, 0, 0), hips_deg=(-3, 0, 0), hips_m=(0, -0.004, -0.035)),
    ),
    Definition(
        "celebrate",
        ("hooray", "victory", "yay", "cheer"),
        ("celebrate", "hooray", "yay", "victory", "won", "cheer", "party"),
        "both",
        A((0.30, -0.20, 0.44), palm=(-0.6, 0.0, 0.6), hand="loose_fist", follow=0.4),
        A((0.46, 0.58, 0.30), palm=(-0.5, 0.0, 0.8), hand="fist", follow=0.4, swivel_deg=10),
        stroke_s=0.30,
        hold_s=0.9,
        retract_s=0.75,
        shake=Shake({1: 0.05}, 2.4),
        trunk=c.body(head_deg=(-7, 0, 0), spine_deg=(-5, 0, 0), shoulders_deg=(6, 0, 6, 0)),
    ),
    Definition(
        "apologise",
        ("sorry", "apologize", "apology", "my_mistake"),
        ("sorry", "apologise", "apologize", "mistake", "pardon", "fault"),
        "both",
        A((-0.10, -0.42, 0.48), palm=(-0.9, 0.2, -0.3), hand="soft", follow=0.9),
        A((-0.27, -0.32, 0.44), palm=(-1.0, 0.0, 0.0), fingers=(-0.1, 0.9, 0.5), hand="flat", follow=1.0),
        hold_s=0.9,
        retract_s=0.75,
        trunk=c.body(head_deg=(10, 0, 3), spine_deg=(8, 0, 0), shoulders_deg=(4, 4, 4, 4)),
    ),
)

LEXICON: Final[dict[str, Definition]] = {entry.label: entry for entry in _ENTRIES}
"""Every gesture by its canonical label."""
ALIASES: Final[dict[str, str]] = {
    alias: entry.label for entry in reversed(_ENTRIES) for alias in entry.aliases if alias not in LEXICON
}
"""Other names; of two gestures that claim one, the earlier entry has it."""

_WORD = re.compile(r"[a-z0-9]+")
# fmt: off
_STOP: Final = frozenset((
    "a", "an", "the", "to", "and", "of", "with", "your", "you", "it", "is", "at", "in", "on", "for", "then", "please", "robot",
    "agent", "person", "user", "them", "him", "her", "his", "their", "by", "from", "as", "while",
))
# fmt: on
MATCH_FLOOR: Final = 0.3
"""Free text that scores less means no gesture."""


def _key(name: str) -> str:
    return "_".join(_WORD.findall(name.lower().replace("'", "")))


def find(label: str) -> Definition:
    """Look a gesture up by label or alias; case, spaces and hyphens do not matter.

    Raises:
        ValueError: no such gesture; the message lists the nearest labels.
    """
    key = _key(label)
    key = ALIASES.get(key, key)
    entry = LEXICON.get(key)
    if entry is None:
        near = difflib.get_close_matches(key, [*LEXICON, *ALIASES], n=4, cutoff=0.4)
        shown = list(dict.fromkeys(ALIASES.get(name, name) for name in near)) or sorted(LEXICON)
        raise ValueError(f"unknown gesture {label[:64]!r}; nearest: {', '.join(shown)}")
    return entry


def match(text: str) -> tuple[str, float]:
    """Find the gesture that free text means, by overlap of words.

    Args:
        text: for example "raise your right hand and wave".

    Returns:
        Label and score 0 to 1; an empty label where the best score is under `MATCH_FLOOR`.
    """
    tokens = _WORD.findall(text.lower().replace("'", ""))[:64]
    whole = _key(" ".join(tokens))
    if whole in LEXICON or whole in ALIASES:
        return ALIASES.get(whole, whole), 1.0
    content = [token for token in tokens if token not in _STOP] or tokens
    best, best_score = "", 0.0
    padded = f"_{whole}_"
    for entry in _ENTRIES:
        names = (entry.label, *entry.aliases)
        words = {*entry.words, entry.label}
        hits = sum(1.0 for token in content if token in words or any(token.startswith(w) and len(w) > 3 for w in words))
        score = hits / (len(content) ** 0.5 + 0.5) if content else 0.0
        # The name itself standing in the text weighs most: "... and wave".
        named = max((len(name.split("_")) for name in names if len(name) > 2 and f"_{name}_" in padded), default=0)
        if f"_{entry.label}_" in padded:
            score += 0.3
        score = min(0.99, 0.6 * score + 0.25 * min(named, 2))
        if score > best_score + 1e-9:
            best, best_score = entry.label, score
    return (best, best_score) if best_score >= MATCH_FLOOR else ("", best_score)
