"""When the listening agent nods or says "mhm": which cues it takes, so that people's rates come out whoever speaks.

Cues are low pitch, a pause (Ward and Tsukahara 2000) and a look at the agent (Bavelas 2002). Speakers leave from 5 to
60 of them a minute; listeners respond 6 to 12 times. So the chance of taking one grows in proportion to the time
since the last response: at the usual distance it is the published `nod_probability`, soon after a response near 0,
long after it near 1; where cues are so rare that even this is too little, a gap between two words will do
(`response_overdue_s`). A store of credit that fills at the highest rate forbids bursts. A cue inside the speaker's
gaze window is likelier to be taken, at the same overall rate. Vocal continuers come in pauses only, a moment after a
small nod.

The delay to a nod is log-normal: mode and longest from the settings. All constants: `runtime.nonverbal`,
`docs/listener.md`. Session seconds; pure and deterministic under the random source; one caller, the room's loop.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Final, Literal

from motion.procedural.head import NOD_KINDS, NodKind
from runtime.settings import ListenerSettings

CueKind = Literal["low_pitch", "pause", "gaze", "overdue"]

CONTINUERS: Final = ("Mhm.", "Uh-huh.", "I see.")
TALK_BRIDGE_S: Final = 1.0
"""Silences shorter than this belong to the person's talk."""
CREDIT_MAX: Final = 1.5
OVERDUE_PATIENCE_S: Final = 1.0
"""A response that is overdue waits this long for a gap in the speech."""
CONTINUER_NOD: Final = 0.7
"""Size of the nod that goes with a continuer."""
_NOD_GAP_S: Final = 0.2
_ARRIVAL: Final = 0.5
"""A talk begins as if the last response had been this share of the usual distance ago."""


@dataclass(frozen=True, slots=True)
class ListenerAct:
    """A nod of a kind and size, and the continuer that may go with it.

    Attributes:
        at_s: when the nod begins.
        kind: of the nod.
        amplitude: of the nod, 1 is ordinary.
        duration_s: mean length of its kind.
        reason: the cue.
        text: a continuer, or empty.
        text_at_s: when it may be said, if the person is still silent.
    """

    at_s: float
    kind: NodKind = "short"
    amplitude: float = 1.0
    duration_s: float = 0.0
    reason: CueKind = "low_pitch"
    text: str = ""
    text_at_s: float = 0.0


class Listening:
    """The listener's decisions over one session."""

    def __init__(self, settings: ListenerSettings, source: random.Random) -> None:
        """Start with no act behind it."""
        self._settings = settings
        self._random = source
        least, most = settings.responses_per_min
        self._usual_s = 60.0 / (0.5 * (least + most))
        self._most_per_s = most / 60.0
        self._credit = 1.0
        self._since_s = _ARRIVAL * self._usual_s
        """Talk since the last response."""
        self._last_block_s: float | None = None
        self._last_speech_s = -math.inf
        self._last_at_s = self._free_s = -math.inf
        self._last_continuer_s = -math.inf
        shape = math.log(settings.nod_delay_longest_s / settings.nod_delay_s)
        # Log-normal: its mode is exp(mu - sigma^2), its 97.5th percentile exp(mu + 1.96 sigma).
        self._delay_sigma = max(0.0, 0.5 * (math.sqrt(1.96**2 + 4.0 * max(0.0, shape)) - 1.96))
        self._delay_mu = math.log(settings.nod_delay_s) + self._delay_sigma**2

    def talk(self, t_s: float, *, speaking: bool, gap: bool = False) -> ListenerAct | None:
        """Let the person's turn go on until `t_s`; call it with every block of hearing while the person has the floor.

        Args:
            t_s: now.
            speaking: whether the person speaks, by the gate.
            gap: whether this block is silent for all that.

        Returns:
            A response that was overdue, or None.
        """
        passed_s = 0.0 if self._last_block_s is None else min(TALK_BRIDGE_S, max(0.0, t_s - self._last_block_s))
        self._last_block_s = t_s
        if speaking:
            self._last_speech_s = t_s
        elif t_s - self._last_speech_s > TALK_BRIDGE_S:
            return None
        self._since_s += passed_s
        self._credit = min(CREDIT_MAX, self._credit + passed_s * self._most_per_s)
        late_s = self._since_s - self._settings.response_overdue_s
        if late_s < 0.0 or not speaking or not (gap or late_s >= OVERDUE_PATIENCE_S):
            return None
        return self._respond(t_s, t_s, "overdue", vocal=False)

    def cue(self, now_s: float, from_s: float, kind: CueKind, *, likelihood: float = 1.0) -> ListenerAct | None:
        """Take or leave the chance that a cue offers.

        Args:
            now_s: when the cue is known.
            from_s: what the delay counts from: the cue itself, the end of speech before a pause, the moment of the usual answer to a look.
            kind: of the cue.
            likelihood: factor on the chance, from the gaze window.
        """
        settings = self._settings
        distance = max(0.0, self._since_s - settings.nod_refractory_s)
        usual = max(1e-3, self._usual_s - settings.nod_refractory_s)
        weight = settings.pause_cue_weight if kind == "pause" else 1.0
        chance = min(1.0, settings.nod_probability * weight * likelihood * distance / usual)
        draw = self._random.random()
        if draw >= chance:
            return None
        vocal = kind == "pause" and draw < settings.continuer_probability
        return self._respond(now_s, from_s, kind, vocal=vocal)

    def _respond(self, now_s: float, from_s: float, kind: CueKind, *, vocal: bool) -> ListenerAct | None:
        settings = self._settings
        if self._credit < 1.0:
            return None
        nod = self._random.choices(NOD_KINDS, weights=settings.nod_type_shares)[0]
        delay_s = min(self._random.lognormvariate(self._delay_mu, self._delay_sigma), settings.nod_delay_longest_s)
        # A look is answered at its time, and what is overdue has waited long enough.
        at_s = max(now_s, from_s + (0.0 if kind in ("overdue", "gaze") else delay_s))
        vocal = vocal and now_s - self._last_continuer_s >= settings.continuer_refractory_s
        if vocal:
            nod, at_s = "short", now_s  # the pause will not last
        if at_s < max(self._last_at_s + settings.nod_refractory_s, self._free_s):
            return None
        duration_s = settings.nod_durations_s[NOD_KINDS.index(nod)]
        self._last_at_s, self._free_s = at_s, at_s + 1.2 * duration_s + _NOD_GAP_S
        self._credit -= 1.0
        self._since_s = now_s - at_s  # the response is still to come by so much
        text, text_at_s = "", 0.0
        if vocal:
            self._last_continuer_s = now_s
            text, text_at_s = self._random.choice(CONTINUERS), now_s + settings.continuer_lag_s
        return ListenerAct(at_s, nod, CONTINUER_NOD if vocal else 1.0, duration_s, kind, text, text_at_s)
