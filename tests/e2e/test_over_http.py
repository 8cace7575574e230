"""Streams and long-polls of a real server, on both servers we support, and through proxies that refuse WebSockets."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from realtime.terminal.fold import empty_state, fold
from tests.instances import RedisInstance
from tests.proxies import Habit, Proxy
from tests.servers import Person, Process, Site
from tests.sockets import ProjectSocket
from tests.streams import ENDED, ProjectStream

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

NOWHERE = "00000000-0000-4000-8000-000000000000"
DEACTIVATE = """
from proposals.models import User
User.objects.filter(username="bob").update(is_active={})
"""


class Stage:
    """A running installation with its cast."""

    def __init__(self, site: Site, server: Process, url: str) -> None:
        self.site = site
        self.server = server
        self.url = url
        self.alice, self.bob, self.charlie = (Person(url, name) for name in ("alice", "bob", "charlie"))
        self.project_id = self.alice.projects()[0]["id"]

    def stream(self, person: Person | None = None, **options: Any) -> ProjectStream:
        return ProjectStream(person or self.alice, self.project_id, **options)

    def read_state(self, person: Person | None = None) -> dict[str, Any]:
        """Return the state in the database."""
        answer = (person or self.alice).http.get(f"/projects/{self.project_id}/state/")
        return dict(answer.raise_for_status().json())


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, demo_template: Path
) -> Iterator[Stage]:
    directory: Path = tmp_path_factory.mktemp("over-http") / request.param
    shutil.copytree(demo_template, directory)
    redis = RedisInstance(directory)
    site = Site(directory, REALTIME_TOKEN_GRACE_SECONDS="0.5", REALTIME_RECHECK_SECONDS="1")
    if request.param == "daphne":
        redis.start()
        site.env["REDIS_URL"] = redis.url
        site.env["DJANGO_SETTINGS_MODULE"] = "project.settings"
        server, url = site.serve_daphne()
        site.work()
    else:
        server, url = site.serve()
    yield Stage(site, server, url)
    site.close()
    redis.kill()


def by_id(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state whose operations are in one order: theirs means nothing."""
    return {**state, "operations": sorted(state["operations"], key=lambda operation: operation["operation_id"])}


def is_logged(frame: dict[str, Any]) -> bool:
    return "operation_id" in frame


def is_progress(frame: dict[str, Any]) -> bool:
    return bool(frame["type"] == "rc_analysis_progress")


def has_ended(frames: list[dict[str, Any]]) -> bool:
    """Whether an operation came to its end in these frames."""
    return any(frame["type"] == "operation" and frame["status"] in ENDED for frame in frames)


def test_a_stream_tells_an_operation_from_start_to_end_byte_for_byte_like_the_socket(stage: Stage) -> None:
    with stage.stream() as stream, ProjectSocket(stage.alice, stage.project_id) as socket:
        stream.receive_snapshot()
        socket.receive_snapshot()
        operation_id = stage.alice.start(stage.project_id)
        last = stream.receive_end(operation_id)
        texts = [str(socket.connection.recv(timeout=20))]
        while json.loads(texts[-1]).get("sequence") != last["sequence"]:
            texts.append(str(socket.connection.recv(timeout=20)))

    assert stream.response.headers["content-type"] == "text/event-stream"
    assert stream.texts == [text for text in texts if "sequence" in json.loads(text)]
    assert stream.events[0]["type"] == "operation"
    assert [event["type"] for event in stream.events[-2:]] == ["completion", "operation"]
    assert by_id(stream.state) == by_id(stage.read_state())


def test_a_stream_broken_off_in_the_middle_goes_on_without_hole_or_repetition(stage: Stage, long_rc: Path) -> None:
    project_id = stage.alice.create_project(long_rc)
    with ProjectStream(stage.alice, project_id) as stream:
        stream.receive_snapshot()
        stage.alice.start(project_id)
        stream.receive_until(is_progress)
    events = stream.events

    while not has_ended(events):
        with ProjectStream(stage.alice, project_id, last_event_id=stream.last_event_id) as back:
            assert back.receive()["resumed"] is True
            back.state = stream.state
            back.receive_until(is_logged)
            # Twice in the middle; then to the end.
            back.receive_until(is_logged if len(events) < 6 else lambda frame: has_ended([frame]))
        events += back.events
        stream = back

    rest = stage.alice.http.get(f"/projects/{project_id}/events/").raise_for_status().json()
    assert [event["sequence"] for event in events] == list(range(1, rest["head"] + 1))
    assert events == rest["events"]
    stored = stage.alice.http.get(f"/projects/{project_id}/state/").raise_for_status().json()
    assert by_id(stream.state) == by_id(stored)


def test_a_stream_ends_when_its_token_has_expired(stage: Stage) -> None:
    claims = jwt.decode(stage.alice.token, options={"verify_signature": False})
    claims["exp"] = timezone.now().timestamp() + 2
    short = jwt.encode(claims, stage.site.env["SECRET_KEY"], algorithm="HS256")

    with stage.stream(headers={"Authorization": f"Bearer {short}"}) as stream:
        closing = stream.receive_close()

    assert (closing["code"], closing["reconnect"]) == ("token_expired", True)
    assert stream.hints == [2000, 0]
    again = httpx.get(f"{stage.url}/api/projects/{stage.project_id}/events/stream?token={short}")
    assert (again.status_code, again.json()["error"]["code"]) == (401, "token_expired")


