"""
One client's way out. Fast: finished frames straight to the transport. Slow: a bounded backlog, drained by one task.

The fast way needs a server that hands over its transport (`realtime.transport`); every other server gets the slow
way, which on a client that reads is a task per batch, not per event.

Source: docs/adr/0019-flow-control.md.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from realtime import frames, metrics, packets
from realtime.close_codes import Reason
from realtime.packets import Packet

#: ASGI scope extension under which a socket finds its `Sink`.
SINK_EXTENSION = "tenderwire.sink"
#: Most bytes of the backlog in one write: what the transport holds can be neither collapsed nor taken back.
WRITE_BYTES = 64 * 1024
#: Looks at a client that takes nothing, within the time after which it is given up.
STALL_LOOKS = 5

#: Sends one text to the client; returns when the server has taken it.
Send = Callable[[str], Awaitable[None]]


class Sink(Protocol):
    """A server's transport: write finished frames, be told when the client does not keep up."""

    on_writable: Callable[[bool], None] | None

    @property
    def compresses(self) -> bool:
        """Whether the client takes compressed frames beside plain ones."""

    @property
    def buffered_bytes(self) -> int:
        """Bytes that wait in this process for the kernel to take them."""

    def count_unacknowledged(self) -> int:
        """Return the bytes that the client's machine has not taken yet, here and in the kernel."""

    def is_usable(self) -> bool:
        """Whether a frame written now leaves at once."""

    def write(self, frames: bytes) -> None:
        """Hand bytes to the kernel; never blocks."""

    async def drained(self) -> None:
        """
        Wait until a frame written now leaves at once.

        Raises:
            OSError: the client is gone.
        """

    def abort(self) -> None:
        """Drop the connection without waiting for the client."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """
    What one client may cost, beside the number of frames that wait for it.

    Args:
        backlog_bytes: most bytes that wait for it in this process; a single frame always may.
        stall_seconds: longest time in which it takes nothing although something waits.
        unheard_bytes: most bytes sent since it last said something. For servers that buffer without limit and
            do not tell: there, only the client's own word proves that it reads.
    """

    backlog_bytes: int = 1024 * 1024
    stall_seconds: float = 10.0
    unheard_bytes: int = sys.maxsize


class Outbox:
    """
    Sends packets to one client, in order, without ever blocking the caller.

    Args:
        send: the client's slow way out; used for everything when there is no sink.
        sink: the server's transport, or None.
        limit: most packets that wait for this client.
        close: called once when the client must go; takes the reason.
        bounds: the other limits.
    """

    def __init__(
        self, *, send: Send, sink: Sink | None, limit: int, close: Callable[[Reason], None], bounds: Bounds = Bounds()
    ) -> None:
        self._send = send
        self._sink = sink
        self._limit = limit
        self._close = close
        self._bounds = bounds
        self._backlog: deque[Packet] = deque()
        self._backlog_bytes = 0
        self._unheard_bytes = 0
        self._drainer: asyncio.Task[None] | None = None
        self.is_closed = False
        #: Set by the hub: told when the client becomes fast or slow.
        self.on_speed_change: Callable[[Outbox], None] | None = None
        if sink is not None:
            sink.on_writable = self._writability_changed

    @property
    def write(self) -> Callable[[bytes], None] | None:
        """The fast way out, or None while the client must take the slow one."""
        sink = self._sink
        if sink is None or self.is_closed or self._backlog or self._drainer is not None or not sink.is_usable():
            return None
        return sink.write

    @property
    def compresses(self) -> bool:
        """Whether the fast way takes compressed frames."""
        return self._sink is not None and self._sink.compresses

    def has_room_for(self, past: Sequence[Packet]) -> bool:
        """Whether the past may be offered at once; a longer one is replayed at the pace of the client."""
        return len(past) <= self._limit // 2 and _size(past) <= self._bounds.backlog_bytes // 2

    def offer(self, news: Iterable[Packet]) -> None:
        """Queue packets for a slow client; over the limits it is closed and resumes later."""
        if self.is_closed:
            return
        for packet in news:
            self._backlog.append(packet)
            self._backlog_bytes += packet.size
        if self._is_over:
            self._collapse()
        if self._is_over:
            self.close(Reason.TOO_SLOW)
        elif self._drainer is None and self._backlog:
            self._drainer = asyncio.get_running_loop().create_task(self._drain())
            self._tell_hub()

    def say(self, text: str) -> None:
        """Send a control frame, in its place among the events."""
        write = self.write
        if write is None:
            self.offer([Packet(0, text)])
        else:
            write(frames.to_websocket(text))

    async def replay(self, past: Iterable[Packet]) -> None:
        """Send packets as fast as the client reads, before it is attached to the hub; stop when it is closed."""
        queue = deque(past)
        try:
            while queue and not self.is_closed:
                await self._until_ready()
                await self._put(self._take(queue))
        except TimeoutError:
            self.close(Reason.TOO_SLOW)

    def heard(self) -> None:
        """Note that the client said something, so it has read what was sent some time before."""
        self._unheard_bytes = 0

    def close(self, reason: Reason) -> None:
        """Ask the owner to close the client's connection; nothing is sent to it any more."""
        if not self.is_closed:
            self.is_closed = True
            self._forget_backlog()
            self._tell_hub()
            self._close(reason)

    def discard(self) -> None:
        """Forget the client: it is gone."""
        self.is_closed = True
        self._forget_backlog()
        self.on_speed_change = None
        if self._sink is not None:
            self._sink.on_writable = None
        if self._drainer is not None:
            self._drainer.cancel()

    @property
    def _is_over(self) -> bool:
        waiting = self._backlog_bytes + (self._sink.buffered_bytes if self._sink is not None else 0)
        too_big = waiting > self._bounds.backlog_bytes and len(self._backlog) > 1
        return too_big or len(self._backlog) > self._limit

    def _collapse(self) -> None:
        before = len(self._backlog)
        self._backlog = deque(packets.without_superseded(self._backlog))
        self._backlog_bytes = _size(self._backlog)
        metrics.PROGRESS_SUPERSEDED.inc(before - len(self._backlog))

    def _forget_backlog(self) -> None:
        self._backlog.clear()
        self._backlog_bytes = 0

    async def _drain(self) -> None:
        try:
            while self._backlog:
                await self._until_ready()  # what waits meanwhile can still be collapsed
                batch = self._take(self._backlog)
                self._backlog_bytes -= _size(batch)
                await self._put(batch)
        except TimeoutError:
            self.close(Reason.TOO_SLOW)
        except (OSError, RuntimeError):  # the server's way to say that the client is gone
            self._forget_backlog()
        finally:
            self._drainer = None
            self._tell_hub()

    def _take(self, queue: deque[Packet]) -> list[Packet]:
        """Return the packets of the next write: several small ones for a transport, one for a slow way out."""
        most = WRITE_BYTES if self._sink is not None else 0
        batch: list[Packet] = []
        size = 0
        while queue and (not batch or size + queue[0].size <= most):
            size += queue[0].size
            batch.append(queue.popleft())
        return batch

    async def _put(self, batch: list[Packet]) -> None:
        """
        Send packets in one write.

        Raises:
            TimeoutError: the client takes nothing.
            OSError, RuntimeError: it is gone.
        """
        if self._sink is not None:
            self._sink.write(packets.join(batch, compressed=self._sink.compresses))
            return
        for packet in batch:
            async with asyncio.timeout(self._bounds.stall_seconds):
                await self._send(packet.body)
            self._count_unheard(packet.size)

    async def _until_ready(self) -> None:
        sink = self._sink
        if sink is None or sink.is_usable():
            return
        loop = asyncio.get_running_loop()
        unacknowledged, moved_at = sink.count_unacknowledged(), loop.time()
        while True:
            try:
                async with asyncio.timeout(self._bounds.stall_seconds / STALL_LOOKS):
                    return await sink.drained()
            except TimeoutError:
                before, unacknowledged = unacknowledged, sink.count_unacknowledged()
                if unacknowledged < before:  # a slow link that moves at all is not stalled
                    moved_at = loop.time()
                elif loop.time() - moved_at >= self._bounds.stall_seconds:
                    raise

    def _count_unheard(self, size: int) -> None:
        self._unheard_bytes += size
        if self._unheard_bytes > self._bounds.unheard_bytes:
            self.close(Reason.TOO_SLOW)

    def _writability_changed(self, writable: bool) -> None:
        self._tell_hub()

    def _tell_hub(self) -> None:
        if self.on_speed_change is not None:
            self.on_speed_change(self)


def _size(batch: Iterable[Packet]) -> int:
    return sum(packet.size for packet in batch)
