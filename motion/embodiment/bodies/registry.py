"""Bodies by name: what kind it is and, after a colon, where. One table; what a kind needs is imported when it is asked for.

`mujoco:attune`, `mujoco:unitree_g1` or `mujoco:FILE.yaml` are simulated (`catalogue`; the prefix may be left out), `ros:attune` is the
same robot moved by its own ROS 2 controllers (`ros`). Robots and live outputs
are `reachy-mini[:HOST[:PORT]]`, `nao[:HOST[:PORT]]`, `pepper[:...]`, `furhat[:...]`, `unitree-g1[:INTERFACE]`, `vmc[:HOST[:PORT]]`,
`osc[:...]`, `bvh[:PORT]`; before a host `tcp://` or `ws://` may stand. Without an address they are on this machine. Furhat's key comes
from the environment, `ATTUNE_FURHAT_KEY`. A mistake is one `AttuneError` with the nearest name.
"""

from __future__ import annotations

import difflib
import os
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit

import psutil

from motion.embodiment.contract import Embodiment
from runtime.clock import Clock
from runtime.errors import AttuneError

if TYPE_CHECKING:
    from motion.embodiment.bodies.model import RobotModel
    from motion.embodiment.bodies.surroundings import Table

SIMULATED, ROS = "mujoco", "ros"
FURHAT_KEY = "ATTUNE_FURHAT_KEY"
LOOPBACK = "127.0.0.1"
_HOST = re.compile(
    r"(?:(?:tcp|ws)://)?(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?/?"
)
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,14}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of body.

    Attributes:
        driver: module of `motion.embodiment.bodies` and the function in it that makes the driver.
        address: what may stand after the colon.
        port: where no other is named.
        can_touch: whether it stands in the world, where people are: a robot, no figure on a screen.
        one: whether there is only one of it for this machine, whatever the address.
    """

    driver: str
    address: Literal["host", "url", "interface", "port"]
    port: int = 0
    can_touch: bool = True
    one: bool = False


KINDS: dict[str, Kind] = {
    "reachy-mini": Kind("reachy_mini:driver", "host", 8_000),
    "nao": Kind("aldebaran_link:nao", "url", 9_559),
    "pepper": Kind("aldebaran_link:pepper", "url", 9_559),
    "furhat": Kind("furhat:driver", "host", 9_000),
    "unitree-g1": Kind("unitree:driver", "interface", one=True),
    "vmc": Kind("vmc:driver", "host", 39_539, can_touch=False),
    "osc": Kind("osc:driver", "host", 9_000, can_touch=False),
    "bvh": Kind("bvh_stream:driver", "port", 7_001, can_touch=False),
}


def names() -> list[str]:
    """Return every name without an address: the simulated bodies, then robots and live outputs."""
    from motion.embodiment.bodies import catalogue

    return [*(f"{SIMULATED}:{name}" for name in catalogue.names()), ROS, *KINDS]


def open_body(name: str, clock: Clock, table: Table | None = None) -> Embodiment:
    """Return the driver of a body by name; nothing is reached yet.

    Args:
        name: what it is and where.
        clock: session time.
        table: that stands before it; only bodies with a model of their own (`mujoco:`, `ros:`) know of it.

    Raises:
        AttuneError: an unknown body, a bad address, or a table before a body that cannot know of it.
    """
    robot = simulated_robot(name, table)
    if robot is not None:
        from motion.embodiment.bodies.simulated import SimulatedBody

        return SimulatedBody(clock, robot)
    title, _, address = name.partition(":")
    if title == ROS:
        from motion.embodiment.bodies import catalogue
        from motion.embodiment.bodies.ros import RosBody

        return RosBody(clock, catalogue.find(address or "attune", table=table))
    if table is not None:
        raise AttuneError(f"body {title}: it has no model that a table could stand in", "Leave body.table_height_m out")
    kind = KINDS[title]
    given = _address(title, kind, address)
    if title == "furhat" and (key := os.environ.get(FURHAT_KEY, "")):
        given["key"] = key
    module, _, function = kind.driver.partition(":")
    make: Callable[..., Any] = getattr(import_module(f"motion.embodiment.bodies.{module}"), function)
    return cast(Embodiment, make(clock, **given))


def check_body(name: str) -> None:
    """Raise AttuneError where there is no such body, or its address is none; nothing is reached."""
    title, _, address = name.partition(":")
    if title == ROS:
        from motion.embodiment.bodies import catalogue

        catalogue.find(address or "attune")
    elif simulated_robot(name) is None:
        _address(title, KINDS[title], address)


def simulated_robot(name: str, table: Table | None = None) -> RobotModel | None:
    """Return the robot of a simulated body's name, None for other kinds. Raises AttuneError where it is unknown or not here."""
    title, colon, rest = name.partition(":")
    if title in KINDS or title == ROS:
        return None
    from motion.embodiment.bodies import catalogue

    simulated = title == SIMULATED and colon
    robot = rest if simulated else name
    if simulated or robot in catalogue.names() or os.sep in robot or robot.endswith((".yaml", ".yml")):
        return catalogue.find(robot, table=table)
    near = difflib.get_close_matches(title, [ROS, *KINDS, *catalogue.names()], n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise AttuneError(f"there is no body {name[:80]!r}", f"{hint}Known: {', '.join(names())}")


def _address(title: str, kind: Kind, address: str) -> dict[str, Any]:
    """Return what a driver is given for an address, empty for its own choice."""
    if not address:
        return {}
    if kind.address == "interface":
        if _INTERFACE.fullmatch(address):
            return {"interface": address}
        raise AttuneError(f"body {title}: {address[:80]!r} is no network interface", f"Write {title}:eth0")
    if kind.address == "port":
        if address.isdigit() and 0 < int(address) < 65_536:
            return {"port": int(address)}
        raise AttuneError(
            f"body {title}: {address[:80]!r} is no port", f"Write {title}:{kind.port}; it listens on this machine only"
        )
    found = _HOST.fullmatch(address)
    port = int(found["port"] or kind.port) if found else 0
    if not found or not 0 < port < 65_536:
        raise AttuneError(f"body {title}: {address[:80]!r} is no address", f"Write {title}:HOST:{kind.port}")
    return {"url": f"tcp://{found['host']}:{port}"} if kind.address == "url" else {"host": found["host"], "port": port}


def can_touch(name: str) -> bool:
    """Return whether a body can touch people and be touched: a robot, also one behind ROS; no simulation, no figure on a screen.

    Only such a one heeds how near the agent's own eyes see people.
    """
    title = name.partition(":")[0]
    return title == ROS or (title in KINDS and KINDS[title].can_touch)


def one_thing(name: str) -> str:
    """Return what one thing in the world a name means, however it is written; empty for a simulation and a robot behind ROS.

    That one has its own controllers, and only one program takes part in a house as its bridge. Hosts are looked up, which may take long
    (not for an event loop); every address of this machine is the same one. Raises AttuneError for a bad address.
    """
    title, _, address = name.partition(":")
    kind = KINDS.get(title)
    if kind is None:
        return ""
    given = _address(title, kind, address)
    if kind.one:
        return title
    if kind.address == "port":
        return f"{title}:{given.get('port', kind.port)}"
    url = urlsplit(given.get("url", f"tcp://{given.get('host', LOOPBACK)}:{given.get('port', kind.port)}"))
    return f"{title}:{_found(url.hostname or LOOPBACK)}:{url.port}"


def _found(host: str) -> str:
    """Return a host's address, one for all of this machine's; what cannot be looked up stays a name."""
    try:
        address = str(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_DGRAM)[0][4][0])
    except (OSError, UnicodeError):
        return host.lower()
    ours = {one.address for each in psutil.net_if_addrs().values() for one in each if one.family == socket.AF_INET}
    return LOOPBACK if address in ours or ip_address(address).is_loopback else address
