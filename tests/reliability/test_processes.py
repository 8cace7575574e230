"""Several serving processes: exchanged in the middle of work, five times in a row, behind nginx, with all services."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect, sync_playwright
from websockets.exceptions import InvalidStatus

from tests.e2e.browsing import WAIT_MS, is_marked, mark, sign_in
from tests.e2e.conftest import ARGUMENTS
from tests.e2e.test_generation_kill import finished, make_long_plan, run, wait_for_end
from tests.followers import Audience, Follower, assert_progress_never_goes_back
from tests.instances import RedisInstance, free_port
from tests.servers import ROOT, Person, Process, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis, pytest.mark.postgres, pytest.mark.timeout(900)]

MakeSite = Callable[..., Site]
Note = Callable[..., None]
SAMPLE_RC = ROOT / "proposals/samples/rc/accord-cadre-services-numeriques.pdf"
KINDS = ("rc_analysis", "matching", "generation", "document_generation")
RESTARTS = 5
#: So many that the generation still runs when the processes have been exchanged, by a worker that is slowed.
SECTIONS = 60


@pytest.fixture
def settings(redis_instance: RedisInstance, postgres_url: str) -> dict[str, str]:
    """Of an installation with all services."""
    return {
        "REDIS_URL": redis_instance.url,
        "DATABASE_URL": postgres_url,
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "REALTIME_DRAIN_SECONDS": "6",
        "REALTIME_HANDSHAKES_PER_SECOND": "10000",
        "REALTIME_SOCKETS_PER_USER": "1000",
    }


def log_of(person: Person, project_id: str) -> list[dict[str, Any]]:
    """Return all events of a project, as REST replays them."""
    events: list[dict[str, Any]] = []
    while True:
        since = events[-1]["sequence"] if events else 0
        answer = person.http.get(f"/projects/{project_id}/events/", params={"since": since}).raise_for_status().json()
        events += answer["events"]
        if not answer["events"]:
            return events


def assert_saw_everything(follower: Follower, log: list[dict[str, Any]]) -> None:
    """Check that the follower folded each event after its snapshot once, in order, and holds the state of the log."""
    first = follower.sequences[0]
    assert follower.snapshots == 1
    assert follower.events == [event for event in log if event["sequence"] >= first]
    assert_progress_never_goes_back(follower.events)


def assert_state_is_the_database(state: dict[str, Any], person: Person, operation_id: str) -> None:
    shown = person.operation(operation_id)
    folded = next(entry for entry in state["operations"] if entry["operation_id"] == operation_id)
    for field in ("status", "progress", "attempt", "result"):
        assert folded[field] == shown[field]


@contextmanager
def slowed(process: Process) -> Iterator[None]:
    """Let a process run for a tenth of the time only, as on a busy machine."""
    done = threading.Event()

    def hold() -> None:
        while not done.is_set():
            process.signal(signal.SIGSTOP)
            done.wait(0.27)
            process.signal(signal.SIGCONT)
            done.wait(0.03)

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def exchange(server: Process) -> None:
    """Exchange all processes and wait until that is done."""
    done = server.output.count("The processes are exchanged")
    server.signal(signal.SIGHUP)
    wait_until(
        lambda: server.output.count("The processes are exchanged") > done, seconds=240, what="the exchange to end"
    )


class Spectator:
    """A project page in Chromium, with what its sockets and its progress bar ever showed."""

    def __init__(self, page: Page, project_id: str) -> None:
        self.page = page
        self.sequences: set[int] = set()
        self.sockets = 0
        page.on("websocket", self._listen)
        page.goto(f"/projects/{project_id}/")
        expect(page.locator("[data-connection]")).to_have_attribute("data-state", "live")
        mark(page)
        page.evaluate(
            """() => {
                window.seenProgress = [];
                window.seenConnection = [];
                const look = () => {
                    const bar = document.querySelector('[data-operation="generation"] [role="progressbar"]');
                    const state = document.querySelector("[data-connection]").dataset.state;
                    const value = Number(bar?.getAttribute("aria-valuenow") ?? 0);
                    if (window.seenProgress.at(-1) !== value) window.seenProgress.push(value);
                    if (window.seenConnection.at(-1) !== state) window.seenConnection.push(state);
                };
                const what = { childList: true, subtree: true, attributes: true };
                new MutationObserver(look).observe(document.body, what);
                look();
            }"""
        )

    def _listen(self, opened: WebSocket) -> None:
        if "/ws/projects/" in opened.url:
            self.sockets += 1
            opened.on("framereceived", self._take)

    def _take(self, payload: str | bytes) -> None:
        found = re.match(r'\{"type":"(\w+)","sequence":(\d+)', str(payload).replace(" ", ""))
        if found and found[1] != "snapshot":
            self.sequences.add(int(found[2]))


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Page]]:
    """Open a page of a server in Chromium, signed in as Alice."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        expect.set_options(timeout=WAIT_MS)

        def open_page(url: str) -> Page:
            context = browser.new_context(base_url=url, locale="fr-FR", timezone_id="Europe/Paris")
            context.set_default_timeout(WAIT_MS)
            opened = context.new_page()
            sign_in(opened, "alice")
            return opened

        yield open_page
        browser.close()


