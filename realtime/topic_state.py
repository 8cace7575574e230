"""
One topic of a serving process: its position in the log, what is on the way, and who listens. No I/O.

Source: docs/architecture.md, "Life of one event".
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from realtime.eventlog import Entry, Head
from realtime.outbox import Outbox

#: Events kept in memory per topic, so that a socket that joins amid events needs no further query.
RECENT = 256


class TopicState:
    """One topic with local sockets: its position, what is on the way, and who listens."""

    def __init__(self, name: str, head: Head) -> None:
        self.name = name
        self.epoch = head.epoch
        #: Last event accepted in order, and last event handed to the sockets.
        self.position = self.flushed = head.sequence
        #: Highest sequence that the log was seen to have.
        self.head = head.sequence
        self.pending: list[Entry] = []
        self.recent: deque[Entry] = deque(maxlen=RECENT)
        self.ahead: dict[int, Entry] = {}
        #: Sockets that are reading the log before they are attached.
        self.joining = 0
        self.fast: dict[Outbox, Callable[[bytes], None]] = {}
        self.slow: dict[Outbox, None] = {}
        self.repair: asyncio.Task[None] | None = None
        self.subscription: asyncio.Task[None] | None = None
        self.spoke_at = time.monotonic()
        self._writes: tuple[Callable[[bytes], None], ...] | None = None

    def place(self, outbox: Outbox) -> None:
        """Put a socket among the fast or the slow."""
        write = outbox.write
        self.fast.pop(outbox, None)
        self.slow.pop(outbox, None)
        if write is None:
            self.slow[outbox] = None
        else:
            self.fast[outbox] = write
        self._writes = None

    def remove(self, outbox: Outbox) -> None:
        """Forget a socket."""
        self.fast.pop(outbox, None)
        self.slow.pop(outbox, None)
        self._writes = None

    @property
    def outboxes(self) -> list[Outbox]:
        """All local sockets."""
        return [*self.fast, *self.slow]

    @property
    def writes(self) -> tuple[Callable[[bytes], None], ...]:
        """The fast sockets' write functions, kept until membership changes."""
        if self._writes is None:
            self._writes = tuple(self.fast.values())
        return self._writes

    def accept(self, entry: Entry) -> bool:
        """Take an entry if it is next, and what waited behind it; return False for a hole before it."""
        if entry.sequence <= self.position:
            return True
        if entry.sequence > self.position + 1:
            self.ahead[entry.sequence] = entry
            return False
        following: Entry | None = entry
        while following is not None:
            self.position = following.sequence
            self.pending.append(following)
            self.recent.append(following)
            following = self.ahead.pop(self.position + 1, None)
        return True

    def take_pending(self) -> list[Entry]:
        """Return what is ready to go out and count it as gone."""
        entries, self.pending = self.pending, []
        self.flushed = self.position
        return entries

    def recent_after(self, sequence: int) -> list[Entry] | None:
        """Return the flushed entries after a sequence from memory; None when memory does not reach back so far."""
        entries = [entry for entry in self.recent if sequence < entry.sequence <= self.flushed]
        return entries if len(entries) == self.flushed - sequence else None
