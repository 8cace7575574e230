"""T21: tickets on a real server, on both databases."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from tests.instances import PostgresInstance
from tests.servers import Person, Process, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.postgres]

PARALLEL = 50
TICKET_SECONDS = 2.0


class Stage:
    """A server on one database, with its cast."""

    def __init__(self, site: Site, name: str) -> None:
        self.name = name
        self.server: Process
        self.server, self.url = site.serve("--no-worker")
        self.alice, self.bob, self.charlie = (Person(self.url, name) for name in ("alice", "bob", "charlie"))
        self.project_id = self.alice.projects()[0]["id"]

    def ticket(self, person: Person) -> str:
        return str(person.http.post("/realtime/tickets/").raise_for_status().json()["ticket"])

    def open(self, ticket: str) -> ProjectSocket:
        return ProjectSocket(self.alice, self.project_id, query=f"?ticket={ticket}", additional_headers={})

    def refusal(self, ticket: str) -> str:
        with self.open(ticket) as refused:
            frame, code = refused.receive_close()
        assert frame is not None
        assert code == 1008
        return str(frame["code"])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    demo_template: Path,
) -> Iterator[Stage]:
    directory = tmp_path_factory.mktemp(request.param) / "site"
    lifetime = str(TICKET_SECONDS)
    if request.param == "sqlite":
        site = Site(shutil.copytree(demo_template, directory), REALTIME_TICKET_LIFETIME_SECONDS=lifetime)
    else:
        postgres: PostgresInstance = request.getfixturevalue("postgres")
        directory.mkdir()
        url = postgres.new_database(f"tickets_{os.getpid()}")
        site = Site(directory, DATABASE_URL=url, REALTIME_TICKET_LIFETIME_SECONDS=lifetime)
        site.prepare(demo=True)
    yield Stage(site, request.param)
    site.close()


async def use_at_once(url: str, times: int) -> list[str]:
    """Return the type or reason of the first frame of as many sockets opened together with one URL."""

    async def use() -> str:
        async with connect(url, open_timeout=60, proxy=None) as client:
            frame = json.loads(await asyncio.wait_for(client.recv(), 60))
            return str(frame.get("code", frame["type"]))

    return await asyncio.gather(*(use() for _ in range(times)))


async def test_of_many_uses_of_a_ticket_at_once_one_succeeds(stage: Stage, note_figure: Callable[..., None]) -> None:
    rounds = []
    for _ in range(3):
        url = stage.alice.socket_url(stage.project_id, f"?ticket={stage.ticket(stage.alice)}")
        rounds.append(await use_at_once(url, PARALLEL))

    successes = [answers.count("welcome") for answers in rounds]
    note_figure("T21", f"{PARALLEL} uses at once on {stage.name}", asked="1 success", measured=f"{successes}")
    assert successes == [1, 1, 1]
    assert {answer for answers in rounds for answer in answers} == {"welcome", "token_invalid"}


def test_a_ticket_serves_once_and_not_long(stage: Stage, note_figure: Callable[..., None]) -> None:
    ticket, old = stage.ticket(stage.alice), stage.ticket(stage.alice)
    issued_at = time.monotonic()
    with stage.open(ticket) as first:
        assert first.receive()["type"] == "welcome"
    reused = stage.refusal(ticket)
    wait_until(lambda: time.monotonic() > issued_at + TICKET_SECONDS + 0.2)
    # A new ticket deletes those that have expired: unknown and expired are two answers.
    late = stage.refusal(old)
    stage.ticket(stage.alice)

    assert reused == "token_invalid"
    assert late == "token_expired"
    note_figure("T21", f"reuse, and {TICKET_SECONDS + 0.2:g} s old of {TICKET_SECONDS:g} s, on {stage.name}",
                asked="0 successes", measured="0")  # fmt: skip


def test_a_ticket_of_another_user_opens_and_refreshes_nothing_here(
    stage: Stage, note_figure: Callable[..., None]
) -> None:
    foreign = stage.refusal(stage.ticket(stage.charlie))
    with stage.open(stage.ticket(stage.alice)) as alice:
        alice.receive_snapshot()
        by_colleague = alice.command(type="refresh", id=1, token=stage.ticket(stage.bob))
        by_ticket = alice.command(type="refresh", id=2, token=stage.ticket(stage.alice))
        again = alice.command(type="status", id=3)

    assert foreign == "forbidden"
    assert (by_colleague["ok"], by_colleague["error"]["code"]) == (False, "forbidden")
    assert by_ticket["ok"]
    assert again["ok"]
    note_figure("T21", f"another user's, on {stage.name}", asked="0 successes", measured="0")