def prepare_generation(alice: Person) -> str:
    """Return a project that has all that a long generation needs."""
    project_id = alice.create_project(SAMPLE_RC)
    run(alice, project_id, "rc_analysis")
    run(alice, project_id, "matching")
    make_long_plan(alice, project_id, sections=SECTIONS)
    return project_id


def test_two_processes_are_exchanged_amid_a_generation_before_the_eyes_of_a_browser(
    make_site: MakeSite, settings: dict[str, str], page: Callable[[str], Page], note_figure: Note
) -> None:
    site = make_site(**settings)
    server, url = site.serve("--processes", "2", "--no-worker")
    worker = site.work()
    alice = Person(url, "alice")
    project_id = prepare_generation(alice)
    spectator = Spectator(page(url), project_id)

    with (
        Audience(alice, project_id, count=5, moves=True) as movers,
        Audience(alice, project_id, count=5) as stayers,
    ):
        operation_id = alice.start(project_id, "generation")
        wait_until(lambda: finished(alice, project_id), seconds=60, what="a finished section")
        with slowed(worker):
            exchange(server)
            assert alice.operation(operation_id)["status"] == "running"
        end = wait_for_end(alice, operation_id, seconds=300)
        log = log_of(alice, project_id)
        for audience in (movers, stayers):
            audience.wait_for_sequence(log[-1]["sequence"])
        card = spectator.page.locator('[data-operation="generation"]')
        expect(card).to_have_attribute("data-status", "succeeded")

    assert (end["status"], end["attempt"]) == ("succeeded", 1)
    followers = [*movers.followers, *stayers.followers]
    for follower in followers:
        assert_saw_everything(follower, log)
        assert_state_is_the_database(follower.state, alice, operation_id)
    assert set(movers.codes + stayers.codes) <= {1012}
    first = followers[0].sequences[0]
    assert spectator.sequences >= set(range(first, log[-1]["sequence"] + 1))
    assert is_marked(spectator.page)
    shown = spectator.page.evaluate("window.seenProgress")
    begin = shown.index(min(shown))
    assert shown[begin:] == sorted(shown[begin:])
    assert shown[-1] == 100
    states = spectator.page.evaluate("window.seenConnection")
    gap = max(follower.longest_gap for follower in movers.followers)
    what = "two processes exchanged amid a generation"
    note_figure(
        "rolling", what, asked="0 lost, 0 twice", measured=f"0, 0 of {len(log)} events, 10 clients and Chromium"
    )
    note_figure("rolling", f"{what}: longest gap of clients that move", asked="0 s", measured=f"{gap:.2f} s")
    note_figure(
        "rolling",
        f"{what}: what the page showed of its connection",
        asked="live",
        measured=f"{' '.join(states)}, over {spectator.sockets} sockets",
    )


