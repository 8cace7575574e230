"""Redis is stopped, frozen, emptied and cuts off: nothing is lost, nothing comes twice, nobody is closed."""

from __future__ import annotations

import random
import re
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.instances import RedisInstance
from tests.reliability.followers import Play
from tests.servers import Person, Process, Site
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis, pytest.mark.timeout(900)]

MakeSite = Callable[..., Site]
NoteFigure = Callable[..., None]
LONG_TOKENS = {"ACCESS_TOKEN_SECONDS": "7200"}


class Stage:
    """Two serving processes and a source on one Redis, with ten sockets each."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.servers: list[Process] = []
        people = []
        for _ in range(2):
            server, url = site.serve("--no-worker")
            self.servers.append(server)
            people.append(Person(url, "alice"))
        self.play = Play(site, people, each=10)

    def lines(self) -> list[int]:
        """Return how many lines each process has written about Redis."""
        processes = (*self.servers, self.play.source)
        return [len(re.findall("Redis|Broadcasts fail", process.output)) for process in processes]


@pytest.fixture
def stage(make_site: MakeSite, redis_instance: RedisInstance) -> Iterator[Stage]:
    stage = Stage(make_site(REDIS_URL=redis_instance.url, **LONG_TOKENS))
    yield stage
    stage.play.crowd.close()


def outage(stage: Stage, redis: RedisInstance, seconds: float) -> tuple[float, float, int]:
    """Stop Redis for some seconds; return catching up, the worst delay afterwards, and the most lines of a process."""
    before = stage.lines()
    redis.stop()
    time.sleep(seconds)
    redis.start()
    back = time.time()
    caught_up = stage.play.catch_up_seconds(back)
    wait_until(lambda: time.time() > back + 4, what="the time after the outage")
    worst = stage.play.worst_delay(back, back + 4)
    return caught_up, worst, max(now - then for now, then in zip(stage.lines(), before, strict=True))


@pytest.mark.parametrize("seconds", [2, 12])
def test_redis_is_stopped_ten_times(
    stage: Stage, redis_instance: RedisInstance, seconds: int, note_figure: NoteFigure
) -> None:
    rounds = []
    for _ in range(10):
        time.sleep(random.uniform(0, 3))
        rounds.append(outage(stage, redis_instance, seconds))
    stage.play.end()

    caught_up, worst, lines = (max(figures) for figures in zip(*rounds, strict=True))
    note_figure(
        "T4",
        f"Redis SIGTERM for {seconds} s, 10 times",
        asked="0 closed, 0 lost, 0 twice; up to date <= 3 s after it is back; <= 3 log lines",
        measured=f"0, 0, 0; {caught_up:.2f} s, worst delay in the 4 s after {worst:.2f} s; {lines} lines",
    )
    assert caught_up <= 3
    assert worst <= 3
    assert lines <= 3


def test_redis_is_away_for_half_a_minute(stage: Stage, redis_instance: RedisInstance, note_figure: NoteFigure) -> None:
    start = time.time()
    caught_up, worst, lines = outage(stage, redis_instance, 30)
    meanwhile = stage.play.worst_delay(start, start + 29)
    stage.play.end()

    note_figure(
        "Redis 30 s",
        "Redis stopped for 30 s in mid-run",
        asked="0 closed, 0 lost, 0 twice; up to date <= 3 s after",
        measured=f"0, 0, 0; {caught_up:.2f} s; worst delay {meanwhile:.2f} s during, {worst:.2f} s after; "
        f"{lines} lines",
    )
    assert caught_up <= 3
    assert worst <= 3


@pytest.mark.parametrize("what", ["FLUSHALL", "CLIENT KILL TYPE pubsub", "CLIENT KILL TYPE normal"])
def test_redis_is_emptied_or_cuts_everybody_off(
    stage: Stage, redis_instance: RedisInstance, what: str, note_figure: NoteFigure
) -> None:
    moment = time.time()
    with redis_instance.client() as client:
        client.execute_command(*what.split())
    wait_until(lambda: time.time() > moment + 5, what="the time after")
    worst = stage.play.worst_delay(moment - 1, moment + 4)
    stage.play.end()

    note_figure("T5", what, asked="0 closed, 0 lost, 0 twice; <= 2 s", measured=f"0, 0, 0; worst delay {worst:.2f} s")
    assert worst <= 2


def test_a_process_that_stands_still_is_cut_off_by_redis_and_recovers(
    make_site: MakeSite, redis_instance: RedisInstance, note_figure: NoteFigure
) -> None:
    with redis_instance.client() as client:
        client.config_set("client-output-buffer-limit", "pubsub 1mb 512kb 2")
    stage = Stage(make_site(REDIS_URL=redis_instance.url, **LONG_TOKENS))
    stuck = stage.servers[0]
    channel = f"tenderwire:__group__project.{stage.play.project_id}"

    stuck.signal(signal.SIGSTOP)
    stopped = time.time()
    with redis_instance.client() as client:
        while redis_instance.connections("tenderwire:subscriber") == 2:
            client.publish(channel, b"\xc1" * 100_000)
        wait_until(lambda: time.time() > stopped + 5, what="five seconds to pass")
    stuck.signal(signal.SIGCONT)
    woken = time.time()
    caught_up = stage.play.catch_up_seconds(woken)
    stuck.wait_for_output("The link to Redis is back")
    stage.play.end()

    note_figure(
        "T9",
        "one of two processes stopped for 5 s; Redis cut it off for its output buffer",
        asked="0 closed; all sockets up to date <= 5 s after",
        measured=f"0; {caught_up:.2f} s",
    )
    assert caught_up <= 5


def test_publishing_costs_an_operation_of_fifty_steps_nothing(
    make_site: MakeSite, redis_instance: RedisInstance, note_figure: NoteFigure
) -> None:
    site = make_site(REDIS_URL=redis_instance.url)
    project_id = "00000000-0000-4000-8000-000000000001"

    def run() -> float:
        source = site.publish(project_id, 50, "--every", "0.05")
        took = float(source.wait_for_output(r"took ([\d.]+) s", seconds=120)[1])
        source.wait_for_output("done")
        source.stop()
        assert len(re.findall("^event ", source.output, flags=re.MULTILINE)) == 50
        assert "Traceback" not in source.output
        return took

    plain = min(run() for _ in range(2))
    redis_instance.freeze()
    frozen = run() - plain
    redis_instance.thaw()
    redis_instance.stop()
    down = run() - plain

    note_figure(
        "T3",
        "an operation of 50 steps with Redis down, and frozen",
        asked="added <= 1 s down, <= 3 s frozen; publisher raised 0",
        measured=f"{max(0.0, down):.2f} s; {max(0.0, frozen):.2f} s; 0 (of {plain:.1f} s)",
    )
    assert down <= 1
    assert frozen <= 3
