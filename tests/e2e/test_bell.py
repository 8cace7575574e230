"""The bell of the pages: live, in step on two devices, by keyboard, and by the system when no page is looked at."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, OpenBrowser, has_visible_focus, is_marked, mark, unnamed_controls
from tests.servers import Person
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

#: Every notice that a page asks the system to show, beside showing it.
RECORD_NOTICES = """
window.shownNotices = [];
window.Notification = class extends Notification {
  constructor(title, options) {
    super(title, options);
    window.shownNotices.push({ title, tag: options.tag });
  }
};
"""
#: Headless Chromium shows every tab for ever, so the test says which one a person looks at.
SET_VISIBILITY = """
(state) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


def finish_an_operation(alice: Person) -> None:
    """Let something happen that everybody of the company is told of."""
    alice.start(alice.projects()[0]["id"])


def read_everything(alice: Person) -> None:
    alice.http.post("/notifications/read/", json={"notification_ids": "all"}).raise_for_status()


def hide(page: Page) -> None:
    page.evaluate(SET_VISIBILITY, "hidden")


def notices(page: Page) -> list[dict[str, str]]:
    return list(page.evaluate("window.shownNotices"))


def bell(page: Page, unread: int) -> None:
    """Expect the bell to say how much is unread."""
    name = "Notifications" if unread == 0 else re.compile(rf"^Notifications, {unread} non lue")
    expect(
        page.get_by_role("button", name=name, exact=unread == 0).and_(page.locator("[data-bell-button]"))
    ).to_be_visible()


def test_the_bell_rings_on_every_device_and_what_is_read_on_one_is_read_on_all(
    open_browser: OpenBrowser, alice: Person
) -> None:
    read_everything(alice)
    desk, phone = open_browser("alice"), open_browser("alice", PHONE)
    mark(desk)
    bell(desk, 0)

    finish_an_operation(alice)
    bell(desk, 1)
    bell(phone, 1)

    desk.locator("[data-bell-button]").press("Enter")
    item = desk.get_by_role("link", name=re.compile("Analyse du RC terminée"))
    expect(item).to_be_visible()
    desk.keyboard.press("Tab")
    assert has_visible_focus(desk)
    desk.keyboard.press("Escape")
    expect(item).to_be_hidden()
    expect(desk.locator("[data-bell-button]")).to_be_focused()
    assert is_marked(desk)

    desk.keyboard.press("Enter")
    for _ in range(5):  # out of the panel, into the page
        desk.keyboard.press("Tab")
    expect(item).to_be_hidden()

    desk.locator("[data-bell-button]").click()
    item.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Accord-cadre")
    bell(desk, 0)
    bell(phone, 0)


def test_the_system_is_asked_to_show_only_what_nobody_looks_at(open_browser: OpenBrowser, alice: Person) -> None:
    read_everything(alice)
    page = open_browser("alice")
    page.context.grant_permissions(["notifications"])
    page.context.add_init_script(RECORD_NOTICES)
    page.goto("/library/")
    other = page.context.new_page()
    other.goto("/library/")

    hide(page)
    finish_an_operation(alice)
    bell(page, 1)
    bell(other, 1)
    while_one_is_seen = notices(page), notices(other)
    hide(other)
    finish_an_operation(alice)
    wait_until(lambda: notices(page) and notices(other), seconds=30, what="the notice")

    assert while_one_is_seen == ([], [])
    assert notices(page) == notices(other)
    assert len(notices(page)) == 1


def test_the_page_lists_what_was_told_and_stores_what_is_wanted(open_browser: OpenBrowser, alice: Person) -> None:
    read_everything(alice)
    page = open_browser("alice", PHONE)
    page.goto("/notifications/")
    finish_an_operation(alice)

    expect(page.get_by_text("1 non lue")).to_be_visible()
    assert unnamed_controls(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_label("Échecs : me prévenir").uncheck()
    finish_an_operation(alice)
    expect(page.get_by_text("2 non lues")).to_be_visible()
    expect(page.get_by_label("Échecs : me prévenir")).not_to_be_checked()

    page.get_by_role("button", name="Tout marquer comme lu").click()
    expect(page.get_by_text("Tout est lu")).to_be_visible()

    page.get_by_label("À faire : me prévenir").uncheck()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").filter(has_text="enregistrées")).to_be_visible()
    expect(page.get_by_label("À faire : me prévenir")).not_to_be_checked()
    assert alice.http.get("/notifications/preferences/").json()["attention"]["enabled"] is False
    alice.http.patch("/notifications/preferences/", json={"attention": {"enabled": True}}).raise_for_status()


def test_a_page_says_when_somebody_logged_out_in_another_tab_and_leads_back_in(open_browser: OpenBrowser) -> None:
    page = open_browser("bob")
    page.get_by_role("link", name=re.compile("Accord-cadre")).first.click()
    expect(page.locator("[data-connection-label]")).to_have_text("En direct")
    other = page.context.new_page()
    other.goto("/")

    other.get_by_role("button", name="Se déconnecter").click()

    expect(page.locator("[data-connection-login]")).to_be_visible()
    page.locator("[data-bell-button]").click()
    page.locator("[data-bell-login]").click()
    expect(page.get_by_label("Identifiant")).to_be_visible()


def test_a_superuser_without_a_company_has_no_bell(open_browser: OpenBrowser) -> None:
    page = open_browser("admin")

    expect(page.locator("[data-bell]")).to_have_count(0)
    page.goto("/notifications/")
    expect(page.locator("main")).to_contain_text("administration")
