"""Messages on a real Redis that no version of ours sends: nobody is closed, and the next events come at once."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import msgpack
import pytest
from channels.layers import channel_layers
from channels_redis.pubsub import RedisPubSubChannelLayer
from prometheus_client import REGISTRY
from pytest_django import Settings

from realtime import publisher, redis_hosts
from realtime.hub import Hub, get_hub
from realtime.layers import RedisChannelLayer
from realtime.topic_state import RECENT
from tests.instances import RedisInstance
from tests.integration.realtime.conftest import Watcher
from tests.waiting import await_until

pytestmark = [pytest.mark.redis, pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

NESTED = 10_000
#: What comes with our type on top, but is no event: each is packed, with `topic` and `sequence` filled in.
NO_EVENTS: list[dict[Any, Any]] = [
    {1: "a number for a key"},
    {"type": publisher.MESSAGE_TYPE},
    {"type": publisher.MESSAGE_TYPE, "sequence": float("nan"), "body": "{}"},
    {"type": publisher.MESSAGE_TYPE, "sequence": "1", "body": "{}"},
    {"type": publisher.MESSAGE_TYPE, "body": None},
    {"type": publisher.MESSAGE_TYPE, "body": {"type": "error"}},
    {"type": publisher.MESSAGE_TYPE, "body": "x" * 1_000_000},
    {"type": f"{publisher.MESSAGE_TYPE}.2", "body": "{}"},
    {"type": "teleport"},
    {"type": "close"},
    {"type": "websocket.disconnect"},
    {"type": None},
    {"type": ["realtime.event"]},
    {},
]
#: What is no message at all.
NO_MESSAGES = [
    b"",
    b"\xc1",
    b"\x85",
    b"\xff" * 1_000_000,
    b"no msgpack",
    msgpack.packb(42),
    msgpack.packb([publisher.MESSAGE_TYPE]),
    msgpack.packb({"type": "x"})[:-1],
    msgpack.packb({"type": "x"}) + b"more",
    b"\x91" * NESTED,
    b"\x81\x91\x01\x01",  # a list for a key
    b"\xdd\xff\xff\xff\xff",  # a list of four thousand million, it says
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisInstance]:
    """A Redis that both tests share."""
    instance = RedisInstance(tmp_path_factory.mktemp("redis"))
    instance.start()
    yield instance
    instance.kill()


@pytest.fixture(params=["ours", "channels_redis"])
async def redis_layer(request: pytest.FixtureRequest, server: RedisInstance) -> AsyncIterator[Any]:
    """The default layer on Redis: ours, and the one of channels_redis, which raises what it cannot read."""
    ours = RedisChannelLayer(host=redis_hosts.parse(server.url), prefix=request.param)
    stock = RedisPubSubChannelLayer(hosts=[server.url], prefix=request.param)
    layer = ours if request.param == "ours" else stock
    previous = channel_layers.set("default", layer)
    yield layer
    await layer.flush()
    channel_layers.backends.pop("default", None) if previous is None else channel_layers.set("default", previous)


@pytest.fixture
async def redis_hub(redis_layer: Any, settings: Settings) -> AsyncIterator[Hub]:
    """A hub that hears of events through Redis only."""
    settings.REALTIME_HEAD_CHECK_SECONDS = 3600.0
    hub = get_hub()
    yield hub
    await hub.stop()


def ignored() -> float:
    return REGISTRY.get_sample_value("realtime_messages_ignored_total") or 0.0


async def test_poison_closes_nobody_is_counted_and_delays_nothing(
    redis_layer: Any,
    redis_hub: Hub,
    server: RedisInstance,
    project_id: uuid.UUID,
    say: Callable[..., Any],
    note_figure: Callable[..., None],
) -> None:
    watchers = [Watcher(redis_hub, project_id) for _ in range(3)]
    for watcher in watchers:
        await watcher.attach()
    await say()
    await await_until(lambda: all(watcher.sequences == [1] for watcher in watchers))
    group = redis_layer._get_layer()._get_group_channel_name(watchers[0].topic)
    before = ignored()

    packed = [msgpack.packb({"topic": watchers[0].topic, "sequence": 2, **poison}) for poison in NO_EVENTS]
    poison = [*packed, *NO_MESSAGES]
    with server.client() as client:
        heard = {client.publish(group, content) for content in poison}
    started = time.monotonic()
    await say(5)
    await await_until(lambda: all(watcher.sequences == [1, 2, 3, 4, 5, 6] for watcher in watchers), seconds=30)
    seconds = time.monotonic() - started

    assert heard == {1}
    assert ignored() - before == len(poison)
    assert [watcher.closed_for for watcher in watchers] == [[], [], []]
    assert seconds < 5
    note_figure(
        "T11",
        f"{len(poison)} poison messages ({redis_layer.__class__.__name__})",
        asked="0 sockets closed, counter moves",
        measured=f"0 closed, counted {ignored() - before:.0f}, 5 events {seconds * 1000:.0f} ms after",
    )


async def test_events_of_a_far_future_do_not_pile_up(
    redis_layer: Any, redis_hub: Hub, project_id: uuid.UUID, say: Callable[..., Any]
) -> None:
    watcher = Watcher(redis_hub, project_id)
    await watcher.attach()
    await say()
    await await_until(lambda: watcher.sequences == [1])

    for number in range(3 * RECENT):
        forged = {"type": publisher.MESSAGE_TYPE, "topic": watcher.topic, "sequence": 10**12 + number, "body": "{}"}
        await redis_layer.group_send(watcher.topic, forged)
    await say()
    await await_until(lambda: watcher.sequences == [1, 2], seconds=30)

    assert watcher.closed_for == []
    assert len(redis_hub._topics[watcher.topic].ahead) <= RECENT
