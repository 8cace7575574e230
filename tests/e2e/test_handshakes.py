"""Who may open a socket: origins and rates, on both servers we support."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.servers import Person, Process, Site
from tests.sockets import ProjectSocket

pytestmark = pytest.mark.e2e

LISTED = "https://front.example.org"
FOREIGN = {
    "another scheme": "https://{host}:{port}",
    "another port": "http://{host}:1",
    "no port": "http://{host}",
    "a suffix": "http://{host}.evil.org:{port}",
    "another of this machine": "http://localhost:5173",
    "a listed one over http": "http://front.example.org",
    "a listed one with a suffix": "https://front.example.org.evil.org",
    "null": "null",
    "broken IPv6": "http://[::1",
    "an impossible port": "http://{host}:99999999",
    "a path": "http://{host}:{port}/",
    "nothing": "",
    "no text": "\x80\xff",
}
#: Handshakes at once that the server of these tests allows.
BURST = 60


class Stage:
    """A server as in production, with its cast; signs in once."""

    def __init__(self, site: Site, server: Process, url: str) -> None:
        self.site = site
        self.server = server
        self.url = url
        self.alice = Person(url, "alice")
        self.project_id = self.alice.projects()[0]["id"]
        self.host, self.port = url.removeprefix("http://").split(":")

    def open(self, origin: str | None, **options: Any) -> ProjectSocket:
        return ProjectSocket(self.alice, self.project_id, origin=origin, **options)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Iterator[Site]:
    site = Site(shutil.copytree(demo_template, tmp_path_factory.mktemp("handshakes") / "site"))
    site.env |= {
        "DEBUG": "False",
        "ALLOWED_HOSTS": "127.0.0.1",
        "REALTIME_ALLOWED_ORIGINS": f"{LISTED}, https://other.example.org",
    }
    yield site
    site.close()


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def stage(request: pytest.FixtureRequest, site: Site) -> Stage:
    is_daphne = request.param == "daphne"
    site.env |= {"REALTIME_REQUIRE_ORIGIN": "False", "REALTIME_HANDSHAKES_BURST": "0"}
    return Stage(site, *(site.serve_daphne() if is_daphne else site.serve("--no-worker")))


@pytest.fixture(scope="module")
def strict(site: Site) -> Stage:
    """A server that asks for an origin and counts handshakes."""
    site.env |= {
        "REALTIME_REQUIRE_ORIGIN": "True",
        "REALTIME_HANDSHAKES_BURST": str(BURST),
        "REALTIME_HANDSHAKES_PER_SECOND": "0.05",
    }
    return Stage(site, *site.serve("--no-worker", "--forwarded-allow-ips", "127.0.0.9"))


def status_of(open_socket: Callable[[], ProjectSocket]) -> int:
    """Return the HTTP status with which a handshake is answered."""
    try:
        with open_socket():
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_foreign_origins_are_refused_without_a_traceback(stage: Stage, note_figure: Callable[..., None]) -> None:
    origins = {name: text.format(host=stage.host, port=stage.port) for name, text in FOREIGN.items()}

    statuses = {name: status_of(lambda text=text: stage.open(text)) for name, text in origins.items()}  # type: ignore[misc]

    # daphne's library refuses what is no origin at all by itself.
    is_daphne = "daphne" in stage.server.log.name
    broken = {name for name, status in statuses.items() if is_daphne and status == 400}
    tracebacks = stage.server.output.count("Traceback")
    assert {name: status for name, status in statuses.items() if name not in broken and status != 403} == {}
    assert broken <= {"broken IPv6", "an impossible port", "no text", "nothing"}
    assert tracebacks == 0
    note_figure(
        "T22",
        f"{len(FOREIGN)} foreign and malformed origins ({'daphne' if is_daphne else 'uvicorn'})",
        asked="403 each, 0 tracebacks",
        measured=f"{len(statuses) - len(broken)} x 403, {len(broken)} x 400, {tracebacks} tracebacks",
    )


def test_own_and_listed_origins_and_none_at_all_are_served(stage: Stage) -> None:
    for origin in (stage.url, LISTED, "https://other.example.org:443", None):
        with stage.open(origin) as socket:
            assert socket.receive()["type"] == "welcome"


def test_the_scheme_and_the_address_are_what_a_trusted_proxy_says(strict: Stage) -> None:
    headers = {
        "Authorization": f"Bearer {strict.alice.token}",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.7",
    }
    https = f"https://{strict.host}:{strict.port}"

    trusted = status_of(lambda: strict.open(https, additional_headers=headers, source_address=("127.0.0.9", 0)))
    stranger = status_of(lambda: strict.open(https, additional_headers=headers, source_address=("127.0.0.8", 0)))

    assert (trusted, stranger) == (101, 403)


def test_a_missing_origin_is_refused_when_one_is_required(strict: Stage) -> None:
    assert status_of(lambda: strict.open(None, source_address=("127.0.0.7", 0))) == 403
    assert status_of(lambda: strict.open(strict.url, source_address=("127.0.0.7", 0))) == 101


def test_too_many_handshakes_of_one_address_get_429_and_others_are_served(strict: Stage) -> None:
    def knock(number: int) -> tuple[int, str]:
        url = f"{strict.url.replace('http', 'ws')}/ws/projects/{strict.project_id}"
        try:
            with connect(url, origin=Origin(strict.url), proxy=None, source_address=("127.0.0.2", 0)):
                return 101, ""
        except InvalidStatus as refused:
            return refused.response.status_code, refused.response.headers.get("Retry-After", "")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(knock, range(BURST + 30)))

    statuses = [status for status, _ in answers]
    assert (statuses.count(101), statuses.count(429)) == (BURST, 30)
    assert all(re.fullmatch(r"[1-9]\d*", wait) for status, wait in answers if status == 429)
    with strict.open(strict.url, source_address=("127.0.0.3", 0)) as other:
        assert other.receive()["type"] == "welcome"
    output = strict.server.output
    assert "Traceback" not in output
    assert "without completing handshake" not in output
    assert output.count("too many from one address") == 1
