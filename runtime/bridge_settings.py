"""The `bridge` section of a profile: where an outside program (ROS 2) joins the house with both hands. Needs only msgspec."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from runtime.section import Port, Positive, Section


class BridgeSettings(Section, frozen=True, kw_only=True):
    """The bridge's room, which a command adds to the house where it is wanted."""

    host: str = "127.0.0.1"
    """Address to bind. Anything but loopback needs `curve_keys`."""
    port: Port = 8772
    """TCP port; 0 takes any free one, which `bridge.json` in the room's state folder names."""
    curve_keys: str = ""
    """Folder of CURVE certificates (`attune keys`), needed beyond loopback."""
    silent_after_ms: Positive = 200.0
    """A program that has running joint goals and says nothing for this long has lost them: they are aborted."""
    programs_max: Annotated[int, Meta(ge=1, le=64)] = 4
    """Programs that may be joined at one time."""