def test_a_stranger_cannot_tell_a_foreign_project_from_a_missing_one(stage: Stage) -> None:
    with stage.stream(stage.charlie) as foreign, ProjectStream(stage.charlie, NOWHERE) as missing:
        answers = [(stream.response.status_code, stream.response.read()) for stream in (foreign, missing)]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404

    for path in ("events/?since=0&wait=20", "state/"):
        polls = [stage.charlie.http.get(f"/projects/{project}/{path}") for project in (stage.project_id, NOWHERE)]
        assert {(poll.status_code, poll.content) for poll in polls} == {(404, polls[0].content)}
    with stage.stream(headers={}) as nobody:
        assert nobody.response.status_code == 401
    assert (
        stage.charlie.http.post(f"/projects/{stage.project_id}/commands/", json={"type": "status"}).status_code == 404
    )


def test_access_that_is_withdrawn_ends_streams_and_polls(stage: Stage) -> None:
    with stage.stream(stage.bob) as stream:
        stream.receive_snapshot()
        stage.site.manage("shell", "--no-imports", "-c", DEACTIVATE.format(False))
        try:
            assert stream.receive_close()["code"] == "access_revoked"
            assert stage.bob.http.get(f"/projects/{stage.project_id}/events/?since=0&wait=20").status_code == 401
        finally:
            stage.site.manage("shell", "--no-imports", "-c", DEACTIVATE.format(True))


def test_a_stream_can_only_be_read(stage: Stage) -> None:
    address = f"/projects/{stage.project_id}/events/stream"

    for answer in (stage.alice.http.head(address), stage.alice.http.post(address)):
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_long_polling_reaches_the_same_state_and_commands_go_beside_it(stage: Stage, long_rc: Path) -> None:
    project_id = stage.alice.create_project(long_rc)
    address = f"/projects/{project_id}"
    state = fold(empty_state(), {"type": "snapshot", **stage.alice.http.get(f"{address}/state/").json()})
    operation_id = stage.alice.start(project_id)
    events: list[dict[str, Any]] = []
    replies: list[dict[str, Any]] = []

    while not has_ended(events):
        query = {"since": state["sequence"], "epoch": state["epoch"], "wait": 20}
        answer = stage.alice.http.get(f"{address}/events/", params=query).raise_for_status().json()
        assert answer["complete"]
        for event in answer["events"]:
            state = fold(state, event)
        events += answer["events"]
        if not replies and any(map(is_progress, events)):
            order = {"type": "cancel", "id": 1, "operation_id": operation_id}
            replies.append(stage.alice.http.post(f"{address}/commands/", json=order).raise_for_status().json())

    assert [(reply["ok"], reply["result"]["status"]) for reply in replies] == [(True, "cancelling")]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["status"] == "cancelled"
    stored = stage.alice.http.get(f"{address}/state/").raise_for_status().json()
    assert by_id(state) == by_id(stored)


def test_no_ticket_or_token_of_a_stream_is_ever_in_the_log(stage: Stage) -> None:
    if "daphne" in stage.server.log.name:
        pytest.skip("daphne's access log has every query: docs/operations.md")
    ticket = stage.alice.http.post("/realtime/tickets/").raise_for_status().json()["ticket"]
    for query in (f"?ticket={ticket}", f"?ticket={ticket}", f"?token={stage.bob.token}"):
        with stage.stream(query=query, headers={}):
            pass

    assert not [secret for secret in (ticket, stage.bob.token) if secret in stage.server.output]


@pytest.mark.parametrize(("habit", "refusal"), [(Habit.REFUSE, 400), (Habit.REFUSE, 403), (Habit.BUFFER, 403)])
def test_where_a_proxy_refuses_sockets_the_log_is_read_over_http(stage: Stage, habit: Habit, refusal: int) -> None:
    with Proxy(stage.url, habit, refusal=refusal) as proxy:
        alice = Person(proxy.url, "alice")
        with pytest.raises(InvalidStatus) as caught:
            ProjectSocket(alice, stage.project_id)
        assert caught.value.response.status_code == refusal

        since = alice.http.get(f"/projects/{stage.project_id}/state/").raise_for_status().json()["sequence"]
        if habit is Habit.BUFFER:
            stage.alice.start(stage.project_id)
            poll = alice.http.get(f"/projects/{stage.project_id}/events/?since={since}&wait=20")
            assert poll.raise_for_status().json()["events"][0]["sequence"] == since + 1
        else:
            with ProjectStream(alice, stage.project_id) as stream:
                stream.receive_snapshot()
                stream.receive_end(stage.alice.start(stage.project_id))
                assert stream.events[0]["sequence"] == since + 1


def test_the_server_that_goes_says_goodbye_to_streams_and_answers_polls(stage: Stage) -> None:
    if "daphne" in stage.server.log.name:
        pytest.skip("daphne says nothing to anybody when it stops")
    server, url = stage.site.serve("--no-worker")
    alice = Person(url, "alice")
    with ProjectStream(alice, stage.project_id) as stream:
        stream.receive_snapshot()
        server.stop()

        assert stream.receive_close()["code"] == "restart"
    assert "Traceback" not in server.output
    assert "ERROR" not in server.output


def test_nothing_failed_on_the_server(stage: Stage) -> None:
    assert "Traceback" not in stage.server.output
