"""
Run database work of sockets in a small pool of threads of its own.

Channels' default is one thread for the whole process, where one slow query holds up every socket.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import DatabaseSyncToAsync

P = ParamSpec("P")
T = TypeVar("T")

#: Also the most database connections that one serving process holds for its sockets.
THREADS = 8

_executor = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="realtime-db")


async def run(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a synchronous function with database access off the event loop and return its result."""
    result: T = await DatabaseSyncToAsync(function, thread_sensitive=False, executor=_executor)(*args, **kwargs)
    return result