def test_two_processes_with_their_own_workers_are_exchanged_amid_a_generation(
    make_site: MakeSite, settings: dict[str, str], note_figure: Note
) -> None:
    server, url = make_site(**settings).serve("--processes", "2")
    alice = Person(url, "alice")
    project_id = prepare_generation(alice)

    with Audience(alice, project_id, count=5, moves=True) as audience:
        operation_id = alice.start(project_id, "generation")
        wait_until(lambda: finished(alice, project_id), seconds=60, what="a finished section")
        exchange(server)
        end = wait_for_end(alice, operation_id, seconds=300)
        log = log_of(alice, project_id)
        audience.wait_for_sequence(log[-1]["sequence"])

    assert end["status"] == "succeeded"
    assert end["attempt"] > 1
    for follower in audience.followers:
        assert_saw_everything(follower, log)
        assert_state_is_the_database(follower.state, alice, operation_id)
    written = [event["section_id"] for event in log if event["type"] == "section_done"]
    assert len(written) == len(set(written))
    note_figure(
        "rolling",
        "the same with workers inside",
        asked="0 lost, no section twice",
        measured=f"0, 0; attempt {end['attempt']}",
    )


def test_five_exchanges_in_a_row_during_traffic_lose_nothing(
    make_site: MakeSite, settings: dict[str, str], note_figure: Note
) -> None:
    site = make_site(**settings | {"REALTIME_DRAIN_SECONDS": "4"})
    server, url = site.serve("--processes", "2", "--no-worker")
    server.wait_for_output("2 processes serve", seconds=60)
    alice = Person(url, "alice")
    project_id = alice.create_project()

    with (
        Audience(alice, project_id, count=10, moves=True) as movers,
        Audience(alice, project_id, count=10) as stayers,
    ):
        speaker = site.start("-m", "tests.speaker", project_id, "20", name="speaker")
        speaker.wait_for_output("Speaking", seconds=60)
        for _ in range(RESTARTS):
            exchange(server)
        assert speaker.stop() == 0
        log = log_of(alice, project_id)
        for audience in (movers, stayers):
            audience.wait_for_sequence(log[-1]["sequence"])

    followers = [*movers.followers, *stayers.followers]
    codes = movers.codes + stayers.codes
    refused = sum(follower.refused for follower in followers)
    lost = sum(len(log) - len(follower.events) for follower in followers)
    note_figure("T15", f"{RESTARTS} exchanges: events lost", asked="0", measured=f"{lost} of {len(log)} for 20 clients")
    note_figure(
        "T15", "closes other than 1012", asked="0", measured=f"{len(codes) - codes.count(1012)} of {len(codes)}"
    )
    note_figure("T15", "handshakes refused", asked="0", measured=str(refused))
    for follower in followers:
        assert_saw_everything(follower, log)
    assert set(codes) == {1012}
    assert refused == 0


def test_four_operations_run_with_two_servers_a_worker_redis_and_postgresql(
    make_site: MakeSite, settings: dict[str, str], note_figure: Note
) -> None:
    site = make_site(**settings)
    _, here = site.serve("--no-worker")
    _, there = site.serve("--no-worker")
    site.work()
    alice = Person(here, "alice")
    project_id = alice.create_project(SAMPLE_RC)

    with (
        Audience(alice, project_id, count=3, urls=[here]) as first,
        Audience(alice, project_id, count=3, urls=[there]) as second,
    ):
        ends = {kind: wait_for_end(alice, alice.start(project_id, kind)) for kind in KINDS}
        log = log_of(alice, project_id)
        for audience in (first, second):
            audience.wait_for_sequence(log[-1]["sequence"])

    assert {end["status"] for end in ends.values()} == {"succeeded"}
    for follower in (*first.followers, *second.followers):
        assert_saw_everything(follower, log)
        assert len(follower.joined_at) == 1
        for end in ends.values():
            assert_state_is_the_database(follower.state, alice, str(end["id"]))
    note_figure(
        "scale-out",
        "four operations: 2 servers, 1 worker, Redis, PostgreSQL",
        asked="both servers deliver the whole log",
        measured=f"{len(log)} events to 6 clients, 0 lost",
    )


