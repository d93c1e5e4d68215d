"""The intention contract at the fast side: acceptance, timing, channels, supersession, answers."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behavioral.body.realiser import VALID_S, WAITING_MAX, Realiser, Refused, Running
from runtime.clock import NS_PER_S
from runtime.messages import FINAL_STATES, Intention, IntentionAnswer, IntentionCancel, Timing

TICK_NS = 20_000_000


@dataclass
class Act:
    """A scripted act that ends at a time."""

    end_ns: int
    from_ns: int = 0
    cancelled_ns: int = -1
    broke_off: str = ""

    def finished(self, now_ns: int) -> str | None:
        return self.broke_off if now_ns >= self.end_ns or self.broke_off else None

    def cancel(self, now_ns: int) -> None:
        self.cancelled_ns = now_ns


@dataclass
class ScriptedActs:
    """Everything succeeds, unless told otherwise."""

    free: bool = True
    length_s: float = 1.0
    delay_s: float = 0.0
    refuse_check: str = ""
    refuse_begin: str = ""
    begun: dict[str, Act] = field(default_factory=dict)

    def check(self, intention: Intention) -> None:
        if self.refuse_check:
            raise Refused(self.refuse_check)

    def may_begin(self, intention: Intention, now_ns: int) -> bool:
        return self.free or intention.timing.when == "now"

    def begin(self, intention: Intention, now_ns: int) -> Running:
        if self.refuse_begin:
            raise Refused(self.refuse_begin)
        end_ns, from_ns = (now_ns + round(s * NS_PER_S) for s in (self.length_s, self.delay_s))
        self.begun[intention.id] = Act(end_ns, from_ns)
        return self.begun[intention.id]


class Bench:
    """A realiser with scripted acts, driven tick by tick."""

    def __init__(self) -> None:
        self.acts = ScriptedActs()
        self.answers: list[IntentionAnswer] = []
        self.latencies_ms: list[float] = []
        self.realiser = Realiser(self.acts, self.answers.append, lambda ms, _: self.latencies_ms.append(ms))
        self.tick_index = 0
        self.shaping: tuple[str, ...] = ()

    @property
    def now_ns(self) -> int:
        return self.tick_index * TICK_NS

    def send(self, intention: Intention) -> None:
        self.realiser.receive(intention, self.now_ns)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * NS_PER_S / TICK_NS)):
            self.realiser.tick(self.now_ns)
            self.shaping = self.realiser.shaping(self.now_ns)
            self.realiser.frame_sent(self.now_ns, self.tick_index)
            self.tick_index += 1

    def states(self, intention_id: str) -> list[str]:
        return [a.state for a in self.answers if a.intention_id == intention_id]


def gesture(name: str, **fields: object) -> Intention:
    return Intention(id=name, kind="gesture", label="wave", **fields)  # type: ignore[arg-type] # test shorthand


def test_a_plain_intention_is_accepted_started_and_finished() -> None:
    bench = Bench()
    bench.send(gesture("a"))
    bench.run(2.0)
    assert bench.states("a") == ["accepted", "started", "finished"]
    started = next(a for a in bench.answers if a.state == "started")
    assert started.frame == 0
    assert bench.latencies_ms == [0.0]


def test_what_the_body_cannot_do_is_rejected_with_the_reason() -> None:
    bench = Bench()
    bench.acts.refuse_check = "this body cannot walk"
    bench.send(gesture("a"))
    bench.run(0.1)
    assert bench.states("a") == ["rejected"]
    assert bench.answers[0].reason == "this body cannot walk"


def test_one_that_never_gets_its_moment_expires() -> None:
    bench = Bench()
    bench.acts.free = False
    bench.send(gesture("a", timing=Timing(when="turn_end")))
    bench.run(VALID_S["gesture"] + 0.2)
    assert bench.states("a") == ["accepted", "expired"]


def test_a_limit_set_by_the_sender_counts() -> None:
    bench = Bench()
    bench.acts.free = False
    bench.send(gesture("a", timing=Timing(when="turn_end"), valid_until_ns=NS_PER_S))
    bench.run(1.2)
    assert bench.states("a") == ["accepted", "expired"]


def test_a_newer_one_of_the_same_channel_supersedes() -> None:
    bench = Bench()
    bench.send(gesture("a"))
    bench.run(0.2)
    bench.send(gesture("b"))
    bench.run(2.0)
    assert bench.states("a") == ["accepted", "started", "superseded"]
    assert bench.states("b") == ["accepted", "started", "finished"]
    superseded = next(a for a in bench.answers if a.state == "superseded")
    assert superseded.superseded_by == "b"
    assert bench.acts.begun["a"].cancelled_ns >= 0


def test_what_waits_and_is_taken_back_never_begins() -> None:
    bench = Bench()
    bench.acts.free = False
    bench.send(gesture("a", timing=Timing(when="turn_end")))
    bench.run(0.2)
    bench.realiser.take(IntentionCancel(intention_id="a", reason="the person speaks"), bench.now_ns)
    bench.acts.free = True
    bench.run(2.0)
    assert bench.states("a") == ["accepted", "cancelled"] and bench.acts.begun == {}
    assert bench.answers[-1].reason == "the person speaks"


def test_what_goes_on_and_is_taken_back_ends_smoothly_and_frees_its_channel() -> None:
    bench = Bench()
    bench.send(gesture("a", priority=6))
    bench.run(0.2)
    bench.send(gesture("b", priority=3))
    bench.realiser.take(IntentionCancel(intention_id="a"), bench.now_ns)
    bench.run(2.0)
    assert bench.states("a") == ["accepted", "started", "cancelled"] and bench.acts.begun["a"].cancelled_ns >= 0
    assert bench.states("b") == ["accepted", "started", "finished"]


def test_taking_back_what_is_over_or_unknown_changes_nothing() -> None:
    bench = Bench()
    bench.send(gesture("a"))
    bench.run(2.0)
    for name in ("a", "nobody's"):
        bench.realiser.take(IntentionCancel(intention_id=name), bench.now_ns)
    assert bench.states("a") == ["accepted", "started", "finished"] and len(bench.answers) == 3


def test_a_less_important_one_waits_for_the_channel() -> None:
    bench = Bench()
    bench.send(gesture("a", priority=7))
    bench.run(0.2)
    bench.send(gesture("b", priority=3))
    bench.run(0.2)
    assert bench.states("b") == ["accepted"]
    bench.run(2.5)
    assert bench.states("a")[-1] == "finished"
    assert bench.states("b")[-1] == "finished"


def test_different_channels_go_on_side_by_side() -> None:
    bench = Bench()
    bench.send(gesture("a"))
    bench.send(Intention(id="b", kind="gaze"))
    bench.run(0.1)
    assert set(bench.shaping) == {"a", "b"}


def test_an_act_that_shows_later_names_its_first_frame_then() -> None:
    bench = Bench()
    bench.acts.delay_s = 0.2
    bench.send(gesture("a"))
    bench.run(0.2)
    assert (bench.states("a"), bench.shaping) == (["accepted"], ())
    bench.run(0.2)
    assert bench.shaping == ("a",)
    (started,) = (answer for answer in bench.answers if answer.state == "started")
    assert started.frame == round(0.2 * NS_PER_S / TICK_NS)
    assert bench.latencies_ms == [pytest.approx(200.0)]


def test_earliest_is_respected() -> None:
    bench = Bench()
    bench.send(gesture("a", timing=Timing(earliest_ns=NS_PER_S)))
    bench.run(0.9)
    assert bench.states("a") == ["accepted"]
    bench.run(0.3)
    assert bench.states("a") == ["accepted", "started"]


def test_a_flood_is_bounded() -> None:
    bench = Bench()
    bench.acts.free = False
    for i in range(WAITING_MAX + 10):
        bench.send(gesture(f"i{i}", timing=Timing(when="turn_end")))
    assert sum(a.state == "rejected" for a in bench.answers) == 10


def test_a_broken_off_act_says_why() -> None:
    bench = Bench()
    bench.send(gesture("a"))
    bench.run(0.1)
    bench.acts.begun["a"].broke_off = "the person interrupted it"
    bench.run(0.1)
    assert bench.answers[-1].state == "superseded"
    assert bench.answers[-1].reason == "the person interrupted it"


steps = st.lists(
    st.tuples(
        st.sampled_from(["gesture", "gaze", "dialogue", "posture"]),
        st.integers(0, 9),
        st.sampled_from(["now", "turn_end"]),
        st.floats(0.0, 1.0),
        st.booleans(),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_every_intention_gets_one_verdict_and_one_end(sent: list[tuple[str, int, str, float, bool]]) -> None:
    bench = Bench()
    for i, (kind, priority, when, pause_s, free) in enumerate(sent):
        bench.acts.free = free
        bench.send(
            Intention(id=f"i{i}", kind=kind, priority=priority, timing=Timing(when=when))  # type: ignore[arg-type]
        )
        bench.run(pause_s)
    bench.run(15.0)
    for i in range(len(sent)):
        states = bench.states(f"i{i}")
        assert states[0] in {"accepted", "rejected"}
        assert sum(state in FINAL_STATES for state in states) == 1
        assert states[-1] in FINAL_STATES
        assert states.count("started") <= 1
