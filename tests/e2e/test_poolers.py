"""PostgreSQL behind a pool: few connections however many sockets, and a database that goes away and comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.instances import Pgbouncer, PostgresInstance, RedisInstance
from tests.servers import Person, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.postgres]

MakeSite = Callable[..., Site]
POOL = 6
SOCKETS = 40


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[PostgresInstance]:
    """A PostgreSQL for one test, which may stop it."""
    instance = PostgresInstance(tmp_path)
    instance.create()
    instance.start()
    yield instance
    instance.stop()


def test_many_sockets_and_requests_share_the_pool_and_outlive_a_restart_of_the_database(
    make_site: MakeSite, own_postgres: PostgresInstance, note_figure: Callable[..., None]
) -> None:
    database_url = own_postgres.new_database("pooled")
    site = make_site(DATABASE_URL=database_url, DATABASE_POOL_SIZE=str(POOL), PROPOSALS_WORKER_THREADS="1")
    _, url = site.serve()
    alice = Person(url, "alice")
    project_id = alice.projects()[0]["id"]
    sockets = [ProjectSocket(alice, project_id).receive_snapshot() for _ in range(SOCKETS)]
    connections = own_postgres.count_connections(database_url)

    own_postgres.stop()
    own_postgres.start()
    wait_until(lambda: alice.http.get("/me/").status_code == 200, seconds=20, what="the server to reach the database")
    operation_id = alice.start(project_id)
    ends = [socket.receive_end(operation_id) for socket in sockets]

    assert connections <= POOL
    assert own_postgres.count_connections(database_url) <= POOL
    assert {end["status"] for end in ends} == {"succeeded"}
    note_figure(
        "T13",
        f"PostgreSQL restarted under {SOCKETS} sockets: sockets closed; connections of the process",
        asked=f"0; <= {POOL}",
        measured=f"0; {connections}",
    )


@pytest.mark.redis
def test_two_servers_and_a_worker_work_through_pgbouncer_in_transaction_mode(
    make_site: MakeSite,
    postgres: PostgresInstance,
    postgres_url: str,
    redis_instance: RedisInstance,
    tmp_path: Path,
    sample_rc: Path,
) -> None:
    pgbouncer = Pgbouncer(tmp_path, postgres, server_connections=5)
    pgbouncer.start()
    try:
        site = make_site(
            DATABASE_URL=pgbouncer.url_of(postgres_url),
            DATABASE_TRANSACTION_POOLER="True",
            DATABASE_POOL_SIZE="0",
            REDIS_URL=redis_instance.url,
        )
        urls = [site.serve("--no-worker")[1] for _ in range(2)]
        site.work()
        alice, bob = Person(urls[0], "alice"), Person(urls[1], "bob")
        project_id = alice.create_project(sample_rc)

        with ProjectSocket(alice, project_id) as one, ProjectSocket(bob, project_id) as other:
            one.receive_snapshot()
            other.receive_snapshot()
            operation_id = alice.start(project_id)
            ends = [socket.receive_end(operation_id) for socket in (one, other)]

        assert {end["status"] for end in ends} == {"succeeded"}
        assert one.events == other.events
        assert postgres.count_connections(postgres_url) <= 5
    finally:
        pgbouncer.kill()
