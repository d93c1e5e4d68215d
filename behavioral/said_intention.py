"""A dialogue intention while the agent says it: whether it is over, and how to break it off. Runs on the room's loop."""

from __future__ import annotations

from dataclasses import dataclass

from behavioral.response import Response
from behavioral.responses import Responses


@dataclass(slots=True)
class SaidIntention:
    """A dialogue intention being said; implements the realiser's `Running`."""

    responses: Responses
    response: Response
    from_ns: int = 0

    def finished(self, now_ns: int) -> str | None:
        """Done when the response has ended; broken off with the reason otherwise."""
        return self.response.why_ended if self.response.ended else None

    def cancel(self, now_ns: int) -> None:
        """Stop saying it; another response is left alone."""
        self.responses.drop(self.response, now_ns, "a newer intention")
