"""
Long-polling: a request that asks for events waits here until there are some, then Django answers it as any other.

An ASGI application in front of Django, because a view that waits would hold a thread and a database connection. Here
it waits in the hub, as a socket does. Requests that have waited reach Django a few at a time: one event may wake
hundreds of them at once.

Source: PROTOCOL.md, "Long-polling".
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from realtime import conf, database, draining, eventlog, http_identity
from realtime.access import Subject
from realtime.close_codes import Reason
from realtime.event_stream import FindSubject
from realtime.eventlog import Head
from realtime.exceptions import AuthenticationFailed
from realtime.http_answers import Describe, TooManyConnections, send_answer
from realtime.outbox import Outbox
from realtime.server_sent_events import position_of
from realtime.subscription import Subscription
from realtime.ticket_authentication import IDENTITY_KEY
from realtime.tokens import Identity

logger = logging.getLogger(__name__)

#: The answer must leave before the credential ends, or Django would refuse what it has waited for.
MARGIN_SECONDS = 1.0
#: Events that come sooner than this after the question are answered together: a busy topic must not make its clients
#: ask at the pace of their network. After a longer silence an event is answered at once.
GATHER_SECONDS = 1.0
#: Longest wait while this process leaves: soon another one may answer, and until then nobody asks in a hurry.
DRAINING_SECONDS = 1.0

Message = dict[str, Any]


class LongPoll:
    """
    ASGI application in front of Django, for the addresses of events.

    Args:
        inner: Django.
        find_subject: says what is watched.
        describe: words the one refusal that Django does not know of: that too many wait.
    """

    def __init__(self, inner: Any, *, find_subject: FindSubject, describe: Describe) -> None:
        self._inner = inner
        self._find_subject = find_subject
        self._describe = describe
        self._turns = asyncio.Semaphore(database.THREADS)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        """Wait if asked to, then let Django answer."""
        wish = _find_wish(scope)
        if wish is None:
            await self._inner(scope, receive, send)
            return
        request = _Request(receive)
        try:
            if not await self._wait(scope, request, wish):
                return
        except TooManyConnections as error:
            await send_answer(send, self._describe(error))
            return
        async with self._turns:
            messages = await self._ask_django(scope, request)
        # Outside: somebody who reads slowly must not keep the others waiting.
        for message in messages:
            await send(message)

    async def _wait(self, scope: Message, request: _Request, wish: _Wish) -> bool:
        """Return whether somebody is still there; what is wrong with the request is left for Django to say."""
        try:
            # The query of these addresses holds no credentials: Django would not look there.
            identity = await http_identity.identify({**scope, "query_string": b""})
        except AuthenticationFailed:
            return True
        scope[IDENTITY_KEY] = identity  # a ticket is used up by now
        subject = self._find_subject(scope["url_route"]["kwargs"], identity)
        return await _wait_for_news(subject, identity, request, wish)

    async def _ask_django(self, scope: Message, request: _Request) -> list[Message]:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._inner(scope, request.receive, keep)
        return messages


class _Wish:
    """What a client asks for: the position it has seen, and how long it would wait for more."""

    def __init__(self, *, since: int, epoch: str, seconds: float) -> None:
        self.since = since
        self.epoch = epoch
        self.seconds = seconds

    def is_behind(self, head: Head) -> bool:
        """Whether the answer is known already."""
        return self.since != head.sequence or self.epoch not in ("", head.epoch)


class _Request:
    """The messages of a request: read while it waits, to notice that the client has left, then as if not read."""

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._is_read = False
        self._is_told = False

    async def wait_until_gone(self) -> None:
        """Return when the client has left. What a GET has for a body is not kept."""
        while (await self._receive())["type"] != "http.disconnect":
            self._is_read = True

    async def receive(self) -> Message:
        """Return the next message for Django: an empty body once, then the end."""
        if self._is_read and not self._is_told:
            self._is_told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        message: Message = await self._receive()
        while self._is_told and message["type"] == "http.request":
            message = await self._receive()
        return message


async def _wait_for_news(subject: Subject, identity: Identity, request: _Request, wish: _Wish) -> bool:
    """
    Return when there is something to answer; False when nobody is left to answer.

    Raises:
        TooManyConnections: nobody more may wait for this user.
    """
    news = asyncio.create_task(_hear_of_news(subject, identity, wish))
    gone = asyncio.create_task(request.wait_until_gone())
    seconds = min(wish.seconds, identity.seconds_left - MARGIN_SECONDS)
    if draining.is_draining():
        seconds = min(seconds, DRAINING_SECONDS)
    try:
        await asyncio.wait({news, gone}, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
        return not gone.done()
    finally:
        gone.cancel()
        news.cancel()
        _, failure = await asyncio.gather(gone, news, return_exceptions=True)
        if isinstance(failure, TooManyConnections):
            raise failure
        if isinstance(failure, Exception):
            logger.error("A poll could not wait; it is answered at once.", exc_info=failure)


async def _hear_of_news(subject: Subject, identity: Identity, wish: _Wish) -> None:
    """Return at the first event after the position, and when the right or the server ends."""
    answer_from = asyncio.get_running_loop().time() + GATHER_SECONDS
    news, end = asyncio.Event(), asyncio.Event()

    async def hear(frame: str) -> None:
        if position_of(frame) is not None:  # a heartbeat is no news
            news.set()

    def close(reason: Reason) -> None:
        news.set()
        end.set()

    outbox = Outbox(send=hear, sink=None, limit=conf.get("BACKLOG_LIMIT"), close=close)
    subscription = Subscription(subject, outbox=outbox)
    try:
        if not await subscription.has_room(identity):
            raise TooManyConnections
        if not await subscription.admits(identity):
            return
        head = await database.run(eventlog.open_topic, subject.topic)
        if not wish.is_behind(head):
            await subscription.follow(identity, head)
            await news.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(answer_from):
                    await end.wait()
    finally:
        subscription.end()


def _find_wish(scope: Message) -> _Wish | None:
    """Return what a request would wait for; None when it would not wait, or is nothing that could be waited for."""
    query = {name: values[-1] for name, values in parse_qs(scope.get("query_string", b"").decode("latin-1")).items()}
    since, seconds = query.get("since", ""), _to_seconds(query.get("wait", ""))
    if scope["method"] != "GET" or not seconds or not since.isascii() or not since.isdigit() or len(since) > 18:
        return None
    return _Wish(since=int(since), epoch=query.get("epoch", ""), seconds=seconds)


def _to_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        return 0.0
    longest: float = conf.get("LONG_POLL_MAX_SECONDS")
    return min(seconds, longest) if seconds > 0 else 0.0  # also for "nan"
