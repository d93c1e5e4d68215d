"""One evaluation: held-out real motion, held-out speech, and every method over the same sessions.

The reference is one half of the real takes and `ground_truth` the other, so that its row shows what real motion scores against other real
motion, not zero. `mismatched_audio` is the motion of one session judged by the onsets of others, `mismatched_style` motion in a manner far
from narration: both of the generator with fewest evaluations where one is given, else of the model-free body and of retrieval. Methods are
judged without the first second of a session, and on as many windows as `ground_truth` has. Blocking; deterministic.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from motion.clip import Clip
from motion.corpus.store import Corpus
from motion.evaluation.encoder import FPS, HOP_FRAMES, Encoder, motion_windows
from motion.evaluation.frechet import frechet_distance
from motion.evaluation.heldout import HELD_OUT_ACTORS, NamedClip, halves, read_narration
from motion.evaluation.methods import ANYBODY, SpeechMotion, Style, model_free, motionless
from motion.evaluation.report import Report
from motion.evaluation.retrieval import Retrieval, narrating, not_narrating
from motion.evaluation.score import Sample, evenly, reference, score
from motion.evaluation.sessions import Session
from motion.evaluation.smoothness import seam_width

WARM_UP_S: Final = 1.0
"""Left out at the start of every session."""
FAR: Final = Style("rocketbox-m")
"""The manner for `mismatched_style`: a man who stands, waves and idles."""
_OTHERS: Final = 3
"""Each session's motion is judged by the onsets of so many others, since one alone may fit by chance."""
_ENOUGH: Final = 1.05
"""Times the windows of ground truth that a method makes, before it is cut down to as many."""

