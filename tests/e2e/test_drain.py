"""A server that is told to stop: says so, refuses, moves its sockets, serves what was asked, and ends."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.followers import Audience
from tests.servers import Person, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

MakeSite = Callable[..., Site]
#: So many that telling them all takes some seconds.
SOCKETS = 80
UNLIMITED = {"REALTIME_SOCKETS_PER_USER": "1000"}


def test_a_server_that_stops_says_so_refuses_sockets_serves_requests_and_moves_its_sockets(make_site: MakeSite) -> None:
    server, url = make_site(REALTIME_DRAIN_SECONDS="8", **UNLIMITED).serve("--no-worker")
    alice = Person(url, "alice")
    project_id = alice.projects()[0]["id"]

    with httpx.Client(base_url=url) as kept_alive, Audience(alice, project_id, count=SOCKETS) as audience:
        kept_alive.get("/livez")
        server.signal(signal.SIGTERM)
        wait_until(lambda: httpx.get(f"{url}/readyz").status_code == 503, what="the server to be no longer ready")
        readiness, liveness = httpx.get(f"{url}/readyz"), kept_alive.get("/livez")
        with pytest.raises(InvalidStatus) as refusal:
            ProjectSocket(alice, project_id)
        exit_code = server.wait(seconds=60)
        wait_until(lambda: len(audience.codes) >= SOCKETS, what="all sockets to be closed")

    assert readiness.json() == {"status": "draining"}
    assert (liveness.status_code, liveness.headers["connection"]) == (200, "close")
    assert (refusal.value.response.status_code, refusal.value.response.headers["Retry-After"]) == (503, "1")
    assert [notice for follower in audience.followers for notice in follower.notices] == [
        {"type": "draining", "closes_in_ms": 3000}
    ] * SOCKETS
    assert audience.codes == [1012] * SOCKETS
    assert exit_code == 0
    assert f"Drained: 0 sockets left by themselves, {SOCKETS} were closed, 0 are still here" in server.output
    assert "ERROR" not in server.output


def test_an_operation_is_given_back_before_the_sockets_are_closed(make_site: MakeSite, long_rc: Path) -> None:
    server, url = make_site(REALTIME_PROGRESS_MIN_INTERVAL_MS="50").serve()
    alice = Person(url, "alice")
    project_id = alice.create_project(long_rc)

    with ProjectSocket(alice, project_id) as socket:
        socket.receive_snapshot()
        alice.start(project_id)
        socket.receive_until(lambda frame: frame["type"] == "rc_analysis_progress")
        server.signal(signal.SIGTERM)
        socket.receive_until(lambda frame: frame["type"] == "operation" and frame["status"] == "pending")
        closing, code = socket.receive_close()

    assert closing is not None
    assert (closing["code"], code) == ("restart", 1012)
    assert server.wait(seconds=60) == 0


def test_ctrl_c_closes_at_once_and_a_second_signal_ends_the_server_there_and_then(make_site: MakeSite) -> None:
    site = make_site(**UNLIMITED)
    server, url = site.serve("--no-worker")
    alice = Person(url, "alice")
    project_id = alice.projects()[0]["id"]
    with ProjectSocket(alice, project_id) as socket:
        socket.receive_snapshot()
        server.signal(signal.SIGINT)
        _, code = socket.receive_close()
    assert code == 1012
    assert "draining" not in [frame["type"] for frame in socket.frames]
    assert server.wait(seconds=60) == 0

    server, url = site.serve("--no-worker")
    alice = Person(url, "alice")
    with Audience(alice, project_id, count=SOCKETS):
        server.signal(signal.SIGTERM)
        server.wait_for_output("Draining")
        before = time.monotonic()
        server.signal(signal.SIGTERM)
        assert server.wait(seconds=60) == -signal.SIGTERM
        assert time.monotonic() - before < 3.0
