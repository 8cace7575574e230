"""The built client while the serving processes below it are exchanged in mid-run: it moves, and nobody notices."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from tests.instances import RedisInstance
from tests.node_client import NodeClient, read_state
from tests.servers import ROOT, Person, Process, Site
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis, pytest.mark.timeout(600)]

SAMPLE = ROOT / "proposals/samples/rc/accord-cadre-services-numeriques.pdf"


@pytest.fixture
def long_rc(tmp_path: Path) -> Path:
    """An RC that takes longer to analyse than processes to be exchanged."""
    target = tmp_path / "long.pdf"
    document = pypdfium2.PdfDocument.new()
    with pypdfium2.PdfDocument(SAMPLE) as source:
        for _ in range(12):
            document.import_pages(source)
    document.save(target)
    document.close()
    return target


@pytest.fixture
def server(make_site: Callable[..., Site], redis_instance: RedisInstance) -> tuple[Process, str]:
    """Two serving processes without a worker, and the worker beside them."""
    settings = {"REALTIME_DRAIN_SECONDS": "2", "REALTIME_PROGRESS_MIN_INTERVAL_MS": "50"}
    site = make_site(REDIS_URL=redis_instance.url, **settings)
    process, url = site.serve("--processes", "2", "--no-worker")
    site.work()
    return process, url


def test_two_links_overlap_so_that_the_connection_stays_live(
    tmp_path: Path, server: tuple[Process, str], long_rc: Path
) -> None:
    process, url = server
    alice = Person(url, "alice")
    project_id = alice.create_project(long_rc)
    clients = {name: NodeClient(tmp_path, alice, project_id, transports=[name]) for name in ("websocket", "sse")}
    try:
        for client in clients.values():
            client.wait_until_live()
        alice.start(project_id)
        wait_until(lambda: len(clients["sse"].said("event")) > 3, seconds=60, what="the run to begin")

        process.signal(signal.SIGHUP)
        process.wait_for_output("The processes are exchanged", seconds=120)
        seen = {name: client.said("event")[-1] for name, client in clients.items()}
        for client in clients.values():
            client.wait_for_status("succeeded", seconds=180)

        for name, client in clients.items():
            assert client.said("connection") == [f"connecting {name}", f"live {name}"]
            assert client.said("event") == sorted(set(client.said("event")))
            assert client.said("event")[-1] > seen[name], "the run was over before the exchange"
            assert client.state == read_state(alice, project_id)
    finally:
        for client in clients.values():
            client.process.kill()
