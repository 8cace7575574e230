"""Operations outlive workers, servers and Redis; who watches sees it, without hole or repetition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.instances import RedisInstance
from tests.servers import Person, Site
from tests.sockets import ProjectSocket

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

MakeSite = Callable[..., Site]
QUICK = {"PROPOSALS_LEASE_SECONDS": "3", "PROPOSALS_REAPER_SECONDS": "0.5", "REALTIME_PROGRESS_MIN_INTERVAL_MS": "50"}


def is_first_progress(frame: dict[str, Any]) -> bool:
    return bool(frame["type"] == "rc_analysis_progress")


def states(socket: ProjectSocket) -> list[tuple[str, int]]:
    return [(event["status"], event["attempt"]) for event in socket.events if event["type"] == "operation"]


def assert_no_hole(events: list[dict[str, Any]]) -> None:
    sequences = [event["sequence"] for event in events]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))


def assert_state_is_the_database(socket: ProjectSocket, person: Person, operation_id: str) -> None:
    shown = person.operation(operation_id)
    folded = next(entry for entry in socket.state["operations"] if entry["operation_id"] == operation_id)
    for field in ("status", "progress", "attempt", "result"):
        assert folded[field] == shown[field]


@pytest.mark.postgres
def test_a_celery_worker_killed_in_mid_run_is_replaced_and_the_socket_saw_it(
    make_site: MakeSite, redis_instance: RedisInstance, postgres_url: str, long_rc: Path
) -> None:
    broker = redis_instance.url.replace("/0", "/1")
    site = make_site(DATABASE_URL=postgres_url, REDIS_URL=redis_instance.url, CELERY_BROKER_URL=broker, **QUICK)
    _, url = site.serve()
    doomed = site.work_with_celery()
    alice = Person(url, "alice")
    project_id = alice.create_project(long_rc)

    with ProjectSocket(alice, project_id) as socket:
        socket.receive_snapshot()
        operation_id = alice.start(project_id)
        socket.receive_until(is_first_progress)
        doomed.kill()
        site.work_with_celery()
        end = socket.receive_end(operation_id)

    assert (end["status"], end["attempt"]) == ("succeeded", 2)
    assert states(socket) == [("pending", 0), ("running", 1), ("pending", 1), ("running", 2), ("succeeded", 2)]
    assert_state_is_the_database(socket, alice, operation_id)


def test_a_worker_process_killed_in_mid_run_is_replaced(
    make_site: MakeSite, redis_instance: RedisInstance, long_rc: Path
) -> None:
    site = make_site(REDIS_URL=redis_instance.url, **QUICK)
    _, url = site.serve("--no-worker")
    doomed = site.work()
    alice = Person(url, "alice")
    project_id = alice.create_project(long_rc)

    with ProjectSocket(alice, project_id) as socket:
        socket.receive_snapshot()
        operation_id = alice.start(project_id)
        socket.receive_until(is_first_progress)
        doomed.kill()
        site.work()
        end = socket.receive_end(operation_id)

    assert (end["status"], end["attempt"]) == ("succeeded", 2)
    assert_state_is_the_database(socket, alice, operation_id)


def test_a_server_that_is_redeployed_hands_its_operation_on_and_the_client_resumes(
    make_site: MakeSite, long_rc: Path
) -> None:
    site = make_site(**QUICK)
    old, url = site.serve()
    alice = Person(url, "alice")
    project_id = alice.create_project(long_rc)
    with ProjectSocket(alice, project_id) as before:
        before.receive_snapshot()
        operation_id = alice.start(project_id)
        before.receive_until(is_first_progress)

        exit_code = old.stop()
        closing, code = before.receive_close()

    assert exit_code == 0
    assert code == 1012
    assert closing is not None
    assert (closing["code"], closing["reconnect"]) == ("restart", True)

    _, new_url = site.serve()
    alice = Person(new_url, "alice")
    position = f"?since={before.state['sequence']}&epoch={before.state['epoch']}"
    with ProjectSocket(alice, project_id, query=position) as after:
        after.state = before.state
        end = after.receive_end(operation_id)

    assert after.frames[0]["resumed"] is True
    assert end["status"] == "succeeded"
    assert_no_hole([*before.events, *after.events])
    assert_state_is_the_database(after, alice, operation_id)
