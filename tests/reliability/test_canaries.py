"""T20: tokens, tickets and refresh tokens go every way there is; no log of any process holds one of them."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.instances import RedisInstance
from tests.servers import PASSWORD, ROOT, Person, Process, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until
from tests.withdrawal import Browser

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

#: Looks like a JWT, and is none.
FORGED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcmkifQ.Y2FuYXJpLWNhbmFyaS1jYW5hcmktY2FuYXJp"
FORGED_TICKET = "ticket.canari-canari-canari-canari-canari-canari"


RC = ROOT / "proposals/samples/rc/accord-cadre-services-numeriques.pdf"


class Canaries:
    """Everything secret that was used, and where to look for it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.released: set[str] = {FORGED, FORGED_TICKET, PASSWORD}

    def sign_in(self, url: str, name: str = "alice") -> Person:
        person = Person(url, name)
        self.released |= {person.token, person.refresh}
        return person

    def ticket(self, person: Person) -> str:
        ticket = str(person.http.post("/realtime/tickets/").raise_for_status().json()["ticket"])
        self.released.add(ticket)
        return ticket

    def count_hits(self) -> int:
        """Count the logs that hold a secret, or the end of one: the signature of a JWT."""
        written = [process.output for process in self.site.processes]
        return sum(secret[-20:] in output for secret in self.released for output in written)


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("canaries")
    redis = RedisInstance(directory)
    redis.start()
    site = Site(shutil.copytree(demo_template, directory / "site"))
    site.env |= {
        "REDIS_URL": redis.url,
        "CELERY_BROKER_URL": redis.url,
        "LOG_LEVEL": "DEBUG",
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONWARNINGS": "default",
        "DJANGO_SETTINGS_MODULE": "project.settings",
    }
    yield site
    site.close()
    redis.kill()


def open_in_every_way(canaries: Canaries, person: Person, project_id: str) -> None:
    """Show a credential in each of the four ways, good and bad; refresh in band, well and badly."""
    bare: dict[str, Any] = {"additional_headers": {}}
    protocols: dict[str, Any] = {"subprotocols": ["tenderwire.v1", f"bearer.{person.token}"]}
    ways: tuple[dict[str, Any], ...] = (
        {},
        {"query": f"?token={person.token}", **bare},
        {"query": f"?ticket={canaries.ticket(person)}", **bare},
        {**protocols, **bare},
    )
    for options in ways:
        with ProjectSocket(person, project_id, **options).receive_snapshot() as opened:
            for token in (person.token, canaries.ticket(person), FORGED, FORGED_TICKET, person.refresh):
                opened.command(type="refresh", id=1, token=token)
            opened.command(type="token", token=person.token)
            opened.connection.send(f"no json: {person.token}")
            opened.connection.send(json.dumps({"type": "refresh", "token": [person.token]}))
            opened.connection.send("ping")
    for query in (f"?token={FORGED}", f"?ticket={FORGED_TICKET}", f"?ticket={person.token}"):
        with ProjectSocket(person, project_id, query=query, **bare) as refused:
            refused.receive_close()


def ask_over_http(canaries: Canaries, person: Person, project_id: str) -> None:
    """Open the event stream, poll and command over HTTP, by JWT, ticket and address."""
    base = f"{person.url}/api/projects/{project_id}"
    bearers = [person.token, canaries.ticket(person), FORGED, FORGED_TICKET]
    headers = [{"Authorization": f"Bearer {bearer}"} for bearer in bearers]
    queries = [f"?ticket={canaries.ticket(person)}", f"?token={person.token}", f"?ticket={FORGED_TICKET}"]
    streams = [("", header) for header in headers] + [(query, {}) for query in queries]
    for query, header in streams:
        with httpx.stream("GET", f"{base}/events/stream{query}", headers=header, timeout=30) as answer:
            assert next(answer.iter_lines())
    for header in headers:
        httpx.get(f"{base}/events/?since=0&wait=0", headers=header)
        httpx.post(f"{base}/commands/", headers=header, json={"type": "refresh", "token": person.token})


def fail_in_every_way(canaries: Canaries, person: Person, project_id: str) -> None:
    """Send what is refused or makes no sense, with secrets in it."""
    with pytest.raises(InvalidStatus):
        ProjectSocket(person, "no-uuid", query=f"?token={person.token}")
    for address in (f"/me/?token={person.token}", f"/nowhere/?ticket={FORGED_TICKET}", "/me/"):
        httpx.get(f"{person.url}/api{address}", headers={"Authorization": f"Bearer {FORGED}"})
    for path in ("verify", "refresh", "blacklist"):
        for body in ({"token": FORGED, "refresh": FORGED}, {"refresh": person.token}, f"{{{person.token}"):
            httpx.post(f"{person.url}/api/auth/token/{path}/", json=body)
    httpx.post(f"{person.url}/api/auth/token/", json={"username": person.token, "password": PASSWORD})
    httpx.get(person.url, headers={"Host": person.token, "Authorization": f"Bearer {person.token}"})
    host, port = person.url.removeprefix("http://").split(":")
    broken = (
        f"GET /ws/projects/{project_id}?token={person.token} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nAuthorization: Bearer {person.token}\r\n\r\n",
        f"GET /?ticket={FORGED_TICKET} HTTP/9.9\r\nAuthorization: Bearer {person.token}\r\n\r\n",
        f"Bearer {person.token}\r\n\r\n",
    )
    for request in broken:
        with socket.create_connection((host, int(port))) as client:
            client.sendall(request.encode())
            client.settimeout(5)
            with suppress(TimeoutError, ConnectionError):
                client.recv(1000)


def live_a_session(canaries: Canaries, person: Person) -> None:
    """Renew, verify, log out; the same in the pages."""
    renewed = person.http.post("/auth/token/refresh/", json={"refresh": person.refresh}).raise_for_status().json()
    canaries.released |= set(renewed.values())
    person.http.post("/auth/token/verify/", json={"token": renewed["access"]}).raise_for_status()
    person.http.post("/auth/token/blacklist/", json={"refresh": renewed["refresh"]}).raise_for_status()
    browser = Browser(person.url, "bob")
    canaries.released.add(browser.new_ticket())
    browser.log_out()


def test_no_secret_is_in_any_log(site: Site, note_figure: Callable[..., None]) -> None:
    canaries = Canaries(site)
    servers: list[tuple[Process, str]] = [site.serve(), site.serve_daphne("--access-log", "/dev/null")]
    site.work_with_celery()

    for _, url in servers:
        person = canaries.sign_in(url)
        project_id = person.create_project(RC)
        with ProjectSocket(person, project_id).receive_snapshot() as watching:
            watching.receive_end(person.start(project_id), seconds=120)
        open_in_every_way(canaries, person, project_id)
        ask_over_http(canaries, person, project_id)
        fail_in_every_way(canaries, person, project_id)
        live_a_session(canaries, person)
        wait_until(lambda: project_id in site.processes[0].output + site.processes[1].output)  # noqa: B023

    lines = sum(process.output.count("\n") for process in site.processes)
    hits = canaries.count_hits()
    measured = f"{hits} hits of {len(canaries.released)} secrets in {lines} lines of serve, daphne and a Celery worker"
    note_figure("T20", "LOG_LEVEL=DEBUG, every way and every refusal", asked="0 hits", measured=measured)
    assert "DEBUG" in site.processes[0].output
    assert hits == 0
