"""A logic with recorded ports, for tests without ROS and without a house."""

from __future__ import annotations

from types import SimpleNamespace

from attune_bridge.logic import Ports


def plain(value):
    """Return a dict, with dicts in it, as an object with attributes, as messages have."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name: plain(each) for name, each in value.items()})
    return [plain(each) for each in value] if isinstance(value, list) else value


class Times:
    def __init__(self):
        self.session, self.ros, self.steady = 10_000_000_000, 1_700_000_000_000_000_000, 5_000_000_000

    def session_ns(self):
        return self.session

    def ros_ns(self):
        return self.ros

    def steady_ns(self):
        return self.steady

    def go_on(self, seconds):
        self.session += round(seconds * 1e9)
        self.ros += round(seconds * 1e9)
        self.steady += round(seconds * 1e9)


class Stand:
    """What a logic has said: `published` by key, `sent` to the house, `ended` goals."""

    def __init__(self, logic_type, **parameters):
        self.times, self.published, self.sent, self.logged = Times(), {}, [], []
        self.followed, self.goals, self.ended, self.fed = set(), [], [], []
        self.there = True
        self.waits = lambda seconds: None  # a test may say something of the house meanwhile
        ports = Ports(
            publish=lambda key, fields, ros_id: self.published.setdefault(key, []).append((fields, ros_id)),
            send=self._send,
            times=self.times,
            follow=lambda key, ros_id, on: (self.followed.add if on else self.followed.discard)((key, ros_id)),
            log=lambda level, text: self.logged.append(text),
            parameters=parameters,
            send_goal=self._send_goal,
            feedback=lambda key, goal_id, fields: self.fed.append((key, goal_id, fields)),
            end=lambda key, goal_id, status, result: self.ended.append((key, goal_id, status, result)),
            wait=lambda condition, seconds: self.waits(seconds) or condition(),
        )
        self.logic = logic_type(ports)

    def _send(self, message):
        if self.there:
            self.sent.append(message)
        return self.there

    def _send_goal(self, key, goal, done):
        self.goals.append((key, goal, done))
        return object()

    def last(self, key):
        return self.published[key][-1][0]

    def of(self, kind):
        return [message for message in self.sent if isinstance(message, kind)]
