"""The pages in a real Chromium against a real server process, as people use them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import (
    PHONE,
    OpenBrowser,
    drop_file,
    has_visible_focus,
    is_marked,
    mark,
    overflow,
    tab_to,
    unnamed_controls,
)
from tests.servers import PASSWORD, ROOT, Person
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SAMPLES = ROOT / "proposals" / "samples" / "rc"
RC = SAMPLES / "accord-cadre-services-numeriques.pdf"
#: Three scanned pages: some seconds of character recognition.
SCAN = SAMPLES / "hopital-scan.pdf"
#: Pages of the scan that nobody waits for to the end.
LONG_SCAN_PAGES = 60


@pytest.fixture(scope="module")
def long_scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan that takes minutes to read."""
    scan, target = pypdfium2.PdfDocument(SCAN), pypdfium2.PdfDocument.new()
    while len(target) < LONG_SCAN_PAGES:
        target.import_pages(scan)
    path = tmp_path_factory.mktemp("scan") / "long.pdf"
    target.save(path)
    return path


def open_project(page: Page, project_id: str) -> None:
    page.goto(f"/projects/{project_id}/")
    expect(connection(page)).to_have_attribute("data-state", "live")


def connection(page: Page) -> Locator:
    return page.locator("[data-connection]")


def card(page: Page, kind: str = "rc_analysis") -> Locator:
    return page.locator(f'[data-operation="{kind}"]')


def progress(page: Page) -> int:
    return int(card(page).get_by_role("progressbar").get_attribute("aria-valuenow") or 0)


def expect_status(page: Page, status: str, kind: str = "rc_analysis") -> None:
    expect(card(page, kind)).to_have_attribute("data-status", status)


def watch_drafts(page: Page) -> None:
    """Keep the length of the longest text that the page ever showed while it was written."""
    page.evaluate(
        """() => {
            window.draftLength = 0;
            const look = () => {
                for (const draft of document.querySelectorAll("#memoire [data-live-text]"))
                    window.draftLength = Math.max(window.draftLength, draft.textContent.length);
            };
            const what = { childList: true, subtree: true, characterData: true };
            new MutationObserver(look).observe(document.querySelector("#memoire"), what);
        }"""
    )


def attach_passage(page: Page) -> None:
    """Answer a requirement that is a gap with a passage of the library."""
    page.locator('[data-coverage-filter="none"]').click()
    row = page.locator('[data-strength="none"]:visible').first
    code = row.locator(".match-row__code").text_content()
    row.get_by_role("button", name=f"Joindre un passage à {code}").click()
    dialog = page.get_by_role("dialog", name=f"Joindre un passage à {code}")
    page.keyboard.type("réversibilité")
    expect(dialog.locator("mark").first).to_be_visible()
    dialog.get_by_role("button", name=re.compile("^Joindre ")).first.click()
    expect(dialog).to_be_hidden()
    expect(page.locator(f"#exigence-{code}")).not_to_have_attribute("data-strength", "none")
    expect(page.get_by_role("button", name=f"Joindre un passage à {code}")).to_be_focused()


def test_an_rc_is_analysed_live_from_login_to_ledger(open_browser: OpenBrowser) -> None:
    page = open_browser("alice")

    page.get_by_role("link", name="Nouveau projet").click()
    page.get_by_label("Titre du projet").fill("Mobilités durables")
    page.get_by_role("button", name="Enregistrer").click()
    expect(connection(page)).to_have_attribute("data-state", "live")
    expect(page.get_by_role("button", name="Lancer l’analyse")).to_be_disabled()
    mark(page)
    drop_file(page, RC)
    expect(page.get_by_role("link", name=RC.name, exact=True)).to_be_visible()
    page.get_by_role("button", name="Lancer l’analyse").click()
    wait_until(lambda: 0 < progress(page) < 100, seconds=30, what="progress in the page")
    expect_status(page, "succeeded")

    expect(page.get_by_role("heading", name="Critères d’attribution")).to_be_visible()
    expect(page.locator("#echeance")).to_contain_text("17 mars 2027")
    expect(page.locator("[data-countdown] .countdown__part")).to_have_count(4)
    expect(page.locator("#criteres")).to_contain_text("Performance environnementale")
    expect(page.locator("#pieces")).to_contain_text("Acte d’engagement")
    assert page.locator("[data-requirement]").count() > 10
    expect(page.locator(".project-head")).to_contain_text("2027-DSI-014")
    assert is_marked(page)


