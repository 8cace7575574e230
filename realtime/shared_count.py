"""
The sockets of each user and group over all serving processes, in the Redis of the channel layer.

Each process keeps one record of its own counts there, which expires when the process falls silent, so a killed process
leaves nothing behind. Whether one more fits is decided and written in one step, by a script. All of it goes over one
connection, what waits together in one round trip. Without an answer in time the process decides by its own count.

Source: docs/operations.md, "Limits of sockets".
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Mapping
from typing import NamedTuple

from redis.asyncio import Redis
from redis.exceptions import RedisError

from realtime import metrics, redis_hosts
from realtime.redis_hosts import RedisHost

logger = logging.getLogger(__name__)

#: A process that has said nothing for this long is taken for dead: its sockets count no more.
LIFE_SECONDS = 30.0
#: Between two signs of life; several may fail.
BEAT_SECONDS = 5.0
#: Longest that a handshake waits for the answer.
ASK_TIMEOUT_SECONDS = 0.25
#: Longest round trip; then the connection is given up.
ROUND_TIMEOUT_SECONDS = 1.0
#: After a failure nobody asks for this long.
RETRY_SECONDS = 2.0
#: Shortest time between two log lines.
LOG_INTERVAL_SECONDS = 60.0

#: KEYS: the living processes with the end of their lives, the record of this one. ARGV: this process, milliseconds of
#: life, then key, limit and own count with the new socket. The records of others are named by the list: no cluster.
_ASK = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local processes = redis.call('ZRANGE', KEYS[1], 0, -1)
for i = 3, #ARGV, 3 do
  local total = tonumber(ARGV[i + 2])
  for _, process in ipairs(processes) do
    if process ~= ARGV[1] then
      total = total + tonumber(redis.call('HGET', KEYS[1] .. ':' .. process, ARGV[i]) or 0)
    end
  end
  if total > tonumber(ARGV[i + 1]) then return 0 end
end
for i = 3, #ARGV, 3 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2]) end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 1
"""
#: KEYS as above. ARGV: this process, milliseconds of life, then key and own count. Says whether the record was there.
_WRITE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local there = redis.call('EXISTS', KEYS[2])
for i = 3, #ARGV, 2 do
  if ARGV[i + 1] == '0' then redis.call('HDEL', KEYS[2], ARGV[i])
  else redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return there
"""


class _Question(NamedTuple):
    """One socket that asks: limit and own count for each key, and where the answer goes."""

    wanted: list[tuple[str, int, int]]
    answer: asyncio.Future[bool]


class SharedCount:
    """
    Asks Redis whether one more socket fits, and keeps the record of this process true.

    Args:
        host: where Redis is.
        prefix: of all names in Redis: one for each installation.
        counts: the sockets of this process by key; read whenever they are written.
    """

    def __init__(self, host: RedisHost, *, prefix: str, counts: Mapping[str, int]) -> None:
        self._host = host
        self._counts = counts
        self._process = secrets.token_hex(8)
        self._name = f"{prefix}:sockets"
        self._keys = (f"{prefix}:sockets", f"{prefix}:sockets:{self._process}")
        self._asked: list[_Question] = []
        #: Keys whose count in Redis may be another than ours.
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._redis: Redis | None = None
        self._stopped = False
        self._retry_at = 0.0
        self._logged_at = -LOG_INTERVAL_SECONDS

    async def admits(self, limits: Mapping[str, int]) -> bool:
        """
        Whether a socket fits that `counts` has already; True also when Redis does not say.

        Args:
            limits: most sockets for each key.
        """
        if time.monotonic() < self._retry_at:
            return self._uncounted(limits)
        self._start()
        question = _Question(
            [(key, limit, self._counts[key]) for key, limit in limits.items()],
            asyncio.get_running_loop().create_future(),
        )
        self._asked.append(question)
        self._wake.set()
        try:
            async with asyncio.timeout(ASK_TIMEOUT_SECONDS):
                return await question.answer
        except (RedisError, OSError, TimeoutError) as error:
            self._note_failure(error)
            return self._uncounted(limits)

    def note_change(self, keys: list[str]) -> None:
        """Write the counts of some keys soon: sockets have left."""
        self._changed.update(keys)
        self._wake.set()

    async def stop(self) -> None:
        """Take this process out of the count, as far as Redis lets it, and close the connection."""
        self._stopped = True  # redis-py may swallow a cancellation: asyncio.wait_for does in Python 3.11
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
            self._worker = None
        if self._redis is not None:
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(ROUND_TIMEOUT_SECONDS), self._redis.pipeline(transaction=False) as pipeline:
                    pipeline.delete(self._keys[1])
                    pipeline.zrem(self._keys[0], self._process)
                    await pipeline.execute()
            await redis_hosts.close(self._redis)
            self._redis = None

    def _note_change_of(self, written: dict[str, int]) -> None:
        stale = [key for key, count in written.items() if self._counts.get(key, 0) != count]
        if stale:
            self.note_change(stale)

    def _uncounted(self, limits: Mapping[str, int]) -> bool:
        metrics.SOCKETS_UNCOUNTED.inc()
        self._changed.update(limits)
        return True

    def _start(self) -> None:
        if self._worker is None:
            self._redis = self._host.make_async_client(self._name)
            self._worker = asyncio.create_task(self._work(self._redis))

    async def _work(self, client: Redis) -> None:
        while not self._stopped:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            if time.monotonic() >= self._retry_at and (self._asked or self._changed or self._counts):
                await self._go_round(client)

    async def _go_round(self, client: Redis) -> None:
        asked, self._asked = [question for question in self._asked if not question.answer.done()], []
        changed, self._changed = self._changed, set()
        try:
            async with asyncio.timeout(ROUND_TIMEOUT_SECONDS):
                was_there, *admitted = await self._exchange(client, asked, changed)
        except (RedisError, OSError, TimeoutError) as error:
            self._changed |= changed
            self._note_failure(error)
            for question in asked:
                if not question.answer.done():
                    question.answer.set_exception(error)
            return
        for question, fits in zip(asked, admitted, strict=True):
            if not question.answer.done():
                question.answer.set_result(bool(fits))
            # What was written is the count when the question was asked; others may have come and gone since.
            self._note_change_of({key: count for key, _, count in question.wanted})
        if not was_there and changed != set(self._counts):  # Redis has forgotten us
            self.note_change(list(self._counts))

    async def _exchange(self, client: Redis, asked: list[_Question], changed: set[str]) -> list[int]:
        """Write what changed, then ask; return whether our record was there, and each answer."""
        about_us = (self._process, int(LIFE_SECONDS * 1000))
        async with client.pipeline(transaction=False) as pipeline:
            counts = (part for key in changed for part in (key, self._counts.get(key, 0)))
            pipeline.eval(_WRITE, 2, *self._keys, *about_us, *counts)
            for question in asked:
                pipeline.eval(_ASK, 2, *self._keys, *about_us, *(part for wanted in question.wanted for part in wanted))
            answers: list[int] = await pipeline.execute()
            return answers

    def _note_failure(self, error: Exception) -> None:
        now = time.monotonic()
        self._retry_at = now + RETRY_SECONDS
        if now - self._logged_at >= LOG_INTERVAL_SECONDS:
            self._logged_at = now
            logger.warning("Sockets are counted in this process alone (%s).", type(error).__name__)
