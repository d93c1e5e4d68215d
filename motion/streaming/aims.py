"""Where a gesture would bring the body: the procedural performance on a body at ease, token by token, as a hint for the control network.

From labels alone the control learned slowly (after 500 steps no gesture was recognised; with hints 43 of 51 were after as many). So it is
shown what the lexicon asks for and learns how a moving, talking body does it. `Aim` is made once for a gesture (about
10 ms); `around` cuts out a block; `pull` says, as innovations over what the body is doing, which way that would be: arms are drawn to
where the gesture has them as firmly as it holds them, the movement of head, trunk and hips is added. numpy, pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.clip import HAND_SIZE, Clip, Pose
from motion.corpus.intentions import overlay
from motion.corpus.intentions.performance import performances
from motion.corpus.scene import PlacedIntent
from motion.procedural import controls as c
from motion.procedural.idle import Idle
from motion.skeleton import NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS
from motion.tokens import codec
from motion.tokens.forecast import HISTORY, Forecast
from motion.tokens.intents import TAIL_S
from motion.tokens.layout import FPS, FRAMES_PER_TOKEN, HANDS, JOINTS, TOKEN_SIZE

Float32 = NDArray[np.float32]
Array = NDArray[Any]

PULL_BOUND: Final = 20.0
"""Innovations of a hint lie within; those of gestures in the corpus rarely go beyond."""
_LEAST_S: Final = 0.1
"""Between beginning, stroke and end."""
_BREATHS_PER_MIN: Final = 14.0
_FIRM: Final = 2.0
"""An arm is where the gesture has it as soon as the gesture has half of it."""


def _side(name: str, hand: int) -> NDArray[np.bool_]:
    numbers = np.zeros(TOKEN_SIZE, dtype=bool)
    for row, joint in enumerate(JOINTS):
        numbers[6 * row : 6 * row + 6] = joint.startswith(name)
    numbers[HANDS.start + hand * HAND_SIZE : HANDS.start + (hand + 1) * HAND_SIZE] = True
    return numbers


_ARMS: Final = ((_side("left", 0), c.LEFT), (_side("right", 1), c.RIGHT))
ADDED: Final = ~(_ARMS[0][0] | _ARMS[1][0])
"""Numbers of a token [99] whose movement is added: trunk, neck, head, hips."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a gesture asks of the body.

    Attributes:
        first: index of the first token.
        away: difference [n, 99] from standing at ease.
        hold: how firmly [n, 99] numbers of arms are held, 0 to 1; 0 for all others.
    """

    first: int
    away: Float32 = field(repr=False)
    hold: Float32 = field(repr=False)


def aim(gesture: PlacedIntent) -> Aim:
    """Perform a gesture on a body at ease.

    Raises:
        ValueError: unknown label, or times that are not finite.
    """
    first = max(0, int(np.floor(gesture.start_s * FPS / FRAMES_PER_TOKEN)) - 1)
    begin_s = FRAMES_PER_TOKEN * first / FPS
    start_s = gesture.start_s - begin_s
    stroke_s = max(gesture.stroke_s - begin_s, start_s + _LEAST_S)
    end_s = max(gesture.end_s - begin_s, stroke_s + _LEAST_S)
    here = replace(gesture, start_s=start_s, stroke_s=stroke_s, end_s=end_s)
    count = int(np.ceil((end_s + TAIL_S) * FPS)) + 2 * FRAMES_PER_TOKEN
    hands = np.full((2, HAND_SIZE), 0.25, dtype=np.float32)
    still = Clip.from_poses([Pose(NEUTRAL_ROTATIONS, np.array(NEUTRAL_HIPS_M, np.float32), hands)] * count, float(FPS))
    rng = np.random.default_rng(0)
    (act,) = performances([here], rng)
    layer = overlay.Layer(act, still, Idle(rng, _BREATHS_PER_MIN))
    tokens = codec.fit(overlay.lay(still, [layer]))
    frames = FRAMES_PER_TOKEN * (np.arange(len(tokens)) - 1)
    inside = (frames >= layer.first) & (frames < layer.last)
    hold = np.zeros((len(tokens), TOKEN_SIZE), dtype=np.float32)
    for (numbers, where), track in zip(_ARMS, (act.plan.left, act.plan.right), strict=True):
        if track is not None:
            strength = layer.strength[frames[inside] - layer.first, where.start]
            hold[np.ix_(inside, numbers)] = np.minimum(_FIRM * strength, 1.0)[:, None]
    return Aim(first, tokens - codec.neutral(), hold)


def current(gestures: Sequence[PlacedIntent], first: int, tokens: int) -> PlacedIntent | None:
    """The gesture that counts in a block of tokens: of those in progress the one that began last, of several the last asked for."""
    first_s, last_s = (FRAMES_PER_TOKEN * (token - 1) / FPS for token in (first, first + tokens - 1))
    chosen = None
    for one in gestures:
        if (
            one.start_s <= last_s
            and one.end_s + TAIL_S >= first_s
            and (chosen is None or one.start_s >= chosen.start_s)
        ):
            chosen = one
    return chosen


def around(aimed: Aim | None, first: int, tokens: int) -> tuple[Float32, Float32]:
    """What an aim asks of a block, and was just before it.

    Args:
        aimed: None where no gesture is in progress.
        first: index of the block's first token.
        tokens: of the block.

    Returns:
        Difference from standing at ease [HISTORY + tokens, 99] and firmness [tokens, 99]; zero where nothing is asked.
    """
    away = np.zeros((HISTORY + tokens, TOKEN_SIZE), dtype=np.float32)
    hold = np.zeros((tokens, TOKEN_SIZE), dtype=np.float32)
    if aimed is not None:
        for out, values, at in ((away, aimed.away, first - HISTORY), (hold, aimed.hold, first)):
            begin, end = max(at, aimed.first), min(at + len(out), aimed.first + len(values))
            if end > begin:
                out[begin - at : end - at] = values[begin - aimed.first : end - aimed.first]
    return away, hold


def pull(forecast: Forecast, rest: Array, away: Array, hold: Array, expected: Array) -> Float32:
    """Innovations [..., block, 99] that follow an aim; everything on the network's scale.

    Args:
        forecast: of tokens.
        rest: the token of standing at ease [99].
        away: from `around`, over the deviation of tokens.
        hold: from `around`.
        expected: tokens that the forecast expects [..., block, 99].
    """
    drawn = hold * (rest + away[..., HISTORY:, :] - expected)
    moved = ADDED * (away[..., HISTORY:, :] - forecast.expected(away[..., :HISTORY, :]))
    inverse = np.linalg.inv(forecast.mix.astype(np.float64))
    found = np.einsum("kj,...jd->...kd", inverse, (drawn + moved) / forecast.spread)
    out: Float32 = np.clip(found, -PULL_BOUND, PULL_BOUND).astype(np.float32)
    return out
