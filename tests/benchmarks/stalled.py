"""
What one stalled client costs the others: `make bench ARGS=stalled`.

A thousand sockets watch one topic on the shipped server over Redis. Rounds with and without one client that reads
nothing take turns; in each, events come at a steady rate, and the time from publishing to the last byte at the last
socket is noted. Server and clients live on different cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.instances import RedisInstance
from tests.publishing import Publisher
from tests.readers import Reader, open_readers, wait_for
from tests.servers import Person, Site
from tests.stalled import StalledSocket
from tests.waiting import await_until

#: Enough to fill the kernel's buffers of a client that reads nothing.
FILLERS = 3
FILLER_CHARS = 60_000
#: The server must hold so much for the stalled client before a round counts.
STALLED_BYTES = 100_000
#: `section_text` would do as well; progress is what a running operation says most.
EVENT_CHARS = 100
#: All sockets come from one address and one user.
NO_LIMITS = {
    "REALTIME_HANDSHAKES_BURST": "0",
    "REALTIME_SOCKETS_PER_USER": "0",
    "REALTIME_SOCKETS_PER_COMPANY": "0",
    "ACCESS_TOKEN_SECONDS": "7200",
}


@dataclass(frozen=True)
class Round:
    """Milliseconds from publishing to the last byte at the last socket, one for each event."""

    delays: list[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.delays)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.delays, n=100)[-1]


class Bench:
    """One server with its crowd."""

    def __init__(self, site: Site, options: argparse.Namespace) -> None:
        self._options = options
        process, url = site.serve("--no-worker")
        os.sched_setaffinity(process.pid, {0})
        self._alice = Person(url, "alice")
        self._project_id = self._alice.create_project()
        self._url = self._alice.socket_url(self._project_id)
        self._publisher = Publisher(self._project_id, env=site.env)
        self._readers: list[Reader] = []

    async def run(self) -> dict[bool, list[Round]]:
        """Return the rounds without and with a stalled client; the first pair only warms up."""
        self._readers = await open_readers(self._url, self._alice.token, self._options.sockets)
        rounds: dict[bool, list[Round]] = {False: [], True: []}
        try:
            for number in range(self._options.rounds + 1):
                for stalled in (False, True) if number % 2 else (True, False):
                    measured = await self._measure(stalled=stalled)
                    if number:
                        rounds[stalled].append(measured)
        finally:
            self._publisher.close()
        return rounds

    async def _measure(self, *, stalled: bool) -> Round:
        client = StalledSocket(self._url, token=self._alice.token) if stalled else None
        await self._publish("text", FILLERS, chars=FILLER_CHARS, per_second=0)
        if client is not None:
            await await_until(lambda: client.server_queue_bytes > STALLED_BYTES, what="the client to stall")
        published = await self._publish("progress", self._options.events, chars=EVENT_CHARS, per_second=10)
        if client is not None:
            client.close()
        delays = [
            max(reader.arrivals[sequence] for reader in self._readers) - clock for sequence, clock in published.items()
        ]
        for reader in self._readers:
            reader.arrivals.clear()
        return Round([delay * 1000 for delay in delays])

    async def _publish(self, kind: str, count: int, *, chars: int, per_second: float) -> dict[int, float]:
        publish = self._publisher.publish
        published = await asyncio.to_thread(publish, kind, count, chars=chars, per_second=per_second)
        await wait_for(self._readers, max(published))
        return published


def print_report(rounds: dict[bool, list[Round]], options: argparse.Namespace) -> float:
    """Print the medians over the rounds; return the p99 with a stalled client over the p99 without."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{options.sockets} sockets, {options.rounds} rounds of {options.events} events at 10/s, taking turns\n")
    print(f"{'publish to last byte':24}{'p50':>8}{'p99':>8}   ms, medians of the rounds")
    medians: dict[bool, float] = {}
    for stalled, label in ((False, "without"), (True, "with a stalled client")):
        medians[stalled] = statistics.median(measured.p99 for measured in rounds[stalled])
        p50 = statistics.median(measured.p50 for measured in rounds[stalled])
        each = " ".join(f"{measured.p99:.0f}" for measured in rounds[stalled])
        print(f"{label:24}{p50:>8.1f}{medians[stalled]:>8.1f}   p99 of each round: {each}")
    ratio = medians[True] / medians[False]
    print(f"{'change of the p99':24}{(ratio - 1) * 100:>+15.1f} %")
    return ratio


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 when a stalled client costs the others more than is promised."""
    parser = argparse.ArgumentParser(prog="stalled", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--events", type=int, default=100, help="events of a round")
    parser.add_argument("--at-most", type=float, default=1.10, help="p99 with a stalled client over p99 without")
    options = parser.parse_args(arguments)
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, os.sched_getaffinity(0) - {0})
    with tempfile.TemporaryDirectory() as directory:
        redis = RedisInstance(Path(directory))
        redis.start()
        site = Site(Path(directory), REDIS_URL=redis.url, DJANGO_SETTINGS_MODULE="project.settings", **NO_LIMITS)
        try:
            site.prepare(demo=True)
            ratio = print_report(asyncio.run(Bench(site, options).run()), options)
        finally:
            site.close()
            redis.kill()
    return 0 if ratio <= options.at_most else 1
