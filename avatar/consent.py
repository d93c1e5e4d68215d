"""Nothing of a person is recorded before that person has agreed.

While the house records, a page says so from its first moment, and the server takes no microphone, camera or typed
text from a page whose person has not agreed: what is refused reaches neither the bus nor the recording. The
agreement itself is published (`Viewer`, state `consented`) and thus recorded with its time. It holds for one page
and one recording: the recording's id lets a page that reconnects tell the recording that it knows from a new one.
"""

from __future__ import annotations

import secrets

import msgspec

from runtime import messages as m
from runtime.room import RoomContext

ID_FILE = "recording_id"


class Recording(msgspec.Struct, frozen=True):
    """What the page tells the person about the recording under way.

    Attributes:
        id: differs between recordings, survives a restart of the avatar room.
        voice: whether the person's sound is kept; the words always are.
        picture: whether the camera's pictures are kept.
    """

    id: str
    voice: bool = True
    picture: bool = False


def recording_of(context: RoomContext) -> Recording | None:
    """Return the recording that the house makes, or None where it makes none.

    Raises:
        OSError: the room's state folder cannot be used.
    """
    if context.session_dir is None:
        return None
    path = context.state_dir / ID_FILE
    recording_id = path.read_text().strip() if path.exists() else ""
    if not recording_id:
        recording_id = secrets.token_hex(8)
        path.write_text(recording_id)
    settings = context.profile.recorder
    return Recording(recording_id, voice=settings.user_audio, picture=settings.video)


def needs_consent(message: m.Message) -> bool:
    """Return whether a page's message holds something of its person, or announces that it will."""
    if isinstance(message, m.Viewer):
        return message.state in ("microphone_on", "camera_on")
    return isinstance(message, (m.UserAudio, m.UserVideo, m.TypedText))
