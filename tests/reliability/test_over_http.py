"""Many waiting polls and a stream that is not read, on the shipped server: neither costs the others anything."""

from __future__ import annotations

import asyncio
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.instances import PostgresInstance
from tests.servers import Person, Site
from tests.stalled import RECEIVE_BUFFER_BYTES
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.postgres]

POLLS = 300
#: States of the kernel in which the server has still to send: established, closing, waiting for the last word.
SENDING = {"01", "04", "08", "09", "0B"}


def count_threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


class Highest:
    """The highest value of a few figures while the block runs."""

    def __init__(self, **figures: Callable[[], int]) -> None:
        self._figures = figures
        self.seen = dict.fromkeys(figures, 0)

    @contextmanager
    def watching(self) -> Iterator[Highest]:
        over = threading.Event()
        thread = threading.Thread(target=self._look, args=(over,))
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join()

    def _look(self, over: threading.Event) -> None:
        while not over.wait(0.02):
            for name, read in self._figures.items():
                self.seen[name] = max(self.seen[name], read())


def test_three_hundred_waiting_polls_cost_neither_threads_nor_connections(
    make_site: Callable[..., Site], postgres: PostgresInstance, postgres_url: str, note_figure: Callable[..., None]
) -> None:
    site = make_site(DATABASE_URL=postgres_url, REALTIME_SOCKETS_PER_USER="0", THROTTLE_USER="100000/min")
    server, url = site.serve()
    alice = Person(url, "alice")
    project_id = alice.projects()[0]["id"]
    state = alice.http.get(f"/projects/{project_id}/state/").raise_for_status().json()
    before = count_threads(server.pid)
    highest = Highest(
        threads=lambda: count_threads(server.pid), connections=lambda: postgres.count_connections(postgres_url)
    )

    async def poll_all() -> tuple[list[httpx.Response], dict[str, int], float]:
        limits = httpx.Limits(max_connections=POLLS)
        headers = {"Authorization": f"Bearer {alice.token}"}
        query = {"since": state["sequence"], "epoch": state["epoch"], "wait": 50}
        async with httpx.AsyncClient(base_url=f"{url}/api", headers=headers, limits=limits, timeout=90) as client:
            polls = [
                asyncio.create_task(client.get(f"/projects/{project_id}/events/", params=query)) for _ in range(POLLS)
            ]
            await asyncio.sleep(12)  # until all wait, which nobody outside can see
            assert not any(poll.done() for poll in polls)
            waiting = {"threads": count_threads(server.pid), "connections": postgres.count_connections(postgres_url)}
            with highest.watching():
                began = time.monotonic()
                alice.start(project_id)
                answers = await asyncio.gather(*polls)
            return answers, waiting, time.monotonic() - began

    answers, waiting, seconds = asyncio.run(poll_all())

    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json()["events"][0]["sequence"] == state["sequence"] + 1 for answer in answers)
    most = highest.seen
    note_figure(
        "Waiting polls",
        f"{POLLS} long-polls wait for one event, then are all answered",
        asked="no thread and no connection for each; all answered",
        measured=f"threads {before} before, {waiting['threads']} waiting, {most['threads']} at most; connections to "
        f"PostgreSQL {waiting['connections']} and {most['connections']}; the last answer after {seconds:.1f} s",
    )
    assert waiting["threads"] <= before + 10
    assert most["threads"] <= before + 40
    assert most["connections"] <= 40


def test_a_stream_that_is_not_read_is_let_go_and_costs_little(
    make_site: Callable[..., Site], note_figure: Callable[..., None]
) -> None:
    site = make_site()
    server, url = site.serve("--no-worker")
    alice = Person(url, "alice")
    project_id = alice.projects()[0]["id"]
    with closing(open_and_read_nothing(url, project_id, alice.token)) as stuck:
        port = stuck.getsockname()[1]
        wait_until(lambda: is_held(server.pid, port), what="the server to have it")
        resident, began = resident_bytes(server.pid), time.monotonic()

        site.manage("shell", "--no-imports", "-c", FLOOD.format(project=project_id), timeout=240)
        wait_until(lambda: not is_held(server.pid, port), seconds=90, what="the connection to be dropped")
        seconds, grown = time.monotonic() - began, resident_bytes(server.pid) - resident

    note_figure(
        "T8, streams",
        "a client opens a stream and never reads; 30 MB of events that nothing replaces",
        asked="memory < +20 MB; gone",
        measured=f"+{grown / 1e6:.1f} MB; gone {seconds:.0f} s after the publisher was started",
    )
    assert grown < 20_000_000
    assert "Traceback" not in server.output
    assert "ERROR" not in server.output


#: 1,500 events of 20 kB that nothing replaces.
FLOOD = """
from uuid import UUID
from realtime.events import Error
from realtime.progress import publish_to_project
for _ in range(1500):
    publish_to_project(Error(project_id=UUID("{project}"), operation="x", error="x" * 20_000))
"""


def open_and_read_nothing(url: str, project_id: str, token: str) -> socket.socket:
    """Ask for a stream with a small receive buffer, and leave the answer where it is."""
    host, port = url.removeprefix("http://").split(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    connection.connect((host, int(port)))
    head = f"Host: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
    connection.sendall(f"GET /api/projects/{project_id}/events/stream HTTP/1.1\r\n{head}".encode())
    connection.recv(64, socket.MSG_PEEK)  # it has begun
    return connection


def resident_bytes(pid: int) -> int:
    """Return the memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def is_held(pid: int, port: int) -> bool:
    """Whether the server still has a connection from a port, closed on its side or not."""
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return any(int(row[2].split(":")[1], 16) == port and row[3] in SENDING for row in rows)
