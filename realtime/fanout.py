"""
Write packets to the local sockets of a topic: one write to each fast one, an offer to each slow one.

Source: docs/architecture.md, "Life of one event".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from realtime import packets
from realtime.outbox import Outbox
from realtime.packets import Packet
from realtime.topic_state import TopicState

logger = logging.getLogger(__name__)

#: Sockets served before other work of the loop gets a turn.
SLICE = 512


async def deliver(state: TopicState, batch: Sequence[Packet]) -> None:
    """Send packets to every local socket of a topic, each frame built once and, where it pays, compressed once."""
    lanes, slow = state.lanes, tuple(state.slow)  # before anything is awaited: every socket is in exactly one of them
    if lanes.plain:
        await _write(lanes.plain, packets.join(batch, compressed=False))
    if lanes.compressed:
        await _write(lanes.compressed, packets.join(batch, compressed=True))
    await _offer(slow, batch)


async def _write(writes: Sequence[Callable[[bytes], None]], frames: bytes) -> None:
    for start in range(0, len(writes), SLICE):
        for write in writes[start : start + SLICE]:
            try:
                write(frames)
            except Exception:  # one broken transport must not cost the others their events
                logger.exception("A socket could not be written to.")
        await asyncio.sleep(0)


async def _offer(outboxes: Sequence[Outbox], batch: Sequence[Packet]) -> None:
    for start in range(0, len(outboxes), SLICE):
        for outbox in outboxes[start : start + SLICE]:
            outbox.offer(batch)
        await asyncio.sleep(0)
