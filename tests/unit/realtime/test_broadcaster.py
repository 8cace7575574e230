"""A broadcast delays and fails nobody, whatever the layer does."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from prometheus_client import REGISTRY

from realtime import broadcaster
from realtime.broadcaster import Broadcaster
from tests.waiting import await_until


class Layer(InMemoryChannelLayer):
    """A layer that fails, or hangs, as told, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []
        self.fails = False
        self.hangs = False

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.asked.append(message)
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise ConnectionError("The layer is down.")


@pytest.fixture
def layer() -> Iterator[Layer]:
    """The default channel layer of the test."""
    layer = Layer()
    previous = channel_layers.set("default", layer)
    yield layer
    if previous is None:
        channel_layers.backends.pop("default", None)
    else:
        channel_layers.set("default", previous)


def failed() -> float:
    return REGISTRY.get_sample_value("realtime_broadcasts_failed_total") or 0.0


def has_failed_since(before: float) -> bool:
    return failed() > before


async def test_a_layer_that_fails_is_left_alone_for_a_moment_and_then_asked_again(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcaster, "PAUSE_SECONDS", 0.3)
    here = Broadcaster(asyncio.get_running_loop())
    before = failed()
    layer.fails = True

    for number in range(50):
        here.send("group", {"type": "event", "number": number})
    await await_until(lambda: failed() == before + 50)
    here.send("group", {"type": "too soon"})

    assert failed() == before + 51
    assert [message["number"] for message in layer.asked] == [0]
    layer.fails = False
    await asyncio.sleep(0.4)
    here.send("group", {"type": "again"})
    await await_until(lambda: {"type": "again"} in layer.asked)
    assert failed() == before + 51


async def test_a_layer_that_hangs_costs_the_caller_nothing_and_holds_no_backlog(layer: Layer, settings: Any) -> None:
    settings.REALTIME_BROADCAST_TIMEOUT_SECONDS = 0.2
    here = Broadcaster(asyncio.get_running_loop())
    before = failed()
    layer.hangs = True

    started = time.perf_counter()
    for _ in range(1000):
        here.send("group", {"type": "event"})
    elapsed = time.perf_counter() - started

    assert elapsed < 1
    await await_until(lambda: failed() == before + 1000)
    assert len(layer.asked) == 1


async def test_an_outage_is_one_line_in_the_log(
    layer: Layer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(broadcaster, "PAUSE_SECONDS", 0.0)
    here = Broadcaster(asyncio.get_running_loop())
    layer.fails = True

    for _ in range(20):
        before = failed()
        here.send("group", {"type": "event"})
        await await_until(functools.partial(has_failed_since, before))

    assert [record.message for record in caplog.records] == [
        "Broadcasts fail (ConnectionError); events are delivered from the log."
    ]
