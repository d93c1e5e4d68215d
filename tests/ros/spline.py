"""How a joint trajectory controller moves ideal joints: by cubic splines through a trajectory's points, from where the joints are."""

from __future__ import annotations


class Spline:
    """`fastest` and `hardest` are the greatest velocity and acceleration of any joint so far, of the spline itself."""

    def __init__(self, position):
        self.position, self.velocity = list(position), [0.0] * len(position)
        self.fastest = self.hardest = 0.0
        self._at_s, self._pieces = 0.0, []

    @property
    def moves(self):
        return bool(self._pieces)

    def follow(self, now_s, points):
        """Replace what was followed by points (seconds from now, positions, velocities)."""
        self.advance(now_s)
        before = (0.0, self.position, self.velocity)
        self._pieces = []
        for point in points:
            assert point[0] > before[0], "times must rise"
            self._pieces.append((now_s + before[0], now_s + point[0], _cubics(before, point)))
            before = point

    def hold(self):
        """Stand where it is, at once."""
        self._pieces, self.velocity = [], [0.0] * len(self.position)

    def advance(self, now_s):
        """Move on until now."""
        for from_s, to_s, cubics in list(self._pieces):
            begin, end = max(self._at_s, from_s) - from_s, min(now_s, to_s) - from_s
            if end >= begin:
                for at in (begin, end):
                    self.hardest = max(self.hardest, *(abs(2 * c + 6 * d * at) for _, _, c, d in cubics))
                self.position = [a + b * end + c * end**2 + d * end**3 for a, b, c, d in cubics]
                self.velocity = [b + 2 * c * end + 3 * d * end**2 for _, b, c, d in cubics]
                self.fastest = max(self.fastest, *map(abs, self.velocity))
            if now_s >= to_s:
                self._pieces.pop(0)
        self._at_s = now_s


def _cubics(before, after):
    time_s, made = after[0] - before[0], []
    for p0, v0, p1, v1 in zip(before[1], before[2], after[1], after[2], strict=True):
        way = p1 - p0
        made.append(
            (p0, v0, 3 * way / time_s**2 - (2 * v0 + v1) / time_s, -2 * way / time_s**3 + (v0 + v1) / time_s**2)
        )
    return made
