"""Where pictures go: an mp4 by the program `ffmpeg` (H.264, AAC), else by OpenCV's own writer (MPEG-4 part 2, silent).

A file appears under its name only when it is whole: both write beside it and rename. Blocking. A program that fails, a full disk or a
folder that cannot be written is one `AttuneError` naming the file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import wave
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from runtime.errors import AttuneError

Picture = NDArray[np.uint8]
_QUALITY: Final = "20"
"""x264's constant rate factor: drawn figures show no blocks at it."""
_SOUND_BITS: Final = "128k"
_PATIENCE_S: Final = 120.0
"""How long ffmpeg may take to finish after the last picture."""
SILENT_NOTE: Final = "without sound: the program ffmpeg is not there (Debian: apt-get install ffmpeg)"


class Sink(Protocol):
    """Takes pictures of one size; a context manager whose end completes or discards the file."""

    def write(self, picture: Picture) -> None:
        """Append a picture, blue, green, red."""
        ...

    def __enter__(self) -> Sink:
        """Return the sink."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Complete the file, or discard it after an error."""
        ...


def write_wav(path: Path, samples: NDArray[np.float32], rate_hz: int) -> None:
    """Write mono sound, -1..1, as 16-bit PCM."""
    pcm = np.round(np.clip(np.nan_to_num(samples), -1.0, 1.0) * 32_767.0).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(pcm.tobytes())


class FfmpegSink:
    """Pipes raw pictures into ffmpeg; the sound is a temporary file."""

    def __init__(
        self, program: str, path: Path, width: int, height: int, fps: float, sound: tuple[NDArray[np.float32], int] | None
    ) -> None:  # fmt: skip
        """Start the program.

        Args:
            program: path of ffmpeg.
            path: of the mp4.
            width: pixels, even.
            height: pixels, even.
            fps: pictures per second.
            sound: samples and their rate, or None.

        Raises:
            AttuneError: the folder cannot be written.
        """
        self._path = path
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=".attune-", dir=path.parent))
        except OSError as error:
            raise _unwritable(path, error) from error
        self._made = self._folder / "video.mp4"
        self._said: IO[bytes] | None = None
        try:
            inputs = [
                "-f",
                "rawvideo",
                "-pix_fmt",
                "bgr24",
                "-s",
                f"{width}x{height}",
                "-r",
                f"{fps:.6f}",
                "-i",
                "pipe:0",
            ]
            encoders = ["-c:v", "libx264", "-preset", "veryfast", "-crf", _QUALITY, "-pix_fmt", "yuv420p"]
            if sound is not None:
                write_wav(self._folder / "sound.wav", *sound)
                inputs += ["-i", str(self._folder / "sound.wav")]
                encoders += ["-c:a", "aac", "-b:a", _SOUND_BITS]
            # One thread: other work goes on beside it.
            command = [program, "-nostdin", "-loglevel", "error", "-y", *inputs, *encoders, "-threads", "1"]
            command += ["-movflags", "+faststart", str(self._made)]
            self._said = open(self._folder / "said", "w+b")  # noqa: SIM115 (closed by `_clear`)
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._said
            )
        except OSError as error:
            self._clear()
            raise _unwritable(path, error) from error

    def write(self, picture: Picture) -> None:
        """Append a picture.

        Raises:
            AttuneError: ffmpeg has ended.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(np.ascontiguousarray(picture).data)
        except OSError as error:
            raise self._failed() from error

    def __enter__(self) -> FfmpegSink:
        """Return the sink."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the program and put the file in its place; after an error end the program and leave nothing."""
        try:
            if kind is not None:
                self._process.kill()
            try:
                self._process.communicate(timeout=_PATIENCE_S)
            except (OSError, subprocess.TimeoutExpired):
                self._process.kill()
            status = self._process.wait()
            if kind is None:
                if status != 0 or not self._made.is_file():
                    raise self._failed()
                try:
                    os.replace(self._made, self._path)
                except OSError as fault:
                    raise _unwritable(self._path, fault) from fault
        finally:
            self._clear()

    def _failed(self) -> AttuneError:
        assert self._said is not None
        self._said.seek(0)
        lines = self._said.read(4_096).decode(errors="replace").strip().splitlines()
        reason = lines[-1][:200] if lines else "it said nothing"
        return AttuneError(
            f"{self._path}: ffmpeg could not write it ({reason})", "free the disk or use an ffmpeg with libx264"
        )

    def _clear(self) -> None:
        if self._said is not None:
            self._said.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class OpenCvSink:
    """OpenCV's own writer; no sound."""

    def __init__(self, cv2: Any, path: Path, width: int, height: int, fps: float) -> None:
        """Open the file.

        Raises:
            AttuneError: it cannot be written.
        """
        self._path = path
        self._made = path.with_name(f".{path.stem}-{os.getpid()}.mp4")
        if not path.parent.is_dir():
            raise AttuneError(f"{path} cannot be written ({path.parent} is no folder)", "choose another place")
        self._writer = cv2.VideoWriter(str(self._made), cv2.VideoWriter_fourcc(*"mp4v"), float(fps), (width, height))
        if not self._writer.isOpened():
            self._made.unlink(missing_ok=True)
            raise AttuneError(f"{path} cannot be written as video by OpenCV", "choose another place or install ffmpeg")

    def write(self, picture: Picture) -> None:
        """Append a picture."""
        self._writer.write(picture)

    def __enter__(self) -> OpenCvSink:
        """Return the sink."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Complete the file; after an error leave nothing."""
        self._writer.release()
        if kind is not None:
            self._made.unlink(missing_ok=True)
            return
        try:
            os.replace(self._made, self._path)
        except OSError as fault:
            raise _unwritable(self._path, fault) from fault


def _unwritable(path: Path, error: OSError) -> AttuneError:
    return AttuneError(f"{path} cannot be written ({error.strerror or error})", "choose another place")
