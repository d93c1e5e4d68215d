"""An OpenAI-compatible speech server: `POST {base_url}/audio/speech`, the sound streamed as PCM or WAV and played from its first piece on.

Time to the first sound, total time and length are bounded: an answer longer than any reading of its text is cut there.
What is no sound (an error status, JSON or a page, a compressed format, silence) is not played: the embedded voice says
the clause, or the rest of one that breaks off, and `note` says why in one sentence without content. Silence before the
first sound is dropped. The server gives no times; they are aligned (`behavioral.voice.tts.alignment`). Closing the
clause closes the connection, which is how an interruption stops the server. Runs on the room's loop.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncGenerator, Callable

import aiohttp
import numpy as np
from numpy.typing import NDArray

from behavioral.voice.prosody import PLAIN, Prosody, with_gain
from behavioral.voice.tts.alignment import AlignedTimer, Pace
from behavioral.voice.tts.contract import Clause, TextToSpeech
from behavioral.voice.tts.espeak import MAX_TEXT_CHARS
from behavioral.voice.tts.speech_answer import SERVER, SpeechAnswer
from behavioral.voice.tts.streamed import Broken, StreamedClause
from behavioral.voice.tts.timing import normalise
from runtime.offload import Offload
from runtime.settings import VoiceSettings

STANDARD_WPM = 165.0
SPEED = (0.25, 4.0)
USUAL_SPEAKER = "alloy"
LONGEST_FACTOR, LONGEST_EXTRA_S = 3.0, 3.0
"""No reading takes longer than so many times the embedded voice's and so much more."""
SILENT = 33
"""Peak (of 32767) up to which sound counts as none: -60 dBFS."""
KEPT_BEFORE_S = 0.03


class RemoteVoice:
    """A server's voice as a `TextToSpeech`."""

    name = "openai"

    def __init__(
        self,
        settings: VoiceSettings,
        embedded: TextToSpeech,
        aligning: Offload,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Remember the server; connects with the first clause.

        Args:
            settings: the profile's voice section.
            embedded: keeps the time, and speaks where the server does not.
            aligning: where times are computed.
            now_s: a steady clock for the time limits.
        """
        self._speaker = settings.speaker or USUAL_SPEAKER
        self._rate = settings.rate_wpm / STANDARD_WPM
        self._server = settings.server
        self._embedded = embedded
        self._aligning = aligning
        self._now_s = now_s
        self._session: aiohttp.ClientSession | None = None
        self._note = ""
        self._pace = Pace()

    @property
    def note(self) -> str:
        """Why the embedded voice speaks in the server's place; empty while all is well."""
        return self._note

    async def prepare(self) -> None:
        """Start the embedded voice; the server is not called before there is something to say."""
        await self._embedded.prepare()

    async def synthesise(self, text: str, prosody: Prosody = PLAIN) -> Clause:
        """Return the clause with its first sound; see the module's docstring for failures."""
        text = normalise(text, MAX_TEXT_CHARS)
        reference = await self._embedded.synthesise(text, prosody)
        if not re.search(r"\w", text):
            return reference
        try:
            answer = await self._ask(text, prosody)
        except Broken as error:
            self._note = str(error)
            return reference
        longest_s = LONGEST_FACTOR * reference.duration_ms / 1_000.0 / min(1.0, self._rate) + LONGEST_EXTRA_S
        sound = self._sound(answer, round(longest_s * answer.rate_hz), prosody.gain_db)
        clause = StreamedClause(text, answer.rate_hz, sound, AlignedTimer(reference, self._pace, self._aligning))
        return clause if await clause.grow() else reference

    async def aclose(self) -> None:
        """Close the connection and the embedded voice."""
        if self._session is not None:
            await self._session.close()
        await self._embedded.aclose()
        self._aligning.close()

    async def _sound(
        self, answer: SpeechAnswer, longest: int, gain_db: float
    ) -> AsyncGenerator[NDArray[np.int16], None]:
        """Yield an answer's sound from its first audible sample on, at most so many samples; raises `Broken`."""
        made = 0
        silence = np.zeros(0, dtype=np.int16)
        try:
            async for samples in answer.samples():
                if not made:
                    samples = np.concatenate((silence, samples))
                    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > SILENT)
                    if not len(loud):
                        silence = samples
                        if len(silence) >= longest:
                            break
                        continue
                    samples = samples[max(0, int(loud[0]) - round(KEPT_BEFORE_S * answer.rate_hz)) :]
                samples = samples[: longest - made]
                made += len(samples)
                yield with_gain(samples, gain_db)
                if made >= longest:
                    self._note = f"{SERVER} sent more sound than its text has; the rest was cut off"
                    return
            if not made:
                raise Broken(f"{SERVER} sent silence")
            self._note = ""
        except Broken as error:
            self._note = str(error)
            raise
        finally:
            answer.close()

    async def _ask(self, text: str, prosody: Prosody) -> SpeechAnswer:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        server, now_s = self._server, self._now_s()
        key = os.environ.get(server.api_key_env, "")
        body = {
            "model": server.model,
            "voice": self._speaker,
            "input": text,
            "response_format": server.format,
            "speed": round(min(SPEED[1], max(SPEED[0], prosody.rate * self._rate)), 3),
        }
        post = self._session.post(
            f"{server.base_url.rstrip('/')}/audio/speech",
            json=body,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=aiohttp.ClientTimeout(total=None),
        )
        try:
            response = await asyncio.wait_for(post, server.first_audio_timeout_s)
        except TimeoutError:
            raise Broken(f"{SERVER} did not answer within {server.first_audio_timeout_s:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Broken(f"{SERVER} cannot be reached: {type(error).__name__}") from None
        answer = SpeechAnswer(
            response, self._now_s, now_s + server.first_audio_timeout_s, now_s + server.total_timeout_s
        )
        try:
            await answer.open()
        except BaseException:
            answer.close()
            raise
        return answer
