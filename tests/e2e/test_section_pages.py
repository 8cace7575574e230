"""The pages of sections and plan in a real Chromium: two people at one text, and a plan made with the keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import PHONE, OpenBrowser, has_visible_focus, overflow, unnamed_controls
from tests.servers import ROOT, Person
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

RC = ROOT / "proposals/samples/rc/mapa-petite-commune.pdf"
TEXT = "Notre équipe compte douze personnes.\n\nElle tient un planning."


@pytest.fixture
def project_id(alice: Person) -> str:
    """A project with a plan of two sections, of which alice has written the first."""
    project_id = alice.create_project()
    rows = [{"title": "Moyens humains", "words_budget": 300}, {"title": "Méthode", "words_budget": 400}]
    plan = save_plan(alice, project_id, rows)
    edit(alice, plan["sections"][0]["id"], TEXT, version=0)
    return project_id


def save_plan(person: Person, project_id: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    seen = person.http.get(f"/projects/{project_id}/sections/").json()["plan_version"]
    order = {"plan_version": seen, "sections": rows}
    saved: dict[str, Any] = person.http.put(f"/projects/{project_id}/plan/", json=order).raise_for_status().json()
    return saved


def read_plan(person: Person, project_id: str) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = person.http.get(f"/projects/{project_id}/sections/").json()["sections"]
    return sections


def edit(person: Person, section_id: str, text: str, *, version: int) -> None:
    body = {"text": text, "version": version}
    person.http.patch(f"/sections/{section_id}/", json=body).raise_for_status()


def run_to_the_end(person: Person, project_id: str, kind: str) -> None:
    operation_id = person.start(project_id, kind)
    wait_until(lambda: person.operation(operation_id)["status"] == "succeeded", seconds=60, what=kind)


def open_section(page: Page, project_id: str, section: dict[str, Any]) -> None:
    page.goto(f"/projects/{project_id}/sections/{section['id']}/")
    expect(page.locator("[data-section-page]")).to_have_attribute("data-live", "true")


def open_editor(page: Page) -> Locator:
    page.get_by_role("button", name="Modifier").click()
    area = page.get_by_label("Texte de la section")
    expect(area).to_be_focused()
    return area


def saved_version(page: Page) -> Locator:
    return page.locator("[data-editor-state]")


def test_two_people_at_one_section_lose_nothing(open_browser: OpenBrowser, alice: Person, project_id: str) -> None:
    section = read_plan(alice, project_id)[0]
    at_alice, at_bob = open_browser("alice"), open_browser("bob")
    for page in (at_alice, at_bob):
        open_section(page, project_id, section)
    text_of_alice, text_of_bob = open_editor(at_alice), open_editor(at_bob)

    text_of_alice.fill(TEXT.replace("douze", "quatorze"))
    text_of_bob.fill(TEXT.replace("planning", "planning hebdomadaire"))
    at_bob.keyboard.press("Control+s")
    expect(saved_version(at_bob)).to_have_text("Version 2, à jour")
    expect(at_alice.get_by_text("Quelqu’un a changé cette section")).to_be_visible()
    at_alice.get_by_role("button", name="Enregistrer").click()

    conflict = at_alice.locator("[data-conflict]")
    expect(conflict).to_contain_text("bob a enregistré la version 2")
    expect(conflict.locator(".difference ins")).to_have_text("quatorze")
    expect(conflict.locator(".difference del")).to_have_text(["douze", "hebdomadaire"])
    expect(text_of_alice).to_have_value(re.compile("quatorze"))

    conflict.get_by_role("button", name="Continuer avec mon texte").click()
    text_of_alice.fill(TEXT.replace("douze", "quatorze").replace("planning", "planning hebdomadaire"))
    at_alice.keyboard.press("Control+s")
    expect(saved_version(at_alice)).to_have_text("Version 3, à jour")
    # Bob has typed nothing since: his editor shows what alice has saved.
    expect(text_of_bob).to_have_value(re.compile("quatorze personnes.*planning hebdomadaire", re.DOTALL))
    expect(at_bob.locator("[data-versions]")).to_contain_text("Modifiée par Alice")


def test_what_was_typed_survives_a_closed_tab(open_browser: OpenBrowser, alice: Person, project_id: str) -> None:
    section = read_plan(alice, project_id)[0]
    page = open_browser("alice")
    open_section(page, project_id, section)
    open_editor(page).fill("Un texte que personne n’a enregistré.")
    second = page.context.new_page()
    page.close(run_before_unload=False)

    open_section(second, project_id, section)
    area = open_editor(second)
    expect(area).to_have_value(TEXT)
    second.get_by_role("button", name="Le reprendre").click()

    expect(area).to_have_value("Un texte que personne n’a enregistré.")
    expect(second.locator("[data-editor-words]")).to_have_text("6")
    second.get_by_role("button", name="Enregistrer").click()
    expect(saved_version(second)).to_have_text("Version 2, à jour")
    expect(second.locator("[data-prose]")).to_contain_text("personne n’a enregistré")


def test_a_locked_section_is_left_alone_and_versions_are_compared_and_restored(
    open_browser: OpenBrowser, alice: Person, project_id: str
) -> None:
    section = read_plan(alice, project_id)[0]
    edit(alice, section["id"], TEXT.replace("douze", "treize"), version=1)
    page = open_browser("alice")
    page.on("dialog", lambda dialog: dialog.accept())
    open_section(page, project_id, section)

    page.get_by_role("button", name="Comparer").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("De la version 1 à la version 2")
    expect(dialog.locator("ins")).to_have_text(["ajouté", "treize"])
    dialog.get_by_role("button", name="Fermer").click()
    page.get_by_role("button", name="Verrouiller").click()
    expect(page.get_by_role("button", name="Modifier")).to_be_disabled()
    expect(page.get_by_role("button", name="Rétablir")).to_be_disabled()
    page.get_by_role("button", name="Déverrouiller").click()
    page.get_by_role("button", name="Rétablir").click()

    expect(page.locator("[data-versions]")).to_contain_text("Rétablie par Alice")
    expect(page.locator("[data-prose]")).to_contain_text("douze personnes")


def test_a_section_is_seen_while_it_is_written_again(open_browser: OpenBrowser, alice: Person) -> None:
    project_id = alice.create_project(RC)
    for kind in ("rc_analysis", "generation"):
        run_to_the_end(alice, project_id, kind)
    page = open_browser("bob")
    page.on("dialog", lambda dialog: dialog.accept())
    open_section(page, project_id, read_plan(alice, project_id)[0])
    page.evaluate(
        """() => {
            window.seen = "";
            const live = document.querySelector("[data-live-text]");
            const look = () => { if (live.textContent.length > window.seen.length) window.seen = live.textContent; };
            new MutationObserver(look).observe(live, { childList: true, subtree: true, characterData: true });
        }"""
    )

    page.get_by_role("button", name="Rédiger à nouveau").click()

    expect(page.locator(".section-head")).to_contain_text("Version 2")
    expect(page.locator("[data-writing]")).to_be_hidden()
    assert len(page.evaluate("window.seen")) > 100
    expect(page.locator(".refs a").first).to_be_visible()
    page.locator(".refs a").first.focus()
    expect(page.locator("[data-source-card]")).to_contain_text("affirmation")


def test_a_plan_is_made_with_the_keyboard(open_browser: OpenBrowser, alice: Person, project_id: str) -> None:
    page = open_browser("alice")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/projects/{project_id}/plan/")
    expect(page.locator("[data-plan-page]")).to_have_attribute("data-live", "true")
    save = page.get_by_role("button", name="Enregistrer le plan")
    expect(save).to_be_disabled()

    page.get_by_role("button", name="Ajouter une section").press("Enter")
    page.keyboard.type("Planning prévisionnel")
    page.keyboard.press("Alt+ArrowUp")
    assert has_visible_focus(page)
    page.keyboard.press("Tab")
    page.keyboard.type("250")
    expect(page.locator("[data-plan-length]")).to_contain_text("950 mots")
    save.press("Enter")

    expect(page.locator("[data-announcer]")).to_have_text("Plan enregistré.")
    assert [(row["title"], row["words_budget"]) for row in read_plan(alice, project_id)] == [
        ("Moyens humains", 300),
        ("Planning prévisionnel", 250),
        ("Méthode", 400),
    ]

    page.get_by_role("button", name="Supprimer : Moyens humains").press("Enter")
    expect(page.locator("[data-announcer]")).to_contain_text("Section retirée du plan")
    save.press("Enter")
    expect(page.locator("[data-announcer]")).to_have_text("Plan enregistré.")
    assert [row["title"] for row in read_plan(alice, project_id)] == ["Planning prévisionnel", "Méthode"]


def test_a_plan_that_somebody_else_changed_is_told(open_browser: OpenBrowser, alice: Person, project_id: str) -> None:
    page = open_browser("bob")
    page.goto(f"/projects/{project_id}/plan/")
    expect(page.locator("[data-plan-page]")).to_have_attribute("data-live", "true")
    page.get_by_label("Titre de la section").last.fill("Méthode de Bob")

    rows = [{"id": row["id"], "title": row["title"], "words_budget": 800} for row in read_plan(alice, project_id)]
    save_plan(alice, project_id, rows)

    expect(page.get_by_text("Quelqu’un a changé ce plan.")).to_be_visible()
    expect(page.get_by_label("Titre de la section").last).to_have_value("Méthode de Bob")
    page.get_by_role("button", name="Recharger").click()
    expect(page.get_by_label("Longueur visée, en mots").last).to_have_value("800")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_every_control_has_a_name_and_no_page_is_too_wide(
    open_browser: OpenBrowser, alice: Person, project_id: str, viewport: dict[str, int] | None
) -> None:
    page = open_browser("alice", viewport) if viewport else open_browser("alice")

    open_section(page, project_id, read_plan(alice, project_id)[0])
    open_editor(page)
    assert unnamed_controls(page) == []
    assert overflow(page) <= 0
    page.goto(f"/projects/{project_id}/plan/")
    page.locator('[data-act="unfold"]').first.click()
    assert unnamed_controls(page) == []
    assert overflow(page) <= 0
