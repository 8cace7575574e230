"""Flows that are swallowed, a master that dies, and two installations on one Redis."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.instances import RedisInstance
from tests.reliability.followers import Crowd, Play
from tests.sentinels import SentinelGroup
from tests.servers import Person, Site
from tests.tcp_proxy import TcpProxy
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis, pytest.mark.timeout(600)]

MakeSite = Callable[..., Site]
NoteFigure = Callable[..., None]


def test_a_flow_that_is_swallowed_is_noticed(
    make_site: MakeSite, redis_instance: RedisInstance, note_figure: NoteFigure
) -> None:
    proxy = TcpProxy(redis_instance.port)
    site = make_site(REDIS_URL=redis_instance.url.replace(str(redis_instance.port), str(proxy.port)))
    server, url = site.serve("--no-worker")
    site.env["REDIS_URL"] = redis_instance.url
    play = Play(site, [Person(url, "alice")], each=10)

    assert proxy.swallow() >= 2
    moment = time.time()
    server.wait_for_output("The link to Redis is back", seconds=60)
    noticed = time.time() - moment
    wait_until(lambda: time.time() > moment + noticed + 3, what="the time after")
    meanwhile = play.worst_delay(moment, moment + noticed - 0.5)
    after = play.worst_delay(moment + noticed + 0.5, moment + noticed + 2.5)
    play.end()
    proxy.close()

    note_figure(
        "T7",
        "the flows to Redis are swallowed by a proxy, without a word",
        asked="0 closed, 0 lost; noticed and replaced <= 20 s",
        measured=f"0, 0; {noticed:.1f} s; worst delay {meanwhile:.2f} s until then, {after:.2f} s after",
    )
    assert noticed <= 20


@pytest.fixture
def sentinels(tmp_path: Path) -> Iterator[SentinelGroup]:
    group = SentinelGroup(tmp_path)
    group.start()
    yield group
    group.close()


def test_a_master_that_dies_in_mid_run_is_replaced_by_sentinel(
    make_site: MakeSite, sentinels: SentinelGroup, note_figure: NoteFigure
) -> None:
    site = make_site(**sentinels.settings)
    servers, people = [], []
    for _ in range(2):
        server, url = site.serve("--no-worker")
        servers.append(server)
        people.append(Person(url, "alice"))
    play = Play(site, people, each=10)
    assert sentinels.master.connections("tenderwire:subscriber") == 2

    sentinels.master.kill()
    moment = time.time()
    wait_until(lambda: sentinels.master_port() == sentinels.replica.port, seconds=60, what="the Sentinels to choose")
    chosen = time.time() - moment
    for server in servers:
        server.wait_for_output("The link to Redis is back", seconds=60)
    back = time.time() - moment
    wait_until(lambda: time.time() > moment + back + 5, what="the time after")
    meanwhile = play.worst_delay(moment, moment + back)
    after = play.worst_delay(moment + back + 2, moment + back + 4)
    play.end()

    note_figure(
        "Sentinel",
        "kill -9 of the master in mid-run; three Sentinels (down-after 1 s) choose the replica",
        asked="0 closed, 0 lost, 0 twice",
        measured=f"0, 0, 0; chosen after {chosen:.1f} s, subscribed there after {back:.1f} s; "
        f"worst delay {meanwhile:.2f} s until then, {after:.2f} s after",
    )
    assert sentinels.replica.connections("tenderwire:subscriber") == 2
    assert back - chosen <= 5


def test_two_installations_on_one_redis_hear_nothing_of_each_other(
    make_site: MakeSite, redis_instance: RedisInstance, note_figure: NoteFigure
) -> None:
    """Both have the same projects, as a copied database has: only the prefix keeps them apart."""
    one = make_site(REDIS_URL=redis_instance.url, REALTIME_PREFIX="tenderwire")
    two = make_site(REDIS_URL=redis_instance.url.replace("/0", "/1"), REALTIME_PREFIX="tenderwire2")
    here, there = (Person(site.serve("--no-worker")[1], "alice") for site in (one, two))
    project_id = here.projects()[0]["id"]
    assert project_id == there.projects()[0]["id"]
    at_home = Crowd([here], project_id, each=5)
    abroad = Crowd([there], project_id, each=5)

    source = one.publish(project_id, 500, "--every", "0.01")
    source.wait_for_output("done", seconds=120)
    wait_until(lambda: all(len(follower.arrivals) == 500 for follower in at_home.followers), seconds=60)
    foreign = sum(len(follower.arrivals) for follower in abroad.followers)
    names = [name if isinstance(name, str) else name.decode() for name in redis_instance.client().pubsub_channels()]

    assert (at_home.problems, abroad.problems) == ([], [])
    at_home.close()
    abroad.close()
    assert {name.split(":")[0] for name in names} == {"tenderwire", "tenderwire2"}
    note_figure("T23", "500 events of one of two installations", asked="0 cross messages", measured=str(foreign))
    assert foreign == 0
