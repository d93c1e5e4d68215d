"""The baseline of the nearest neighbour: for every two seconds of speech, the motion that went with the most similar speech.

Of the pieces of a corpus whose speech features are nearest, the one is taken whose beginning is nearest to where the body is, and
faded over. Keeps the corpus's own motion and its own pairing of speech and strokes, so it is hard to beat on what single windows look
like; it cannot do what nobody recorded. Deterministic under the seed. A corpus without a suitable piece is a `ValueError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.scene import PlacedIntent
from motion.corpus.store import Corpus, Entry
from motion.evaluation.methods import EXTRAS, Float32, Style
from motion.features.layout import F0_RELATIVE, LEVEL, MEL_BANDS, ONSET, VOICING
from motion.features.normalise import normalise
from motion.features.stream import dyad_features
from motion.tokens import codec
from motion.tokens.legs import planted

PIECE_FRAMES: Final = 60
FADE_FRAMES: Final = 9
_BIN_FRAMES: Final = 5
_HOP_FRAMES: Final = 10
_NEAREST: Final = 64
"""Pieces that are near enough in speech."""
_DRAWN: Final = 24
"""Of these, as many as the seed draws; the smoothest goes in."""
_MEL_GROUPS: Final = 3
_WHOLE: Final = PIECE_FRAMES + FADE_FRAMES


def narrating(corpus: Corpus) -> tuple[Entry, ...]:
    """Training scenes of narrators without asked-for gestures."""
    return tuple(e for e in corpus.of_split("train") if not e.intents and e.actor not in EXTRAS)


def not_narrating(corpus: Corpus) -> tuple[Entry, ...]:
    """Training scenes of those who do not narrate, without asked-for gestures."""
    return tuple(e for e in corpus.of_split("train") if not e.intents and e.actor in EXTRAS)


class Retrieval:
    """A `motion.evaluation.methods.SpeechMotion` that plays back a corpus. One thread."""

    def __init__(self, corpus: Corpus, entries: Sequence[Entry]) -> None:
        """Index the pieces of some scenes.

        Raises:
            ValueError: none of the scenes is as long as a piece.
        """
        self._corpus = corpus
        self._entries = [entry for entry in entries if entry.frames >= _WHOLE]
        if not self._entries:
            raise ValueError(f"{corpus.folder}: of {len(entries)} scenes none has {_WHOLE} frames to take pieces from")
        keys, places = [], []
        for number, entry in enumerate(self._entries):
            starts = np.arange(0, entry.frames - _WHOLE + 1, _HOP_FRAMES)
            keys.append(_keys(np.asarray(corpus.features(entry), dtype=np.float32), starts))
            places.append(np.stack([np.full(len(starts), number), starts], axis=1))
        self._keys = np.concatenate(keys)
        self._places = np.concatenate(places)
        self._squares = np.einsum("ij,ij->i", self._keys, self._keys)

    def __call__(
        self, agent: Float32, user: Float32, seed: int, style: Style, intents: Sequence[PlacedIntent]
    ) -> tuple[Clip, tuple[int, ...]]:
        """Play back the nearest pieces; styles are those of the scenes, intentions are not understood."""
        del style, intents
        rng = np.random.default_rng(seed)
        features = dyad_features(agent, user)
        frames = max(1, round(len(agent) / 16_000 * 30))
        count = -(-frames // PIECE_FRAMES)
        padded = np.concatenate([features, np.repeat(features[-1:], count * PIECE_FRAMES, axis=0)])
        wanted = _keys(padded, np.arange(count) * PIECE_FRAMES)
        body: Clip | None = None
        seams = []
        for row in wanted:
            distance = self._squares - 2.0 * (self._keys @ row)
            near = np.argpartition(distance, min(_NEAREST, len(distance)) - 1)[:_NEAREST]
            near = near[np.lexsort((near, distance[near]))]
            if body is None:
                body = self._piece(int(near[0]))
                continue
            drawn = np.sort(rng.permutation(len(near))[:_DRAWN])
            pieces = [self._piece(int(near[at])) for at in drawn]
            gaps = [_gap(body, piece) for piece in pieces]
            seams.append(len(body) - FADE_FRAMES)
            body = _faded(body, pieces[int(np.argmin(gaps))])
        assert body is not None
        cut = Clip(body.fps, body.rotations[:frames], body.hips_m[:frames], body.hands[:frames])
        return cut, tuple(seam for seam in seams if seam < frames)

    def _piece(self, index: int) -> Clip:
        number, start = self._places[index].tolist()
        tokens = self._corpus.tokens(self._entries[number])
        first = start // 2
        return codec.decode(tokens[first : first + _WHOLE // 2 + 5], start - 2 * first, _WHOLE)


def _keys(features: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
    """What is compared [n, 84] for pieces of dyad features [T, 64]: the agent's loudness, onsets, voice and pitch, and coarse spectrum."""
    agent = normalise(features)
    mel = agent[:, :MEL_BANDS].reshape(len(agent), _MEL_GROUPS, -1).mean(axis=2)
    columns = np.concatenate([agent[:, [LEVEL, ONSET, VOICING, F0_RELATIVE]], mel], axis=1)
    rows = starts[:, None] + np.arange(PIECE_FRAMES)
    binned = columns[rows].reshape(len(starts), PIECE_FRAMES // _BIN_FRAMES, _BIN_FRAMES, -1).mean(axis=2)
    out: NDArray[np.float32] = binned.reshape(len(starts), -1).astype(np.float32)
    return out


def _gap(body: Clip, piece: Clip) -> float:
    """How far a piece's first poses are from the body's last ones, and its motion from its motion."""
    a, b = (rot.to_6d(turns[:, :14].astype(np.float64)) for turns in (body.rotations[-FADE_FRAMES:], piece.rotations))
    b = b[:FADE_FRAMES]
    return float(np.square(a - b).sum() + 4.0 * np.square(np.diff(a, axis=0) - np.diff(b, axis=0)).sum())


def _faded(body: Clip, piece: Clip) -> Clip:
    """The body, then the piece, faded over the body's last `FADE_FRAMES`."""
    share = (np.arange(FADE_FRAMES) + 1.0) / (FADE_FRAMES + 1.0)
    weight = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
    before, after = body.rotations[-FADE_FRAMES:].astype(np.float64), piece.rotations.astype(np.float64)
    turns = rot.slerp(before, after[:FADE_FRAMES], np.broadcast_to(weight[:, None], before.shape[:2]))
    hips = body.hips_m[-FADE_FRAMES:] + weight[:, None] * (piece.hips_m[:FADE_FRAMES] - body.hips_m[-FADE_FRAMES:])
    hands = body.hands[-FADE_FRAMES:] + weight[:, None, None] * (piece.hands[:FADE_FRAMES] - body.hands[-FADE_FRAMES:])
    legs = planted(turns, hips)
    rotations = np.concatenate([body.rotations[:-FADE_FRAMES], legs, after[FADE_FRAMES:]])
    return Clip(
        body.fps,
        rot.continuous(rotations).astype(np.float32),
        np.concatenate([body.hips_m[:-FADE_FRAMES], hips, piece.hips_m[FADE_FRAMES:]]).astype(np.float32),
        np.concatenate([body.hands[:-FADE_FRAMES], hands, piece.hands[FADE_FRAMES:]]).astype(np.float32),
    )
