"""Where the time to a response's first sound goes: text and voice, for the breakdown of an answer's latency. Session ns."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.clock import NS_PER_MS


@dataclass(slots=True)
class FirstSound:
    """When a response began to be made, when its first text came, and when its first clause had sound to play; 0 while not yet."""

    began_ns: int
    text_ns: int = 0
    sound_ns: int = 0

    def text_came(self, now_ns: int) -> None:
        """Take the first text's time."""
        self.text_ns = self.text_ns or now_ns

    def sound_came(self, now_ns: int) -> None:
        """Take the first sound's time."""
        self.sound_ns = self.sound_ns or now_ns

    @property
    def dialogue_ms(self) -> float:
        """How long the first text took."""
        return max(0, self.text_ns - self.began_ns) / NS_PER_MS

    @property
    def voice_ms(self) -> float:
        """How long the first sound took after it."""
        return max(0, self.sound_ns - self.text_ns) / NS_PER_MS if self.text_ns else 0.0
