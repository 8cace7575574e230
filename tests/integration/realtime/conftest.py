"""A hub with sockets that record, and channel layers that misbehave as told."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers

from realtime import database, eventlog, topics
from realtime.close_codes import Reason
from realtime.eventlog import Head
from realtime.events import Error
from realtime.hub import Hub, get_hub
from realtime.outbox import Outbox
from realtime.progress import publish_to_project


class FaultyLayer(InMemoryChannelLayer):
    """An in-memory layer that loses, repeats or reorders broadcasts, or fails, as told."""

    def __init__(self) -> None:
        super().__init__(capacity=10_000)
        self.plan: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list
        self.fails = False
        self.window = 1
        self._waiting: list[dict[str, Any]] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if self.fails:
            raise ConnectionError("The layer is down.")
        self._waiting.append(message)
        if len(self._waiting) >= self.window:
            waiting, self._waiting = self._waiting, []
            for planned in self.plan(waiting):
                await super().group_send(group, planned)


@pytest.fixture
def layer() -> Iterator[FaultyLayer]:
    """The default channel layer of the test."""
    layer = FaultyLayer()
    previous = channel_layers.set("default", layer)
    yield layer
    if previous is None:
        channel_layers.backends.pop("default", None)
    else:
        channel_layers.set("default", previous)


@pytest.fixture
async def hub(layer: FaultyLayer) -> AsyncIterator[Hub]:
    """The hub of the test's event loop."""
    hub = get_hub()
    yield hub
    await hub.stop()


class Watcher:
    """A socket on the slow way out that records what it is sent."""

    def __init__(self, hub: Hub, project_id: uuid.UUID, *, limit: int = 1000) -> None:
        self.hub = hub
        self.topic = topics.for_project(project_id)
        self.frames: list[dict[str, Any]] = []
        self.closed_for: list[Reason] = []
        self.outbox = Outbox(send=self._send, sink=None, limit=limit, close=self.close)

    @property
    def sequences(self) -> list[int]:
        return [frame["sequence"] for frame in self.frames if "sequence" in frame]

    async def attach(self, since: int | None = None) -> None:
        """Attach at a position, by default at the head."""
        head = await database.run(eventlog.open_topic, self.topic)
        await self.hub.attach(self.topic, self.outbox, head if since is None else Head(head.epoch, since))

    def close(self, reason: Reason) -> None:
        self.closed_for.append(reason)

    def leave(self) -> None:
        self.hub.detach(self.outbox)

    async def _send(self, text: str) -> None:
        self.frames.append(json.loads(text))
        await asyncio.sleep(0)


@pytest.fixture
def project_id() -> uuid.UUID:
    """A topic of the test's own."""
    return uuid.uuid4()


@pytest.fixture
def say(project_id: uuid.UUID) -> Callable[..., Any]:
    """Publish events from a thread, as jobs do."""

    async def publish(count: int = 1) -> None:
        for _ in range(count):
            event = Error(project_id=project_id, operation="x", error="Non.")
            await database.run(publish_to_project, event)

    return publish
