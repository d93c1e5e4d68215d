"""The in-process bus: through the codec, in order, and honest about what is lost."""

import pytest

from runtime import messages as m
from runtime.clock import run_virtual
from runtime.streams import Overflow
from runtime.transport.inprocess import InProcessHub


def two_rooms():
    hub = InProcessHub()
    return hub.bus("behavioral"), hub.bus("cognitive")


def word(number):
    return m.Word(t_ns=number, op="add", unit_id=str(number))


def test_every_room_hears_a_message_its_sender_included():
    one, two = two_rooms()
    mine, other = one.subscribe(m.Word), two.subscribe(m.Word)
    one.publish(word(1))
    expected = m.Word(t_ns=1, op="add", unit_id="1", source="behavioral", seq=0)
    assert (mine.flush(), other.flush()) == ([expected], [expected])


def test_sequence_numbers_run_per_type():
    one, two = two_rooms()
    heard = two.subscribe(m.Word, m.TypedText)
    for message in (word(1), m.TypedText(text="a"), word(2), m.TypedText(text="b")):
        one.publish(message)
    assert [(type(message), message.seq) for message in heard.flush()] == [
        (m.Word, 0),
        (m.TypedText, 0),
        (m.Word, 1),
        (m.TypedText, 1),
    ]


def test_a_message_that_no_decoder_accepts_is_counted_and_skipped():
    one, two = two_rooms()
    heard = two.subscribe(m.Word)
    one.publish(m.Word(t_ns=-1, op="add", unit_id="1"))
    one.publish(word(2))
    assert [message.t_ns for message in heard.flush()] == [2]
    assert two.counters["undecodable_invalid"] == 1


def test_a_stream_of_streams_drops_its_oldest():
    one, two = two_rooms()
    heard = two.subscribe(m.VadFrame, capacity=2)
    for number in range(5):
        one.publish(m.VadFrame(t_ns=number, probability=0.5, speaking=True))
    assert [message.t_ns for message in heard.flush()] == [3, 4]
    assert two.counters["dropped"] == 3


def test_a_full_event_stream_refuses_without_troubling_the_publisher():
    one, two = two_rooms()
    heard = two.subscribe(m.Word, capacity=2)
    for number in range(5):
        one.publish(word(number))
    assert [message.t_ns for message in heard.flush()] == [0, 1]
    assert two.counters["refused"] == 3


def test_one_event_among_streams_makes_the_subscription_lossless():
    one, _ = two_rooms()
    assert one.subscribe(m.VadFrame, m.AgentAudio).overflow is Overflow.DROP_OLDEST
    assert one.subscribe(m.VadFrame, m.AgentAudio).capacity == 1_024
    assert one.subscribe(m.VadFrame, m.Word).overflow is Overflow.REFUSE


def test_a_subscription_needs_a_type():
    with pytest.raises(ValueError, match="at least one"):
        two_rooms()[0].subscribe()


def test_a_closed_bus_ends_its_subscriptions_and_hears_no_more():
    async def main():
        one, two = two_rooms()
        heard = two.subscribe(m.Word)
        one.publish(word(1))
        await two.aclose()
        one.publish(word(2))
        two.publish(word(3))
        return [message.t_ns async for message in heard]

    assert run_virtual(main()) == [1]
