"""
One socket's way out. Fast: finished frames straight to the transport. Slow: a bounded backlog, drained by one task.

The fast way needs a server that hands over its transport (`realtime.server`); every other server gets the slow way,
which on a client that reads is a task per batch, not per event.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from realtime import frames
from realtime.close_codes import Reason
from realtime.eventlog import Entry

#: ASGI scope extension under which a socket finds its `Sink`.
SINK_EXTENSION = "tenderwire.sink"

#: Sends one text to the client; returns when the server has taken it.
Send = Callable[[str], Awaitable[None]]


class Sink(Protocol):
    """A server's transport: write finished frames, be told when the client does not keep up."""

    on_writable: Callable[[bool], None] | None

    def is_usable(self) -> bool:
        """Whether a frame written now leaves at once, uncompressed."""

    def write(self, frames: bytes) -> None:
        """Hand bytes to the kernel; never blocks."""

    def abort(self) -> None:
        """Drop the connection without waiting for the client."""


class Outbox:
    """
    Sends log entries to one socket, in order, without ever blocking the caller.

    Args:
        send: the socket's slow way out.
        sink: the server's transport, or None.
        limit: most entries that wait for this socket.
        close: called once when the socket must go; takes the reason.
    """

    def __init__(self, *, send: Send, sink: Sink | None, limit: int, close: Callable[[Reason], None]) -> None:
        self._send = send
        self._sink = sink
        self._limit = limit
        self._close = close
        self._backlog: deque[Entry] = deque()
        self._drainer: asyncio.Task[None] | None = None
        self._closed = False
        #: Set by the hub: told when the socket becomes fast or slow.
        self.on_speed_change: Callable[[Outbox], None] | None = None
        if sink is not None:
            sink.on_writable = self._writability_changed

    @property
    def write(self) -> Callable[[bytes], None] | None:
        """The fast way out, or None while the socket must take the slow one."""
        usable = self._sink is not None and not self._backlog and self._drainer is None and self._sink.is_usable()
        return self._sink.write if usable and self._sink is not None and not self._closed else None

    @property
    def room(self) -> int:
        """Entries of the past that may be offered at once; a longer past is replayed at the pace of the client."""
        return self._limit // 2

    def offer(self, entries: Iterable[Entry]) -> None:
        """Queue entries for a slow socket; over the limit the socket is closed and resumes later."""
        if self._closed:
            return
        self._backlog.extend(entries)
        if len(self._backlog) > self._limit:
            self._backlog = deque(without_superseded(self._backlog))
        if len(self._backlog) > self._limit:
            self.close(Reason.TOO_SLOW)
        elif self._drainer is None and self._backlog:
            self._drainer = asyncio.get_running_loop().create_task(self._drain())
            self._tell_hub()

    def say(self, text: str) -> None:
        """Send a control frame, in its place among the events."""
        write = self.write
        if write is None:
            self.offer([Entry(0, text)])
        else:
            write(frames.to_websocket(text))

    async def replay(self, entries: Iterable[Entry]) -> None:
        """Send entries one by one as fast as the client reads, before the socket is attached to the hub."""
        for entry in entries:
            await self._send(entry.body)

    def close(self, reason: Reason) -> None:
        """Ask the owner to close the socket; nothing is sent to it any more."""
        if not self._closed:
            self._closed = True
            self._backlog.clear()
            self._tell_hub()
            self._close(reason)

    def discard(self) -> None:
        """Forget the socket: it is gone."""
        self._closed = True
        self._backlog.clear()
        self.on_speed_change = None
        if self._sink is not None:
            self._sink.on_writable = None
        if self._drainer is not None:
            self._drainer.cancel()

    async def _drain(self) -> None:
        try:
            while self._backlog:
                entry = self._backlog.popleft()
                await self._send(entry.body)
        except (OSError, RuntimeError):  # the server's way to say that the client is gone
            self._backlog.clear()
        finally:
            self._drainer = None
            self._tell_hub()

    def _writability_changed(self, writable: bool) -> None:
        self._tell_hub()

    def _tell_hub(self) -> None:
        if self.on_speed_change is not None:
            self.on_speed_change(self)


def without_superseded(entries: Iterable[Entry]) -> list[Entry]:
    """
    Return the entries without progress that a later entry of the same operation replaces.

    Errors, completions, states and text are all kept.
    """
    kept: list[Entry] = []
    newest: set[str] = set()
    for entry in reversed(list(entries)):
        event = json.loads(entry.body)
        key = event.get("operation_id") if event["type"].endswith("_progress") else None
        if key is None or key not in newest:
            kept.append(entry)
        if key is not None:
            newest.add(key)
    return kept[::-1]
