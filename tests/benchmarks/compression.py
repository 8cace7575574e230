"""
What permessage-deflate costs and saves: `make bench ARGS=compression`.

Two crowds take turns on fresh servers over Redis, one that offers the extension and one that does not: memory of an
idle socket, the server's CPU for a delivery of small and of large events, and the bytes of a large one on the wire.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.benchmarks.delivery import cpu_seconds
from tests.benchmarks.stalled import NO_LIMITS
from tests.instances import RedisInstance
from tests.publishing import Publisher
from tests.readers import open_readers, wait_for
from tests.servers import Person, Site

SMALL_CHARS = 100
LARGE_CHARS = 20_000
LARGE_EVENTS = 20
PER_SECOND = 10
OFFERS = {"without": "", "with": "permessage-deflate; client_max_window_bits"}


@dataclass(frozen=True)
class Figures:
    """KiB of an idle socket, µs of CPU for a small and for a large delivery, KiB of a large one."""

    idle_kib: float
    small_us: float
    large_us: float
    large_kib: float


async def measure(site: Site, offer: str, options: argparse.Namespace) -> Figures:
    """Measure one crowd on a fresh server."""
    process, url = site.serve("--no-worker")
    os.sched_setaffinity(process.pid, {0})
    alice = Person(url, "alice")
    project_id = alice.create_project()
    publisher = Publisher(project_id, env=site.env)
    address = alice.socket_url(project_id)
    warm = await open_readers(address, alice.token, 50, extensions=offer)
    before = _resident_kib(process.pid)
    readers = [*warm, *await open_readers(address, alice.token, options.sockets - len(warm), extensions=offer)]
    idle: float = (_resident_kib(process.pid) - before) / (options.sockets - len(warm))
    deliveries: int = options.sockets

    async def publish(kind: str, count: int, chars: int) -> float:
        """Return the CPU of one delivery in microseconds."""
        start = cpu_seconds(process.pid)
        ask = publisher.publish
        published = await asyncio.to_thread(ask, kind, count, chars=chars, per_second=PER_SECOND)
        await wait_for(readers, max(published))
        return (cpu_seconds(process.pid) - start) / count / deliveries * 1e6

    try:
        await publish("progress", 10, SMALL_CHARS)
        small = await publish("progress", options.events, SMALL_CHARS)
        received = sum(reader.received_bytes for reader in readers)
        large = await publish("text", LARGE_EVENTS, LARGE_CHARS)
        wire = (sum(reader.received_bytes for reader in readers) - received) / LARGE_EVENTS / options.sockets
    finally:
        publisher.close()
        process.kill()
        for reader in readers:
            reader.close()
    return Figures(idle, small, large, wire / 1024)


def _resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


async def run(site: Site, options: argparse.Namespace) -> dict[str, list[Figures]]:
    """Run all rounds, the crowds taking turns."""
    figures: dict[str, list[Figures]] = {name: [] for name in OFFERS}
    for _ in range(options.rounds):
        for name, offer in OFFERS.items():
            figures[name].append(await measure(site, offer, options))
    return figures


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 when small deliveries cost more than is allowed."""
    parser = argparse.ArgumentParser(prog="compression", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=100, help="small events of a round")
    parser.add_argument("--at-most", type=float, default=1.15, help="CPU of a small delivery with over without")
    options = parser.parse_args(arguments)
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, os.sched_getaffinity(0) - {0})
    with tempfile.TemporaryDirectory() as directory:
        redis = RedisInstance(Path(directory))
        redis.start()
        site = Site(Path(directory), REDIS_URL=redis.url, DJANGO_SETTINGS_MODULE="project.settings", **NO_LIMITS)
        try:
            site.prepare(demo=True)
            figures = asyncio.run(run(site, options))
        finally:
            site.close()
            redis.kill()
    print(f"{options.sockets} sockets, {options.rounds} rounds (medians)\n")
    print(f"{'':10}{'KiB idle':>10}{'small µs':>10}{'large µs':>10}{'large KiB':>11}")
    medians = {
        name: [statistics.median(column) for column in zip(*(astuple(row) for row in rows), strict=True)]
        for name, rows in figures.items()
    }
    for name, values in medians.items():
        print(f"{name:10}{values[0]:>10.1f}{values[1]:>10.1f}{values[2]:>10.1f}{values[3]:>11.1f}")
    return 0 if medians["with"][1] <= medians["without"][1] * options.at_most else 1
