"""
One topic of a serving process: its position in the log, what is on the way, and who listens. No I/O.

Source: docs/architecture.md, "Life of one event".
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from realtime.eventlog import Entry, Head
from realtime.outbox import Outbox
from realtime.packets import Packet

#: Events kept in memory per topic, so that a socket that joins amid events needs no further query.
RECENT = 256
#: Bytes that they may have together.
RECENT_BYTES = 1024 * 1024
#: Bytes that leave in one write: also what a socket that stops reading may have in its transport beside its backlog.
BATCH_BYTES = 128 * 1024


class Lanes(NamedTuple):
    """The write functions of the fast sockets, by the frames that they take."""

    plain: tuple[Callable[[bytes], None], ...]
    compressed: tuple[Callable[[bytes], None], ...]


class TopicState:
    """One topic with local sockets: its position, what is on the way, and who listens."""

    def __init__(self, name: str, head: Head) -> None:
        self.name = name
        self.epoch = head.epoch
        #: Last event accepted in order, and last event handed to the sockets.
        self.position = self.flushed = head.sequence
        #: Highest sequence that the log was seen to have.
        self.head = head.sequence
        self.pending: list[Packet] = []
        self._recent: deque[Packet] = deque()
        self._recent_bytes = 0
        self.ahead: dict[int, Entry] = {}
        #: Sockets that are reading the log before they are attached.
        self.joining = 0
        self.fast: dict[Outbox, Callable[[bytes], None]] = {}
        self.slow: dict[Outbox, None] = {}
        self.repair: asyncio.Task[None] | None = None
        self.subscription: asyncio.Task[None] | None = None
        self.spoke_at = time.monotonic()
        self._lanes: Lanes | None = None

    def place(self, outbox: Outbox) -> None:
        """Put a socket among the fast or the slow."""
        write = outbox.write
        self.fast.pop(outbox, None)
        self.slow.pop(outbox, None)
        if write is None:
            self.slow[outbox] = None
        else:
            self.fast[outbox] = write
        self._lanes = None

    def remove(self, outbox: Outbox) -> None:
        """Forget a socket."""
        self.fast.pop(outbox, None)
        self.slow.pop(outbox, None)
        self._lanes = None

    @property
    def outboxes(self) -> list[Outbox]:
        """All local sockets."""
        return [*self.fast, *self.slow]

    @property
    def lanes(self) -> Lanes:
        """The fast sockets' write functions, kept until membership changes."""
        if self._lanes is None:
            self._lanes = Lanes(
                plain=tuple(write for outbox, write in self.fast.items() if not outbox.compresses),
                compressed=tuple(write for outbox, write in self.fast.items() if outbox.compresses),
            )
        return self._lanes

    def accept(self, entry: Entry) -> bool:
        """Take an entry if it is next, and what waited behind it; return False for a hole before it."""
        if entry.sequence <= self.position:
            return True
        if entry.sequence > self.position + 1:
            if len(self.ahead) < RECENT:  # the hole is read from the log, and what follows it too
                self.ahead[entry.sequence] = entry
            return False
        following: Entry | None = entry
        while following is not None:
            self.position = following.sequence
            self._remember(Packet(following.sequence, following.body))
            following = self.ahead.pop(self.position + 1, None)
        return True

    def _remember(self, packet: Packet) -> None:
        self.pending.append(packet)
        self._recent.append(packet)
        self._recent_bytes += packet.size
        while len(self._recent) > RECENT or (self._recent_bytes > RECENT_BYTES and len(self._recent) > 1):
            self._recent_bytes -= self._recent.popleft().size

    def take_pending(self) -> list[Packet]:
        """Return what leaves in the next write and count it as gone; empty when nothing is ready."""
        size = taken = 0
        while taken < len(self.pending) and (not taken or size + self.pending[taken].size <= BATCH_BYTES):
            size += self.pending[taken].size
            taken += 1
        batch, self.pending = self.pending[:taken], self.pending[taken:]
        if batch:
            self.flushed = batch[-1].sequence
        return batch

    def recent_after(self, sequence: int) -> list[Packet] | None:
        """Return what was flushed after a sequence from memory; None when memory does not reach back so far."""
        batch = [packet for packet in self._recent if sequence < packet.sequence <= self.flushed]
        return batch if len(batch) == self.flushed - sequence else None
