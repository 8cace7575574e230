"""
Frames of the protocol as server-sent events: text in, text out.

Source: HTML Living Standard §9.2 (server-sent events); PROTOCOL.md, "Event stream".
"""

from __future__ import annotations

import re

from realtime.eventlog import Head

#: How frames that have a position begin; `events.encode` and `frames.control` put it right behind the type.
_POSITION = re.compile(r'\{"type":"\w+","sequence":(\d+)[,}]')
_HEARTBEAT = re.compile(r'\{"type":"heartbeat","head":(\d+)\}')


def position_of(frame: str) -> int | None:
    """Return the sequence of a logged event or a snapshot; None for any other frame."""
    match = _POSITION.match(frame)
    return int(match[1]) if match else None


def to_message(frame: str, *, epoch: str) -> str:
    """Return one message. A frame is JSON on one line, so it needs one `data` field."""
    if heartbeat := _HEARTBEAT.fullmatch(frame):
        return f": heartbeat {heartbeat[1]}\n\n"
    sequence = position_of(frame)
    identifier = "" if sequence is None else f"id: {epoch}:{sequence}\n"
    return f"{identifier}data: {frame}\n\n"


def to_retry(milliseconds: int) -> str:
    """Return the field that tells an `EventSource` when to come back."""
    return f"retry: {milliseconds}\n"


def parse_event_id(value: str) -> Head | None:
    """Return the position in a `Last-Event-ID`; None when it is none of ours."""
    epoch, _, sequence = value.partition(":")
    well_formed = sequence.isascii() and sequence.isdigit() and len(sequence) < 19
    return Head(epoch, int(sequence)) if epoch and well_formed else None
