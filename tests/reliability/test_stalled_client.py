"""T8: one client that does not read, beside fifty that do, while 100 MB are offered."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.instances import RedisInstance
from tests.publishing import Publisher
from tests.readers import open_readers, wait_for
from tests.servers import Person, Site
from tests.stalled import StalledSocket

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

READERS = 50
EVENTS = 1700
#: With the letters outside ASCII and the envelope some 60 KB: 100 MB in all.
CHARS = 58_000
#: What each server carries to fifty readers on a machine that has other work: events of a second.
PER_SECOND = {"uvicorn": 20, "daphne": 8}
LATE_JOINERS = 5
GROWTH_BYTES = 20_000_000
GONE_SECONDS = 20.0
P95_SECONDS = 0.1


def memory_of(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) * 1024


class Stuck(threading.Thread):
    """A client that never reads and comes back whenever it is dropped; watches the server's memory meanwhile."""

    def __init__(self, url: str, token: str, pid: int) -> None:
        super().__init__()
        self._url, self._token, self._pid = url, token, pid
        self._over = threading.Event()
        self.lives: list[float] = []
        self.peak = 0

    def run(self) -> None:
        while not self._over.is_set():
            self.live(self._url)

    def live(self, url: str, until: bytes = b'"snapshot"') -> None:
        """Connect, stall, and note how long it lasts."""
        socket = StalledSocket(url, token=self._token, until=until)
        start = time.monotonic()
        while socket.is_held and not self._over.is_set():
            self.peak = max(self.peak, memory_of(self._pid))
            time.sleep(0.1)
        if not socket.is_held:
            self.lives.append(time.monotonic() - start)
        socket.close()

    def end(self) -> None:
        self._over.set()
        self.join()


@pytest.fixture(params=["uvicorn", "daphne"])
def server(
    request: pytest.FixtureRequest, make_site: Callable[..., Site], redis_instance: RedisInstance
) -> tuple[str, Site, int, Person]:
    site = make_site(
        REDIS_URL=redis_instance.url,
        DJANGO_SETTINGS_MODULE="project.settings",
        ACCESS_TOKEN_SECONDS="1800",
        REALTIME_SOCKETS_PER_USER="0",
    )
    process, url = site.serve("--no-worker") if request.param == "uvicorn" else site.serve_daphne()
    return request.param, site, process.pid, Person(url, "alice")


async def test_a_client_that_does_not_read_costs_little_and_delays_nobody(
    server: tuple[str, Site, int, Person], note_figure: Callable[..., None]
) -> None:
    name, site, pid, alice = server
    project_id = alice.create_project()
    url = alice.socket_url(project_id)
    publisher = Publisher(project_id, env=site.env)
    readers = await open_readers(url, alice.token, READERS)
    warm = await asyncio.to_thread(publisher.publish, "text", 30, chars=CHARS, per_second=PER_SECOND[name])
    await wait_for(readers, max(warm))
    epoch = alice.http.get(f"/projects/{project_id}/events/?since={max(warm)}").json()["epoch"]
    past = f"{url}?since=0&epoch={epoch}"
    for reader in await open_readers(past, alice.token, 10, live=b'"welcome"'):  # every thread and its database cache
        await wait_for([reader], max(warm))
        reader.close()
    before = memory_of(pid)
    stuck = Stuck(url, alice.token, pid)
    stuck.start()

    published = await asyncio.to_thread(publisher.publish, "text", EVENTS, chars=CHARS, per_second=PER_SECOND[name])
    await wait_for(readers, max(published))
    stuck.end()
    late = [Stuck(url, alice.token, pid) for _ in range(LATE_JOINERS)]
    joins = (asyncio.to_thread(client.live, past, b'"welcome"') for client in late)
    await asyncio.gather(*joins)
    publisher.close()
    for reader in readers:
        reader.close()

    delays = [reader.arrivals[sequence] - clock for reader in readers for sequence, clock in published.items()]
    p95 = statistics.quantiles(delays, n=20)[-1]
    growth, growth_late = stuck.peak - before, max(client.peak for client in late) - before
    gone = max(life for client in (stuck, *late) for life in client.lives)
    note_figure(
        "T8",
        f"{name}: 1 client that reads nothing, {READERS} that do, 100 MB",
        asked=f"growth < {GROWTH_BYTES // 1_000_000} MB; p95 < 100 ms; gone <= {GONE_SECONDS:.0f} s",
        measured=f"+{growth / 1e6:.1f} MB, with {len(late)} that ask for all the past +{growth_late / 1e6:.1f} MB; "
        f"{p95 * 1000:.0f} ms; {gone:.1f} s "
        f"({len(stuck.lives)} times)",
    )
    assert all(len(client.lives) == 1 for client in late)
    assert stuck.lives
    assert max(growth, growth_late) < GROWTH_BYTES
    assert gone <= GONE_SECONDS
    assert p95 < P95_SECONDS
