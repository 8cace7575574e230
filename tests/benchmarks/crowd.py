"""A thousand sockets that count what they get, as cheaply as Python can."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Callable

#: Stands once in every event, however its JSON is spaced.
MARK = b'"generation_progress"'

PATIENCE_SECONDS = 60
#: Headers of a ping with four bytes, as uvicorn sends it, and of its pong, masked with zeros. No event has these bytes.
PING = b"\x89\x04"
PONG = b"\x8a\x84\0\0\0\0"


class Socket(asyncio.Protocol):
    """One WebSocket client that never sends and counts events."""

    def __init__(self, crowd: Crowd, path: str) -> None:
        self.crowd = crowd
        self.path = path
        self.tail = b""
        self.opened = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        request = (
            f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(request.encode())

    def data_received(self, data: bytes) -> None:
        ping = data.find(PING)
        if ping >= 0:  # a client that does not answer is closed after 40 s
            self.transport.write(PONG + data[ping + 2 : ping + 6])
        text = self.tail + data
        if not self.opened and self.crowd.ready_mark in text:
            self.opened = True
            self.crowd.opened += 1
        found = text.count(self.crowd.mark)
        self.crowd.received += found
        last = text.rfind(self.crowd.mark)
        rest = text if last < 0 else text[last + len(self.crowd.mark) :]
        self.tail = rest[-(len(self.crowd.mark) - 1) :]
        if not self.opened:
            self.tail = text


class Crowd:
    """
    All sockets of one measurement.

    Args:
        mark: stands once in every event.
        ready_mark: stands in what a socket gets once it would miss no event.
    """

    def __init__(self, mark: bytes, ready_mark: bytes) -> None:
        self.mark = mark
        self.ready_mark = ready_mark
        self.opened = 0
        self.received = 0

    async def open(self, port: int, path: str, sockets: int) -> None:
        """Open the sockets, fifty at a time."""
        loop = asyncio.get_running_loop()
        for first in range(0, sockets, 50):
            batch = range(first, min(first + 50, sockets))
            await asyncio.gather(
                *(loop.create_connection(lambda: Socket(self, path), "127.0.0.1", port) for _ in batch)
            )
            await self._wait(lambda: self.opened, batch.stop)

    async def wait_for(self, events: int) -> None:
        """Wait until the sockets have received so many events in all."""
        await self._wait(lambda: self.received, events)

    async def _wait(self, count: Callable[[], int], target: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while count() < target:
            assert time.monotonic() < deadline, f"{count()} of {target} after {PATIENCE_SECONDS} s"
            await asyncio.sleep(0.002)
