"""T14: a server with 200 sockets is told to stop; another one takes them."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Callable

import pytest

from tests.followers import Audience, busiest_second
from tests.instances import RedisInstance
from tests.servers import Person, Site
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis, pytest.mark.timeout(600)]

SOCKETS = 200
DRAIN_SECONDS = 10
UNLIMITED = {"REALTIME_HANDSHAKES_PER_SECOND": "10000", "REALTIME_SOCKETS_PER_USER": "1000"}


class StuckClient:
    """A client that opens a socket and never reads from it."""

    def __init__(self, person: Person, project_id: str) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = person.url.removeprefix("http://").split(":")
        self._socket.connect((host, int(port)))
        lines = (
            f"GET /ws/projects/{project_id} HTTP/1.1",
            f"Host: {host}:{port}",
            f"Authorization: Bearer {person.token}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        )
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        assert b"101" in self._socket.recv(64)

    def close(self) -> None:
        self._socket.close()


def stuff(site: Site, project_id: str) -> None:
    """Publish more to a project than the buffers on the way to a client hold."""
    speaker = site.start("-m", "tests.speaker", project_id, "20", "50000", name="speaker")
    speaker.wait_for_output("Speaking", seconds=60)
    time.sleep(8)  # 8 MB
    speaker.stop()


def test_200_sockets_move_within_the_drain_and_a_stuck_client_holds_up_nothing(
    make_site: Callable[..., Site], redis_instance: RedisInstance, note_figure: Callable[..., None]
) -> None:
    site = make_site(REDIS_URL=redis_instance.url, DJANGO_SETTINGS_MODULE="project.settings", **UNLIMITED)
    old, old_url = site.serve("--no-worker")
    _, new_url = site.serve("--no-worker")
    alice = Person(old_url, "alice")
    watched, other = alice.create_project(), alice.create_project()

    with Audience(alice, watched, count=SOCKETS, urls=[old_url, *[new_url] * 100]) as audience:
        speaker = site.start("-m", "tests.speaker", watched, "5", name="speaker")
        speaker.wait_for_output("Speaking", seconds=60)
        stuck = StuckClient(alice, other)
        stuff(site, other)
        old.signal(signal.SIGTERM)
        told_at = time.monotonic()
        exit_code = old.wait(seconds=60)
        exit_seconds = time.monotonic() - told_at
        wait_until(lambda: len(audience.codes) == SOCKETS, seconds=30, what="all closes")
        audience.wait_until_live()
        assert speaker.stop() == 0
        head = int(alice.http.get(f"{new_url}/api/projects/{watched}/events/", params={"limit": 1}).json()["head"])
        audience.wait_for_sequence(head)
        stuck.close()
    back = [moment for follower in audience.followers for moment in follower.tried_at[1:]]
    drained = re.search(
        r"Drained: (\d+) sockets left by themselves, (\d+) were closed, (\d+) are still here", old.output
    )
    assert drained is not None
    left, closed, here = map(int, drained.groups())
    share = busiest_second(back) / SOCKETS
    note_figure("T14", "sockets that saw 1012", asked="100 %", measured=f"{audience.codes.count(1012)} of {SOCKETS}")
    note_figure("T14", "sockets whose clean-up ran", asked="100 %", measured=f"{left + closed - here} of {SOCKETS + 1}")
    note_figure(
        "T14", "exit, with a stuck client", asked=f"<= {DRAIN_SECONDS + 10} s", measured=f"{exit_seconds:.1f} s"
    )
    note_figure("T14", "reconnects in the busiest second", asked="<= 25 %", measured=f"{share:.0%}")
    assert audience.codes == [1012] * SOCKETS
    assert (left + closed, here) == (SOCKETS + 1, 0)
    assert exit_code == 0
    assert exit_seconds <= DRAIN_SECONDS + 10
    assert share <= 0.25
    assert all(follower.sequences == list(range(1, head + 1)) for follower in audience.followers)
