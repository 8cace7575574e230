"""The limits of what a client sends, and of what comes back to a page, on the shipped server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.servers import Person, Process, Site
from tests.sockets import ProjectSocket

pytestmark = pytest.mark.e2e

BURST = 5


class Stage:
    """A server with small limits, and Alice."""

    def __init__(self, server: Process, url: str) -> None:
        self.server = server
        self.alice = Person(url, "alice")
        self.project_id = self.alice.projects()[0]["id"]

    def socket(self) -> ProjectSocket:
        return ProjectSocket(self.alice, self.project_id).receive_snapshot()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Iterator[Stage]:
    site = Site(
        shutil.copytree(demo_template, tmp_path_factory.mktemp("limits") / "site"),
        REALTIME_COMMANDS_BURST=str(BURST),
        REALTIME_COMMANDS_PER_SECOND="0.1",
        REALTIME_MAX_COMMAND_BYTES="100",
        REALTIME_MAX_MESSAGE_BYTES="1000",
        REALTIME_MAX_RESULT_BYTES="50",
    )
    yield Stage(*site.serve())
    site.close()


def test_commands_beyond_the_burst_are_refused_once_and_a_flood_is_closed(stage: Stage) -> None:
    with stage.socket() as socket:
        for number in range(BURST):
            assert socket.command(type="status", id=number)["ok"]

        refused = socket.command(type="status", id="too many")
        with suppress(ConnectionClosed):
            for _ in range(6 * BURST):
                socket.connection.send("ping")
        frame, code = socket.receive_close()

    assert (refused["id"], refused["error"]["code"]) == (None, "rate_limited")
    assert frame is not None
    assert (frame["code"], frame["reconnect"], code) == ("too_many_commands", True, 1013)
    assert frame["retry_after_ms"] is not None
    assert sum(reply["type"] == "reply" for reply in socket.frames) == BURST + 1


def test_a_command_too_large_is_answered_and_a_message_too_large_ends_the_socket(stage: Stage) -> None:
    with stage.socket() as socket:
        reply = socket.command(type="status", id="x" * 99)
        assert reply["error"]["code"] == "too_large"

        socket.connection.send(json.dumps({"type": "x" * 1000}))
        frame, code = socket.receive_close()

    assert frame is not None
    assert frame["type"] == "reply"
    assert code == 1009
    assert "Traceback" not in stage.server.output


def test_a_result_too_large_for_the_socket_is_read_by_rest(stage: Stage, sample_rc: Path) -> None:
    project_id = stage.alice.create_project(sample_rc)
    with ProjectSocket(stage.alice, project_id) as socket:
        socket.receive_snapshot()
        operation_id = stage.alice.start(project_id)
        socket.receive_end(operation_id)
    with ProjectSocket(stage.alice, project_id) as later:
        later.receive_snapshot()

    reference = socket.state["operations"][0]["result"]
    assert reference["result_url"] == f"/api/operations/{operation_id}/"
    assert later.state["operations"] == socket.state["operations"]
    whole = stage.alice.http.get(reference["result_url"].removeprefix("/api")).json()["result"]
    assert "analysis_id" in whole
    assert reference["result_bytes"] == len(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())
