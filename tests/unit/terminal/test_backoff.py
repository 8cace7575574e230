"""The waits between two tries."""

from __future__ import annotations

from realtime.terminal.backoff import Backoff


def take_upper(low: float, high: float) -> float:
    return high


def test_the_limit_of_the_wait_doubles_up_to_twenty_seconds() -> None:
    backoff = Backoff(draw=take_upper)

    waits = [backoff.next_seconds() for _ in range(8)]

    assert waits == [0.5, 1, 2, 4, 8, 16, 20, 20]


def test_a_wait_is_drawn_from_the_whole_range() -> None:
    limits = []

    def draw(low: float, high: float) -> float:
        limits.append((low, high))
        return low

    wait = Backoff(draw=draw).next_seconds()

    assert wait == 0
    assert limits == [(0.0, 0.5)]


def test_after_a_good_connection_the_first_wait_is_short_again() -> None:
    backoff = Backoff(draw=take_upper)
    for _ in range(5):
        backoff.next_seconds()

    backoff.reset()

    assert backoff.next_seconds() == 0.5
