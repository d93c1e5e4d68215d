"""From pictures in time to events: who arrived, is present, left; and what changed in the picture.

Pure and deterministic: no clock, no randomness, ids from the caller. A face becomes a person after `arrive_after_s`; a
detection that fails now and then neither ends a person nor changes the id; a person leaves after `leave_after_s`
without a face. Boxes are shares of the picture, x right, y down; bearings in radians from a pinhole camera at the
agent's head, yaw positive to the agent's left (the picture's left: the camera's picture is not mirrored), pitch
positive upwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from behavioral.vision.changes import ChangeDetector
from behavioral.vision.contract import Face, Picture
from runtime.clock import NS_PER_S
from runtime.ids import IdSource
from runtime.messages import PersonPercept, VisualChange
from runtime.settings import VisionSettings

Box = tuple[float, float, float, float]

PRESENT_EVERY_S = 1.0
CANDIDATE_LOST_AFTER_S = 0.6
"""A face that has not become a person is forgotten after this without detection: most false ones live shorter."""
MIN_SIGHTINGS = 2
MIN_SIGHTED_SHARE = 0.5
"""A candidate must be found in at least this share of the pictures before it counts as a person."""
NEAR = 0.6
"""Two boxes whose centres are closer than this many of their mean width may be one face (a head that moves fast)."""
_BOX_SMOOTHING = 0.6
_FACING_SMOOTHING = 0.3
MAX_TRACKS = 16


@dataclass(slots=True)
class _Track:
    box: Box
    confidence: float
    first_ns: int
    seen_ns: int
    order: int
    person_id: str = ""
    told_ns: int = 0
    sightings: int = 1
    pictures: int = 1
    facing: float = 1.0


@dataclass(slots=True)
class Tracks:
    """People and changes of one camera.

    Attributes:
        settings: thresholds and the camera's field of view.
        ids: gives fresh person ids.
    """

    settings: VisionSettings
    ids: IdSource
    _tracks: list[_Track] = field(default_factory=list)
    _changes: ChangeDetector = field(default_factory=ChangeDetector)
    _aspect: float = 4.0 / 3.0
    _made: int = 0

    def update(self, picture: Picture, t_ns: int) -> list[PersonPercept | VisualChange]:
        """Take one picture; return what it changed, people first.

        Args:
            picture: what was seen.
            t_ns: session time at which it was taken; never smaller than the last.
        """
        self._aspect = picture.aspect
        matched = self._match(picture.faces)
        events: list[PersonPercept | VisualChange] = []
        for track in self._tracks:
            track.pictures += 1
            face = matched.get(track.order)
            if face is None:
                track.facing *= 1.0 - _FACING_SMOOTHING
                continue
            track.box = _blend(track.box, face.box)
            track.confidence += _BOX_SMOOTHING * (face.confidence - track.confidence)
            track.facing += _FACING_SMOOTHING * (1.0 - track.facing)
            track.seen_ns = t_ns
            track.sightings += 1
        taken = [id(face) for face in matched.values()]
        for face in picture.faces:
            if id(face) not in taken and len(self._tracks) < MAX_TRACKS:
                self._made += 1
                self._tracks.append(_Track(face.box, face.confidence, t_ns, t_ns, self._made))
        for track in list(self._tracks):
            event = self._advance(track, t_ns)
            if event is not None:
                events.append(event)
        change = self._changes.update(picture, t_ns)
        if change is not None:
            magnitude, what = change
            bearing = self.bearing_rad(picture.motion_x, 0.5) if what == "motion" else (0.0, 0.0)
            events.append(VisualChange(magnitude=magnitude, what=what, bearing_rad=bearing, t_ns=t_ns))
        return events

    def end(self, t_ns: int) -> list[PersonPercept]:
        """The camera is off or the file is over: everybody leaves now."""
        events = [self._percept("left", track, t_ns) for track in self._tracks if track.person_id]
        self._tracks.clear()
        self._changes = ChangeDetector()
        return events

    def bearing_rad(self, x: float, y: float) -> tuple[float, float]:
        """Return yaw (left positive) and pitch (up positive) of a point of the picture, given as shares of its size."""
        half_width = math.tan(math.radians(self.settings.horizontal_fov_deg) / 2.0)
        across, up = (0.5 - x) * 2.0 * half_width, (0.5 - y) * 2.0 * half_width / self._aspect
        return math.atan(across), math.atan2(up, math.hypot(1.0, across))

    def _advance(self, track: _Track, t_ns: int) -> PersonPercept | None:
        """Let one track become, stay or cease to be a person."""
        unseen_s = (t_ns - track.seen_ns) / NS_PER_S
        if not track.person_id:
            if unseen_s > CANDIDATE_LOST_AFTER_S:
                self._tracks.remove(track)
            elif (
                unseen_s == 0.0
                and (t_ns - track.first_ns) / NS_PER_S >= self.settings.arrive_after_s
                and track.sightings >= MIN_SIGHTINGS
                and track.sightings >= MIN_SIGHTED_SHARE * track.pictures
            ):
                track.person_id = self.ids.new("person")
                track.told_ns = t_ns
                return self._percept("arrived", track, t_ns)
            return None
        if unseen_s > self.settings.leave_after_s:
            self._tracks.remove(track)
            return self._percept("left", track, t_ns)
        if unseen_s == 0.0 and (t_ns - track.told_ns) / NS_PER_S >= PRESENT_EVERY_S:
            track.told_ns = t_ns
            return self._percept("present", track, t_ns)
        return None

    def _match(self, faces: tuple[Face, ...]) -> dict[int, Face]:
        """Give each track at most one face, the best pairs first; ties go to people, then to the older track."""
        pairs = [
            (score, bool(track.person_id), -track.order, -index)
            for track in self._tracks
            for index, face in enumerate(faces)
            if (score := _likeness(track.box, face.box)) > 0.0
        ]
        matched: dict[int, Face] = {}
        used: list[int] = []
        for _, _, minus_order, minus_index in sorted(pairs, reverse=True):
            if -minus_order not in matched and -minus_index not in used:
                matched[-minus_order] = faces[-minus_index]
                used.append(-minus_index)
        return matched

    def _percept(self, state: str, track: _Track, t_ns: int) -> PersonPercept:
        x, y, width, height = track.box
        return PersonPercept(
            state=state,  # type: ignore[arg-type] # one of the three states, from the callers above
            person_id=track.person_id,
            box=track.box,
            bearing_rad=self.bearing_rad(x + width / 2, y + height / 2),
            confidence=min(1.0, max(0.0, track.confidence)),
            facing=min(1.0, max(0.0, track.facing)),
            t_ns=t_ns,
        )


def _likeness(a: Box, b: Box) -> float:
    """Return 1 to 2 for overlapping boxes (1 + intersection over union), 0 to 1 for near ones of like size, else 0."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width > 0 and height > 0:
        shared = width * height
        return 1.0 + shared / (a[2] * a[3] + b[2] * b[3] - shared)
    mean_width, mean_height = (a[2] + b[2]) / 2, (a[3] + b[3]) / 2
    if mean_width <= 0 or mean_height <= 0 or not 0.5 <= a[2] / max(b[2], 1e-9) <= 2.0:
        return 0.0
    across = (a[0] + a[2] / 2 - b[0] - b[2] / 2) / mean_width
    down = (a[1] + a[3] / 2 - b[1] - b[3] / 2) / mean_height
    return max(0.0, 1.0 - math.hypot(across, down) / (1.0 + NEAR))


def _blend(old: Box, new: Box) -> Box:
    """Return the box moved towards the new one, within the picture."""
    x, y, width, height = (o + _BOX_SMOOTHING * (n - o) for o, n in zip(old, new, strict=True))
    x, y = min(1.0, max(0.0, x)), min(1.0, max(0.0, y))
    return x, y, min(1.0 - x, max(0.0, width)), min(1.0 - y, max(0.0, height))
