"""MediaPipe's face mesh as a program of its own: small pictures in on one pipe, 478 points each out on another.

MediaPipe 0.10.21 (the last with its models inside) needs numpy 1, Attune's libraries do not have to; so this file runs under another
Python, that of `vision.mediapipe_python`, and imports nothing of Attune: the standard library, numpy and mediapipe only.

A frame is two little-endian uint32 lengths, a JSON header and a binary payload. Request: `{"sizes": [[width, height]...]}` and the
pictures, uint8 RGB, one after the other. Reply: `{"found": [true, false...]}` and float32 little-endian [faces found, 478, 3]: x
and y as shares of the picture's width and height, z as a share of its width, away from the camera. `{"op": "hello"}` is answered
with `{"mediapipe": version}`. A request that cannot be done is answered with `{"error"}`. It ends when its input closes.
"""

from __future__ import annotations

import importlib
import json
import os
import struct
import sys
from typing import IO, Any

TITLE = "attune: mesh"
MAX_FRAME_BYTES = 64 << 20
MAX_PICTURES = 16
MAX_SIDE = 1_024
_LENGTHS = struct.Struct("<II")


class Mesh:
    """The model; each picture is searched anew, because consecutive ones show different people."""

    def __init__(self) -> None:
        """Load the model."""
        mediapipe: Any = importlib.import_module("mediapipe")  # by name: it is not in Attune's own environment

        self.version = str(mediapipe.__version__)
        self._mesh = mediapipe.solutions.face_mesh.FaceMesh(
            static_image_mode=True, max_num_faces=1, refine_landmarks=True, min_detection_confidence=0.5
        )

    def handle(self, request: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
        """Answer one request; ValueError where it cannot be done."""
        import numpy as np

        if request.get("op") == "hello":
            return {"mediapipe": self.version}, b""
        sizes = request.get("sizes")
        if not isinstance(sizes, list) or len(sizes) > MAX_PICTURES:
            raise ValueError(f"sizes must be a list of at most {MAX_PICTURES} pairs")
        at, found, points = 0, [], []
        for size in sizes:
            width, height = (int(v) for v in size)
            if not 1 <= width <= MAX_SIDE or not 1 <= height <= MAX_SIDE:
                raise ValueError(f"a picture of {width} x {height}")
            rgb = np.frombuffer(payload, np.uint8, width * height * 3, at).reshape(height, width, 3)
            at += rgb.size
            faces = self._mesh.process(rgb).multi_face_landmarks
            found.append(bool(faces))
            if faces:
                points.append(np.array([(p.x, p.y, p.z) for p in faces[0].landmark], np.dtype("<f4")).tobytes())
        return {"found": found}, b"".join(points)


def read_exactly(pipe: IO[bytes], size: int) -> bytes:
    """Read `size` bytes; EOFError where the other end has closed."""
    data = pipe.read(size) if size else b""
    if len(data) < size:
        raise EOFError
    return data


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer requests until the pipe closes; the model is loaded with the first."""
    mesh = None
    while True:
        try:
            head_size, data_size = _LENGTHS.unpack(read_exactly(requests, _LENGTHS.size))
            if head_size + data_size > MAX_FRAME_BYTES:
                return
            head, payload = read_exactly(requests, head_size), read_exactly(requests, data_size)
        except (EOFError, OSError):
            return
        data = b""
        try:
            if mesh is None:
                mesh = Mesh()
            reply, data = mesh.handle(json.loads(head), payload)
        except ImportError as error:
            reply = {"error": f"mediapipe cannot be imported by {sys.executable}: {error}"}
        except (ValueError, TypeError, AttributeError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        answer = json.dumps(reply).encode()
        try:
            replies.write(_LENGTHS.pack(len(answer), len(data)) + answer + data)
            replies.flush()
        except OSError:
            return


def main() -> None:
    """Take the pipes for the protocol; what libraries print goes to standard error."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the owner closes our pipe
    os.environ["GLOG_minloglevel"] = "3"  # noqa: SIM112 - its name
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    serve(requests, replies)


if __name__ == "__main__":
    main()
