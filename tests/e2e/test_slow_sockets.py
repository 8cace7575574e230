"""Slow and silent clients beside good ones, and compression, on real servers with a publisher elsewhere."""

from __future__ import annotations

import os
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode

from tests.instances import RedisInstance
from tests.publishing import Publisher
from tests.servers import Person, Process, Site
from tests.sockets import ProjectSocket
from tests.stalled import RECEIVE_BUFFER_BYTES, StalledSocket
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

#: Small, so that a silent client on daphne needs to be sent little; large events of 60,000 characters still pass.
UNHEARD_BYTES = 200_000
STALL_SECONDS = 3.0


class Stage:
    """A running installation with Alice and a publisher on her project."""

    def __init__(self, site: Site, server: Process, url: str) -> None:
        self.site = site
        self.server = server
        self.alice = Person(url, "alice")
        self.project_id = self.alice.create_project()
        self.publisher = Publisher(self.project_id, env=site.env)

    def socket(self, *, query: str = "", **options: Any) -> ProjectSocket:
        return ProjectSocket(self.alice, self.project_id, query=query, **options)

    def stall(self, *, query: str = "", **options: Any) -> StalledSocket:
        return StalledSocket(self.alice.socket_url(self.project_id, query), token=self.alice.token, **options)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisInstance]:
    instance = RedisInstance(tmp_path_factory.mktemp("redis"))
    instance.start()
    yield instance
    instance.kill()


@pytest.fixture(scope="module")
def make_stage(redis: RedisInstance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Stage]]:
    stages: list[Stage] = []

    def make(server_name: str) -> Stage:
        site = Site(
            tmp_path_factory.mktemp(server_name),
            REDIS_URL=redis.url,
            REALTIME_PREFIX=server_name,
            DJANGO_SETTINGS_MODULE="project.settings",
            REALTIME_UNHEARD_BYTES=str(UNHEARD_BYTES),
            REALTIME_STALL_SECONDS=str(STALL_SECONDS),
        )
        site.prepare(demo=True)
        server, url = site.serve("--no-worker") if server_name == "uvicorn" else site.serve_daphne()
        stages.append(Stage(site, server, url))
        return stages[-1]

    yield make
    for stage in stages:
        stage.publisher.close()
        stage.site.close()


@pytest.fixture(scope="module")
def uvicorn(make_stage: Callable[[str], Stage]) -> Stage:
    return make_stage("uvicorn")


@pytest.fixture(scope="module")
def daphne(make_stage: Callable[[str], Stage]) -> Stage:
    return make_stage("daphne")


