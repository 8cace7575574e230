"""A person watches an operation in Chromium while Redis is away for half a minute."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.e2e.browsing import WAIT_MS, is_marked, mark, sign_in
from tests.instances import RedisInstance
from tests.servers import ROOT, Person, Site
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.redis, pytest.mark.timeout(900)]

MakeSite = Callable[..., Site]
SCAN = ROOT / "proposals" / "samples" / "rc" / "hopital-scan.pdf"
#: Enough character recognition to outlast the outage.
PAGES = 45
OUTAGE_SECONDS = 30


@pytest.fixture
def long_scan(tmp_path: Path) -> Path:
    """A scan that takes minutes to read."""
    target = pypdfium2.PdfDocument.new()
    with pypdfium2.PdfDocument(SCAN) as scan:
        while len(target) < PAGES:
            target.import_pages(scan)
    path = tmp_path / "long.pdf"
    target.save(path)
    return path


class Wire:
    """What a page's socket on a project received."""

    def __init__(self, page: Page) -> None:
        self.sockets: list[WebSocket] = []
        self.frames: list[dict[str, Any]] = []
        page.on("websocket", self._notice)

    @property
    def sequences(self) -> list[int]:
        return [frame["sequence"] for frame in self.frames if "operation_id" in frame]

    def _notice(self, socket: WebSocket) -> None:
        if "/ws/projects/" in socket.url:
            self.sockets.append(socket)
            socket.on("framereceived", self._take)

    def _take(self, payload: str | bytes) -> None:
        if payload != "pong":
            self.frames.append(json.loads(payload))


def test_a_page_follows_an_operation_through_an_outage_of_redis(
    make_site: MakeSite,
    redis_instance: RedisInstance,
    chromium: Browser,
    long_scan: Path,
    note_figure: Callable[..., None],
) -> None:
    site = make_site(REDIS_URL=redis_instance.url)
    server, url = site.serve("--no-worker")
    site.work()
    alice = Person(url, "alice")
    project_id = alice.create_project(long_scan)
    page = chromium.new_context(base_url=url, locale="fr-FR").new_page()
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    sign_in(page, "alice")
    wire = Wire(page)
    page.goto(f"/projects/{project_id}/")
    card = page.locator('[data-operation="rc_analysis"]')
    bar = card.get_by_role("progressbar")
    expect(page.locator("[data-connection]")).to_have_attribute("data-state", "live")
    mark(page)

    page.get_by_role("button", name="Lancer l’analyse").click()
    expect(card).to_have_attribute("data-status", "running")
    expect(bar).not_to_have_attribute("aria-valuenow", "0")
    operation_id = str(wire.frames[-1]["operation_id"])
    redis_instance.stop()
    before = len(wire.sequences)
    started = time.monotonic()
    while time.monotonic() < started + OUTAGE_SECONDS:
        page.wait_for_timeout(500)
    during = len(wire.sequences) - before
    was_running = alice.operation(operation_id)["status"] == "running"
    redis_instance.start()
    server.wait_for_output("The link to Redis is back")
    wait_until(lambda: is_over(page, alice, operation_id), seconds=600, what="the end of the analysis")

    shown = alice.operation(operation_id)
    expect(card).to_have_attribute("data-status", str(shown["status"]))
    expect(page.locator("#criteres .bar").first).to_be_visible()
    assert shown["status"] == "succeeded"
    assert is_marked(page)
    assert len(wire.sockets) == 1
    assert not wire.sockets[0].is_closed()
    assert wire.sequences == list(range(wire.sequences[0], wire.sequences[0] + len(wire.sequences)))
    head = alice.http.get(f"/projects/{project_id}/events/").raise_for_status().json()["head"]
    assert wire.sequences[-1] == head
    assert was_running
    assert during > 0
    note_figure(
        "Redis 30 s, browser",
        "Chromium on the project page follows an analysis; Redis is stopped for 30 s in mid-run",
        asked="one socket, every event once, page in the state of the database",
        measured=f"1; {len(wire.sequences)} of {len(wire.sequences)} events, {during} of them during the outage; yes",
    )


def is_over(page: Page, person: Person, operation_id: str) -> bool:
    page.wait_for_timeout(500)
    return person.operation(operation_id)["status"] not in ("running", "pending")