def nginx_configuration(directory: Path, *, port: int, servers: list[str]) -> str:
    """Return the snippet of docs/operations.md inside the least that nginx needs to run without privileges."""
    page = (ROOT / "docs/operations.md").read_text()
    snippet = re.findall(r"^```nginx\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)[0]
    snippet = re.sub(r"( +server )127\.0\.0\.1:\d+;", lambda match: f"{match[1]}{servers.pop()};", snippet)
    snippet = snippet.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/var/log/nginx/", f"{directory}/")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "\n".join(f"{kind}_temp_path {directory}/{kind};" for kind in kinds)
    return (
        f"daemon off; master_process off; pid {directory}/nginx.pid; error_log stderr;\n"
        f"events {{ worker_connections 512; }}\nhttp {{ access_log off;\n{folders}\n{snippet}\n}}\n"
    )


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_behind_nginx_a_server_that_stops_is_left_for_the_other(
    make_site: MakeSite, settings: dict[str, str], tmp_path: Path, note_figure: Note
) -> None:
    site = make_site(**settings)
    started = [site.serve("--no-worker", "--forwarded-allow-ips", "127.0.0.1") for _ in range(2)]
    port = free_port()
    configuration = tmp_path / "nginx.conf"
    addresses = [url.removeprefix("http://") for _, url in started]
    configuration.write_text(nginx_configuration(tmp_path, port=port, servers=addresses))
    nginx = Process([shutil.which("nginx") or "", "-c", str(configuration)], env=site.env, log=tmp_path / "nginx.log")
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: nginx.is_running and _accepts(port), what="nginx to listen")
        alice = Person(url, "alice")
        project_id = alice.create_project()
        with Audience(alice, project_id, count=20, moves=True) as audience:
            speaker = site.start("-m", "tests.speaker", project_id, "20", name="speaker")
            speaker.wait_for_output("Speaking", seconds=60)
            started[0][0].signal(signal.SIGTERM)
            while started[0][0].is_running:
                assert alice.http.get("/projects/").status_code == 200
            audience.wait_until_live()
            assert speaker.stop() == 0
            log = log_of(alice, project_id)
            audience.wait_for_sequence(log[-1]["sequence"])
    finally:
        nginx.kill()

    for follower in audience.followers:
        assert_saw_everything(follower, log)
    refused = sum(follower.refused for follower in audience.followers)
    note_figure(
        "scale-out", "nginx: handshakes refused while one of two servers drains", asked="0", measured=str(refused)
    )
    assert refused == 0


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_no_log_of_nginx_has_a_token_or_ticket(
    make_site: MakeSite, settings: dict[str, str], tmp_path: Path, note_figure: Note
) -> None:
    site = make_site(**settings)
    server, address = site.serve("--no-worker", "--forwarded-allow-ips", "127.0.0.1")
    port = free_port()
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(nginx_configuration(tmp_path, port=port, servers=[address.removeprefix("http://")] * 2))
    nginx = Process([shutil.which("nginx") or "", "-c", str(configuration)], env=site.env, log=tmp_path / "nginx.log")
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: nginx.is_running and _accepts(port), what="nginx to listen")
        alice = Person(url, "alice")
        project_id = alice.projects()[0]["id"]
        tickets = [str(alice.http.post("/realtime/tickets/").raise_for_status().json()["ticket"]) for _ in range(2)]
        for query in (f"?token={alice.token}", f"?ticket={tickets[0]}"):
            with ProjectSocket(alice, project_id, query=query, additional_headers={}) as socket_:
                socket_.receive_snapshot()
        server.kill()
        with pytest.raises(InvalidStatus) as unreachable:
            ProjectSocket(alice, project_id, query=f"?ticket={tickets[1]}", additional_headers={})
        access_log = tmp_path / "tenderwire.log"
        path = f"/ws/projects/{project_id}"
        wait_until(lambda: access_log.read_text().count(path) == 3, what="nginx to log the three handshakes")
    finally:
        nginx.kill()

    assert unreachable.value.response.status_code == 502
    written = "".join(log.read_text() for log in (access_log, tmp_path / "tenderwire-errors.log", nginx.log))
    hits = sum(written.count(secret) for secret in (alice.token, *tickets))
    note_figure("T20", "nginx: `?token=`, `?ticket=`, a server that is gone", asked="0 hits", measured=f"{hits} hits")
    assert f" GET {path} 101 " in written
    assert hits == 0


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
