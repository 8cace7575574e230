"""
One text on its way to many sockets: its frames, its size and what supersedes it are worked out at most once for all.

Source: docs/architecture.md, "Life of one event"; docs/adr/0019-flow-control.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cached_property

from realtime import conf, frames
from realtime.eventlog import Entry
from realtime.events import SUPERSEDED_TYPES

#: The log writes `type` first, so the type of a big event is known without parsing it.
_TYPE = re.compile(r'\s*\{\s*"type"\s*:\s*"(\w+)"')


class Packet:
    """
    A text for the clients of one topic.

    Args:
        sequence: its position in the log, or the one it speaks of.
        body: the text.
    """

    def __init__(self, sequence: int, body: str) -> None:
        self.sequence = sequence
        self.body = body

    @cached_property
    def size(self) -> int:
        """Bytes of the text in UTF-8."""
        return len(self.body) if self.body.isascii() else len(self.body.encode())

    @cached_property
    def frame(self) -> bytes:
        """The finished WebSocket frame, uncompressed."""
        return frames.to_websocket(self.body)

    @cached_property
    def compressed_frame(self) -> bytes:
        """The frame for sockets that negotiated compression: compressed where that pays, else the plain one."""
        least = conf.get("DEFLATE_MIN_BYTES")
        if not least or self.size < least:
            return self.frame
        return min(frames.to_compressed_websocket(self.body), self.frame, key=len)

    @cached_property
    def superseded_with(self) -> str | None:
        """The operation whose next progress makes this text worthless; None for a text that is never left out."""
        found = _TYPE.match(self.body)
        if found is None or found[1] not in SUPERSEDED_TYPES:
            return None
        operation_id: str | None = json.loads(self.body).get("operation_id")
        return operation_id


def wrap(entries: Iterable[Entry]) -> list[Packet]:
    """Return entries of the log as packets."""
    return [Packet(entry.sequence, entry.body) for entry in entries]


def join(packets: Iterable[Packet], *, compressed: bool) -> bytes:
    """Return the frames of several packets for one write."""
    return b"".join([packet.compressed_frame if compressed else packet.frame for packet in packets])


def without_superseded(packets: Iterable[Packet]) -> list[Packet]:
    """
    Return the packets without progress that a later packet of the same operation replaces.

    Errors, completions, states, texts and notifications are all kept.
    """
    kept: list[Packet] = []
    newest: set[str] = set()
    for packet in reversed(list(packets)):
        operation_id = packet.superseded_with
        if operation_id is None or operation_id not in newest:
            kept.append(packet)
        if operation_id is not None:
            newest.add(operation_id)
    return kept[::-1]
