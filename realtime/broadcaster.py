"""
Carry broadcasts from any thread to the channel layer, without ever delaying or failing the caller.

A broadcast is a hint: the log has the event, and each hub finds what a lost hint left out. So the queue is bounded, a
broadcast is given up after a time-out, and a layer that failed is left alone for a moment. Every failure is counted.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

from channels.layers import channel_layers

from realtime import conf, metrics

logger = logging.getLogger(__name__)

#: Broadcasts that wait for the layer before the oldest is dropped.
QUEUE_LIMIT = 10_000
#: After a failure nothing is broadcast for this long: hints that waited for a dead layer are worth nothing.
PAUSE_SECONDS = 1.0
#: Shortest time between two log lines about a failing layer.
LOG_INTERVAL_SECONDS = 60.0


class Broadcaster:
    """One queue and one sending task on one event loop; `send` may be called from every thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, has_own_thread: bool = False) -> None:
        self._loop = loop
        self.has_own_thread = has_own_thread
        self._queue: deque[tuple[str, dict[str, Any]]] = deque(maxlen=QUEUE_LIMIT)
        self._sender: asyncio.Task[None] | None = None
        self._paused_until = 0.0
        self._last_log = -LOG_INTERVAL_SECONDS

    @property
    def is_dead(self) -> bool:
        """Whether the loop has ended."""
        return self._loop.is_closed()

    def send(self, group: str, message: dict[str, Any]) -> None:
        """Queue a message for a group of the channel layer; never blocks, never raises."""
        if time.monotonic() < self._paused_until:
            metrics.BROADCASTS_FAILED.inc()
            return
        if len(self._queue) == QUEUE_LIMIT:
            metrics.BROADCASTS_FAILED.inc()  # the oldest gives way
        self._queue.append((group, message))
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:  # the loop was closed: the process ends
            metrics.BROADCASTS_FAILED.inc()

    def drain(self) -> None:
        """Wait until what was queued is sent or given up, at most `REALTIME_BROADCAST_TIMEOUT_SECONDS`."""
        with suppress(TimeoutError, RuntimeError):  # RuntimeError: the loop was closed
            asyncio.run_coroutine_threadsafe(self._drained(), self._loop).result(conf.get("BROADCAST_TIMEOUT_SECONDS"))

    async def _drained(self) -> None:
        self._wake()
        if self._sender is not None:
            await self._sender

    def _wake(self) -> None:
        if self._sender is None or self._sender.done():
            self._sender = self._loop.create_task(self._send_all())

    async def _send_all(self) -> None:
        layer = channel_layers["default"]
        timeout = conf.get("BROADCAST_TIMEOUT_SECONDS")
        while self._queue:
            group, message = self._queue.popleft()
            try:
                await asyncio.wait_for(layer.group_send(group, message), timeout)
                metrics.BROADCASTS_SENT.inc()
            except Exception as error:  # noqa: BLE001 - whatever the layer raises, the event is in the log
                self._pause(error)

    def _pause(self, error: Exception) -> None:
        now = time.monotonic()
        self._paused_until = now + PAUSE_SECONDS
        metrics.BROADCASTS_FAILED.inc(1 + len(self._queue))
        self._queue.clear()
        if now - self._last_log >= LOG_INTERVAL_SECONDS:
            self._last_log = now
            logger.warning("Broadcasts fail (%s); events are delivered from the log.", type(error).__name__)


class _Home:
    """Which broadcaster this process uses: the serving loop's, else one on a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._broadcaster: Broadcaster | None = None

    def forget(self) -> None:
        """Start over in a forked child: the broadcaster's thread stayed behind, and whoever held the lock."""
        self._lock = threading.Lock()
        self._broadcaster = None

    def adopt(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._broadcaster = Broadcaster(loop)

    def release(self) -> None:
        with self._lock:
            self._broadcaster = None

    def get(self) -> Broadcaster:
        with self._lock:
            if self._broadcaster is None or self._broadcaster.is_dead:
                self._broadcaster = Broadcaster(_start_loop_thread(), has_own_thread=True)
            return self._broadcaster

    def drain(self) -> None:
        """Send what is left, before the process ends. The serving loop has its own end."""
        with self._lock:
            broadcaster = self._broadcaster
        if broadcaster is not None and not broadcaster.is_dead and broadcaster.has_own_thread:
            broadcaster.drain()


def _start_loop_thread() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="realtime-broadcaster", daemon=True).start()
    return loop


_home = _Home()
os.register_at_fork(after_in_child=_home.forget)
# A command ends right after its commit, and its thread with it.
atexit.register(_home.drain)


def adopt_loop(loop: asyncio.AbstractEventLoop) -> None:
    """
    Send all broadcasts of this process on the serving loop.

    The in-memory layer belongs to one event loop: a job's thread must hand its broadcast to the loop of the sockets.
    """
    _home.adopt(loop)


def release_loop() -> None:
    """Forget the serving loop, before it is closed."""
    _home.release()


def send(group: str, message: dict[str, Any]) -> None:
    """Queue a message for a group; never blocks, never raises."""
    _home.get().send(group, message)
