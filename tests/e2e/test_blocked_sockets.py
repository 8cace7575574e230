"""The project page in a real Chromium behind proxies that let no WebSocket pass: it follows and steers all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import OpenBrowser, is_marked, mark
from tests.proxies import Habit, Proxy
from tests.servers import ROOT, Person, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SAMPLES = ROOT / "proposals" / "samples" / "rc"
RC = SAMPLES / "accord-cadre-services-numeriques.pdf"
#: Pages of a scan that nobody waits for to the end.
LONG_SCAN_PAGES = 60
LIVE_OVER_HTTP = "En direct (HTTP)"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A server with the demo cast, behind a proxy."""
    site = Site(tmp_path_factory.mktemp("blocked"))
    try:
        site.prepare(demo=True)
        with Proxy(site.serve()[1], Habit.REFUSE) as proxy:
            yield proxy
    finally:
        site.close()


@pytest.fixture(scope="module")
def url(proxy: Proxy) -> str:
    """People know the proxy's address only."""
    return proxy.url


@pytest.fixture(scope="module")
def long_scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan that takes minutes to read."""
    target = pypdfium2.PdfDocument.new()
    with pypdfium2.PdfDocument(SAMPLES / "hopital-scan.pdf") as scan:
        while len(target) < LONG_SCAN_PAGES:
            target.import_pages(scan)
    path = tmp_path_factory.mktemp("scan") / "long.pdf"
    target.save(path)
    target.close()
    return path


def open_live(page: Page, project_id: str) -> None:
    """Open a project and wait until its page is live over HTTP."""
    page.goto(f"/projects/{project_id}/")
    expect(page.locator("[data-connection]")).to_contain_text(LIVE_OVER_HTTP)
    expect(page.locator("[data-connection]")).to_have_attribute("data-state", "live")
    mark(page)


def analysis(page: Page) -> Locator:
    return page.locator('[data-operation="rc_analysis"]')


def analyse(page: Page) -> None:
    """Run an analysis from the page and follow it to its end there."""
    page.get_by_role("button", name="Lancer l’analyse").click()
    expect(analysis(page)).to_have_attribute("data-status", "succeeded")
    assert is_marked(page)


def cancel_analysis(page: Page) -> None:
    """Begin an analysis that takes minutes, see it advance, and cancel it."""
    page.get_by_role("button", name="Lancer l’analyse").click()
    expect(analysis(page)).to_have_attribute("data-status", "running")
    expect(analysis(page).get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d?$"))
    page.get_by_role("button", name="Annuler l’analyse").click()
    expect(analysis(page)).to_have_attribute("data-status", "cancelled")
    assert is_marked(page)


@pytest.mark.parametrize(
    ("habit", "refusal"),
    [(Habit.REFUSE, 403), (Habit.REFUSE, 400), (Habit.SWALLOW, 0)],
    ids=["403", "400", "swallowed"],
)
def test_a_page_follows_an_analysis_to_its_end_by_a_stream(
    open_browser: OpenBrowser, alice: Person, proxy: Proxy, habit: Habit, refusal: int
) -> None:
    project_id = alice.create_project(RC)
    proxy.become(habit, refusal=refusal)
    page = open_browser("alice")

    open_live(page, project_id)
    analyse(page)

    assert proxy.upgrades
    assert proxy.count(f"GET /api/projects/{project_id}/events/stream")
    assert not proxy.count("wait=")


def test_a_page_on_a_stream_cancels_what_runs(
    open_browser: OpenBrowser, alice: Person, proxy: Proxy, long_scan: Path
) -> None:
    project_id = alice.create_project(long_scan)
    proxy.become(Habit.REFUSE)
    page = open_browser("alice")

    open_live(page, project_id)
    cancel_analysis(page)

    assert proxy.count(f"POST /api/projects/{project_id}/commands/")


def test_a_page_polls_where_responses_are_held_back(
    open_browser: OpenBrowser, alice: Person, proxy: Proxy, long_scan: Path
) -> None:
    finished, cancelled = alice.create_project(RC), alice.create_project(long_scan)
    proxy.become(Habit.BUFFER)
    page = open_browser("alice")

    open_live(page, finished)
    analyse(page)
    open_live(page, cancelled)
    cancel_analysis(page)

    assert proxy.count(f"GET /api/projects/{finished}/events/stream")
    for project_id in (finished, cancelled):
        assert any(project_id in line and "/events/?" in line and "wait=" in line for line in proxy.requests)
    assert proxy.count(f"POST /api/projects/{cancelled}/commands/")


def test_a_page_goes_back_to_a_socket_on_a_network_that_lets_it_pass(
    open_browser: OpenBrowser, alice: Person, proxy: Proxy
) -> None:
    project_id = alice.create_project(RC)
    proxy.become(Habit.REFUSE)
    page = open_browser("alice")
    open_live(page, project_id)

    proxy.become(Habit.PASS)
    page.context.set_offline(True)
    expect(page.locator("[data-connection]")).to_contain_text("Hors ligne")
    page.context.set_offline(False)

    expect(page.locator("[data-connection]")).to_contain_text("En direct")
    expect(page.locator("[data-connection]")).not_to_contain_text("(HTTP)")
    assert proxy.count(f"GET /ws/projects/{project_id}")
    analyse(page)
