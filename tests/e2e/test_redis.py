"""Redis with password, rights and TLS; restarted and frozen in mid-run; and how many connections publishing takes."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis.client import PubSub

from tests.certificates import Certificates
from tests.instances import RedisInstance
from tests.servers import ROOT, Person, Site
from tests.sockets import Frame, ProjectSocket
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis, pytest.mark.timeout(300)]

MakeSite = Callable[..., Site]
NO_HEAD_CHECK = {"REALTIME_HEAD_CHECK_SECONDS": "1000"}


def documented_rights() -> list[str]:
    """Return the words of the ACL rule in docs/operations.md, after the user's name and `on`."""
    rule = re.search(r"ACL SETUSER tenderwire on >password (.+)", (ROOT / "docs/operations.md").read_text())
    assert rule is not None
    return shlex.split(rule[1])


@pytest.fixture
def guarded_redis(tmp_path: Path) -> Iterator[RedisInstance]:
    """A Redis that speaks TLS only and knows a user with the rights that our page on operations gives it."""
    user = ["--user", "tenderwire", "on", ">p@ss word", *documented_rights()]
    instance = RedisInstance(tmp_path, password="administrator", certificates=Certificates(tmp_path), options=user)
    instance.start()
    yield instance
    instance.kill()


def is_progress(frame: Frame) -> bool:
    return bool(frame["type"] == "rc_analysis_progress")


def assert_followed_to_the_end(socket: ProjectSocket, person: Person, operation_id: str) -> None:
    """The socket (which checks that nothing came twice) was told everything, and its state is the database's."""
    assert socket.receive_end(operation_id)["status"] == "succeeded"
    sequences = [event["sequence"] for event in socket.events]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
    shown = person.operation(operation_id)
    folded = next(entry for entry in socket.state["operations"] if entry["operation_id"] == operation_id)
    assert [folded[name] for name in ("status", "progress", "attempt", "result")] == [
        shown[name] for name in ("status", "progress", "attempt", "result")
    ]


def test_password_user_rights_and_tls_carry_events_and_survive_a_restart(
    make_site: MakeSite, guarded_redis: RedisInstance, sample_rc: Path
) -> None:
    certificates = guarded_redis.certificates
    assert certificates is not None
    site = make_site(
        REDIS_URL=f"rediss://tenderwire:p%40ss%20word@127.0.0.1:{guarded_redis.port}/0",
        REDIS_CA_CERTS=str(certificates.authority),
        REALTIME_SOCKETS_PER_USER="10",
        **NO_HEAD_CHECK,
    )
    server, url = site.serve("--no-worker")
    site.work()
    alice = Person(url, "alice")
    project_id = alice.create_project(sample_rc)

    with ProjectSocket(alice, project_id) as socket:
        socket.receive_snapshot()
        assert_followed_to_the_end(socket, alice, alice.start(project_id))
        assert "counted in this process alone" not in server.output

        guarded_redis.stop()
        guarded_redis.start()
        server.wait_for_output("The link to Redis is back")
        assert_followed_to_the_end(socket, alice, alice.start(project_id))

    assert "p@ss" not in "".join(process.output for process in site.processes)


def test_redis_restarted_in_mid_run_costs_no_event_and_no_socket(
    make_site: MakeSite, redis_instance: RedisInstance, long_rc: Path
) -> None:
    site = make_site(REDIS_URL=redis_instance.url, REALTIME_PROGRESS_MIN_INTERVAL_MS="50")
    server, url = site.serve("--no-worker")
    site.work()
    alice, bob = Person(url, "alice"), Person(url, "bob")
    project_id = alice.create_project(long_rc)

    with ProjectSocket(alice, project_id) as first, ProjectSocket(bob, project_id) as second:
        first.receive_snapshot()
        second.receive_snapshot()
        operation_id = alice.start(project_id)
        first.receive_until(is_progress)
        redis_instance.stop()
        redis_instance.start()
        assert_followed_to_the_end(first, alice, operation_id)
        assert_followed_to_the_end(second, bob, operation_id)

    assert first.events == second.events
    wait_until(lambda: "is back" in server.output, what="the server to be subscribed again")
    assert len(re.findall("Redis|Broadcasts fail|Traceback", server.output)) <= 3


def test_a_frozen_redis_holds_up_neither_operations_nor_new_sockets(
    make_site: MakeSite, redis_instance: RedisInstance, sample_rc: Path
) -> None:
    site = make_site(REDIS_URL=redis_instance.url, REALTIME_HEAD_CHECK_SECONDS="0.5")
    _, url = site.serve()
    alice = Person(url, "alice")
    project_id = alice.create_project(sample_rc)
    redis_instance.freeze()
    try:
        with ProjectSocket(alice, project_id) as socket:
            socket.receive_snapshot()
            operation_id = alice.start(project_id)
            assert_followed_to_the_end(socket, alice, operation_id)
    finally:
        redis_instance.thaw()


@pytest.mark.postgres
def test_publishing_takes_one_connection_for_each_process_whatever_it_publishes_from(
    make_site: MakeSite, redis_instance: RedisInstance, postgres_url: str, note_figure: Callable[..., None]
) -> None:
    broker = redis_instance.url.replace("/0", "/1")
    site = make_site(REDIS_URL=redis_instance.url, CELERY_BROKER_URL=broker, DATABASE_URL=postgres_url)
    project_id = "00000000-0000-4000-8000-000000000001"
    heard = redis_instance.client().pubsub()
    heard.subscribe(f"tenderwire:__group__project.{project_id}")
    children = site.work_with_celery(application="tests.event_source", children=4)

    counts = {}
    for name, option, number in (
        ("threads", "--threads", 8),
        ("coroutines", "--coroutines", 50),
        ("forks", "--forks", 4),
    ):
        source = site.publish(project_id, 1000, option, str(number))
        assert hears(heard, 1000)
        counts[f"{number} {name}"] = redis_instance.connections("tenderwire:publisher")
        source.kill()
        wait_until(lambda: not redis_instance.connections("tenderwire:publisher"), what="its connections to end")
    calls = "from tests.event_source import publish_many\nfor _ in range(40): publish_many.delay({!r}, 25)"
    site.manage("shell", "-v", "0", "-c", calls.format(project_id))
    assert hears(heard, 1000)
    counts["4 Celery children"] = redis_instance.connections("tenderwire:publisher")

    assert (counts["8 threads"], counts["50 coroutines"], counts["4 forks"]) == (1, 1, 5)
    assert 1 <= counts["4 Celery children"] <= 4
    assert "Traceback" not in children.output
    measured = ", ".join(f"{name}: {count}" for name, count in counts.items())
    note_figure(
        "Redis connections", "1,000 publishes each", asked="1 for each process, 1 for each child", measured=measured
    )


def hears(subscription: PubSub, count: int) -> bool:
    """Whether so many messages come in."""
    deadline = time.monotonic() + 90
    while count and time.monotonic() < deadline:
        message = subscription.get_message(timeout=1.0)
        count -= message is not None and message["type"] == "message"
    return not count
