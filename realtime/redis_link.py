"""
One process' link to Redis pub/sub: one connection that publishes, one that is subscribed, and word of every loss.

Pub/sub keeps nothing, so whatever breaks the subscription may cost messages. redis-py would reconnect without a word;
here the subscription is a plain connection, and the owner is told each time it comes into force anew.

Source: docs/operations.md, "Redis".
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.exceptions import RedisError

from realtime import metrics, redis_hosts
from realtime.redis_hosts import RedisHost

logger = logging.getLogger(__name__)

#: A message of our own goes through Redis this often, so that a silent link is a dead one.
PULSE_SECONDS = 4.0
#: Silence after which the connection is dropped: three pulses. A frozen proxy or a forgotten NAT entry says nothing.
SILENCE_SECONDS = 12.0
#: Shortest and longest wait before Redis is asked again; random, so that many processes do not come at once.
RETRY_SECONDS = (0.1, 0.4)
#: Longest wait for Redis to confirm a subscription; it comes into force later then, and is reported.
CONFIRM_SECONDS = 2.0


class RedisLink:
    """
    Publishes and subscribes on one event loop. Only `publish` raises; none waits longer than a few seconds.

    Args:
        prefix: begins the names of the connections and of the link's own channel.
        on_message: told each message: channel, content.
        on_recovery: told when all subscriptions are in force again after a loss: messages before that may be missing.
    """

    def __init__(
        self, host: RedisHost, *, prefix: str, on_message: Callable[[str, bytes], None], on_recovery: Callable[[], None]
    ) -> None:
        self._publisher = host.make_async_client(f"{prefix}publisher")
        self._subscriber = host.make_async_client(f"{prefix}subscriber")
        self._pulse_channel = f"{prefix}pulse.{uuid.uuid4().hex}"
        self._on_message = on_message
        self._on_recovery = on_recovery
        self._publishing = asyncio.Lock()
        #: What is wanted, and whether Redis has confirmed it on the present connection.
        self._channels: dict[str, asyncio.Event] = {}
        self._connection: Any = None
        self._lost_at: float | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def publish(self, channel: str, content: bytes) -> None:
        """
        Publish; one after the other, so that one connection is enough.

        Raises:
            RedisError: Redis is down, or did not answer in time.
        """
        async with self._publishing:
            await self._publisher.publish(channel, content)

    async def subscribe(self, channel: str) -> None:
        """Return when Redis has confirmed, or after `CONFIRM_SECONDS`: it is then slow, and confirms later, or lost."""
        is_new = channel not in self._channels
        confirmed = self._channels.setdefault(channel, asyncio.Event())
        self._start()
        if is_new:
            await self._command("SUBSCRIBE", channel)
        with suppress(TimeoutError):
            async with asyncio.timeout(CONFIRM_SECONDS):
                await confirmed.wait()

    async def unsubscribe(self, channel: str) -> None:
        """Want no more of a channel."""
        if self._channels.pop(channel, None) is not None:
            await self._command("UNSUBSCRIBE", channel)

    async def flush(self) -> None:
        """Close both connections and forget the channels; the next use opens them again."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._channels = {}
        for client in (self._publisher, self._subscriber):
            await redis_hosts.close(client)

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(job()) for job in (self._stay_subscribed, self._pulse)]

    async def _pulse(self) -> None:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            with suppress(RedisError, OSError):
                await self.publish(self._pulse_channel, b"")

    async def _stay_subscribed(self) -> None:
        while True:
            try:
                await self._listen()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next connection starts afresh
                self._note_loss(error)
            await asyncio.sleep(random.uniform(*RETRY_SECONDS))  # noqa: S311 - spreads load, hides nothing

    async def _listen(self) -> None:
        """
        Subscribe to all that is wanted, and pass on what comes, until the connection is lost.

        Raises:
            RedisError, OSError: why it was lost.
        """
        pool = self._subscriber.connection_pool
        connection = await pool.get_connection()
        try:
            # From here on whoever wants another channel sends it on this connection, behind what is wanted now.
            self._connection = connection
            # The link's own channel comes last: its confirmation says that all are in force.
            await self._command("SUBSCRIBE", *self._channels, self._pulse_channel)
            while True:
                reply = await connection.read_response(timeout=SILENCE_SECONDS)
                if reply is None:
                    raise TimeoutError(f"silent for {SILENCE_SECONDS:.0f} s")
                self._take(*reply)
        finally:
            self._connection = None
            for confirmed in self._channels.values():
                confirmed.clear()
            await connection.disconnect(nowait=True)
            await pool.release(connection)

    def _take(self, kind: bytes, name: bytes, content: Any) -> None:
        channel = name.decode(errors="replace")
        if kind == b"message" and channel != self._pulse_channel:
            self._on_message(channel, content)
        elif kind == b"subscribe" and channel == self._pulse_channel:
            self._note_recovery()
        elif kind == b"subscribe" and channel in self._channels:
            self._channels[channel].set()

    async def _command(self, *words: str) -> None:
        """Send a command that is answered amid the messages; without a connection, the next one makes up for it."""
        if self._connection is not None:
            with suppress(RedisError, OSError):  # whoever reads notices too
                await self._connection.send_command(*words, check_health=False)

    def _note_loss(self, error: Exception) -> None:
        if self._lost_at is None:
            self._lost_at = time.monotonic()
            metrics.LAYER_LOSSES.inc()
            logger.warning("The link to Redis is lost (%s); events are delivered from the log.", _one_line(error))

    def _note_recovery(self) -> None:
        if self._lost_at is not None:
            logger.warning("The link to Redis is back after %.1f s.", time.monotonic() - self._lost_at)
            self._lost_at = None
            self._on_recovery()


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
