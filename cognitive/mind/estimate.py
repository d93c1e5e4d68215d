"""Hidden variables of a mind and how evidence moves them: two-state chains, one-dimensional Kalman filters, a categorical chain.

Each is a forward filter. Between observations a two-state variable relaxes to its prior as a two-state Markov chain in continuous
time does, p(t) = p0 + (p - p0) exp(-t / tau); an observation adds its log-likelihood ratio (nats) to the log-odds. A gauged
variable is an Ornstein-Uhlenbeck process that is observed with Gaussian noise. Every estimate keeps the observations that moved
it most, so that it can be asked why. Times are session ns, tau in seconds. Pure arithmetic, no allocation but for a reason that
is kept.
"""

from __future__ import annotations

import math

from msgspec import Struct, field

from runtime.clock import NS_PER_S

REASONS_MAX = 6
MERGE_S = 4.0
"""Equal observations within this are one reason, whose weight adds up."""
NOTABLE = 0.05
"""An observation that moves less (nats) is no reason."""
NOTABLE_SHIFT = 0.005
"""Nor is one that moves a quantity by less: many small ones in a row are one reason."""
LOG_ODDS_MAX = 6.0
"""About 0.9975: no estimate is ever certain, so that later evidence can still turn it."""


class Reason(Struct, kw_only=True):
    """An observation that moved an estimate: what it was, when it was last made, and by how much it moved (nats or units)."""

    t_ns: int
    cue: str
    weight: float


class Likely(Struct, kw_only=True):
    """A two-state variable: the log-odds that it holds."""

    log_odds: float
    t_ns: int = 0
    reasons: list[Reason] = field(default_factory=list)

    @property
    def p(self) -> float:
        """The probability that it holds."""
        return 1.0 / (1.0 + math.exp(-self.log_odds))

    def relax(self, now_ns: int, prior: float, tau_s: float) -> None:
        """Let time pass."""
        if now_ns > self.t_ns:
            kept = math.exp(-(now_ns - self.t_ns) / NS_PER_S / tau_s)
            p = prior + (self.p - prior) * kept
            self.log_odds = math.log(p / (1.0 - p))
            self.t_ns = now_ns
            fade(self.reasons, now_ns, tau_s)

    def observe(self, t_ns: int, cue: str, log_likelihood_ratio: float) -> None:
        """Take an observation into account."""
        self.log_odds = max(-LOG_ODDS_MAX, min(LOG_ODDS_MAX, self.log_odds + log_likelihood_ratio))
        remember(self.reasons, t_ns, cue, log_likelihood_ratio)


class Gauged(Struct, kw_only=True):
    """A quantity: its mean and variance."""

    mean: float = 0.0
    variance: float
    t_ns: int = 0
    reasons: list[Reason] = field(default_factory=list)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt(self.variance)

    def relax(self, now_ns: int, mean: float, variance: float, tau_s: float) -> None:
        """Let time pass: towards the stationary mean and variance."""
        if now_ns > self.t_ns:
            kept = math.exp(-(now_ns - self.t_ns) / NS_PER_S / tau_s)
            self.mean = mean + (self.mean - mean) * kept
            self.variance = variance + (self.variance - variance) * kept * kept
            self.t_ns = now_ns
            fade(self.reasons, now_ns, tau_s)

    def observe(self, t_ns: int, cue: str, value: float, noise_variance: float) -> None:
        """Take a measurement into account."""
        gain = self.variance / (self.variance + noise_variance)
        moved = gain * (value - self.mean)
        self.mean += moved
        self.variance *= 1.0 - gain
        remember(self.reasons, t_ns, cue, moved, NOTABLE_SHIFT)


class Categorical(Struct, kw_only=True):
    """One of several: their probabilities."""

    shares: dict[str, float]
    t_ns: int = 0
    reasons: list[Reason] = field(default_factory=list)

    def relax(self, now_ns: int, prior: dict[str, float], tau_s: float) -> None:
        """Let time pass."""
        if now_ns > self.t_ns:
            kept = math.exp(-(now_ns - self.t_ns) / NS_PER_S / tau_s)
            for name, share in prior.items():
                self.shares[name] = share + (self.shares.get(name, share) - share) * kept
            self.t_ns = now_ns
            fade(self.reasons, now_ns, tau_s)

    def observe(self, t_ns: int, cue: str, likelihood: dict[str, float]) -> None:
        """Take an observation into account, given its likelihood under each."""
        top = self.top
        for name in self.shares:
            self.shares[name] *= likelihood.get(name, 0.0)
        total = sum(self.shares.values())
        if total <= 0.0:
            even = 1.0 / len(self.shares)
            self.shares = dict.fromkeys(self.shares, even)
            return
        for name in self.shares:
            self.shares[name] /= total
        if self.top != top or not self.reasons:
            remember(self.reasons, t_ns, cue, self.shares[self.top])

    @property
    def top(self) -> str:
        """The most probable."""
        return max(self.shares, key=lambda name: self.shares[name])


def remember(reasons: list[Reason], t_ns: int, cue: str, weight: float, notable: float = NOTABLE) -> None:
    """Keep an observation among the reasons; of too many the weakest gives way."""
    if abs(weight) < notable:
        return
    for reason in reasons:
        if reason.cue == cue and t_ns - reason.t_ns <= MERGE_S * NS_PER_S:
            reason.t_ns, reason.weight = t_ns, reason.weight + weight
            return
    reasons.append(Reason(t_ns=t_ns, cue=cue, weight=weight))
    if len(reasons) > REASONS_MAX:
        reasons.remove(min(reasons, key=lambda reason: abs(reason.weight)))


def fade(reasons: list[Reason], now_ns: int, tau_s: float) -> None:
    """Drop reasons that have lost their weight: older than three time constants."""
    limit_ns = now_ns - round(3 * tau_s * NS_PER_S)
    if reasons and reasons[0].t_ns < limit_ns:
        reasons[:] = [reason for reason in reasons if reason.t_ns >= limit_ns]
