"""From pictures in time to events: who arrived, is present, left, what they do; and what changed in the picture.

Pure and deterministic: no clock, no randomness, ids from the caller. A face becomes a person after `arrive_after_s`; a detection that
fails now and then neither ends a person nor changes the id; a person leaves after `leave_after_s` without a face, and whoever looks the
same soon after has come back under the old id (`Departed`). A person is present once a second, and at once where gaze target or speaking
changes. Boxes are shares of the picture, x right, y down; bearings in radians from a pinhole camera, yaw positive to the agent's left
(the picture's left: the camera's picture is not mirrored), pitch positive upwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import msgspec

from behavioral.vision.assignment import Box, best_pairs, likeness, match_score, similarity
from behavioral.vision.changes import ChangeDetector
from behavioral.vision.contract import Face, Picture
from behavioral.vision.departed import Departed
from behavioral.vision.gaze_target import Vector, place_of
from behavioral.vision.signs import Signs
from runtime.clock import NS_PER_S
from runtime.ids import IdSource
from runtime.messages import PersonAct, PersonPercept, VisualChange
from runtime.settings import VisionSettings

Event = PersonPercept | PersonAct | VisualChange

PRESENT_EVERY_S = 1.0
CANDIDATE_LOST_AFTER_S = 0.6
"""A face that has not become a person is forgotten after this without detection: most false ones live shorter."""
MIN_SIGHTINGS = 2
MIN_SIGHTED_SHARE = 0.5
"""A candidate must be found in at least this share of the pictures before it counts as a person."""
MAX_TRACKS = 16
_BOX_SMOOTHING = 0.6
_SPEED_SMOOTHING = 0.4
_LOOKS_SMOOTHING = 0.1
PERSON_FIRST = 0.05
"""What a known person's claim to a face has over a candidate's."""
FORESEE_S = 0.6
"""A face that is not seen is expected further along its way for no longer than this."""


@dataclass(slots=True)
class _Track:
    box: Box
    confidence: float
    first_ns: int
    seen_ns: int
    order: int
    looks: tuple[float, ...] | None = None
    speed: tuple[float, float] = (0.0, 0.0)  # of the centre, picture sizes per second
    person_id: str = ""
    told_ns: int = 0
    sightings: int = 1
    pictures: int = 1
    spoke: bool = False
    signs: Signs = field(default_factory=Signs)

    def expected(self, t_ns: int) -> Box:
        """Return where the face should be by now."""
        gap_s = min(FORESEE_S, (t_ns - self.seen_ns) / NS_PER_S)
        x, y, width, height = self.box
        return x + gap_s * self.speed[0], y + gap_s * self.speed[1], width, height

    def see(self, face: Face, t_ns: int, *, alone: bool) -> None:
        """Take the face of a new picture; its looks are learnt while no other face is in the way."""
        gap_s, old, expected = (t_ns - self.seen_ns) / NS_PER_S, self.box, self.expected(t_ns)
        if likeness(expected, face.box) <= 1.0:  # found again elsewhere: how it came there is not known
            self.box, self.speed = face.box, (0.0, 0.0)
        else:
            self.box = _blend(expected, face.box)
            if gap_s > 0.0:
                self.speed = _eased_speed(self.speed, old, self.box, gap_s)
        if self.looks is None or face.appearance is None or len(self.looks) != len(face.appearance):
            self.looks = face.appearance if self.looks is None else self.looks
        elif alone:
            self.looks = tuple(o + _LOOKS_SMOOTHING * (n - o) for o, n in zip(self.looks, face.appearance, strict=True))
        self.confidence += _BOX_SMOOTHING * (face.confidence - self.confidence)
        self.seen_ns = t_ns
        self.sightings += 1


@dataclass(slots=True)
class Tracks:
    """People and changes of one camera.

    Attributes:
        settings: thresholds, the camera's place and field of view, known objects.
        ids: gives fresh person ids.
    """

    settings: VisionSettings
    ids: IdSource
    _tracks: list[_Track] = field(default_factory=list)
    _departed: Departed = field(default_factory=Departed)
    _changes: ChangeDetector = field(default_factory=ChangeDetector)
    _aspect: float = 4.0 / 3.0
    _made: int = 0

    def update(self, picture: Picture, t_ns: int) -> list[Event]:
        """Take one picture; return what it changed, people first.

        Args:
            picture: what was seen.
            t_ns: session time at which it was taken; never smaller than the last.
        """
        self._aspect = picture.aspect
        matched = self._match(picture.faces, t_ns)
        acts: list[Event] = []
        for track in self._tracks:
            track.pictures += 1
            face = matched.get(track.order)
            if face is None:
                done = track.signs.miss(t_ns)
            else:
                track.see(
                    face, t_ns, alone=all(one is face or likeness(one.box, face.box) < 1.0 for one in picture.faces)
                )
                done = track.signs.take(face, t_ns)
            acts += [msgspec.structs.replace(act, person_id=track.person_id) for act in done if track.person_id]
        taken = [id(face) for face in matched.values()]
        for face in picture.faces:
            if id(face) not in taken and len(self._tracks) < MAX_TRACKS:
                self._made += 1
                track = _Track(face.box, face.confidence, t_ns, t_ns, self._made, face.appearance)
                track.signs.take(face, t_ns)
                self._tracks.append(track)
        events: list[Event] = []
        news = self._look(t_ns)
        for track in list(self._tracks):
            event = self._advance(track, t_ns, news=track.order in news)
            if event is not None:
                events.append(event)
        events += acts
        change = self._changes.update(picture, t_ns)
        if change is not None:
            magnitude, what = change
            bearing = self.bearing_rad(picture.motion_x, 0.5) if what == "motion" else (0.0, 0.0)
            events.append(VisualChange(magnitude=magnitude, what=what, bearing_rad=bearing, t_ns=t_ns))
        return events

    def present(self, t_ns: int) -> list[PersonPercept]:
        """Return every person as seen now, for the fast loop; the bus gets the rarer ones of `update`."""
        return [self._percept("present", track, t_ns) for track in self._tracks if track.person_id]

    def end(self, t_ns: int) -> list[Event]:
        """The camera is off or the file is over: everybody leaves now."""
        events: list[Event] = []
        for track in self._tracks:
            if track.person_id:
                events += [msgspec.structs.replace(act, person_id=track.person_id) for act in track.signs.forget(t_ns)]
                events.append(self._percept("left", track, t_ns))
                self._departed.left(track.person_id, track.looks, t_ns)
        self._tracks.clear()
        self._changes = ChangeDetector()
        return events

    def bearing_rad(self, x: float, y: float) -> tuple[float, float]:
        """Return yaw (left positive) and pitch (up positive) of a point of the picture, given as shares of its size."""
        half_width = math.tan(math.radians(self.settings.horizontal_fov_deg) / 2.0)
        across, up = (0.5 - x) * 2.0 * half_width, (0.5 - y) * 2.0 * half_width / self._aspect
        return math.atan(across), math.atan2(up, math.hypot(1.0, across))

    def _look(self, t_ns: int) -> set[int]:
        """Judge everybody's gaze target; return the orders of the tracks with news of gaze or speaking."""
        people = [track for track in self._tracks if track.person_id and track.seen_ns == t_ns]
        camera: Vector = self.settings.camera_at_m
        places = {t.person_id: place_of(self._bearing(t), t.signs.distance_m, camera) for t in people}
        news = set()
        for track in people:
            others = {key: place for key, place in places.items() if key != track.person_id}
            place = places[track.person_id]
            if track.signs.look(self._bearing(track), place, others, self.settings.objects, t_ns):
                news.add(track.order)
            if track.signs.speaks != track.spoke:
                track.spoke = track.signs.speaks
                news.add(track.order)
        return news

    def _bearing(self, track: _Track) -> tuple[float, float]:
        x, y, width, height = track.box
        return self.bearing_rad(x + width / 2, y + height / 2)

    def _advance(self, track: _Track, t_ns: int, *, news: bool) -> PersonPercept | None:
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
                track.person_id = self._departed.back(track.looks, t_ns) or self.ids.new("person")
                track.told_ns = t_ns
                return self._percept("arrived", track, t_ns)
            return None
        if unseen_s > self.settings.leave_after_s:
            self._tracks.remove(track)
            self._departed.left(track.person_id, track.looks, t_ns)
            return self._percept("left", track, t_ns)
        if unseen_s == 0.0 and (news or (t_ns - track.told_ns) / NS_PER_S >= PRESENT_EVERY_S):
            track.told_ns = t_ns
            return self._percept("present", track, t_ns)
        return None

    def _match(self, faces: tuple[Face, ...], t_ns: int) -> dict[int, Face]:
        """Give each track at most one face; people come first where all else is equal."""
        scores: dict[tuple[int, int], float] = {}
        for track in self._tracks:
            expected, unseen_s = track.expected(t_ns), (t_ns - track.seen_ns) / NS_PER_S
            for index, face in enumerate(faces):
                score = match_score(expected, face.box, similarity(track.looks, face.appearance), unseen_s)
                if score > 0.0:
                    scores[track.order, index] = score + (PERSON_FIRST if track.person_id else 0.0)
        return {order: faces[index] for order, index in best_pairs(scores).items()}

    def _percept(self, state: str, track: _Track, t_ns: int) -> PersonPercept:
        plain = PersonPercept(
            state=state,  # type: ignore[arg-type] # one of the three states, from the callers above
            person_id=track.person_id,
            box=track.box,
            bearing_rad=self._bearing(track),
            confidence=min(1.0, max(0.0, track.confidence)),
            t_ns=t_ns,
        )
        return track.signs.percept(plain)


def _eased_speed(speed: tuple[float, float], old: Box, new: Box, gap_s: float) -> tuple[float, float]:
    """Return the speed of the centre in picture sizes per second after a move from one box to another."""
    ease = _SPEED_SMOOTHING if gap_s < FORESEE_S else 1.0
    across = (new[0] + new[2] / 2 - old[0] - old[2] / 2) / gap_s
    down = (new[1] + new[3] / 2 - old[1] - old[3] / 2) / gap_s
    return speed[0] + ease * (across - speed[0]), speed[1] + ease * (down - speed[1])


def _blend(old: Box, new: Box) -> Box:
    """Return the box moved towards the new one, within the picture."""
    x, y, width, height = (o + _BOX_SMOOTHING * (n - o) for o, n in zip(old, new, strict=True))
    x, y = min(1.0, max(0.0, x)), min(1.0, max(0.0, y))
    return x, y, min(1.0 - x, max(0.0, width)), min(1.0 - y, max(0.0, height))