def test_a_quote_opens_beside_its_page(open_browser: OpenBrowser, alice: Person) -> None:
    page = open_browser("alice")
    open_project(page, alice.create_project(RC))
    page.get_by_role("button", name="Lancer l’analyse").click()
    expect_status(page, "succeeded")

    page.locator("#echeance summary").click()

    expect(page.locator("#echeance blockquote")).to_contain_text("17 mars 2027")
    target = page.locator("#echeance").get_by_role("link", name=re.compile("Aller à la page")).get_attribute("href")
    assert target is not None
    assert re.search(r"/documents/[0-9a-f-]+/#page=\d+$", target)
    document = page.request.get(target)
    assert document.headers["content-type"] == "application/pdf"
    assert document.body() == RC.read_bytes()


def test_a_reload_in_mid_run_shows_the_same_state(open_browser: OpenBrowser, alice: Person, long_scan: Path) -> None:
    page = open_browser("alice")
    open_project(page, alice.create_project(long_scan))
    page.get_by_role("button", name="Lancer l’analyse").click()
    expect_status(page, "running")
    wait_until(lambda: progress(page) > 0, what="progress")
    before = progress(page)

    page.reload()

    expect_status(page, "running")
    assert progress(page) >= before
    expect(connection(page)).to_have_attribute("data-state", "live")
    expect(card(page).locator("[data-operation-elapsed]")).not_to_be_empty()
    expect(card(page).locator("[data-operation-requester]")).to_have_text("alice")
    page.get_by_role("button", name="Annuler l’analyse").click()
    expect_status(page, "cancelled")


def test_a_run_that_ends_while_the_browser_is_offline_is_shown_once_it_is_back(
    open_browser: OpenBrowser, alice: Person
) -> None:
    page = open_browser("alice")
    project_id = alice.create_project(SCAN)
    open_project(page, project_id)
    mark(page)
    page.get_by_role("button", name="Lancer l’analyse").click()
    expect_status(page, "running")

    page.context.set_offline(True)
    expect(connection(page)).to_have_attribute("data-state", "offline")
    expect(connection(page)).to_contain_text("Hors ligne")
    wait_until(lambda: analysis_of(alice, project_id)["status"] == "succeeded", seconds=90, what="the end of the run")
    expect_status(page, "running")
    page.context.set_offline(False)

    expect_status(page, "succeeded")
    expect(connection(page)).to_contain_text("En direct")
    expect(page.locator("#criteres .bar").first).to_be_visible()
    assert is_marked(page)


def analysis_of(person: Person, project_id: str) -> dict[str, Any]:
    page = person.http.get(f"/projects/{project_id}/operations/").raise_for_status().json()
    return dict(page["results"][0])


def test_a_cancelled_run_is_retried(open_browser: OpenBrowser, alice: Person, long_scan: Path) -> None:
    page = open_browser("alice")
    open_project(page, alice.create_project(long_scan))
    page.get_by_role("button", name="Lancer l’analyse").click()
    expect_status(page, "running")

    page.get_by_role("button", name="Annuler l’analyse").click()
    expect_status(page, "cancelled")
    expect(card(page).locator("[data-operation-error-text]")).to_have_text("L'opération a été annulée.")
    expect(page.locator("[data-announcer]")).to_contain_text("Annulée")
    page.get_by_role("button", name="Réessayer").click()

    expect_status(page, "running")
    expect(card(page).locator("[data-operation-attempt]")).to_have_text("2")
    page.get_by_role("button", name="Annuler l’analyse").click()
    expect_status(page, "cancelled")


def test_a_colleague_sees_the_same_live(open_browser: OpenBrowser, alice: Person) -> None:
    hers, his = open_browser("alice"), open_browser("bob")
    project_id = alice.create_project()
    for page in (hers, his):
        open_project(page, project_id)
    mark(his)

    drop_file(hers, RC)
    hers.get_by_role("button", name="Lancer l’analyse").click()

    expect(card(his).locator("[data-operation-requester]")).to_have_text("alice")
    expect(his.get_by_role("link", name=RC.name, exact=True)).to_be_visible()
    for page in (hers, his):
        expect_status(page, "succeeded")
        expect(page.locator("#criteres .bar").first).to_be_visible()
    assert is_marked(his)


