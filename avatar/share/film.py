"""A film of a replay page: a headless browser draws one moment after the other, PyAV encodes them with the session's sound (H.264, AAC).

Not in real time: each frame is asked for and waited for, so that a slow machine makes the same film as a fast one. Blocking work.
Needs the extra `render` and a Chromium: the system's, or playwright's own.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.errors import AttuneError
from runtime.session.sound import RATE_HZ

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
    "--disable-background-networking", "--no-first-run",
]  # fmt: skip
"""Software rendering, which is there everywhere and draws the same everywhere."""
READY_TIMEOUT_MS = 60_000
JPEG_QUALITY = 95
VIDEO_CRF = "20"
AUDIO_FRAME = 1_024
RANGE_MPEG, MATRIX_BT709 = 1, 1
"""How a file says which of the ways to write colour as numbers it uses (ITU-T H.273)."""


def film(
    page: Path,
    out: Path,
    sound: NDArray[np.float32],
    *,
    size: tuple[int, int],
    fps: int,
    quality: str,
    progress: Callable[[float], None],
) -> float:
    """Write a film of a replay page; return its length in seconds.

    Args:
        page: the page, as `attune share` writes it.
        out: the .mp4 file to write.
        sound: what is heard, mono, at `RATE_HZ`.
        size: width and height in pixels, both even.
        fps: pictures a second.
        quality: of the drawing, `high` or `low`.
        progress: told the share that is done, from time to time.

    Raises:
        AttuneError: there is no browser, it cannot show the page, or the file cannot be written.
    """
    import av

    with _page(page, size, quality) as tab:
        duration_s = float(tab.evaluate("attuneReplay.recording.duration_s"))
        count = max(1, int(duration_s * fps))
        try:
            with av.open(str(out), "w", options={"movflags": "faststart"}) as container:
                video: Any = container.add_stream("libx264", rate=fps, options={"crf": VIDEO_CRF, "preset": "veryfast"})
                video.width, video.height, video.pix_fmt = *size, "yuv420p"
                video.codec_context.color_range, video.codec_context.colorspace = RANGE_MPEG, MATRIX_BT709
                audio: Any = container.add_stream("aac", rate=RATE_HZ, layout="mono")
                pieces = _audio_frames(sound)
                heard_s = 0.0
                for index in range(count):
                    tab.evaluate(f"attuneReplay.show({index / fps:.6f})")
                    jpeg = io.BytesIO(tab.screenshot(type="jpeg", quality=JPEG_QUALITY))
                    with av.open(jpeg, "r", format="jpeg_pipe") as shot:
                        for picture in shot.decode(video=0):
                            # A screenshot's JPEG has full range; players of H.264 expect 16 to 235.
                            frame = picture.reformat(
                                format="yuv420p", src_color_range="JPEG", dst_color_range="MPEG",
                                src_colorspace="ITU601", dst_colorspace="ITU709",
                            )  # fmt: skip
                            frame.pts, frame.time_base = index, Fraction(1, fps)
                            container.mux(video.encode(frame))
                    # Sound and pictures side by side, as a player reads them.
                    while heard_s <= (index + 1) / fps and (piece := next(pieces, None)) is not None:
                        container.mux(audio.encode(piece))
                        heard_s += AUDIO_FRAME / RATE_HZ
                    if index % fps == 0:
                        progress(index / count)
                for piece in pieces:
                    container.mux(audio.encode(piece))
                container.mux(video.encode())
                container.mux(audio.encode())
        except OSError as error:  # also what PyAV raises: av.FFmpegError is one
            raise AttuneError(f"{out}: {error.strerror or error}", "Choose another place") from error
    return count / fps


def _audio_frames(sound: NDArray[np.float32]) -> Iterator[Any]:
    """Yield a sound in pieces as the encoder takes them."""
    import av

    for at in range(0, len(sound), AUDIO_FRAME):
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis, at : at + AUDIO_FRAME], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
        yield frame


@contextmanager
def _page(page: Path, size: tuple[int, int], quality: str) -> Iterator[Any]:
    """Open the page in a headless browser; yield its tab."""
    from playwright.sync_api import Error, sync_playwright

    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS, chromium_sandbox=False)
        except Error as error:
            raise AttuneError(
                f"attune render: no browser could be started ({str(error).splitlines()[0]})",
                "Install Chromium (Debian: apt-get install chromium), or: playwright install chromium",
            ) from error
        try:
            tab = browser.new_page(viewport={"width": size[0], "height": size[1]})
            tab.goto(f"{page.resolve().as_uri()}?quality={quality}#film")
            tab.wait_for_selector("body[data-ready], #hint:not([hidden])", state="attached", timeout=READY_TIMEOUT_MS)
            if complaint := tab.evaluate("window.attuneReplay ? '' : document.getElementById('hint').textContent"):
                raise AttuneError(f"attune render: the page cannot be shown ({complaint})", "Update the browser")
            yield tab
        except Error as error:
            raise AttuneError(
                f"attune render: the browser failed ({str(error).splitlines()[0]})", "Try again, or with --quality low"
            ) from error
        finally:
            browser.close()
