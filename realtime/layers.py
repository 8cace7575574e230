"""
The channel layer over Redis: channels_redis' pub/sub layer on a link that says when it lost messages.

Channels and groups are those of channels_redis. Ours: options it does not know are refused, names are checked, what
waits for a channel is bounded, nothing is left behind by a receiver that goes, and after every loss of the
subscription each channel receives `MESSAGES_LOST`.

Source: docs/adr/0020-a-channel-layer-that-reports-losses.md.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from channels.layers import BaseChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from channels_redis.utils import _wrap_close

from realtime import metrics
from realtime.redis_hosts import RedisHost
from realtime.redis_link import RedisLink

#: Type of the message that stands for all those which may have been lost before it.
MESSAGES_LOST = "realtime.messages_lost"
#: Messages that wait for one channel before the oldest gives way. The hub's channel carries all topics of a process.
CAPACITY = 2048

_names = BaseChannelLayer()


class Mailbox:
    """What came for one channel: the newest messages, and word of those that were lost."""

    def __init__(self, capacity: int) -> None:
        self._messages: deque[bytes] = deque(maxlen=capacity)
        self._has_gap = False
        self._arrived = asyncio.Event()

    def put(self, message: bytes) -> None:
        """Add a message; the oldest gives way when there is no room."""
        if len(self._messages) == self._messages.maxlen:
            metrics.LAYER_DROPPED.inc()
            self._has_gap = True
        self._messages.append(message)
        self._arrived.set()

    def note_gap(self) -> None:
        """Messages may be missing."""
        self._has_gap = True
        self._arrived.set()

    async def get(self) -> bytes | None:
        """Return the next message, or None when some are missing."""
        await self._arrived.wait()
        if self._has_gap:
            self._has_gap = False
            message = None
        else:
            message = self._messages.popleft()
        if not self._messages and not self._has_gap:
            self._arrived.clear()
        return message


class LoopLayer(RedisPubSubLoopLayer):  # type: ignore[misc]
    """The part of the layer that belongs to one event loop."""

    def __init__(self, *, host: RedisHost, prefix: str, capacity: int, channel_layer: RedisChannelLayer) -> None:
        super().__init__(prefix=prefix, channel_layer=channel_layer)
        self._capacity = capacity
        self._shards = [RedisLink(host, prefix=prefix, on_message=self._deliver, on_recovery=self._note_gap)]

    async def receive(self, channel: str) -> dict[str, Any]:
        """
        Return the next message of a channel, or `MESSAGES_LOST`; what cannot be read is counted and left out.

        A receiver that is cancelled is gone: its channel leaves its groups and ends.
        """
        if channel not in self.channels:
            await self._subscribe_to_channel(channel)
        try:
            while True:
                content = await self.channels[channel].get()
                message = {"type": MESSAGES_LOST} if content is None else self._read(content)
                if message is not None:
                    return message
        except asyncio.CancelledError:
            await self.delete_channel(channel)
            raise

    async def delete_channel(self, channel: str) -> None:
        """Take a channel out of all groups and end it."""
        prefix = self._get_group_channel_name("")
        for name in [name for name, channels in self.groups.items() if channel in channels]:
            await self.group_discard(name.removeprefix(prefix), channel)
        if self.channels.pop(channel, None) is not None:
            await self._get_shard(channel).unsubscribe(channel)

    async def group_add(self, group: str, channel: str) -> None:
        """Add a channel of this process to a group; see `BaseChannelLayer` for the names."""
        _names.require_valid_group_name(group)
        await super().group_add(group, channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Send to all channels of a group."""
        _names.require_valid_group_name(group)
        await super().group_send(group, message)

    async def _subscribe_to_channel(self, channel: str) -> None:
        self.channels[channel] = Mailbox(self._capacity)
        await self._get_shard(channel).subscribe(channel)

    def _deliver(self, name: str, content: bytes) -> None:
        for channel in self.groups.get(name, (name,)):
            if channel in self.channels:
                self.channels[channel].put(content)

    def _note_gap(self) -> None:
        for mailbox in self.channels.values():
            mailbox.note_gap()

    def _read(self, content: bytes) -> dict[str, Any] | None:
        try:
            message = self.channel_layer.deserialize(content)
        except Exception:  # noqa: BLE001 - anybody may publish anything, and the formats raise what they like
            message = None
        if isinstance(message, dict):
            return message
        metrics.MESSAGES_IGNORED.inc()
        return None


class RedisChannelLayer(RedisPubSubChannelLayer):  # type: ignore[misc]
    """
    The layer of a process; each event loop has connections of its own.

    Args:
        host: where Redis is.
        prefix: of all names on Redis. Pub/sub knows no database numbers: two installations on one Redis differ by this.
        capacity: messages that wait for one channel.
    """

    def __init__(self, *, host: RedisHost, prefix: str, capacity: int = CAPACITY) -> None:
        super().__init__()
        # The colon cannot be part of a prefix, so that no prefix is the beginning of another's names.
        self._options: dict[str, Any] = {"host": host, "prefix": f"{prefix}:", "capacity": capacity}

    def _get_layer(self) -> LoopLayer:
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            self._layers[loop] = LoopLayer(**self._options, channel_layer=self)
            _wrap_close(self, loop)
        layer: LoopLayer = self._layers[loop]
        return layer
