"""
How long to wait before the next try: full jitter, so that many clients do not come back together.

Source: PROTOCOL.md, "Reconnecting".
"""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 20.0

Draw = Callable[[float, float], float]


class Backoff:
    """
    Waits that grow with each failure in a row.

    Args:
        first_seconds: upper limit of the first wait; it doubles with each failure.
        longest_seconds: upper limit of all waits.
        draw: takes a number between two limits.
    """

    def __init__(
        self,
        *,
        first_seconds: float = FIRST_SECONDS,
        longest_seconds: float = LONGEST_SECONDS,
        draw: Draw = random.uniform,
    ) -> None:
        self._first_seconds = first_seconds
        self._longest_seconds = longest_seconds
        self._draw = draw
        self._limit_seconds = first_seconds

    def next_seconds(self) -> float:
        """Return the next wait, and count the failure that made it necessary."""
        limit = min(self._limit_seconds, self._longest_seconds)
        self._limit_seconds = limit * 2
        return self._draw(0.0, limit)

    def reset(self) -> None:
        """Start again from the shortest wait: the connection was good."""
        self._limit_seconds = self._first_seconds
