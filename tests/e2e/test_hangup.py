"""SIGHUP to real processes: what is in `.env` now, and what it does where nothing can be exchanged."""

from __future__ import annotations

import os
import pty
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.instances import RedisInstance
from tests.servers import ROOT, Site
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

#: Serves with the terminal of the given name as the controlling one, and as standard input.
IN_TERMINAL = """
import os, sys
os.dup2(os.open(sys.argv[1], os.O_RDWR), 0)
os.execv(sys.executable, [sys.executable, "manage.py", "serve", "--port", "0", "--no-worker"])
"""
BEFORE, AFTER = "before.example", "after.example"


def answers_for(url: str, host: str) -> bool:
    """Say whether the host is one of `ALLOWED_HOSTS`."""
    return httpx.get(f"{url}/api/projects/", headers={"Host": host}).status_code != 400


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, REALTIME_DRAIN_SECONDS="0")
    yield site
    site.close()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisInstance]:
    redis = RedisInstance(tmp_path)
    redis.start()
    yield redis
    redis.kill()


@pytest.mark.redis
def test_an_exchange_takes_what_changed_in_dotenv_and_leaves_the_new_processes_alone(
    site: Site, redis: RedisInstance, tmp_path: Path
) -> None:
    for package in ("project", "proposals", "realtime"):  # a copy, so that it has an `.env` of its own
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    manage = str(shutil.copy(ROOT / "manage.py", tmp_path))
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"ALLOWED_HOSTS={BEFORE}\nREDIS_URL={redis.url}\n")
    del site.env["REDIS_URL"]
    server = site.start(manage, "serve", "--port", "0", "--processes", "2", "--no-worker", name="serve")
    url = server.wait_for_output(r"Tenderwire: (http://\S+?)/\s")[1]
    server.signal(signal.SIGHUP)  # nothing serves yet
    server.wait_for_output("The processes are exchanged", seconds=120)
    assert answers_for(url, BEFORE)

    dotenv.write_text(f"ALLOWED_HOSTS={AFTER}\nREDIS_URL={redis.url}\n")
    os.killpg(server.pid, signal.SIGHUP)  # as when a terminal closes: to the processes as well
    server.wait_for_output("(?s)are exchanged.*are exchanged", seconds=120)

    assert answers_for(url, AFTER)
    assert not answers_for(url, BEFORE)
    assert "ended (-1)" not in server.output
    assert server.stop(seconds=60) == 0


def test_a_process_alone_says_that_it_exchanges_nothing_and_goes_on(site: Site) -> None:
    server, url = site.serve("--no-worker")

    server.signal(signal.SIGHUP)

    server.wait_for_output("SIGHUP is ignored")
    assert httpx.get(f"{url}/livez").status_code == 200


def test_a_process_alone_drains_when_its_terminal_closes(site: Site) -> None:
    ours, terminal = pty.openpty()
    server = site.start("-c", IN_TERMINAL, os.ttyname(terminal), name="serve")
    url = server.wait_for_output(r"Tenderwire: (http://\S+?)/\s")[1]
    wait_until(lambda: answers(url), seconds=60, what="the server to answer")
    os.close(terminal)

    os.close(ours)

    assert server.wait(seconds=60) == 0
    assert "Drained" in server.output


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
