"""
Run a coroutine from a thread that must look up several times a second.

The event loop belongs to the calling thread and stands still whenever the thread does something else: so the caller may
use the database and publish between two steps, which Django refuses inside a running loop, and no thread is needed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")
Post = Callable[[str], None]

#: How long the caller's `check` may wait while nothing comes.
CHECK_SECONDS = 0.2


def run_in_steps(
    work: Callable[[Post], Coroutine[Any, Any, Result]],
    *,
    check: Callable[[], None],
    on_item: Callable[[str], None],
) -> Result:
    """
    Run a coroutine to its end and return what it returns.

    Args:
        work: gets a function through which it hands over items, in order.
        check, on_item: called in this thread, outside the loop. What they raise cancels the coroutine, waits until it
            has closed what it opened, and comes out here.
    """
    loop = asyncio.new_event_loop()
    try:
        return _drive(loop, work, check, on_item)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        # Not `asyncio.Runner`: it would wait for a thread that resolves a name, which nothing can cancel.
        loop.close()


def _drive(
    loop: asyncio.AbstractEventLoop,
    work: Callable[[Post], Coroutine[Any, Any, Result]],
    check: Callable[[], None],
    on_item: Callable[[str], None],
) -> Result:
    items: deque[str] = deque()
    stirred = asyncio.Event()

    def post(item: str) -> None:
        items.append(item)
        stirred.set()

    check()
    task = loop.create_task(work(post))
    task.add_done_callback(lambda _: stirred.set())
    try:
        while not task.done():
            loop.run_until_complete(_wait(stirred))
            check()
            while items:
                on_item(items.popleft())
        return task.result()
    finally:
        task.cancel()
        loop.run_until_complete(asyncio.wait({task}))
        task.cancelled() or task.exception()  # asked for, so that asyncio does not log it as forgotten


async def _wait(stirred: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(CHECK_SECONDS):
            await stirred.wait()
    stirred.clear()
