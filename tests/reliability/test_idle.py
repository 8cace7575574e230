"""T2: sockets on which nothing happens stay open, on every server and layer we support."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.instances import RedisInstance
from tests.servers import Person, Site
from tests.sockets import ProjectSocket

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

IDLE_SECONDS = 90.0
SOCKETS_EACH = 3


def stay(socket: ProjectSocket, until: float) -> int:
    """Listen until a moment; return how many heartbeats came. Raises when the socket is closed."""
    while (left := until - time.monotonic()) > 0:
        try:
            socket.receive(seconds=left)
        except TimeoutError:
            break
    return [frame["type"] for frame in socket.frames].count("heartbeat")


def test_idle_sockets_stay_open_on_every_server_and_layer(
    make_site: Callable[..., Site], redis_instance: RedisInstance, note_figure: Callable[..., None]
) -> None:
    sockets: list[ProjectSocket] = []
    for number, (server, redis_url) in enumerate(
        (server, url) for server in ("uvicorn", "daphne") for url in ("", redis_instance.url)
    ):
        site = make_site(
            REDIS_URL=redis_url, REALTIME_PREFIX=f"idle{number}", DJANGO_SETTINGS_MODULE="project.settings"
        )
        _, url = site.serve("--no-worker") if server == "uvicorn" else site.serve_daphne()
        alice = Person(url, "alice")
        project_id = alice.projects()[0]["id"]
        # The client sends nothing by itself: only the server keeps the link alive.
        sockets += [ProjectSocket(alice, project_id, ping_interval=None) for _ in range(SOCKETS_EACH)]

    until = time.monotonic() + IDLE_SECONDS
    with ThreadPoolExecutor(len(sockets)) as pool:
        heartbeats = list(pool.map(lambda socket: stay(socket, until), sockets))

    for socket in sockets:
        socket.connection.send("ping")
        assert socket.connection.recv(timeout=20) == "pong"
        socket.connection.close()
    assert min(heartbeats) >= 2
    what = f"{len(sockets)} idle sockets on uvicorn and daphne, in-memory and Redis"
    note_figure("T2", what, asked=f"{IDLE_SECONDS:.0f} s: 0 closes", measured="0 closes")
