"""What end-to-end tests share."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.browsing import DESKTOP, WAIT_MS, OpenBrowser, sign_in
from tests.servers import ROOT, Person, Site

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="session")
def sample_rc() -> Path:
    """The RC that the demo analyses."""
    return ROOT / "proposals/samples/rc/accord-cadre-services-numeriques.pdf"


@pytest.fixture(scope="session")
def long_rc(sample_rc: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same RC many times over: it takes long enough to be interrupted."""
    target = tmp_path_factory.mktemp("rc") / "long.pdf"
    document = pypdfium2.PdfDocument.new()
    with pypdfium2.PdfDocument(sample_rc) as source:
        for _ in range(4):
            document.import_pages(source)
    document.save(target)
    document.close()
    return target


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the demo cast."""
    site = Site(tmp_path_factory.mktemp("pages"))
    try:
        site.prepare(demo=True)
        yield site.serve()[1]
    finally:
        site.close()


@pytest.fixture(scope="module")
def alice(url: str) -> Person:
    """Alice over REST, for what a test does not do in the browser."""
    return Person(url, "alice")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests; each person gets a profile of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(url: str, chromium: Browser) -> Iterator[OpenBrowser]:
    """Open a browser, signed in as somebody or as nobody; no page may fail on its own script or policy."""
    contexts: list[BrowserContext] = []
    failures: list[str] = []

    def notice(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            failures.append(message.text)

    def make(person: str | None, viewport: dict[str, int] = DESKTOP) -> Page:
        context = chromium.new_context(base_url=url, viewport=viewport, locale="fr-FR", timezone_id="Europe/Paris")  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", notice)
        if person is not None:
            sign_in(page, person)
        return page

    expect.set_options(timeout=WAIT_MS)
    yield make
    for context in contexts:
        context.close()
    # A socket that is cut off, or a request without network, is reported by the browser itself.
    own = [text for text in failures if not re.search(r"WebSocket connection|ERR_INTERNET_DISCONNECTED", text)]
    assert own == []
