"""
The last frame of every connection, whatever carries it: why it ends, and when to come back.

Source: PROTOCOL.md, "Closing".
"""

from __future__ import annotations

import random

from realtime import conf, frames
from realtime.close_codes import CloseCode, Reason

#: Longest time to tell a client why it is closed, before the connection is dropped.
CLOSE_TIMEOUT_SECONDS = 3.0
#: Longest wait before a client that was too slow or too busy should come back.
TRY_LATER_MS = 5000


def closing(reason: Reason, *, retry_after_ms: int | None) -> str:
    """Return the `closing` frame."""
    return frames.control(
        "closing",
        code=reason.value,
        reason=reason.sentence,
        reconnect=reason.reconnect,
        retry_after_ms=retry_after_ms,
    )


def choose_retry_ms(reason: Reason) -> int | None:
    """Return when the client should come back: spread at random, so that not all come at once; None for never."""
    if not reason.reconnect:
        return None
    if reason.close_code is CloseCode.RESTART:
        return random.randrange(int(conf.get("RESTART_SPREAD_SECONDS") * 1000) + 1)  # noqa: S311 - no secret
    if reason.close_code is CloseCode.TRY_LATER:
        return random.randrange(TRY_LATER_MS)  # noqa: S311 - no secret
    return 0
