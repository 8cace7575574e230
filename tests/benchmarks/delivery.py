"""
CPU per delivery of our consumer and of the plain Channels consumer, in one run on one machine: `make bench`.

Each system gets a fresh server process (uvicorn, pinned to one core), a private Redis and a publisher process;
the sockets live on another core. The figures are the server's own CPU time, read from /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.benchmarks.crowd import MARK, Crowd
from tests.instances import RedisInstance, free_port
from tests.servers import ROOT, Process, Site
from tests.waiting import wait_until

MAKE_TOKEN = """
from proposals.models import User
from rest_framework_simplejwt.tokens import AccessToken
from datetime import timedelta
token = AccessToken.for_user(User.objects.get_or_create(username="bench")[0])
token.set_exp(lifetime=timedelta(hours=2))
print(token)
"""
#: What tells that a socket is in its group: the plain consumer joins before it accepts.
READY_MARKS = {"plain": b"\r\n\r\n", "ours": b'"snapshot"'}
SYSTEMS = tuple(READY_MARKS)


@dataclass(frozen=True)
class Figures:
    """Server CPU per delivery in microseconds."""

    one_at_a_time: float
    burst: float


class Bench:
    """One system on one fresh server."""

    def __init__(self, system: str, site: Site, token: str, sockets: int) -> None:
        self.system = system
        self.site = site
        self.sockets = sockets
        self.port = free_port()
        self.project = uuid.uuid4()
        self.token = token
        self.crowd = Crowd(MARK, READY_MARKS[system])
        self.env = {**site.env, "DJANGO_SETTINGS_MODULE": "project.settings", "LOG_LEVEL": "WARNING"}

    async def run(self, *, singles: int, burst: int) -> Figures:
        """Measure single events, then a burst."""
        server = self._start_server()
        publisher = self._start_publisher()
        try:
            await self.crowd.open(self.port, f"/{self.system}/{self.project}?token={self.token}", self.sockets)
            await self._publish_each(publisher, 10)  # warm up
            one = await self._cpu_per_delivery(server, singles, self._publish_each(publisher, singles))
            many = await self._cpu_per_delivery(server, burst, self._publish_at_once(publisher, burst))
        finally:
            publisher.kill()
            server.kill()
        return Figures(one, many)

    async def _publish_each(self, publisher: subprocess.Popen[str], events: int) -> None:
        for _ in range(events):
            await self._publish_at_once(publisher, 1)

    async def _publish_at_once(self, publisher: subprocess.Popen[str], events: int) -> None:
        target = self.crowd.received + events * self.sockets
        assert publisher.stdin is not None
        publisher.stdin.write(f"{events}\n")
        publisher.stdin.flush()
        await self.crowd.wait_for(target)

    async def _cpu_per_delivery(self, server: Process, events: int, work: object) -> float:
        before = cpu_seconds(server.pid)
        await work  # type: ignore[misc]
        return (cpu_seconds(server.pid) - before) / (events * self.sockets) * 1e6

    def _start_server(self) -> Process:
        command = ["taskset", "-c", "0", sys.executable, "-m", "tests.benchmarks.app", str(self.port)]
        server = Process(command, env=self.env, log=self.site.directory / f"{self.system}.log")
        wait_until(lambda: not server.is_running or is_listening(self.port), seconds=30, what="the server")
        assert server.is_running, server.output
        return server

    def _start_publisher(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.benchmarks.publish", self.system, str(self.project)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=self.env, stdin=pipe, stdout=subprocess.DEVNULL, text=True)


def cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_listening(port: int) -> bool:
    """Whether something answers HTTP on the port."""
    try:
        httpx.get(f"http://127.0.0.1:{port}/", timeout=1)
    except httpx.ConnectError:
        return False
    except httpx.TransportError:
        return True
    return True


async def measure(options: argparse.Namespace, directory: Path) -> dict[str, list[Figures]]:
    """Run all rounds, the systems interleaved."""
    redis = RedisInstance(directory)
    redis.start()
    site = Site(directory, REDIS_URL=redis.url)
    site.prepare(demo=False)
    token = site.manage("shell", "--no-imports", "-c", MAKE_TOKEN).stdout.strip()
    figures: dict[str, list[Figures]] = {system: [] for system in SYSTEMS}
    try:
        for _ in range(options.rounds):
            for system in SYSTEMS:
                bench = Bench(system, site, token, options.sockets)
                figures[system].append(await bench.run(singles=options.singles, burst=options.burst))
    finally:
        redis.kill()
    return figures


def print_report(figures: dict[str, list[Figures]], options: argparse.Namespace) -> float:
    """Print the medians; return how many times less CPU ours takes for single events."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{options.sockets} sockets in one topic, uvicorn, Redis, log on, {options.rounds} rounds (medians)\n")
    print(f"{'':24}{'one at a time':>16}{'burst':>10}   µs of server CPU per delivery")
    medians = {
        system: [statistics.median(getattr(row, name) for row in rows) for name in ("one_at_a_time", "burst")]
        for system, rows in figures.items()
    }
    for system, label in (("plain", "plain JSON consumer"), ("ours", "Tenderwire")):
        print(f"{label:24}{medians[system][0]:>16.1f}{medians[system][1]:>10.1f}")
    ratios = [plain / ours for plain, ours in zip(medians["plain"], medians["ours"], strict=True)]
    print(f"{'ratio':24}{ratios[0]:>15.1f}×{ratios[1]:>9.1f}×")
    return float(min(ratios))


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 when the ratio is below the promise."""
    parser = argparse.ArgumentParser(prog="delivery", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--singles", type=int, default=50, help="events sent one at a time")
    parser.add_argument("--burst", type=int, default=100, help="events sent at once")
    parser.add_argument("--at-least", type=float, default=12.0, help="ratio that must be reached")
    options = parser.parse_args(arguments)
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, os.sched_getaffinity(0) - {0})
    with tempfile.TemporaryDirectory() as directory:
        ratio = print_report(asyncio.run(measure(options, Path(directory))), options)
    return 0 if ratio >= options.at_least else 1