def test_everything_runs_from_upload_to_documents_before_a_second_watcher(
    open_browser: OpenBrowser, alice: Person
) -> None:
    hers, his = open_browser("alice"), open_browser("bob", PHONE)
    project_id = alice.create_project()
    for page in (hers, his):
        open_project(page, project_id)
    mark(his)
    watch_drafts(his)

    drop_file(hers, RC)
    hers.get_by_role("button", name="Tout lancer").click()

    expect(his.locator("[data-run-next]")).to_contain_text("Ensuite : recherche de contenus, puis rédaction")
    for kind in ("rc_analysis", "matching", "generation", "document_generation"):
        expect_status(his, "succeeded", kind)
    expect(his.locator("[data-run-count]")).to_have_text("4 sur 4")
    his.get_by_role("tab", name="Correspondances").click()
    expect(his.locator("#correspondances [data-filter-row]").nth(10)).to_be_visible()
    his.get_by_role("button", name="Retenir").first.click()
    expect(his.get_by_role("button", name="Retenir").first).to_have_attribute("aria-pressed", "true")
    his.locator("#correspondances summary", has_text=re.compile("autres? passage")).first.click()
    expect(his.locator("#correspondances details[open] [data-match]").first).to_be_visible()
    attach_passage(his)
    his.get_by_role("link", name="Rédaction des sections").click()
    his.evaluate("document.querySelector('[data-fragment=matrix]').isOld = true")
    his.get_by_role("tab", name="Correspondances").click()
    is_fresh = "document.querySelector('[data-fragment=matrix]').isOld !== true"
    wait_until(lambda: his.evaluate(is_fresh), seconds=30, what="fresh rows")
    expect(his.locator("#matrix-strength")).to_have_value("none")
    expect(his.locator("#correspondances details[open] [data-match]")).not_to_have_count(0)
    his.get_by_role("link", name="Rédaction des sections").click()
    expect(his.locator('#memoire [data-section][data-status="written"]').nth(3)).to_be_visible()
    assert his.evaluate("window.draftLength") > 0
    his.get_by_role("tab", name="Documents produits").click()
    for name, magic in (("PDF", b"%PDF-"), ("DOCX", b"PK"), ("XLSX", b"PK")):
        link = his.get_by_role("link", name=f"Télécharger {name}, version 1")
        assert his.request.get(link.get_attribute("href") or "").body().startswith(magic)
    assert is_marked(his)
    for name in ("Correspondances", "Mémoire", "Documents produits"):
        his.get_by_role("tab", name=name).click()
        assert (name, overflow(his)) == (name, 0)
        assert (name, unnamed_controls(his)) == (name, [])
    his.reload()
    expect(his.get_by_role("tab", name="Documents produits")).to_have_attribute("aria-selected", "true")


def test_another_company_finds_no_such_page(open_browser: OpenBrowser, alice: Person) -> None:
    page = open_browser("charlie")

    response = page.goto(f"/projects/{alice.create_project()}/")

    assert response is not None
    assert response.status == 404


def test_an_upload_shows_its_progress(open_browser: OpenBrowser, alice: Person) -> None:
    page = open_browser("alice")
    open_project(page, alice.create_project())
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100 * 1024}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    bar = page.get_by_role("progressbar", name=f"Envoi de {SCAN.name}")

    drop_file(page, SCAN)

    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d?$"))
    expect(page.get_by_role("link", name=SCAN.name, exact=True)).to_be_visible()
    expect(bar).to_have_count(0)


def test_each_refused_file_says_why(open_browser: OpenBrowser, alice: Person, tmp_path: Path) -> None:
    page = open_browser("alice")
    open_project(page, alice.create_project())
    (tmp_path / "faux.pdf").write_bytes(b"ceci est un texte")
    (tmp_path / "vide.pdf").write_bytes(b"")

    page.get_by_label("Choisir un fichier PDF").set_input_files([tmp_path / "faux.pdf", tmp_path / "vide.pdf", RC])

    expect(page.locator(".upload--failed")).to_have_count(2)
    expect(page.locator(".upload--failed", has_text="faux.pdf")).to_contain_text("n’est pas un PDF")
    expect(page.locator(".upload--failed", has_text="vide.pdf")).to_contain_text("vide")
    expect(page.get_by_role("link", name=RC.name, exact=True)).to_be_visible()
    page.get_by_role("button", name="Fermer l’erreur sur faux.pdf").click()
    expect(page.locator(".upload--failed")).to_have_count(1)


