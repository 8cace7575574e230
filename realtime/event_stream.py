"""
One client's stream over HTTP: the frames of the socket as server-sent events, without commands.

An ASGI application of its own, because Django would hold a thread for each stream. It joins the hub as a socket
does: no thread, no polling, and nothing to do while nothing happens.

Source: PROTOCOL.md, "Event stream".
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import Any

from django.http import Http404
from rest_framework.exceptions import MethodNotAllowed, Throttled

from realtime import conf, draining, farewell, frames, http_identity, metrics, server_sent_events
from realtime.access import Subject
from realtime.close_codes import Reason
from realtime.eventlog import Head
from realtime.exceptions import AuthenticationFailed
from realtime.handshake_rate import HandshakeRate
from realtime.http_answers import Describe, TooManyConnections, refusal, send_answer
from realtime.outbox import Bounds, Outbox
from realtime.subscription import Subscription, requested_position
from realtime.tokens import Identity

logger = logging.getLogger(__name__)

#: Returns what the address of a request means, from the parts of the path and who asks.
FindSubject = Callable[[dict[str, Any], Identity], Subject]

#: How long an `EventSource` waits before it comes back when the link broke without a word.
RETRY_MS = 2000
#: After a farewell that the client does not read, its connection is left to the server's own time-out this long.
ABANDON_SECONDS = 30.0

HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class EventStream:
    """
    ASGI application for the addresses of streams.

    Args:
        find_subject: says what is watched.
        describe: words a refusal before the stream begins.
    """

    def __init__(self, *, find_subject: FindSubject, describe: Describe) -> None:
        self._find_subject = find_subject
        self._describe = describe
        self._rate = HandshakeRate()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Refuse, or stream until one side ends it."""
        stream = _Stream(send, bounds=_bounds_for(scope))
        try:
            identity, subscription = await self._admit(scope, stream.outbox)
        except Exception as error:  # noqa: BLE001 - what is not foreseen is logged by `describe`
            allow = [("Allow", "GET")] if isinstance(error, MethodNotAllowed) else []
            await send_answer(send, self._describe(error), more_headers=allow)
            return
        await stream.run(receive, subscription, identity, since=_find_position(scope))

    async def _admit(self, scope: dict[str, Any], outbox: Outbox) -> tuple[Identity, Subscription]:
        if scope["method"] != "GET":
            raise MethodNotAllowed(scope["method"])
        client = scope.get("client")
        if client and (wait_seconds := self._rate.wait_seconds(client[0])):
            metrics.HANDSHAKES_REFUSED.labels(reason="rate").inc()
            raise Throttled(wait_seconds)
        try:
            identity = await http_identity.identify(scope)
        except AuthenticationFailed as failure:
            raise refusal(failure.reason) from failure
        subject = self._find_subject(scope["url_route"]["kwargs"], identity)
        subscription = Subscription(subject, outbox=outbox)
        try:
            if not await subscription.has_room(identity):
                raise TooManyConnections
            if not await subscription.admits(identity):
                raise Http404  # unknown, or another company's: the same answer
        except BaseException:
            subscription.end()
            raise
        return identity, subscription


class _Stream:
    """The response of one request."""

    def __init__(self, send: Any, *, bounds: Bounds) -> None:
        self._send = send
        self._epoch = ""
        self._ended: asyncio.Future[Reason] = asyncio.get_running_loop().create_future()
        limit = conf.get("BACKLOG_LIMIT")
        self.outbox = Outbox(send=self._send_frame, sink=None, limit=limit, close=self._end, bounds=bounds)

    async def run(self, receive: Any, subscription: Subscription, identity: Identity, *, since: Head | None) -> None:
        """Stream until the client leaves, or a reason to end comes up: then say it."""
        seconds = identity.seconds_left + conf.get("TOKEN_GRACE_SECONDS")
        expiry = asyncio.get_running_loop().call_later(seconds, self._end, Reason.TOKEN_EXPIRED)
        gone = asyncio.create_task(_wait_until_gone(receive))
        beginning = asyncio.create_task(self._begin(subscription, identity, since))
        try:
            either: set[asyncio.Future[Any]] = {gone, self._ended}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            await self._leave(subscription, beginning)
            if not gone.done():
                await self._say_goodbye(self._ended.result(), gone)
        finally:
            expiry.cancel()
            gone.cancel()
            await self._leave(subscription, beginning)

    async def _begin(self, subscription: Subscription, identity: Identity, since: Head | None) -> None:
        try:
            await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._write(server_sent_events.to_retry(RETRY_MS) + "\n")
            if not draining.is_draining():
                await subscription.start(identity, since=since, say=self._say)
            # An `EventSource` takes a refusal for the end, and goodbye for a reason to come back.
            if draining.is_draining():
                self._end(Reason.RESTART)
        except (OSError, RuntimeError):  # the server's way to say that the client is gone
            logger.debug("A stream went away while it was written to.", exc_info=True)
            self._end(Reason.SERVER_FAULT)
        except Exception:
            logger.exception("A stream failed.")
            self._end(Reason.SERVER_FAULT)

    async def _leave(self, subscription: Subscription, beginning: asyncio.Task[None]) -> None:
        """Stop all that writes; what was not sent is asked for again."""
        beginning.cancel()
        await asyncio.gather(beginning, return_exceptions=True)
        subscription.end()

    def _end(self, reason: Reason) -> None:
        if not self._ended.done():
            self._ended.set_result(reason)

    async def _say_goodbye(self, reason: Reason, gone: asyncio.Task[None]) -> None:
        metrics.SOCKETS_CLOSED.labels(reason=reason.value).inc()
        retry_ms = farewell.choose_retry_ms(reason)
        text = "" if retry_ms is None else server_sent_events.to_retry(retry_ms)
        text += server_sent_events.to_message(farewell.closing(reason, retry_after_ms=retry_ms), epoch=self._epoch)
        try:
            async with asyncio.timeout(farewell.CLOSE_TIMEOUT_SECONDS):
                await self._write(text, more=False)
        except TimeoutError:
            # ASGI cannot drop a connection; to return now would be an error in the server's log for each slow client.
            await asyncio.wait({gone}, timeout=ABANDON_SECONDS)
        except (OSError, RuntimeError):
            logger.debug("A stream went away before its end.")

    async def _say(self, frame_type: str, /, **fields: Any) -> None:
        self._epoch = fields.get("epoch", self._epoch)
        await self._send_frame(frames.control(frame_type, **fields))

    async def _send_frame(self, text: str) -> None:
        await self._write(server_sent_events.to_message(text, epoch=self._epoch))

    async def _write(self, text: str, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": text.encode(), "more_body": more})


def _bounds_for(scope: dict[str, Any]) -> Bounds:
    """Return what a stream may cost. Its client never says anything, so only the server can tell whether it reads."""
    # daphne, which names no version of the specification, takes everything at once: such streams end after so much.
    tells = "spec_version" in scope.get("asgi", {})
    return Bounds(
        backlog_bytes=conf.get("BACKLOG_BYTES"),
        stall_seconds=conf.get("STALL_SECONDS"),
        unheard_bytes=sys.maxsize if tells else conf.get("UNHEARD_BYTES"),
    )


async def _wait_until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _find_position(scope: dict[str, Any]) -> Head | None:
    """Return where the client stands: the header goes first, because an `EventSource` repeats its old address."""
    headers = [value for name, value in scope["headers"] if name == b"last-event-id"]
    last = server_sent_events.parse_event_id(headers[-1].decode("latin-1")) if headers else None
    return last or requested_position(scope.get("query_string", b""))
