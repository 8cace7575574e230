"""
The hub of a serving process: ONE subscription per topic, ordering, gap repair, fan-out to the local sockets.

The channel layer is a hint: it may lose, repeat or reorder. A topic's position says which event goes out next;
what the layer left out is read from the log. Per event and socket there is no task, no thread, no JSON, no query.

Source: docs/architecture.md, "Life of one event".
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from channels.layers import channel_layers
from django.db import Error as DatabaseError

from realtime import (
    broadcaster,
    conf,
    database,
    eventlog,
    fanout,
    frames,
    layers,
    metrics,
    packets,
    publisher,
    revocation,
    rights,
    topics,
)
from realtime.close_codes import Reason
from realtime.eventlog import Entry, Head
from realtime.outbox import Outbox
from realtime.packets import Packet
from realtime.rights import Guarded
from realtime.socket_count import SocketCount
from realtime.topic_state import TopicState

logger = logging.getLogger(__name__)

#: Characters of events that are read from the log at once: what a client that joins and does not read may hold.
PAGE_CHARS = 1024 * 1024
#: Wait before the layer is asked again after it failed.
LAYER_RETRY_SECONDS = 0.5


class Hub:
    """Delivers events of the log to the sockets of one event loop."""

    def __init__(self) -> None:
        self._layer = channel_layers["default"]
        self._topics: dict[str, TopicState] = {}
        self._channel: str | None = None
        self._channel_lock = asyncio.Lock()
        self._attached: dict[Outbox, TopicState] = {}
        self._guarded: dict[Outbox, Guarded] = {}
        self._recheck = asyncio.Event()
        #: `time.monotonic()` when this process was last told that somebody may have lost a right.
        self.told_at = -math.inf
        self._compare_now = asyncio.Event()
        #: Whether it would be told; before that, only the periodic check finds a withdrawn right.
        self.is_listening = False
        self._dirty: list[TopicState] = []
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._farewells: set[asyncio.Task[None]] = set()
        #: How many sockets may be opened, attached or not.
        self.sockets = SocketCount()

    def guard(self, outbox: Outbox, right: Guarded, *, asked_at: float) -> None:
        """
        Re-check, when asked and from time to time, whether an attached socket may still watch.

        Args:
            asked_at: `time.monotonic()` before the right was looked up: what was withdrawn since is found at once.
        """
        self._guarded[outbox] = right
        if self.told_at >= asked_at:
            self._recheck.set()

    async def attach(self, topic: str, outbox: Outbox, position: Head) -> None:
        """
        Deliver to a socket every event after a position, without hole or repetition, from now on.

        The socket is closed for a resync when the log no longer reaches back to the position.
        """
        state = self._topics.get(topic) or self._open(topic, await database.run(eventlog.open_topic, topic))
        state.joining += 1
        try:
            if state.epoch == position.epoch and await self._catch_up_with(state, outbox, position.sequence):
                outbox.on_speed_change = state.place
                state.place(outbox)
                self._attached[outbox] = state
                metrics.SOCKETS_OPEN.inc()
            else:
                outbox.close(Reason.RESYNC)
        finally:
            state.joining -= 1
            self._drop_if_unused(state)

    async def _catch_up_with(self, state: TopicState, outbox: Outbox, seen: int) -> bool:
        """Offer the socket all that was flushed after `seen`; False when the log has a hole there."""
        while not outbox.is_closed:
            if not await self._reach(state, seen) or self._topics.get(state.name) is not state:
                return False
            past = state.recent_after(seen)
            if past is not None and outbox.has_room_for(past):
                outbox.offer(past)
                break
            if past is None:
                past = packets.wrap(await self._read(state, after=seen))
            if not past or past[0].sequence != seen + 1:
                return False
            await outbox.replay(past)
            seen = past[-1].sequence
        return True

    def detach(self, outbox: Outbox) -> None:
        """Forget a socket; the last one ends the subscription."""
        outbox.discard()
        self._guarded.pop(outbox, None)
        state = self._attached.pop(outbox, None)
        if state is not None:
            state.remove(outbox)
            metrics.SOCKETS_OPEN.dec()
            self._drop_if_unused(state)

    @property
    def outboxes(self) -> list[Outbox]:
        """The ways out of all local sockets."""
        return list(self._attached)

    @property
    def has_sockets(self) -> bool:
        """Whether any socket is attached."""
        return bool(self._attached)

    async def stop(self) -> None:
        """End the background work, before the event loop ends."""
        for state in list(self._topics.values()):
            self._drop(state)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self.sockets.stop()
        broadcaster.release_loop()

    def _open(self, topic: str, head: Head) -> TopicState:
        self._start()
        state = self._topics.get(topic)
        if state is None:
            state = self._topics[topic] = TopicState(topic, head)
            state.subscription = asyncio.create_task(self._subscribe(state))
            metrics.TOPICS_OPEN.inc()
        return state

    def _drop_if_unused(self, state: TopicState) -> None:
        if not state.joining and not state.fast and not state.slow:
            self._drop(state)

    def _drop(self, state: TopicState) -> None:
        if self._topics.get(state.name) is not state:
            return
        del self._topics[state.name]
        metrics.TOPICS_OPEN.dec()
        for task in (state.subscription, state.repair):
            if task is not None:
                task.cancel()
        task = asyncio.create_task(self._unsubscribe(state.name))
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    def _start(self) -> None:
        if not self._tasks:
            jobs = (
                self._receive,
                self._flush,
                self._check_heads,
                self._listen_to_control,
                self._check_rights,
                self._beat,
            )
            self._tasks = [asyncio.create_task(_keep_alive(job)) for job in jobs]
            broadcaster.adopt_loop(asyncio.get_running_loop())

    async def _receive(self) -> None:
        channel = await self._get_channel()
        while True:
            try:
                message = await self._layer.receive(channel)
            except (ValueError, TypeError):  # a layer's word for what it cannot read; the next message is another
                metrics.MESSAGES_IGNORED.inc()
            else:
                self._take(message)

    async def _get_channel(self) -> str:
        async with self._channel_lock:  # two first users must not make two channels: one would never be read
            if self._channel is None:
                self._channel = await self._layer.new_channel()
            return self._channel

    def _take(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": publisher.MESSAGE_TYPE, "topic": str(topic), "sequence": int(sequence), "body": str(body)}:
                state = self._topics.get(topic)
                if len(body) > conf.get("MAX_EVENT_BYTES"):  # never ours: the log has what is
                    metrics.MESSAGES_IGNORED.inc()
                elif state is not None:
                    self._accept(state, [Entry(sequence, body)])
            case {"type": revocation.MESSAGE_TYPE}:
                self._recheck_rights()
            case {"type": layers.MESSAGES_LOST}:  # events, and word of withdrawn rights
                self._compare_now.set()
                self._recheck_rights()
            case _:  # another version's message must not harm
                metrics.MESSAGES_IGNORED.inc()

    def _recheck_rights(self) -> None:
        self.told_at = time.monotonic()
        self._recheck.set()

    def _accept(self, state: TopicState, entries: list[Entry]) -> None:
        complete = True
        for entry in entries:
            complete = state.accept(entry) and complete
        if state.pending:
            self._dirty.append(state)
            self._wake.set()
        if not complete:
            self._repair(state)

    async def _subscribe(self, state: TopicState) -> None:
        while True:
            try:
                await self._layer.group_add(state.name, await self._get_channel())
                break
            except Exception as error:  # noqa: BLE001 - as above; the head check delivers meanwhile
                logger.warning("Cannot subscribe to a topic (%s); trying again.", type(error).__name__)
                await asyncio.sleep(LAYER_RETRY_SECONDS)
        self._repair(state)  # what was published before the subscription took effect

    async def _unsubscribe(self, topic: str) -> None:
        try:
            if self._channel is not None:
                await self._layer.group_discard(topic, self._channel)
        except Exception as error:  # noqa: BLE001 - the subscription dies with the process at the latest
            logger.warning("Cannot unsubscribe from a topic (%s).", type(error).__name__)

    async def _read(self, state: TopicState, *, after: int) -> list[Entry]:
        limit = conf.get("REPLAY_LIMIT")
        return await database.run(eventlog.replay, topic=state.name, after=after, limit=limit, max_chars=PAGE_CHARS)

    async def _reach(self, state: TopicState, sequence: int) -> bool:
        """Wait until this process has flushed a sequence; False when the log does not have it."""
        if state.position < sequence:
            await self._catch_up(state)
        while state.flushed < sequence <= state.position:
            await asyncio.sleep(0)
        return state.flushed >= sequence

    def _repair(self, state: TopicState) -> None:
        if state.repair is None or state.repair.done():
            state.repair = asyncio.create_task(self._repair_until_whole(state))

    async def _repair_until_whole(self, state: TopicState) -> None:
        metrics.REPAIRS.inc()
        try:
            await self._catch_up(state)
        except DatabaseError:
            logger.exception("Cannot read the log; the head check tries again.")

    async def _catch_up(self, state: TopicState) -> None:
        while True:
            start = state.position
            entries = await self._read(state, after=start)
            hole = entries[0].sequence != start + 1 if entries else start < state.head
            if hole:
                self._resync(state)
                return
            self._accept(state, entries)
            if not _is_full(entries):
                break
        state.ahead = {sequence: entry for sequence, entry in state.ahead.items() if sequence > state.position}

    def _resync(self, state: TopicState) -> None:
        """Start over: the log was pruned or renumbered behind the sockets, which must take a snapshot."""
        for outbox in state.outboxes:
            outbox.close(Reason.RESYNC)
        self._drop(state)

    async def _check_heads(self) -> None:
        while True:
            await _wait_for(self._compare_now, conf.get("HEAD_CHECK_SECONDS"))
            positions = {name: state.position for name, state in self._topics.items()}
            if positions:
                self._compare(positions, await database.run(eventlog.heads, list(positions)))

    async def _listen_to_control(self) -> None:
        await self._layer.group_add(topics.CONTROL, await self._get_channel())
        self.is_listening = True
        self._recheck.set()  # what was withdrawn before the subscription took effect
        await asyncio.Event().wait()

    async def _check_rights(self) -> None:
        while True:
            await _wait_for(self._recheck, conf.get("RECHECK_SECONDS"))
            guarded = dict(self._guarded)
            if guarded:
                standing = await database.run(rights.filter_standing, set(guarded.values()))
                for outbox, right in guarded.items():
                    # A refresh during the check has put another right in its place.
                    if right not in standing and self._guarded.get(outbox) is right:
                        outbox.close(Reason.ACCESS_REVOKED)

    def _compare(self, positions: dict[str, int], heads: dict[str, Head]) -> None:
        for name, head in heads.items():
            state = self._topics.get(name)
            if state is None:
                continue
            if head.epoch != state.epoch or head.sequence < positions[name]:
                self._resync(state)
            elif head.sequence > state.position:
                state.head = head.sequence
                self._repair(state)

    async def _flush(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            dirty, self._dirty = self._dirty, []
            for state in dirty:
                batch = state.take_pending()  # what waited together leaves together
                if batch:
                    state.spoke_at = time.monotonic()
                    await fanout.deliver(state, batch)
                if state.pending:  # after the other topics have had their turn
                    self._dirty.append(state)
                    self._wake.set()

    async def _beat(self) -> None:
        while True:
            seconds = conf.get("HEARTBEAT_SECONDS")
            await asyncio.sleep(min(1.0, seconds / 4))
            now = time.monotonic()
            for state in list(self._topics.values()):
                if now - state.spoke_at >= seconds:
                    state.spoke_at = now
                    heartbeat = frames.control("heartbeat", head=state.flushed)
                    await fanout.deliver(state, [Packet(state.flushed, heartbeat)])


def _is_full(page: list[Entry]) -> bool:
    """Whether the log may have more than it gave at once."""
    return len(page) >= conf.get("REPLAY_LIMIT") or sum(len(entry.body) for entry in page) >= PAGE_CHARS


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    """Return when the event is set, or after some seconds; the event is used up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # wait_for may swallow a cancellation
            await event.wait()
    event.clear()


async def _keep_alive(job: Callable[[], Awaitable[None]]) -> None:
    """Run a job of the hub for ever: whatever the layer or the database raise, delivery goes on from the log."""
    while True:
        try:
            await job()
        except Exception:
            logger.exception("The hub's %s failed; it starts again.", job.__name__.strip("_"))
            await asyncio.sleep(LAYER_RETRY_SECONDS)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def get_hub() -> Hub:
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    for closed in [other for other in _hubs if other.is_closed()]:
        del _hubs[closed]
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
