"""The channel layer on a real Redis that is killed, frozen, cut off and fed nonsense."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from prometheus_client import REGISTRY
from redis.exceptions import RedisError

from realtime import redis_hosts, redis_link
from realtime.layers import MESSAGES_LOST, RedisChannelLayer
from tests.instances import RedisInstance
from tests.tcp_proxy import TcpProxy
from tests.waiting import await_until

pytestmark = [pytest.mark.redis, pytest.mark.asyncio]

MakeLayer = Callable[..., RedisChannelLayer]
LOST = {"type": MESSAGES_LOST}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisInstance]:
    """A Redis that the tests of this module share, one after the other."""
    instance = RedisInstance(tmp_path_factory.mktemp("redis"))
    instance.start()
    yield instance
    instance.kill()


@pytest.fixture
async def make_layer(server: RedisInstance) -> AsyncIterator[MakeLayer]:
    """Make layers as different processes have them, and close them after the test."""
    layers: list[RedisChannelLayer] = []

    def make(*, url: str = server.url, prefix: str = "test", **options: Any) -> RedisChannelLayer:
        layer = RedisChannelLayer(host=redis_hosts.parse(url), prefix=prefix, **options)
        layers.append(layer)
        return layer

    yield make
    for layer in layers:
        await layer.flush()


def count(name: str) -> float:
    """Return a counter of this process."""
    return REGISTRY.get_sample_value(name) or 0.0


async def receive(layer: RedisChannelLayer, channel: str) -> dict[str, Any]:
    """Return the next message that is one."""
    async with asyncio.timeout(20):
        message: dict[str, Any] = await layer.receive(channel)
        while message == LOST:
            message = await layer.receive(channel)
        return message


async def receive_loss(layer: RedisChannelLayer, channel: str) -> None:
    """Wait for word of a loss."""
    async with asyncio.timeout(20):
        while await layer.receive(channel) != LOST:
            pass


async def join(layer: RedisChannelLayer, group: str = "project.x") -> str:
    """Return a new channel that is in the group."""
    channel: str = await layer.new_channel()
    await layer.group_add(group, channel)
    return channel


async def test_a_group_reaches_the_channels_of_all_processes_as_soon_as_they_have_joined(make_layer: MakeLayer) -> None:
    here, there = make_layer(), make_layer()
    channels = [await join(layer) for layer in (here, there)]

    await here.group_send("project.x", {"type": "event", "body": "é"})
    await here.send(channels[1], {"type": "direct"})

    for layer, channel in zip((here, there), channels, strict=True):
        assert await receive(layer, channel) == {"type": "event", "body": "é"}
    assert await receive(there, channels[1]) == {"type": "direct"}


async def test_two_prefixes_on_one_redis_hear_nothing_of_each_other(make_layer: MakeLayer) -> None:
    here, there, twin = make_layer(prefix="test"), make_layer(prefix="test2"), make_layer(prefix="test")
    elsewhere, same = await join(there), await join(twin)

    await here.group_send("project.x", {"type": "event"})

    assert await receive(twin, same) == {"type": "event"}
    await there.send(elsewhere, {"type": "own"})
    assert await receive(there, elsewhere) == {"type": "own"}


async def test_an_option_that_is_not_known_is_refused() -> None:
    with pytest.raises(TypeError, match="expiry"):
        RedisChannelLayer(host=redis_hosts.parse("redis://"), prefix="test", expiry=60)  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["a b", "é", "", "x" * 150, "../evil", "a:b"])
async def test_a_group_name_that_is_none_is_refused(make_layer: MakeLayer, name: str) -> None:
    layer = make_layer()
    channel = await join(layer)

    with pytest.raises(TypeError):
        await layer.group_add(name, channel)
    with pytest.raises(TypeError):
        await layer.group_send(name, {"type": "event"})


@pytest.mark.parametrize("kind", ["pubsub", "normal"])
async def test_a_killed_connection_is_replaced_at_once_and_reported(
    make_layer: MakeLayer, server: RedisInstance, kind: str
) -> None:
    layer = make_layer()
    channel = await join(layer)
    await layer.group_send("project.x", {"type": "before"})
    assert await receive(layer, channel) == {"type": "before"}

    server.client().client_kill_filter(_type=kind)
    if kind == "pubsub":
        await receive_loss(layer, channel)
    await layer.group_send("project.x", {"type": "after"})

    assert await receive(layer, channel) == {"type": "after"}


async def test_redis_that_comes_back_empty_finds_everybody_subscribed_again(
    make_layer: MakeLayer, server: RedisInstance
) -> None:
    layer = make_layer()
    channel = await join(layer)
    losses = count("realtime_layer_losses_total")

    server.kill()
    with pytest.raises(RedisError):
        await layer.group_send("project.x", {"type": "in vain"})
    await layer.group_add("project.late", channel)
    server.start()
    await receive_loss(layer, channel)
    for group in ("project.x", "project.late"):
        await layer.group_send(group, {"type": group})

    assert [await receive(layer, channel) for _ in range(2)] == [{"type": "project.x"}, {"type": "project.late"}]
    assert count("realtime_layer_losses_total") == losses + 1


async def test_a_frozen_redis_holds_up_nobody_who_joins_or_leaves(make_layer: MakeLayer, server: RedisInstance) -> None:
    layer = make_layer()
    channel = await join(layer)
    server.freeze()
    try:
        publishing = [asyncio.create_task(layer.group_send("project.x", {"type": "late"})) for _ in range(3)]
        await asyncio.sleep(0)
        started = time.monotonic()
        await layer.group_discard("project.x", channel)
        left = time.monotonic()
        await layer.group_add("project.y", channel)
        joined = time.monotonic()
        for task in publishing:
            task.cancel()
            with suppress(asyncio.CancelledError, RedisError):
                await task
    finally:
        server.thaw()

    assert left - started < 1
    assert joined - left < redis_link.CONFIRM_SECONDS + 1
    await layer.group_send("project.y", {"type": "thawed"})
    assert await receive(layer, channel) == {"type": "thawed"}


async def test_a_link_that_goes_silent_is_given_up(
    make_layer: MakeLayer, server: RedisInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_link, "PULSE_SECONDS", 0.3)
    monkeypatch.setattr(redis_link, "SILENCE_SECONDS", 2.0)
    proxy = TcpProxy(server.port)
    layer = make_layer(url=f"redis://127.0.0.1:{proxy.port}")
    channel = await join(layer)

    proxy.swallow()
    await receive_loss(layer, channel)
    await make_layer().group_send("project.x", {"type": "heard"})

    assert await receive(layer, channel) == {"type": "heard"}
    await layer.flush()
    proxy.close()


async def test_a_quiet_link_is_not_given_up(make_layer: MakeLayer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_link, "PULSE_SECONDS", 0.1)
    monkeypatch.setattr(redis_link, "SILENCE_SECONDS", 3.0)
    layer = make_layer()
    channel = await join(layer)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5):
            await layer.receive(channel)


async def test_what_nobody_can_read_is_counted_and_passed_over(make_layer: MakeLayer, server: RedisInstance) -> None:
    layer = make_layer()
    channel = await join(layer)
    ignored = count("realtime_messages_ignored_total")

    with server.client() as client:
        for content in (b"\xc1", b"", b"\x81\x01\xa1a", b"\x93\x01\x02\x03", b"x" * 1_000_000):
            client.publish("test:__group__project.x", content)
    await layer.group_send("project.x", {"type": "sound"})

    assert await receive(layer, channel) == {"type": "sound"}
    assert count("realtime_messages_ignored_total") == ignored + 5


async def test_a_channel_nobody_empties_keeps_the_newest_and_says_that_it_lost_some(make_layer: MakeLayer) -> None:
    layer = make_layer(capacity=10)
    channel = await join(layer)
    dropped = count("realtime_layer_dropped_total")

    for number in range(25):
        await layer.group_send("project.x", {"type": "event", "number": number})
    await await_until(lambda: count("realtime_layer_dropped_total") == dropped + 15)

    assert await layer.receive(channel) == LOST
    assert [(await layer.receive(channel))["number"] for _ in range(10)] == list(range(15, 25))


async def test_a_receiver_that_goes_leaves_nothing_behind(make_layer: MakeLayer, server: RedisInstance) -> None:
    layer = make_layer(prefix="leak")
    for number in range(20):
        channel = await join(layer, f"project.{number % 3}")
        await layer.group_add("control", channel)
        receiver = asyncio.create_task(layer.receive(channel))
        await asyncio.sleep(0)
        receiver.cancel()
        with suppress(asyncio.CancelledError):
            await receiver

    with server.client() as client:
        await await_until(lambda: len(client.pubsub_channels("leak:*")) == 1)
        (left,) = client.pubsub_channels("leak:*")
    assert left.startswith(b"leak:pulse.")
    assert (layer.channels, layer.groups) == ({}, {})


async def test_one_loop_holds_two_named_connections_however_much_goes_on(
    make_layer: MakeLayer, server: RedisInstance
) -> None:
    layer = make_layer(prefix="count")
    channels = [await join(layer, f"project.{number}") for number in range(5)]

    await asyncio.gather(*(layer.group_send("project.1", {"type": "event"}) for _ in range(300)))

    for _ in range(300):
        await receive(layer, channels[1])
    assert [server.connections(f"count:{role}") for role in ("publisher", "subscriber")] == [1, 1]


async def test_flushing_closes_the_connections(make_layer: MakeLayer, server: RedisInstance) -> None:
    layer = make_layer(prefix="flush")
    await join(layer)
    await layer.group_send("project.x", {"type": "event"})

    await layer.flush()

    await await_until(lambda: server.connections("flush:publisher") + server.connections("flush:subscriber") == 0)
