"""
One socket, whatever it watches: accept, say why not, hand the socket to the hub, answer commands, close.

Source: PROTOCOL.md.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from realtime import commands, conf, database, farewell, frames, metrics, tokens
from realtime.access import Subject
from realtime.close_codes import PRIVATE_CODE_OFFSET, Reason
from realtime.commands import Command, MalformedFrame, RateLimit
from realtime.exceptions import AuthenticationFailed, CommandRejected
from realtime.outbox import SINK_EXTENSION, Bounds, Outbox, Sink
from realtime.subscription import Subscription, requested_position
from realtime.tokens import Identity

logger = logging.getLogger(__name__)

#: The only subprotocol that the server ever selects.
SUBPROTOCOL = "tenderwire.v1"

Handler = Callable[[Command], Awaitable[dict[str, Any]]]


class SocketConsumer(AsyncWebsocketConsumer):
    """One socket that watches one subject. A subclass says which (`find_subject`) and adds its own `handlers`."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = False
        self.handlers: dict[str, Handler] = {"refresh": self._refresh, "status": self._status}
        self._identity: Identity | None = None
        self._subscription: Subscription | None = None
        self._outbox: Outbox | None = None
        self._scope: dict[str, Any] = {}
        self._send: Callable[[dict[str, Any]], Awaitable[None]]
        self._main: asyncio.Task[Any] | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._rate = RateLimit(per_second=conf.get("COMMANDS_PER_SECOND"), burst=conf.get("COMMANDS_BURST"))

    def find_subject(self, identity: Identity) -> Subject:
        """Return what this socket watches."""
        raise NotImplementedError

    @property
    def signed_in(self) -> Identity:
        """
        Who is at the other end.

        Raises:
            CommandRejected: nobody yet.
        """
        if self._identity is None:
            raise CommandRejected("forbidden", "This socket is not signed in.")
        return self._identity

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """
        Run the socket. Replaces Channels' loop, which spends a channel, a task and a hop through the one
        database thread on every message of every socket; here the hub does what they were for.
        """
        self.scope = self._scope = scope
        self.base_send = self._send = send
        self._main = asyncio.current_task()
        try:
            await self._run(receive)
        except (OSError, RuntimeError):  # the server's way to say that the client is gone
            logger.debug("A socket went away while it was written to.")
        except Exception:
            logger.exception("A socket failed.")
            await self._close(Reason.SERVER_FAULT)
        finally:
            self._leave()

    async def _run(self, receive: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.connect":
                await self._connect()
            elif message["type"] == "websocket.receive":
                await self._receive_frame(message.get("text"))
            elif message["type"] == "websocket.disconnect":
                return

    async def _connect(self) -> None:
        await self.accept(SUBPROTOCOL if SUBPROTOCOL in self._scope.get("subprotocols", []) else None)
        identity = self._scope["auth"]
        if isinstance(identity, Reason):
            await self._close(identity)
            return
        self._outbox = self._make_outbox()
        self._subscription = Subscription(self.find_subject(identity), outbox=self._outbox)
        if not await self._subscription.has_room(identity):
            await self._close(Reason.TOO_MANY_CONNECTIONS)
            return
        if not await self._subscription.admits(identity):
            await self._close(Reason.FORBIDDEN)
            return
        self._identity = identity
        since = requested_position(self._scope.get("query_string", b""))
        await self._subscription.start(identity, since=since, say=self._say)
        self._watch_expiry()

    def _make_outbox(self) -> Outbox:
        sink = self._sink
        bounds = Bounds(
            backlog_bytes=conf.get("BACKLOG_BYTES"),
            stall_seconds=conf.get("STALL_SECONDS"),
            unheard_bytes=conf.get("UNHEARD_BYTES"),
        )
        limit = conf.get("BACKLOG_LIMIT")
        return Outbox(send=self._send_text, sink=sink, limit=limit, close=self._close_soon, bounds=bounds)

    @property
    def _sink(self) -> Sink | None:
        sink: Sink | None = self._scope.get("extensions", {}).get(SINK_EXTENSION)
        return sink

    def _watch_expiry(self) -> None:
        for timer in self._timers:
            timer.cancel()
        loop = asyncio.get_running_loop()
        seconds = self.signed_in.seconds_left
        # Half the life of a short token: a client that refreshes at once must not be asked again at once.
        notice = min(conf.get("TOKEN_NOTICE_SECONDS"), seconds / 2)
        self._timers = [
            loop.call_later(seconds - notice, self._announce_expiry),
            loop.call_later(seconds + conf.get("TOKEN_GRACE_SECONDS"), self._close_soon, Reason.TOKEN_EXPIRED),
        ]

    def _announce_expiry(self) -> None:
        self._spawn(self._say("token_expiring", seconds=round(self.signed_in.seconds_left)))

    async def _receive_frame(self, text: str | None) -> None:
        if self.closing:
            return
        if self._outbox is not None:
            self._outbox.heard()
        if not self._rate.allows():
            await self._refuse_flood()
        elif text == "ping":
            await self._send_text("pong")
        else:
            await self._answer(text)

    async def _refuse_flood(self) -> None:
        metrics.COMMANDS.labels(outcome="rate_limited").inc()
        if self._rate.is_abused:
            await self._close(Reason.TOO_MANY_COMMANDS)
        elif self._rate.refused == 1:  # say it once, or the answers become the flood
            await self._reply(None, error=CommandRejected("rate_limited", "Too many commands; slow down."))

    async def _answer(self, text: str | None) -> None:
        command_id = None
        try:
            command = commands.parse(text)
            command_id = command.id
            handler = self._find_handler(command.type)
            await self._reply(command_id, result=await handler(command))
        except (MalformedFrame, CommandRejected) as rejection:
            await self._reply(command_id, error=rejection)

    def _find_handler(self, command_type: str) -> Handler:
        handler = self.handlers.get(command_type)
        if handler is None or self._identity is None:
            raise CommandRejected("unknown_command", "There is no such command on this socket.")
        if command_type != "refresh" and not self._identity.seconds_left:
            raise CommandRejected("token_expired", "The token has expired; refresh it first.")
        return handler

    async def _reply(
        self,
        command_id: str | int | None,
        *,
        result: dict[str, Any] | None = None,
        error: CommandRejected | None = None,
    ) -> None:
        metrics.COMMANDS.labels(outcome="rejected" if error else "accepted").inc()
        if error is None:
            await self._say("reply", id=command_id, ok=True, result=result)
        else:
            details = {"code": error.code, "message": error.message}
            await self._say("reply", id=command_id, ok=False, error=details)

    async def _refresh(self, command: Command) -> dict[str, Any]:
        """Take a fresh token or ticket of the same user; rights are looked up again."""
        identity = await self._authenticate_again(command.text("token"))
        if not await self._joined.admits(identity):
            self._close_soon(Reason.FORBIDDEN)
            raise CommandRejected("forbidden", Reason.FORBIDDEN.sentence)
        self._identity = identity
        self._joined.guard(identity)
        self._watch_expiry()
        return {"token_expires_in_seconds": round(identity.seconds_left)}

    async def _authenticate_again(self, credential: str) -> Identity:
        try:
            identity = await database.run(tokens.authenticate, credential)
        except AuthenticationFailed as failure:
            raise CommandRejected(failure.reason.value, failure.reason.sentence) from failure
        if identity.user.pk != self.signed_in.user.pk:
            raise CommandRejected("forbidden", "The token is another user's.")
        return identity

    async def _status(self, command: Command) -> dict[str, Any]:
        head, state = await self._joined.read_state()
        return {"sequence": head.sequence, "epoch": head.epoch, **state}

    @property
    def _joined(self) -> Subscription:
        if self._subscription is None:
            raise CommandRejected("forbidden", "This socket watches nothing.")
        return self._subscription

    async def _say(self, frame_type: str, /, **fields: Any) -> None:
        await self._send_text(frames.control(frame_type, **fields))

    async def _send_text(self, text: str) -> None:
        if not self.closing:  # a late frame after the close would be an error of ours on some servers
            await self._send({"type": "websocket.send", "text": text})

    def _close_soon(self, reason: Reason) -> None:
        self._spawn(self._close(reason))

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _close(self, reason: Reason) -> None:
        if self.closing:
            return
        metrics.SOCKETS_CLOSED.labels(reason=reason.value).inc()
        try:
            await asyncio.wait_for(self._say_goodbye(reason), farewell.CLOSE_TIMEOUT_SECONDS)
        except (OSError, RuntimeError, TimeoutError):
            self._abort()

    async def _say_goodbye(self, reason: Reason) -> None:
        await self._send_text(farewell.closing(reason, retry_after_ms=farewell.choose_retry_ms(reason)))
        self.closing = True
        await self._send_close(int(reason.close_code), reason)

    async def _send_close(self, code: int, reason: Reason) -> None:
        try:
            await self._send({"type": "websocket.close", "code": code, "reason": reason.value})
        except (OSError, RuntimeError):  # the client is gone
            raise
        except Exception:  # noqa: BLE001 - daphne's library raises a bare Exception for every standard code but 1000
            private = code + PRIVATE_CODE_OFFSET
            await self._send({"type": "websocket.close", "code": private, "reason": reason.value})

    def _abort(self) -> None:
        self.closing = True
        if self._sink is not None:
            self._sink.abort()
        elif self._main is not None:  # the end of the application ends the connection
            self._main.cancel()

    def _leave(self) -> None:
        self.closing = True
        for timer in self._timers:
            timer.cancel()
        if self._subscription is not None:
            self._subscription.end()
