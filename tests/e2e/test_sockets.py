"""The socket of a real server, on both servers we support: daphne needs Redis and a worker beside it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.instances import RedisInstance
from tests.servers import Person, Process, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis]


class Stage:
    """A running installation with its cast."""

    def __init__(self, site: Site, server: Process, url: str) -> None:
        self.site = site
        self.server = server
        self.url = url
        self.alice, self.bob, self.charlie = (Person(url, name) for name in ("alice", "bob", "charlie"))
        self.project_id = self.alice.projects()[0]["id"]

    def socket(self, person: Person | None = None, **options: object) -> ProjectSocket:
        return ProjectSocket(person or self.alice, self.project_id, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    directory: Path = tmp_path_factory.mktemp(request.param)
    redis = RedisInstance(directory)
    site = Site(directory)
    if request.param == "daphne":
        redis.start()
        site.env["REDIS_URL"] = redis.url
        site.env["DJANGO_SETTINGS_MODULE"] = "project.settings"
    site.prepare(demo=True)
    if request.param == "daphne":
        server, url = site.serve_daphne()
        site.work()
    else:
        server, url = site.serve()
    yield Stage(site, server, url)
    site.close()
    redis.kill()


def test_two_colleagues_see_an_analysis_live_to_its_end(stage: Stage) -> None:
    with stage.socket() as alice, stage.socket(stage.bob) as bob:
        alice.receive_snapshot()
        bob.receive_snapshot()
        operation_id = stage.alice.start(stage.project_id)
        alice.receive_end(operation_id)
        bob.receive_end(operation_id)

    assert alice.events == bob.events
    kinds = [event["type"] for event in alice.events]
    assert kinds[0] == "operation"
    assert kinds[-2:] == ["completion", "operation"]
    steps = [event for event in alice.events if event["type"] == "rc_analysis_progress"]
    assert (steps[0]["status"], steps[0]["progress"]) == ("extracting_text", 10)
    assert (steps[-1]["status"], steps[-1]["progress"]) == ("completed", 100)
    assert "analyzing" in {step["status"] for step in steps}
    shown = stage.alice.operation(operation_id)
    assert (shown["status"], shown["progress"]) == ("succeeded", 100)


def test_a_stranger_is_told_the_same_as_for_a_project_that_does_not_exist(stage: Stage) -> None:
    with stage.socket(stage.charlie) as foreign:
        answer = foreign.receive_close()
    missing_id = "00000000-0000-4000-8000-000000000000"
    with ProjectSocket(stage.charlie, missing_id) as missing:
        assert missing.receive_close() == answer

    frame, code = answer
    assert code in (1008, 4008)
    assert frame is not None
    assert (frame["type"], frame["code"], frame["reconnect"]) == ("closing", "forbidden", False)


def test_a_ticket_from_rest_opens_one_socket(stage: Stage) -> None:
    ticket = stage.alice.http.post("/realtime/tickets/").raise_for_status().json()["ticket"]

    with stage.socket(query=f"?ticket={ticket}", additional_headers={}) as socket:
        assert socket.receive()["type"] == "welcome"
    with stage.socket(query=f"?ticket={ticket}", additional_headers={}) as again:
        assert again.receive_close()[1] in (1008, 4008)


def test_a_socket_resumes_without_hole_or_repetition(stage: Stage) -> None:
    with stage.socket() as watching, stage.socket() as leaving:
        watching.receive_snapshot()
        operation_id = stage.alice.start(stage.project_id)
        watching.receive_end(operation_id)
        epoch = leaving.receive()["epoch"]
        leaving.receive()
        seen = leaving.receive()["sequence"]

    with stage.socket(query=f"?since={seen}&epoch={epoch}") as back:
        assert back.receive()["resumed"] is True
        back.receive_end(operation_id)

    missed = [event for event in watching.events if event["sequence"] > seen]
    assert back.events == missed


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "bad_message"),
        (b"\x00\x01", "bad_message"),
        ('{"type":"' + "x" * 60_000 + '"}', "too_large"),
        ('{"type":"teleport"}', "unknown_command"),
        ('{"type":"status","id":"\\ud800"}', "bad_message"),
        ('{"type":"refresh","id":1,"token":"ticket.\\ud800"}', "bad_message"),
        ('{"type":"cancel","operation_id":"42"}', "bad_parameters"),
    ],
)
def test_a_bad_frame_gets_a_reply_and_the_socket_lives(stage: Stage, frame: str | bytes, code: str) -> None:
    with stage.socket() as socket:
        socket.connection.send(frame)
        reply = socket.receive_until(lambda received: received["type"] == "reply")
        socket.connection.send("ping")

        assert (reply["ok"], reply["error"]["code"]) == (False, code)
        assert socket.connection.recv(timeout=10) == "pong"
    assert "Traceback" not in stage.server.output


def test_an_operation_is_cancelled_and_retried_over_the_socket(stage: Stage, long_rc: Path) -> None:
    project_id = stage.alice.create_project(long_rc)
    with ProjectSocket(stage.alice, project_id) as socket:
        operation_id = stage.alice.start(project_id)
        socket.receive_until(lambda frame: frame["type"] == "rc_analysis_progress")

        assert socket.command(type="cancel", id="c", operation_id=operation_id)["ok"]
        assert socket.receive_end(operation_id)["status"] == "cancelled"
        error = next(event for event in socket.events if event["type"] == "error")
        assert error["code"] == "cancelled"

        assert socket.command(type="retry", id="r", operation_id=operation_id)["ok"]
        started = socket.receive_until(lambda f: f["type"] == "operation" and f["status"] == "running")
        assert started["attempt"] == 2
        stage.alice.http.post(f"/operations/{operation_id}/cancel/").raise_for_status()
        socket.receive_end(operation_id)


def test_another_company_s_operation_is_not_found_over_the_socket(stage: Stage) -> None:
    other = stage.charlie.projects()[0]["id"]
    foreign = stage.charlie.start(other)

    with stage.socket() as socket:
        reply = socket.command(type="cancel", id=1, operation_id=foreign)

    assert (reply["ok"], reply["error"]["code"]) == (False, "not_found")


def test_an_unknown_path_is_refused_without_a_traceback(stage: Stage) -> None:
    with pytest.raises(InvalidStatus) as caught:
        ProjectSocket(stage.alice, "no-uuid")

    assert caught.value.response.status_code == 403
    assert "Traceback" not in stage.server.output


def test_no_token_or_ticket_is_ever_in_the_log(stage: Stage) -> None:
    ticket = stage.alice.http.post("/realtime/tickets/").raise_for_status().json()["ticket"]
    for query in (f"?ticket={ticket}", f"?token={stage.bob.token}"):
        with stage.socket(query=query, additional_headers={}) as socket:
            socket.receive()

    page = f"/no/page/{uuid4()}"
    httpx.get(f"{stage.url}{page}")
    wait_until(lambda: page in stage.server.output, what="the log to name the page that is not there")
    output = "".join(process.output for process in stage.site.processes)
    secrets = [ticket, stage.alice.token, stage.bob.token]
    assert not [secret for secret in secrets if secret in output]


def test_the_log_has_no_line_for_each_socket(stage: Stage) -> None:
    if "daphne" in stage.server.log.name:
        pytest.skip("daphne's access log has them: docs/operations.md")
    with stage.socket() as socket:
        socket.receive_snapshot()
    page = f"/no/page/{uuid4()}"
    httpx.get(f"{stage.url}{page}")
    wait_until(lambda: page in stage.server.output, what="the log to name the page that is not there")

    assert not re.findall(r'"WebSocket |connection (?:open|closed)', stage.server.output)


def test_replay_over_rest_is_the_twin_of_the_socket(stage: Stage) -> None:
    with stage.socket() as socket:
        socket.receive_snapshot()
        operation_id = stage.alice.start(stage.project_id)
        socket.receive_end(operation_id)

    since = socket.events[0]["sequence"] - 1
    answer = stage.alice.http.get(f"/projects/{stage.project_id}/events/?since={since}").raise_for_status().json()

    assert answer["events"] == socket.events
    assert answer["head"] == socket.state["sequence"]
    stranger = stage.charlie.http.get(f"/projects/{stage.project_id}/events/")
    assert stranger.status_code == 404


def test_the_openapi_page_and_health_answer(stage: Stage) -> None:
    assert httpx.get(f"{stage.url}/api/schema/").status_code == 200
    assert httpx.get(f"{stage.url}/readyz").json() == {"status": "ok", "database": "up"}
    assert json.loads(httpx.get(f"{stage.url}/livez").text) == {"status": "ok"}


def is_connected(client: socket.socket) -> bool:
    """Whether the kernel still holds the connection for open on both sides; nothing is read."""
    established = 1
    return client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == established


@pytest.mark.parametrize("credential", ["", "?token=a.b.c"])
def test_a_client_that_neither_reads_nor_answers_its_close_is_dropped(stage: Stage, credential: str) -> None:
    host, port = stage.url.removeprefix("http://").split(":")
    request = (
        f"GET /ws/projects/{stage.project_id}{credential} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )

    clients = [socket.create_connection((host, int(port))) for _ in range(20)]
    for client in clients:
        client.sendall(request.encode())

    # Longer than that takes uvicorn alone.
    wait_until(lambda: not any(map(is_connected, clients)), seconds=9, what="the server to drop them")
    for client in clients:
        client.close()
