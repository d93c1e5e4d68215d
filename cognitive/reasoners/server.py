"""The connection to the language model server of the slow loop, or one error that says what is missing.

The HTTP library is imported here only, and only where a server is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.errors import AttuneError
from runtime.reasoning import ReasonerLlmSettings

if TYPE_CHECKING:
    from runtime.llm.structured import StructuredClient


def require_server(settings: ReasonerLlmSettings, what: str) -> None:
    """Refuse settings without a server.

    Raises:
        AttuneError: `what` (for people) has none.
    """
    if not settings.base_url:
        raise AttuneError(
            f"profile: cognitive.llm.base_url: {what} needs a server",
            "set it, for example to http://127.0.0.1:11434/v1",
        )


def open_client(settings: ReasonerLlmSettings, what: str) -> StructuredClient:
    """Return a client, which connects on its first request; the caller closes it.

    Args:
        settings: of the server.
        what: who needs it, for people.

    Raises:
        AttuneError: no address, or the library is missing.
    """
    require_server(settings, what)
    try:
        import aiohttp  # noqa: F401
    except ImportError:
        raise AttuneError(f"{what} needs aiohttp, which is not installed", "pip install 'attune[agent]'") from None
    from runtime.llm.structured import StructuredClient, server_of

    return StructuredClient(server_of(settings))
