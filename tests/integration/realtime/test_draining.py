"""A hub that must go asks its sockets to move, spread over time, and closes those that stay."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import pytest

from realtime.close_codes import Reason
from realtime.draining import HANDOVER_SECONDS, Drain
from realtime.hub import Hub
from tests.integration.realtime.conftest import Watcher
from tests.waiting import await_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


class Mover(Watcher):
    """A socket that notes when it was told, and ends when it is closed or, if it moves, when it is told."""

    def __init__(self, hub: Hub, *, moves: bool = False) -> None:
        super().__init__(hub, uuid.uuid4())
        self.moves = moves
        self.told_at = 0.0

    @property
    def notices(self) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == "draining"]

    def close(self, reason: Reason) -> None:
        super().close(reason)
        asyncio.get_running_loop().call_soon(self.leave)

    async def _send(self, text: str) -> None:
        await super()._send(text)
        self.told_at = time.monotonic()
        if self.moves:
            asyncio.get_running_loop().call_soon(self.leave)


async def attach(hub: Hub, count: int, *, moves: bool = False) -> list[Mover]:
    movers = [Mover(hub, moves=moves) for _ in range(count)]
    for mover in movers:
        await mover.attach()
    return movers


async def test_every_socket_is_told_and_then_closed_and_not_all_at_once(hub: Hub) -> None:
    movers = await attach(hub, 40)

    await Drain(hub, seconds=2.0).run()
    await await_until(lambda: not hub.has_sockets)

    assert [mover.notices for mover in movers] == [[{"type": "draining", "closes_in_ms": 1000}]] * 40
    assert [mover.closed_for for mover in movers] == [[Reason.RESTART]] * 40
    told = sorted(mover.told_at for mover in movers)
    assert told[-1] - told[0] > 0.7
    assert told != [mover.told_at for mover in movers]


async def test_a_socket_that_moves_is_not_closed_and_nobody_is_waited_for(hub: Hub) -> None:
    movers = await attach(hub, 5, moves=True)
    started = time.monotonic()

    await Drain(hub, seconds=60.0).run()

    assert all(len(mover.notices) == 1 for mover in movers)
    assert all(mover.closed_for == [] for mover in movers)
    assert time.monotonic() - started < HANDOVER_SECONDS


async def test_without_sockets_a_drain_is_over_at_once(hub: Hub) -> None:
    started = time.monotonic()

    await Drain(hub, seconds=60.0).run()

    assert time.monotonic() - started < 1.0


async def test_a_drain_without_time_closes_at_once(hub: Hub) -> None:
    (mover,) = await attach(hub, 1)

    await Drain(hub, seconds=0.0).run()

    assert (mover.notices, mover.closed_for) == ([], [Reason.RESTART])


async def test_a_socket_that_comes_amid_the_drain_is_told_too(hub: Hub) -> None:
    await attach(hub, 20)
    drain = asyncio.create_task(Drain(hub, seconds=2.0).run())
    await asyncio.sleep(0)

    (late,) = await attach(hub, 1)
    await drain
    await await_until(lambda: not hub.has_sockets)

    assert len(late.notices) == 1
    assert late.closed_for == [Reason.RESTART]
