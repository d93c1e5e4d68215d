"""Piper voices by path: VOICE.onnx with VOICE.onnx.json beside it (VITS; the format of rhasspy/piper and OHF-Voice/piper1-gpl).

We run the network ourselves: the `piper-tts` program is GPL-3 and would bring a second espeak-ng; the network's format
is a table of signs and three inputs. The clause is made in one passage, because VITS is quick and a cut would be heard.
A voice that was exported with alignments (`patch_voice_with_alignment`) times its phonemes itself. Piper has no pitch.
Not reproducible: the network draws noise.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.tts.espeak import Pronounced
from behavioral.voice.tts.onnx_voice import Passage
from behavioral.voice.tts.spelling import Spelling, spell
from runtime.errors import AttuneError

MAX_SIGNS = 1_000
MAX_JSON_BYTES = 4 << 20
_BEGIN, _END, _PAD = "^", "$", "_"


class PiperModel:
    """One Piper voice; implements `behavioral.voice.tts.onnx_voice.VoiceModel`."""

    name = "piper"

    def __init__(self, path: Path, speaker: str = "") -> None:
        """Read the voice's description.

        Args:
            path: of VOICE.onnx.
            speaker: name or number of one of its speakers; empty for the first.

        Raises:
            AttuneError: a file is missing, is not a Piper voice, or has no such speaker.
        """
        description = path.with_name(f"{path.name}.json")
        for file in (path, description):
            if not file.is_file():
                raise AttuneError(
                    f"{file} is missing", "voice.model is the path of VOICE.onnx, with VOICE.onnx.json beside it"
                )
        self.path = path
        try:
            if description.stat().st_size > MAX_JSON_BYTES:
                raise ValueError("too large")
            config = json.loads(description.read_text(encoding="utf-8"))
            self.sample_rate_hz = int(config["audio"]["sample_rate"])
            self._ids = {str(sign): [int(one) for one in ids] for sign, ids in config["phoneme_id_map"].items()}
            inference: dict[str, Any] = config.get("inference", {})
            self._scales = [
                float(inference.get(key, usual))
                for key, usual in (("noise_scale", 0.667), ("length_scale", 1.0), ("noise_w", 0.8))
            ]
            kind = config.get("phoneme_type", "espeak")
            self.language = str(config.get("espeak", {}).get("voice", "en-us"))
            speakers = {str(name): int(number) for name, number in (config.get("speaker_id_map") or {}).items()}
            count = int(config.get("num_speakers", 1))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AttuneError(
                f"{description} describes no Piper voice ({error})", "take the .onnx.json that came with the voice"
            ) from None
        if kind != "espeak":
            raise AttuneError(
                f"{description}: phoneme_type {kind!r} is not supported", "take a voice that is spelled by espeak"
            )
        if not 8_000 <= self.sample_rate_hz <= 48_000 or any(sign not in self._ids for sign in (_BEGIN, _END, _PAD)):
            raise AttuneError(f"{description} describes no Piper voice", "take the .onnx.json that came with the voice")
        self._speaker = _speaker(speaker, speakers, count)

    def spell(self, pronounced: Pronounced) -> Spelling:
        """Spell a clause; signs that the voice does not know are left out of its input."""
        return spell(pronounced.clause.text, pronounced.words)

    def passages(self, spelling: Spelling, rate: float) -> list[Passage]:
        """Return the clause as one passage."""
        pad = self._ids[_PAD]
        ids = [*self._ids[_BEGIN], *pad]
        firsts: list[int] = []
        known = 0
        for sign in spelling.signs[:MAX_SIGNS]:
            firsts.append(len(ids))
            found = self._ids.get(sign) or self._ids.get(unicodedata.normalize("NFC", sign))
            if found:
                ids += [*found, *pad]
                known += 1
        firsts += [len(ids)] * (len(spelling.signs) - len(firsts))
        ids += self._ids[_END]
        if known == 0:
            return []
        noise, length, noise_w = self._scales
        tensors: dict[str, NDArray[Any]] = {
            "input": np.array([ids], dtype=np.int64),
            "input_lengths": np.array([len(ids)], dtype=np.int64),
            "scales": np.array([noise, length / rate, noise_w], dtype=np.float32),
            "sid": np.array([self._speaker], dtype=np.int64),
        }
        return [Passage(tensors, 0, tuple(firsts))]


def _speaker(wanted: str, named: dict[str, int], count: int) -> int:
    if not wanted:
        return 0
    if wanted in named:
        return named[wanted]
    if wanted.isdigit() and int(wanted) < max(1, count):
        return int(wanted)
    known = ", ".join(sorted(named)[:8]) or f"numbers 0 to {max(1, count) - 1}"
    raise AttuneError(f"voice.speaker {wanted!r} is not one of this Piper voice", f"it has {known}")
