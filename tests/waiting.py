"""Wait for conditions, with a limit: no test sleeps for luck."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

INTERVAL_SECONDS = 0.02


def wait_until(condition: Callable[[], T | None], *, seconds: float = 10.0, what: str = "the condition") -> T:
    """Return the first true value of the condition."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(INTERVAL_SECONDS)


async def await_until(
    condition: Callable[[], T | Awaitable[T | None] | None], *, seconds: float = 10.0, what: str = "it"
) -> T:
    """Return the first true value of the condition, which may be a coroutine function."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        result = await value if isinstance(value, Awaitable) else value
        if result:
            return result
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        await asyncio.sleep(INTERVAL_SECONDS)