def slow_connection(url: str) -> socket.socket:
    """Return a TCP connection that holds little for its reader."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    host, port = url.split("//")[1].split("/", maxsplit=1)[0].split(":")
    connection.connect((host, int(port)))
    return connection


def test_a_client_that_does_not_read_is_dropped_while_another_reads_on(uvicorn: Stage) -> None:
    stalled = uvicorn.stall()
    with uvicorn.socket() as reader:
        reader.receive_snapshot()
        published = uvicorn.publisher.publish("text", 40, chars=60_000)
        reader.receive_until(lambda frame: frame.get("sequence") == max(published))

        wait_until(lambda: not stalled.is_held, seconds=30, what="the server to drop the client")
        assert len(reader.events) == 40
        wait_until(stalled.was_reset, what="the client's machine to be told")
    stalled.close()


def test_a_client_that_only_stops_for_small_events_is_dropped_in_time(uvicorn: Stage) -> None:
    stalled = uvicorn.stall()
    uvicorn.publisher.publish("text", 3, chars=60_000)
    wait_until(lambda: stalled.server_queue_bytes > 50_000, what="the client to be behind")

    start = time.monotonic()
    uvicorn.publisher.publish("progress", 5)
    wait_until(lambda: not stalled.is_held, seconds=30, what="the server to drop the client")

    assert time.monotonic() - start >= STALL_SECONDS / 2
    stalled.close()


def test_a_client_that_never_reads_the_past_it_asked_for_is_dropped(uvicorn: Stage) -> None:
    with uvicorn.socket() as reader:
        epoch = reader.receive()["epoch"]
        uvicorn.publisher.publish("text", 10, chars=60_000)
    stalled = uvicorn.stall(query=f"?since=0&epoch={epoch}", until=b'"welcome"')

    wait_until(lambda: not stalled.is_held, seconds=30, what="the server to drop the client")
    stalled.close()


def test_a_slow_reader_misses_superseded_progress_only_and_resumes(uvicorn: Stage) -> None:
    slow = uvicorn.socket(sock=slow_connection(uvicorn.alice.url), max_queue=1, compression=None)
    epoch = slow.receive_snapshot().frames[0]["epoch"]
    must_arrive: list[int] = []
    with uvicorn.socket() as witness:
        witness.receive_snapshot()
        for _ in range(40):  # 2.4 MB that must arrive: more than may wait, here and in the kernel
            uvicorn.publisher.publish("progress", 8, chars=200)
            must_arrive += uvicorn.publisher.publish("text", 1, chars=60_000)
            # Only now has the server offered it: a reader that began before might keep up.
            while witness.state["sequence"] < must_arrive[-1]:
                witness.receive()

    slow.receive_close(seconds=STALL_SECONDS * 5)
    seen = slow.state["sequence"]
    with uvicorn.socket(query=f"?since={seen}&epoch={epoch}") as back:
        assert back.receive()["resumed"] is True
        if seen < must_arrive[-1]:
            back.receive_until(lambda frame: frame.get("sequence") == must_arrive[-1])

    received = [event["sequence"] for event in (*slow.events, *back.events)]
    assert received == sorted(set(received))
    assert [sequence for sequence in received if sequence in must_arrive] == must_arrive


def test_large_frames_come_compressed_and_small_ones_plain(uvicorn: Stage) -> None:
    frames: list[WebSocketFrame] = []

    class Spy(ClientPerMessageDeflateFactory):
        def process_response_params(self, *arguments: Any) -> Any:
            extension = super().process_response_params(*arguments)
            decode = extension.decode

            def note(frame: WebSocketFrame, **options: Any) -> WebSocketFrame:
                frames.append(frame)
                return decode(frame, **options)

            extension.decode = note  # type: ignore[method-assign]
            return extension

    with uvicorn.socket(extensions=[Spy()], compression=None) as compressed, uvicorn.socket(compression=None) as plain:
        for socket_ in (compressed, plain):
            socket_.receive_snapshot()
        published = [*uvicorn.publisher.publish("text", 1, chars=5000), *uvicorn.publisher.publish("text", 1, chars=50)]
        for socket_ in (compressed, plain):
            socket_.receive_until(lambda frame: frame.get("sequence") == published[-1])
        compressed.connection.send("ping")
        assert compressed.connection.recv(timeout=10) == "pong"

    assert compressed.events == plain.events
    assert [frame.rsv1 for frame in frames if frame.opcode is Opcode.TEXT][-3:] == [True, False, False]
    large = next(frame for frame in frames if frame.rsv1)
    assert len(large.data) < 4000


def test_a_message_that_inflates_beyond_the_limit_ends_only_its_own_socket(uvicorn: Stage) -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    payload = (bomb.compress(b"x" * 50_000_000) + bomb.flush(zlib.Z_SYNC_FLUSH))[:-4]
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    with uvicorn.socket() as other, uvicorn.socket() as attacker:
        other.receive_snapshot()
        attacker.receive_snapshot()
        frame = b"\xc1\xff" + len(payload).to_bytes(8, "big") + mask + masked
        attacker.connection.socket.sendall(frame)

        assert attacker.receive_close()[1] == 1009
        other.connection.send("ping")
        assert other.connection.recv(timeout=10) == "pong"


def test_a_browser_takes_both_kinds_of_frames(uvicorn: Stage, chromium: Browser) -> None:
    page = chromium.new_page()
    url = uvicorn.alice.socket_url(uvicorn.project_id)
    try:
        page.goto(f"{uvicorn.alice.url}/livez")
        page.evaluate(
            """([url, token]) => {
                window.frames_ = [];
                window.socket = new WebSocket(url, ["tenderwire.v1", `bearer.${token}`]);
                window.socket.onmessage = (message) => window.frames_.push(JSON.parse(message.data));
            }""",
            [url, uvicorn.alice.token],
        )
        page.wait_for_function("window.frames_.some((frame) => frame.type === 'snapshot')")
        uvicorn.publisher.publish("text", 1, chars=5000)
        uvicorn.publisher.publish("text", 1, chars=50)
        page.wait_for_function("window.frames_.filter((frame) => frame.type === 'section_text').length === 2")

        assert "permessage-deflate" in page.evaluate("window.socket.extensions")
        texts = page.evaluate("window.frames_.filter((f) => f.type === 'section_text').map((f) => f.text.length)")
        assert texts == [5000, 50]
    finally:
        page.close()


def test_on_daphne_a_silent_client_is_sent_only_so_much_and_resumes(daphne: Stage) -> None:
    with daphne.socket() as silent:
        epoch = silent.receive()["epoch"]
        published = daphne.publisher.publish("text", 8, chars=60_000)
        closing, code = silent.receive_close()
    assert closing is not None
    assert (closing["code"], closing["reconnect"], code) == ("too_slow", True, 4013)

    events = silent.events
    while events[-1]["sequence"] < max(published):
        with daphne.socket(query=f"?since={events[-1]['sequence']}&epoch={epoch}") as back:
            assert back.receive()["resumed"] is True
            while not back.events or back.events[-1]["sequence"] < max(published):
                if back.receive()["type"] == "closing":
                    break
        events += back.events

    assert [event["sequence"] for event in events] == list(published)


def test_on_daphne_a_client_that_speaks_is_sent_more(daphne: Stage) -> None:
    with daphne.socket() as talking:
        talking.receive_snapshot()
        for _ in range(8):
            (sequence,) = daphne.publisher.publish("text", 1, chars=60_000)
            talking.receive_until(lambda frame, wanted=sequence: frame.get("sequence") == wanted)  # type: ignore[misc]
            talking.command(type="status")

        assert len(talking.events) == 8


def test_on_daphne_a_client_that_does_not_read_is_dropped(daphne: Stage) -> None:
    stalled = daphne.stall()

    daphne.publisher.publish("text", 40, chars=60_000)

    wait_until(lambda: not stalled.is_held, seconds=30, what="the server to drop the client")
    stalled.close()
