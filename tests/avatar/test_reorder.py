"""Blocks that overtook each other come out in order, and what is lost is given up in time."""

from __future__ import annotations

import random

import pytest

from avatar.reorder import GAP_MAX, Reorder


def through(numbers: list[int], depth: int = 4) -> list[int | None]:
    order: Reorder[int] = Reorder(depth)
    return [block for number in numbers for block in order.push(number, number)]


def test_what_comes_in_order_goes_at_once() -> None:
    assert through([5, 6, 7]) == [5, 6, 7]


def test_what_was_overtaken_is_waited_for() -> None:
    order: Reorder[str] = Reorder(4)
    assert order.push(1, "a") == ["a"]
    assert order.push(3, "c") == []
    assert order.push(2, "b") == ["b", "c"]


def test_what_is_lost_is_given_up_and_what_comes_later_still_or_twice_is_dropped() -> None:
    assert through([1, 3, 4, 5, 6, 2, 6, 7]) == [1, None, 3, 4, 5, 6, 7]


def test_after_a_long_gap_or_a_new_count_it_begins_anew() -> None:
    assert through([1, 2, 2 + GAP_MAX + 2, 2 + GAP_MAX + 3]) == [1, 2, 2 + GAP_MAX + 2, 2 + GAP_MAX + 3]
    assert through([1, 3, 100, 101, 0, 1]) == [1, 3, 100, 101, 0, 1], "what waited goes before"


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_network_does_the_order_holds_and_nothing_that_comes_in_time_is_lost(seed: int) -> None:
    chance = random.Random(seed)
    sent = [n for n in range(300) if n == 0 or chance.random() > 0.1]
    arriving = sorted(sent, key=lambda n: n + chance.uniform(0, 2.5))
    out = through([0, *(n for n in arriving if n != 0)])
    numbers = [n for n in out if n is not None]
    assert numbers == sorted(set(numbers))
    assert set(sent) - set(numbers) <= set(range(295, 300)), "only the last may still be waited for"
