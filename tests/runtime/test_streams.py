"""A stream is bounded, and what it does when full is part of its type."""

import asyncio

import pytest

from runtime.clock import run_virtual
from runtime.streams import Overflow, Stream, StreamClosed, StreamFull


def test_items_come_out_in_order():
    async def main():
        stream = Stream(4, Overflow.REFUSE)
        for number in range(3):
            assert stream.push(number)
        await stream.aclose()
        return [item async for item in stream]

    assert run_virtual(main()) == [0, 1, 2]


def test_the_oldest_gives_way_and_is_counted():
    stream = Stream(2, Overflow.DROP_OLDEST)
    assert [stream.push(number) for number in range(4)] == [True, True, False, False]
    assert (stream.flush(), stream.dropped, len(stream)) == ([2, 3], 2, 0)


def test_conflation_keeps_the_newest():
    stream = Stream(10, Overflow.CONFLATE)
    for number in range(3):
        stream.push(number)
    assert (stream.take(), stream.take(), stream.dropped) == (2, None, 2)


def test_a_refusing_stream_keeps_what_it_has():
    stream = Stream(1, Overflow.REFUSE, "words")
    stream.push(1)
    with pytest.raises(StreamFull, match="words is full"):
        stream.push(2)
    assert (stream.flush(), stream.dropped) == ([1], 0)


def test_a_closed_stream_delivers_what_waits_and_takes_no_more():
    async def main():
        stream = Stream(2, Overflow.REFUSE)
        stream.push(1)
        await stream.aclose()
        with pytest.raises(StreamClosed):
            stream.push(2)
        return [item async for item in stream]

    assert run_virtual(main()) == [1]


def test_a_waiting_consumer_is_woken_by_a_push_and_by_the_end():
    async def main():
        stream = Stream(2, Overflow.REFUSE)
        seen = []

        async def consume():
            async for item in stream:
                seen.append(item)

        task = asyncio.create_task(consume())
        await asyncio.sleep(1)
        stream.push("a")
        await asyncio.sleep(1)
        assert seen == ["a"]
        await stream.aclose()
        await task

    run_virtual(main())


def test_a_capacity_below_one_is_refused():
    with pytest.raises(ValueError, match="capacity"):
        Stream(0, Overflow.REFUSE)
