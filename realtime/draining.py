"""
Leave in good order: say that this process goes, refuse new sockets, and ask those it has to move, spread over time.

Source: PROTOCOL.md, "Control frames"; docs/operations.md, "Server".
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from realtime import frames
from realtime.close_codes import Reason
from realtime.handshake import refuse
from realtime.hub import Hub
from realtime.outbox import Outbox

logger = logging.getLogger(__name__)

#: Longest time from `draining` to `closing`: a client opens another socket meanwhile and sees it live.
HANDOVER_SECONDS = 3.0
#: Few sockets are not kept waiting: at least so many are told each second.
SOCKETS_PER_SECOND = 20
#: Time between two batches.
BATCH_SECONDS = 0.1
#: When a client whose handshake was refused may try again; another process or the next one answers then.
RETRY_AFTER_SECONDS = 1
POLL_SECONDS = 0.02


class _Process:
    """How this process stands; set once, by its server."""

    is_draining = False
    refuses_sockets = False


def begin(*, others_accept: bool) -> None:
    """
    Say from now on that this process goes.

    Args:
        others_accept: other processes take new connections from the same listener. What reached this one before it
            let go of the listener is then served, and told to move like the rest.
    """
    _Process.is_draining = True
    _Process.refuses_sockets = not others_accept


def is_draining() -> bool:
    """Return whether this process goes, and should get no new work."""
    return _Process.is_draining


def reset() -> None:
    """Take it back; for tests, whose process goes on."""
    _Process.is_draining = _Process.refuses_sockets = False


class Drain:
    """
    Asks all sockets of a hub to move, and closes those that stay.

    Args:
        hub: whose sockets they are.
        seconds: over which this is spread, the last close included; 0 closes all at once.
    """

    def __init__(self, hub: Hub, *, seconds: float) -> None:
        self._hub = hub
        self._seconds = seconds
        self._handover = min(HANDOVER_SECONDS, seconds / 2)
        self._seen: set[Outbox] = set()
        self._closed = 0

    async def run(self) -> None:
        """Return when no socket is left, or all have been told to go."""
        outboxes = random.sample(self._hub.outboxes, len(self._hub.outboxes))
        logger.info("Draining: %d sockets move within %s s.", len(outboxes), self._seconds)
        if self._seconds:
            window = min(self._seconds - self._handover, len(outboxes) / SOCKETS_PER_SECOND)
            await self._tell_in_batches(outboxes, window=window)
            self._tell([outbox for outbox in self._hub.outboxes if outbox not in self._seen])
            await self._wait_until_left(self._handover)
        self._close(self._hub.outboxes)

    def report(self) -> None:
        """Say in the log what became of the sockets."""
        here = len(self._hub.outboxes)
        left = len(self._seen) - self._closed
        logger.info(
            "Drained: %d sockets left by themselves, %d were closed, %d are still here.", left, self._closed, here
        )

    async def _tell_in_batches(self, outboxes: Sequence[Outbox], *, window: float) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        batches = max(1, min(len(outboxes), round(window / BATCH_SECONDS)))
        for number in range(batches):
            await asyncio.sleep(start + number * window / batches - loop.time())
            self._tell(outboxes[number::batches])

    def _tell(self, outboxes: Sequence[Outbox]) -> None:
        """Announce the end of some sockets, and close after that time those that are still there."""
        text = frames.control("draining", closes_in_ms=round(self._handover * 1000))
        self._seen.update(outboxes)
        for outbox in outboxes:
            outbox.say(text)
        asyncio.get_running_loop().call_later(self._handover, self._close, outboxes)

    def _close(self, outboxes: Sequence[Outbox]) -> None:
        self._seen.update(outboxes)
        for outbox in outboxes:
            self._closed += not outbox.is_closed
            outbox.close(Reason.RESTART)

    async def _wait_until_left(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self._hub.has_sockets and loop.time() < deadline:
            await asyncio.sleep(POLL_SECONDS)


class DrainGuard:
    """
    ASGI middleware, outermost: while the process drains, handshakes get 503 and connections end with their response.

    Args:
        inner: the application.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Pass everything on, unless the process drains."""
        if not _Process.is_draining:
            await self._inner(scope, receive, send)
        elif scope["type"] == "websocket" and _Process.refuses_sockets:
            headers = [(b"retry-after", str(RETRY_AFTER_SECONDS).encode())]
            await refuse(scope, receive, send, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
        else:
            await self._inner(scope, receive, _closing(send) if scope["type"] == "http" else send)


def _closing(send: Any) -> Any:
    """Return a `send` that lets go of a kept-alive connection after its response."""

    async def send_and_close(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), (b"connection", b"close")]}
        await send(message)

    return send_and_close