NOTES: Final = (
    "Real motion has no sound of its own: ground_truth has no beat scores.",
    "Real motion is of seated narrators who were stood up on planted feet; it is low-passed at 8 Hz (16-bit archive), methods are not.",
    "ground_truth is the other half of the held-out takes.",
    "beat_beat and beat_aist hardly tell matched from mismatched speech (about seven onsets a second); coupling does.",
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A method as a row of the table speaks with it."""

    method: SpeechMotion
    styles: tuple[Style, ...] = (ANYBODY,)


def evaluate(
    real: Sequence[NamedClip],
    sessions: Sequence[Session],
    encoder: Encoder,
    *,
    seed: int = 0,
    generators: Mapping[int, SpeechMotion] | None = None,
    styles: Sequence[Style] = (ANYBODY,),
    far: Style = FAR,
    corpus: Corpus | None = None,
) -> Report:
    """Score ground truth, the model-free bodies, retrieval where a corpus is given, generators, and the mismatched ones.

    Args:
        real: held-out clips of at least two takes.
        sessions: what the body is to say.
        encoder: frozen.
        seed: of all methods; session n of round m has seed + m.
        generators: number of network evaluations to method; the first is also the one of the mismatched rows.
        styles: manners of narration that generators speak in, one session after another.
        far: a manner far from them, for `mismatched_style`.
        corpus: what retrieval plays back.

    Raises:
        ValueError: too little real motion or speech, or a corpus without narration.
    """
    return score_samples(real, samples(real, sessions, encoder, seed, generators or {}, styles, far, corpus), encoder)


def score_samples(real: Sequence[NamedClip], rows: Mapping[str, Sequence[Sample]], encoder: Encoder) -> Report:
    """Score what methods did, in the table's form.

    Raises:
        ValueError: too little real motion, or a method's name or clips are wrong.
    """
    first, second = halves(real)
    against = reference(encoder, [item.clip for item in first])
    wanted = _windows(second, encoder)
    every = {"ground_truth": [Sample(item.clip) for item in second], **rows}
    return Report(
        encoder=encoder.name,
        encoder_sha256=encoder.sha256,
        reference=f"{len(first)} real clips, {sum(item.clip.duration_s for item in first) / 60:.1f} minutes, "
        f"actors {', '.join(sorted({item.actor for item in first}))}; {wanted} windows a method",
        methods={name: score(against, made, windows_at_most=wanted) for name, made in every.items() if made},
        between_actors_fgd=between_actors(real, encoder),
        notes=NOTES,
    )


def samples(
    real: Sequence[NamedClip],
    sessions: Sequence[Session],
    encoder: Encoder,
    seed: int,
    generators: Mapping[int, SpeechMotion],
    styles: Sequence[Style],
    far: Style,
    corpus: Corpus | None,
) -> dict[str, list[Sample]]:
    """Let every method speak, by the names of the table; see `evaluate`."""
    wanted = _windows(halves(real)[1], encoder)
    speakers = {"procedural": Speaker(model_free), "static": Speaker(motionless)}
    if corpus is not None:
        speakers["retrieval"] = Speaker(Retrieval(corpus, narrating(corpus)))
        if not_narrating(corpus) and not generators:
            speakers["mismatched_style"] = Speaker(Retrieval(corpus, not_narrating(corpus)))
    for evaluations, generator in generators.items():
        speakers[f"generator@{evaluations}"] = Speaker(generator, tuple(styles))
    voice = "procedural"
    if generators:
        first = next(iter(generators))
        voice = f"generator@{first}"
        speakers["mismatched_style"] = Speaker(generators[first], (far,))
    out: dict[str, list[Sample]] = {}
    for name, speaker in speakers.items():
        made = speak(speaker, sessions, encoder.window_frames, wanted, seed)
        out[name] = [sample.without_start(WARM_UP_S) for sample, _ in made]
        if name == voice:
            out["mismatched_audio"] = [
                mismatched(sample, sessions[(index + away) % len(sessions)]).without_start(WARM_UP_S)
                for sample, index in made
                for away in range(1, min(len(sessions), _OTHERS + 1))
            ]
    return out


def speak(
    speaker: Speaker, sessions: Sequence[Session], window: int, wanted: int, seed: int
) -> list[tuple[Sample, int]]:
    """One method over all sessions, again with the next seed until there are windows enough; each with its session's index.

    Raises:
        ValueError: the sessions are too short, or the method's motion does not fit its speech.
    """
    out: list[tuple[Sample, int]] = []
    windows = round_ = 0
    while windows < _ENOUGH * wanted:
        before = windows
        for index, session in enumerate(sessions):
            style = speaker.styles[(index + round_) % len(speaker.styles)]
            silence = np.zeros_like(session.agent)
            clip, boundaries = speaker.method(session.agent, silence, seed + round_, style, ())
            if abs(len(clip) - session.frames) > 2:
                raise ValueError(f"{session.name}: a method made {len(clip)} frames for {session.frames} of speech")
            frames = min(len(clip), session.frames)
            cut = Clip(clip.fps, clip.rotations[:frames], clip.hips_m[:frames], clip.hands[:frames])
            inside = tuple(frame for frame in boundaries if frame < frames)
            seam_frames = seam_width(inside)
            out.append((Sample(cut, session.onsets_s, session.strength[:frames], inside, seam_frames), index))
            windows += max(0, (frames - round(WARM_UP_S * FPS) - window) // HOP_FRAMES + 1)
        if windows == before:
            raise ValueError(
                f"no session is longer than {WARM_UP_S + window / FPS:g} s; give more or longer recordings"
            )
        round_ += 1
    return out


def between_actors(real: Sequence[NamedClip], encoder: Encoder) -> float:
    """FGD between the two actors with most motion, on as many windows of each; NaN where there is one only."""
    by: dict[str, list[Clip]] = {}
    for item in real:
        if len(item.clip) >= encoder.window_frames:
            by.setdefault(item.actor, []).append(item.clip)
    largest = sorted(by.values(), key=lambda clips: -sum(map(len, clips)))[:2]
    if len(largest) < 2:
        return float("nan")
    features = [encoder.encode(motion_windows(clips, encoder.window_frames)) for clips in largest]
    count = min(map(len, features))
    return frechet_distance(evenly(features[0], count), evenly(features[1], count))


def held_out(root: str | os.PathLike[str]) -> list[NamedClip]:
    """The held-out actors of mpi-ebedb in a data folder.

    Raises:
        ValueError: the data set is absent or not of its layout.
    """
    path = Path(root) / "mpi-ebedb" / "mpi_ebedb_30fps.npz"
    if not path.is_file():
        raise ValueError(f"{path} is missing; `attune data list` says where it comes from, or give --motion FILE.npz")
    return read_narration(path, keep=HELD_OUT_ACTORS)


def mismatched(sample: Sample, other: Session) -> Sample:
    """The same motion with another session's onsets, both cut to the shorter."""
    frames = min(len(sample.clip), other.frames)
    clip = sample.clip
    return replace(
        sample,
        clip=Clip(clip.fps, clip.rotations[:frames], clip.hips_m[:frames], clip.hands[:frames]),
        onsets_s=tuple(time for time in other.onsets_s if time <= frames / FPS),
        strength=other.strength[:frames],
        boundaries=tuple(frame for frame in sample.boundaries if frame < frames),
    )


def _windows(real: Sequence[NamedClip], encoder: Encoder) -> int:
    return len(motion_windows([item.clip for item in real], encoder.window_frames))
