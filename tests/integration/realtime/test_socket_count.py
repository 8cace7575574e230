"""The limits of sockets over several serving processes, with a real Redis; each `SocketCount` stands for a process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from pytest_django import Settings

from realtime import metrics, redis_hosts, shared_count
from realtime.socket_count import Place, SocketCount
from tests.instances import RedisInstance
from tests.waiting import await_until

pytestmark = [pytest.mark.redis, pytest.mark.asyncio]

MakeProcess = Callable[..., SocketCount]


@pytest.fixture
async def make_process(redis_instance: RedisInstance, settings: Settings) -> AsyncIterator[MakeProcess]:
    """Make the count of one serving process, of one installation."""
    settings.REALTIME_SOCKETS_PER_USER = 3
    settings.REALTIME_SOCKETS_PER_COMPANY = 5
    made: list[SocketCount] = []

    def make(prefix: str = "ours") -> SocketCount:
        settings.REALTIME_REDIS, settings.REALTIME_PREFIX = redis_hosts.parse(redis_instance.url), prefix
        made.append(SocketCount())
        return made[-1]

    yield make
    for count in made:
        await count.stop()


async def open_sockets(count: SocketCount, number: int, *, user: str = "alice", group: str = "a") -> list[Place | None]:
    return [await count.admit(user=user, group=group) for _ in range(number)]


async def can_open(count: SocketCount, **who: str) -> bool:
    """Try to open a socket, and close it again."""
    place = (await open_sockets(count, 1, **who))[0]
    if place is not None:
        place.leave()
    return place is not None


async def until(condition: Callable[[], Any]) -> None:
    await await_until(condition, seconds=20)


def uncounted() -> float:
    return metrics.SOCKETS_UNCOUNTED._value.get()  # type: ignore[no-any-return]


async def test_a_user_s_sockets_are_counted_over_all_processes(make_process: MakeProcess) -> None:
    here, there = make_process(), make_process()

    first = await open_sockets(here, 2)
    second = await open_sockets(there, 2)

    assert None not in first
    assert [place is None for place in second] == [False, True]
    assert await can_open(there, user="bob")


async def test_a_company_s_sockets_are_counted_over_its_users(make_process: MakeProcess) -> None:
    here, there = make_process(), make_process()
    await open_sockets(here, 3, user="alice")
    await open_sockets(there, 2, user="bob")

    assert not await can_open(here, user="carol")
    assert await can_open(here, user="charlie", group="b")
    assert await can_open(here, user="root", group="")


async def test_a_socket_that_leaves_makes_room_in_every_process(make_process: MakeProcess) -> None:
    here, there = make_process(), make_process()
    places = await open_sockets(here, 3)
    assert not await can_open(there)

    assert places[0] is not None
    places[0].leave()
    places[0].leave()

    await until(partial(can_open, there))
    assert None not in await open_sockets(there, 1)
    assert not await can_open(there)


async def test_no_more_than_the_limit_get_in_at_the_same_moment(make_process: MakeProcess, settings: Settings) -> None:
    settings.REALTIME_SOCKETS_PER_USER = 0
    settings.REALTIME_SOCKETS_PER_COMPANY = 60
    processes = [make_process(), make_process()]

    places = await asyncio.gather(
        *(process.admit(user=str(number), group="a") for number in range(50) for process in processes)
    )

    assert sum(place is not None for place in places) == 60


async def test_a_crowd_takes_one_redis_connection_for_each_process(
    make_process: MakeProcess, redis_instance: RedisInstance, settings: Settings
) -> None:
    settings.REALTIME_SOCKETS_PER_COMPANY = 0
    process = make_process()
    with redis_instance.client() as client:
        before = len(client.client_list())

        await asyncio.gather(*(process.admit(user=str(number), group="a") for number in range(300)))

        assert len(client.client_list()) - before == 1


async def test_two_installations_on_one_redis_do_not_share_counts(make_process: MakeProcess) -> None:
    await open_sockets(make_process("production"), 3)

    assert await can_open(make_process("staging"))


async def test_a_killed_process_counts_until_its_record_expires(
    make_process: MakeProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_count, "LIFE_SECONDS", 1.0)
    monkeypatch.setattr(shared_count, "BEAT_SECONDS", 0.1)
    killed, alive, other = make_process(), make_process(), make_process()
    await open_sockets(killed, 3, user="alice")
    await open_sockets(alive, 3, user="bob", group="b")
    assert not await can_open(other)

    kill(killed)

    await until(partial(can_open, other))
    assert not await can_open(other, user="bob", group="b")


def kill(count: SocketCount) -> None:
    """End what a process does, without the last word that it has in good order."""
    shared = count._shared
    assert shared is not None
    assert shared._worker is not None
    shared._worker.cancel()


async def test_a_process_that_stops_in_good_order_counts_no_more(make_process: MakeProcess) -> None:
    here, there = make_process(), make_process()
    await open_sockets(here, 3)
    assert not await can_open(there)

    await here.stop()

    assert await can_open(there)


async def test_redis_that_has_forgotten_everything_is_told_again(
    make_process: MakeProcess, redis_instance: RedisInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_count, "BEAT_SECONDS", 0.1)
    here, there = make_process(), make_process()
    await open_sockets(here, 3)

    with redis_instance.client() as client:
        client.flushall()

    async def is_full() -> bool:
        return not await can_open(there)

    await until(is_full)


@pytest.mark.parametrize("fault", ["down", "frozen"])
async def test_without_redis_each_process_counts_for_itself_and_nobody_waits_long(
    make_process: MakeProcess,
    redis_instance: RedisInstance,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    monkeypatch.setattr(shared_count, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(shared_count, "RETRY_SECONDS", 0.5)
    here, there = make_process(), make_process()
    await open_sockets(here, 2)
    before = uncounted()

    redis_instance.kill() if fault == "down" else redis_instance.freeze()
    started = time.monotonic()
    places = [*await open_sockets(here, 2), *await open_sockets(there, 4)]
    seconds = time.monotonic() - started

    assert [place is None for place in places] == [False, True, False, False, False, True]
    assert seconds < 2 * shared_count.ASK_TIMEOUT_SECONDS + 1.0  # one wait for each process, and a busy machine
    assert uncounted() - before == 4
    assert caplog.text.count("counted in this process alone") == 2

    redis_instance.start() if fault == "down" else redis_instance.thaw()
    other = make_process()

    async def is_full() -> bool:
        return not await can_open(other)

    await until(is_full)


async def test_a_handshake_that_is_given_up_meanwhile_gives_its_place_back(
    make_process: MakeProcess, redis_instance: RedisInstance
) -> None:
    here = make_process()
    redis_instance.freeze()
    asking: asyncio.Task[Any] = asyncio.create_task(here.admit(user="alice", group="a"))
    await asyncio.sleep(0)

    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    redis_instance.thaw()

    assert None not in await open_sockets(here, 3)