def test_requirements_are_filtered_and_reviewed_and_ticks_are_kept(open_browser: OpenBrowser, alice: Person) -> None:
    page = open_browser("alice")
    open_project(page, alice.create_project(RC))
    page.get_by_role("button", name="Lancer l’analyse").click()
    expect_status(page, "succeeded")
    rows = page.locator("[data-requirement]:visible")
    expect(rows.first).to_be_visible()
    total = rows.count()

    page.get_by_label("Chercher dans les exigences").fill("DISPONIBILITÉ")
    found = rows.count()
    page.get_by_label("Chercher dans les exigences").fill("")
    page.get_by_role("button", name="Valider R-001").click()
    expect(page.get_by_role("button", name="Valider R-001")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Écarter R-002").click()
    expect(page.locator("[data-ledger-reviewed]")).to_contain_text("2 revues")
    page.locator("[data-checklist-item]").first.check()
    page.reload()

    assert 0 < found < total
    expect(page.get_by_role("button", name="Valider R-001")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Écarter R-002")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-checklist-item]").first).to_be_checked()
    page.get_by_label("État de revue").select_option("approved")
    expect(rows).to_have_count(1)


def test_the_keyboard_alone_goes_the_whole_way(open_browser: OpenBrowser, alice: Person) -> None:
    page = open_browser(None)
    project_id = alice.create_project(RC)

    page.goto("/connexion/")
    page.keyboard.type("alice")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Projets", level=1)).to_be_visible()
    tab_to(page, f'a[href="/projects/{project_id}/"]')
    assert has_visible_focus(page)
    page.keyboard.press("Enter")
    expect(connection(page)).to_have_attribute("data-state", "live")
    tab_to(page, ".skip-link")
    assert has_visible_focus(page)
    page.keyboard.press("Enter")
    tab_to(page, "[data-upload-input]")
    tab_to(page, "[data-operation-start]")
    assert has_visible_focus(page)
    page.keyboard.press("Enter")
    expect_status(page, "succeeded")
    expect(page.locator("[data-requirement]").first).to_be_visible()
    tab_to(page, "#echeance summary")
    page.keyboard.press("Enter")
    expect(page.locator("#echeance blockquote")).to_be_visible()
    tab_to(page, '[data-review="approved"]', limit=300)
    page.keyboard.press("Space")

    expect(page.locator('[data-review="approved"]').first).to_have_attribute("aria-pressed", "true")


def test_a_session_that_ended_leads_back_to_the_login(open_browser: OpenBrowser, alice: Person) -> None:
    page = open_browser("alice")
    project_id = alice.create_project()
    open_project(page, project_id)
    page.context.set_offline(True)
    expect(connection(page)).to_have_attribute("data-state", "offline")
    page.context.clear_cookies()

    page.context.set_offline(False)

    expect(connection(page)).to_contain_text("Session terminée")
    page.get_by_role("link", name="Se reconnecter").click()
    page.get_by_label("Identifiant").fill("alice")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile(f"/projects/{project_id}/$"))


def test_every_page_fits_a_phone_and_names_its_controls(open_browser: OpenBrowser, alice: Person) -> None:
    analysed, empty = alice.create_project(RC), alice.create_project()
    visitor, page = open_browser(None, PHONE), open_browser("alice", PHONE)

    visitor.goto("/connexion/")
    assert overflow(visitor) == 0
    assert unnamed_controls(visitor) == []
    for path in ("/", "/?q=introuvable", "/projects/new/", f"/projects/{empty}/", f"/projects/{empty}/edit/"):
        page.goto(path)
        assert (path, overflow(page)) == (path, 0)
        assert (path, unnamed_controls(page)) == (path, [])
    open_project(page, analysed)
    page.get_by_role("button", name="Lancer l’analyse").click()
    expect_status(page, "succeeded")
    expect(page.locator("[data-requirement]").first).to_be_visible()
    for summary in page.locator("summary").all()[:20]:
        summary.click()

    assert overflow(page) == 0
    assert unnamed_controls(page) == []


def test_the_list_follows_an_analysis_without_a_reload(open_browser: OpenBrowser, alice: Person) -> None:
    page = open_browser("bob")
    project_id = alice.create_project(RC)
    page.goto("/")
    row = page.locator("tr", has=page.locator(f'a[href="/projects/{project_id}/"]'))
    expect(row).to_contain_text("Pas encore lancée")
    mark(page)

    alice.start(project_id)

    expect(row).to_contain_text("Terminée")
    assert is_marked(page)
