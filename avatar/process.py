"""The avatar room: runs the page server until it is stopped.

Started by the supervisor like every room; it is ready when the page can be opened. Option of the launch: `port`,
which overrides the profile's.
"""

from __future__ import annotations

import asyncio

import msgspec

from avatar.consent import recording_of
from avatar.console.pulse import SILENT_AFTER_S
from avatar.console.server import Console
from avatar.server import AvatarServer
from avatar.tls import certificate_of
from avatar.vrm_file import character_of
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError
from runtime.room import RoomContext
from runtime.settings import AvatarSettings

INTERRUPT_VALID_S = 1.0
INTERRUPT_LABEL = "stop"
MISSED_BEATS = 4
"""So many heartbeats must be missing before an operator is told that a room is silent."""


def _console(context: RoomContext, settings: AvatarSettings) -> Console | None:
    """Return the operator console where the launch asks for one; a replay has nobody to operate."""
    if not settings.operator_token or context.options.get("replay_dir"):
        return None
    return Console(
        context.bus,
        context.clock,
        context.ids,
        settings,
        recorded=context.session_dir is not None,
        counters=context.counters,
        silent_after_s=max(SILENT_AFTER_S, MISSED_BEATS * context.profile.supervisor.heartbeat_s),
    )


async def serve(context: RoomContext) -> None:
    """Serve the page; raises AttuneError when the address or the character cannot be used."""
    if context.virtual:
        raise AttuneError("the avatar page needs real time", "Leave the avatar room out of runs with --speed max")
    settings = context.profile.avatar
    port = context.options.get("port")
    if port is not None:
        settings = msgspec.structs.replace(settings, port=int(port))
    certificate = certificate_of(settings)
    cognitive = context.profile.cognitive
    client = context.open_intention_client("avatar")

    def interrupt() -> None:
        now_ns = context.clock.now_ns()
        client.send(
            m.Intention(
                t_ns=now_ns,
                id=context.ids.new("intention"),
                kind="dialogue",
                label=INTERRUPT_LABEL,
                created_ns=now_ns,
                valid_until_ns=now_ns + int(INTERRUPT_VALID_S * NS_PER_S),
                priority=9,
                trigger="viewer",
            )
        )

    async def drain_answers() -> None:
        async for _ in client.answers:  # answers reach the pages as events on the bus
            pass

    console = _console(context, settings)
    server = AvatarServer(
        context.bus,
        context.clock,
        settings,
        counters=context.counters,
        on_interrupt=interrupt,
        replay=bool(context.options.get("replay_dir")),
        recording=recording_of(context),
        character=character_of(settings),
        remembers=cognitive.enabled and cognitive.long_term.enabled and bool(cognitive.long_term.folder),
        tls=None if certificate is None else certificate.server_context(),
        console=console,
    )
    answers = asyncio.create_task(drain_answers())
    try:
        await server.start()
        context.status["detail"] = f"page on port {server.port}"
        started_ns = await context.session_started()  # says that this room is ready: the page answers from here on
        if console is not None:
            console.session_started(started_ns)
        await asyncio.get_running_loop().create_future()
    finally:
        answers.cancel()
        await server.aclose()
        await client.aclose()
