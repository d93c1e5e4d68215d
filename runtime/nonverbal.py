"""The `listener` section of a profile: nods, continuers, gaze, blinks, mirroring and the speaking head.

Every field ends in the source of its default, in brackets; `docs/listener.md` is the table made from this file
(`scripts/make_listener_table.py`), and a test holds the two together. "Ours" marks what no study gives and what was
chosen here. Pairs are mean and standard deviation, or least and most, as the field says.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from runtime.section import NonNegative, Positive, Section, Share

Directions = tuple[Share, Share, Share]
"""Shares of up, down and to a side."""


class ListenerSettings(Section, frozen=True, kw_only=True):
    """Nonverbal behaviour of the agent as listener, thinker and speaker."""

    # ---------------------------------------------------------------- cues of the person's voice and gaze

    cue_low_pitch_percentile: Annotated[float, Meta(ge=1, le=50)] = 26.0
    """Pitch under this percentile of the speaker's own counts as low. [Ward 2000]"""
    cue_low_pitch_ms: Positive = 110.0
    """Low pitch for this long is a cue. [Ward 2000]"""
    cue_min_speech_ms: NonNegative = 700.0
    """No cue before this much speech. [Ward 2000]"""
    pause_cue_ms: NonNegative = 300.0
    """Silence after speech that is a cue. [Ours]"""
    gaze_window_s: Positive = 2.2
    """Usual length of a gaze window: the speaker looks at the listener until it responds. [Bavelas 2002]"""
    gaze_window_respond_at: Share = 0.69
    """Where in a gaze window the response falls; a look at the agent is a cue that is answered then. [Bavelas 2002]"""
    gaze_window_responses: Share = 0.83
    """Share of responses inside gaze windows. [Bavelas 2002]"""
    gaze_window_time: Share = 0.45
    """Share of the time that such windows are open; the two together give how much likelier a response is inside. [Bavelas 2002]"""
    gaze_window_facing: Share = 0.6
    """Facing, as vision estimates it, from which the person looks at the agent. [Ours]"""

    # ---------------------------------------------------------------- how often, and when

    responses_per_min: tuple[NonNegative, Positive] = (6.0, 12.0)
    """Least and most nods and continuers together, per minute of the person's turn, in the long run. [Survey]"""
    response_overdue_s: Positive = 9.0
    """After this long without a response any small gap in the speech will do, and a second later none is needed. [Ours]"""
    nod_probability: Share = 0.42
    """Chance that a cue is taken when the last response is as long ago as usual (the middle of `responses_per_min`). [Survey]"""
    pause_cue_weight: NonNegative = 0.5
    """Factor on that chance in a pause: nods belong over the speech (84 % do, Truong 2011), the voice into the pauses. [Ours]"""
    nod_refractory_s: NonNegative = 1.4
    """Least time between the beginnings of two responses; a nod also never begins within another. [Lala 2017]"""
    nod_delay_s: Positive = 0.30
    """Mode of the time from the cue (in a pause: from the end of speech) to the nod. [Kihara 2016]"""
    nod_delay_longest_s: Positive = 1.4
    """97.5th percentile of that time; longer ones are not used. [Kihara 2016]"""
    continuer_probability: Share = 0.15
    """Most chance that a pause is answered by voice as well ("mhm"): a wrong sound costs three times a wrong nod (Poppe 2011). [Ours]"""
    continuer_refractory_s: NonNegative = 5.0
    """Least time between two continuers. [Ours]"""
    continuer_lag_s: NonNegative = 0.19
    """The voice comes this long after the nod that goes with it. [Truong 2011]"""

    # ---------------------------------------------------------------- nods

    nod_type_shares: tuple[Share, Share, Share] = (0.49, 0.40, 0.11)
    """Shares of short nods, long ones, and long ones that begin with a swing up. [arXiv 2507.23298]"""
    nod_durations_s: tuple[Positive, Positive, Positive] = (0.83, 1.42, 1.75)
    """Mean length of each kind; a single nod varies by 8 %. [arXiv 2507.23298]"""
    nod_cycle_shares: tuple[Share, Share, Share, Share, Share] = (0.55, 0.24, 0.12, 0.03, 0.02)
    """Shares of nods with one to five cycles (of their sum); the longer kinds have the more cycles. [Kihara 2016]"""
    nod_cycle_least_s: Positive = 0.27
    """No cycle is quicker than the mode of all cycles; a nod of many is longer for it. [Kihara 2016]"""
    nod_first_cycle_deg: tuple[NonNegative, NonNegative] = (6.0, 0.5)
    """Size of the first cycle, and by how much it grows with each cycle that is planned; that it grows is measured, the sizes are ours.
    [PLOS ONE 2025]"""
    nod_cycle_loss_deg: tuple[NonNegative, NonNegative] = (0.098, 0.509)
    """Each cycle is smaller by the first number, the last of several by the second as well. [PLOS ONE 2025]"""
    nod_upswing_deg: NonNegative = 3.5
    """Size of the swing up. [Ours]"""

    # ---------------------------------------------------------------- gaze

    gaze_speaking_every_s: tuple[Positive, NonNegative] = (4.75, 1.39)
    """Mean and SD of the time between aversions while speaking. [Andrist 2014]"""
    gaze_speaking_length_s: tuple[Positive, NonNegative] = (1.96, 0.32)
    """Mean and SD of their length; with the above 71 % of the time at the person. Argyle's 41 % counts every glance off the face and
    would make an agent look absent; Andrist's events were tried on robots, and agree with Doherty-Sneddon's 30 % averted. [Andrist 2014]"""
    gaze_listening_every_s: tuple[Positive, NonNegative] = (7.21, 1.88)
    """Mean and SD of the time between aversions while listening. [Andrist 2014]"""
    gaze_listening_length_s: tuple[Positive, NonNegative] = (1.14, 0.27)
    """Mean and SD of their length; with the above 86 % of the time at the person, where Argyle found 75 %. [Andrist 2014]"""
    gaze_turn_start_share: Share = 0.731
    """Share of turns that begin with averted gaze; it is averted as soon as an answer is being made, since one comes within the 1.03 s
    that people avert it before they speak. [Andrist 2014]"""
    gaze_turn_start_end_s: tuple[NonNegative, NonNegative] = (1.27, 0.51)
    """Mean and SD of when it ends, from the first sound (0.75 s in Ho 2015). [Andrist 2014]"""
    gaze_thinking_after_s: NonNegative = 1.0
    """An answer that takes longer makes one think: who has not averted the gaze does so now. [Ours]"""
    gaze_thinking_length_s: tuple[Positive, NonNegative] = (3.54, 1.26)
    """Mean and SD of the length of an aversion in thought. [Andrist 2014]"""
    gaze_thinking_end_s: tuple[NonNegative, NonNegative] = (2.23, 0.63)
    """Mean and SD of its latest end, from the first sound. [Andrist 2014]"""
    gaze_thinking_share: Share = 0.76
    """Share of long thinking that is averted: between two aversions one looks back for the rest. [Doherty-Sneddon 2002]"""
    gaze_yield_s: tuple[NonNegative, NonNegative] = (2.41, 0.56)
    """Mean and SD of how long before the end of an utterance the last aversion is over ... [Andrist 2014]"""
    gaze_yield_least_s: NonNegative = 2.4
    """... and never later than this: looking at the person hands the turn over. [Andrist 2014]"""
    gaze_thinking_directions: Directions = (0.29, 0.39, 0.31)
    """Up, down and side of aversions in thought (of their sum). For a face without pupils [0.5, 0, 0.5] reads better. [Andrist 2013]"""
    gaze_intimacy_directions: Directions = (0.29, 0.14, 0.58)
    """Up, down and side of aversions while speaking and listening. [Andrist 2013]"""
    gaze_turn_directions: Directions = (0.30, 0.21, 0.49)
    """Up, down and side of aversions at the start of a turn. [Andrist 2013]"""
    gaze_saccade_s: tuple[Positive, Positive] = (0.030, 0.120)
    """Least and most time that the eyes take to a new target; 21 ms and 2.2 ms a degree in between (Carpenter 1988). [Survey]"""
    gaze_head_share: Share = 0.45
    """Share of a gaze shift that the head makes, after the eyes. [Survey]"""

    # ---------------------------------------------------------------- lids

    blinks_per_min_speaking: Positive = 26.0
    """Blinks in conversation. [Bentivoglio 1997]"""
    blinks_per_min_listening: Positive = 17.0
    """Blinks at rest; listening, thinking, idle. [Bentivoglio 1997]"""
    blink_gamma_shape: Positive = 2.2
    """Shape of the gamma distribution of the intervals: skewed, neither regular nor memoryless. [Ours]"""
    blink_max_s: Positive = 0.25
    """A blink is never longer: long ones of a listener shorten the speaker's answer by seconds. [Hoemke 2018]"""
    blink_gaze_shift_deg: Positive = 15.0
    """Larger shifts of gaze come with a blink most of the time (Evinger 1994). [Survey]"""
    blink_follow_s: tuple[NonNegative, NonNegative] = (0.25, 0.50)
    """The listener blinks this long (least, most) after a blink of the speaker's in a pause, where one is seen. [Nakano 2010]"""

    # ---------------------------------------------------------------- mirroring

    mirror_share: Share = 0.5
    """How much of a person's smile or mood the face takes up. [Ours]"""
    mirror_delay_s: tuple[NonNegative, NonNegative] = (0.5, 2.0)
    """Least and most time until it does. People mirror one another unaware (Chartrand 1999); the times are ours. [Ours]"""
    mirror_on: Share = 0.25
    """Valence or arousal, either way, times confidence's worth, from which it is mirrored ... [Ours]"""
    mirror_off: Share = 0.12
    """... and under which it no longer is, so that nothing flickers. [Ours]"""
    mirror_half_life_s: Positive = 5.0
    """What is not seen again fades by half in this time. [Ours]"""
    mirror_lean_deg: NonNegative = 8.0
    """Lean of the trunk towards a person at full excitement, or away at full weariness. [Ours]"""
    mirror_tilt_deg: NonNegative = 6.0
    """Tilt of the head to a person in the lowest mood; half as much to one in the highest. [Ours]"""

    # ---------------------------------------------------------------- the speaking head, and breath

    head_accent_deg: tuple[NonNegative, NonNegative] = (1.5, 3.0)
    """Least and most nod on an accent of the agent's speech (spread of a speaking head: Busso 2007). [Survey]"""
    head_accent_refractory_s: NonNegative = 0.35
    """Least time between two of them. [Ours]"""
    head_phrase_s: Positive = 1.6
    """A new pose of the head about this often while speaking: an intonation unit. [Inbar 2025]"""
    breaths_per_min: Positive = 14.0
    """Breaths, of the procedural body; people have 12 to 20. [Survey]"""

    def __post_init__(self) -> None:
        """Refuse shares that leave nothing to choose from, and pairs in the wrong order.

        Raises:
            ValueError: naming the key.
        """
        for name in ("nod_type_shares", "nod_cycle_shares", "gaze_thinking_directions", "gaze_intimacy_directions",
                     "gaze_turn_directions"):  # fmt: skip
            if sum(getattr(self, name)) <= 0.0:
                raise ValueError(f"{name}: at least one share must be over 0")
        for name in ("responses_per_min", "gaze_saccade_s", "blink_follow_s", "mirror_delay_s", "head_accent_deg"):
            least, most = getattr(self, name)
            if least > most:
                raise ValueError(f"{name}: the first number, {least:g}, must not be over the second, {most:g}")
