"""Proxies as people have them: one that refuses WebSockets, one that swallows them, one that holds back responses."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from enum import StrEnum
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

MAX_HEAD_BYTES = 64 * 1024


class Habit(StrEnum):
    """What a proxy does to what passes."""

    PASS = "pass"  # nothing
    REFUSE = "refuse"  # answers an `Upgrade` with an error
    SWALLOW = "swallow"  # takes an `Upgrade` and never answers
    BUFFER = "buffer"  # refuses an `Upgrade`, and hands on a response only when it is whole


class Proxy:
    """
    A reverse proxy on 127.0.0.1, one request for each connection.

    Args:
        target: URL of the server behind it.
        habit: what it does to what passes.
        refusal: status with which it refuses.
    """

    def __init__(self, target: str, habit: Habit, *, refusal: int = 403) -> None:
        self._target = urlsplit(target)
        self.habit = habit
        self.refusal = refusal
        #: The request lines that came, and those that asked for an upgrade.
        self.requests: list[str] = []
        self.upgrades: list[str] = []
        self._connections: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.url = ""

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)).result(10)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._run(self._stop()).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def become(self, habit: Habit, *, refusal: int = 403) -> None:
        """Behave in another way from now on, and forget what came before."""
        self.habit, self.refusal = habit, refusal
        self.requests, self.upgrades = [], []

    def count(self, part: str) -> int:
        """Return how many requests had this in their first line."""
        return sum(part in line for line in self.requests)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _stop(self) -> None:
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._pass_on(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # one side is gone
        finally:
            self._connections.discard(task)
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line = head.split("\r\n", 1)[0]
        self.requests.append(line)
        is_upgrade = bool(re.search(r"^upgrade: *websocket", head, flags=re.IGNORECASE | re.MULTILINE))
        if is_upgrade:
            self.upgrades.append(line)
        if is_upgrade and self.habit is Habit.SWALLOW:
            await reader.read()  # until the client gives up
        elif is_upgrade and self.habit is not Habit.PASS:
            writer.write(f"HTTP/1.1 {self.refusal} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        else:
            await self._ask_target(head if is_upgrade else _without_keeping_alive(head), reader, writer)

    async def _ask_target(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_target, to_target = await asyncio.open_connection(self._target.hostname, self._target.port)
        to_target.write(head.encode("latin-1"))
        up = asyncio.create_task(_copy(reader, to_target))
        down = asyncio.create_task(self._answer(from_target, writer))
        try:
            # The client leaves, or the target has said all.
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            to_target.close()

    async def _answer(self, from_target: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.habit is Habit.BUFFER:
            writer.write(await from_target.read())
            await writer.drain()
        else:
            await _copy(from_target, writer)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


def _without_keeping_alive(head: str) -> str:
    """Return a request that the target answers as the last of its connection."""
    lines = [line for line in head.split("\r\n") if not re.match("(keep-alive|connection):", line, flags=re.IGNORECASE)]
    return "\r\n".join([lines[0], "Connection: close", *lines[1:]])
