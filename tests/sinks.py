"""A server's transport for tests, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class FakeSink:
    """A transport that is writable when the test says so, and keeps what it was given."""

    def __init__(self, *, writable: bool = True, compresses: bool = False) -> None:
        self.compresses = compresses
        self.on_writable: Callable[[bool], None] | None = None
        self.buffered_bytes = 0
        self.unacknowledged: list[int] = []
        self.written: list[bytes] = []
        self.writable = asyncio.Event()
        if writable:
            self.writable.set()

    def count_unacknowledged(self) -> int:
        return self.unacknowledged.pop(0) if len(self.unacknowledged) > 1 else self.unacknowledged[0]

    def is_usable(self) -> bool:
        return self.writable.is_set()

    def write(self, frames: bytes) -> None:
        self.written.append(frames)

    async def drained(self) -> None:
        await self.writable.wait()

    def abort(self) -> None: ...
