"""The content library in a real Chromium: files come in, passages are found, written and kept."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

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
from tests.servers import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

#: Eleven pages, read one after the other: long enough to see progress.
PDF = ROOT / "proposals/samples/rc/accord-cadre-services-numeriques.pdf"


@pytest.fixture
def memoire(tmp_path: Path) -> Path:
    """A Word document with two chapters and a table."""
    document = docx.Document()
    document.add_heading("Astreinte du dimanche", 1)
    document.add_paragraph("Deux ingénieurs zélés veillent chaque dimanche.")
    document.add_heading("Moyens de levage", 1)
    document.add_paragraph("Une grue mobile, contrôlée chaque année.")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Engin", "Charge", "Grue", "40 t"), strict=True):
        cell.text = text
    path = tmp_path / "memoire.docx"
    document.save(str(path))
    return path


def import_row(page: Page, name: str) -> str:
    return f'[data-imports] .upload:has-text("{name}")'


def test_files_are_imported_with_progress_and_their_passages_are_found(
    open_browser: OpenBrowser, memoire: Path, tmp_path: Path
) -> None:
    page = open_browser("charlie")
    empty = tmp_path / "vide.docx"
    empty.touch()
    page.goto("/library/import/")
    mark(page)

    drop_file(page, PDF, zone="[data-import-form]")
    expect(page.locator(import_row(page, PDF.name))).to_contain_text("Lecture : page")
    page.get_by_label("Choisir des fichiers").set_input_files([memoire, empty])

    expect(page.locator(import_row(page, PDF.name))).to_contain_text("passages ajoutés")
    expect(page.locator(import_row(page, "vide.docx"))).to_contain_text("Ce fichier est vide.")
    row = page.locator(import_row(page, "memoire.docx"))
    expect(row).to_contain_text("2 passages ajoutés")
    expect(page.locator("[data-past-imports]")).to_contain_text("memoire.docx")
    assert is_marked(page)
    row.get_by_role("link", name="Voir ces passages").click()
    expect(page.get_by_role("status")).to_contain_text("importés de memoire.docx")
    page.get_by_role("link", name="Moyens de levage").click()
    expect(page.get_by_role("cell", name="40 t")).to_be_visible()
    page.goto("/library/")
    mark(page)
    page.get_by_label("Rechercher un passage").press_sequentially("zeles")
    expect(page.locator("mark")).to_have_text("zélés")
    expect(page).to_have_url("/library/?q=zeles")
    assert is_marked(page)


def test_two_people_who_edit_the_same_passage_lose_nothing(open_browser: OpenBrowser) -> None:
    hers, his = open_browser("alice"), open_browser("bob")
    for page in (hers, his):
        page.goto("/library/?q=comitologie")
        page.get_by_role("link", name="Comitologie et pilotage du marché").click()
        page.get_by_role("link", name="Modifier").click()
        expect(page.locator("[data-preview] table")).to_be_visible()

    his.get_by_label("Texte").fill("Un comité **mensuel**.")
    expect(his.locator("[data-preview] strong")).to_have_text("mensuel")
    his.get_by_role("button", name="Enregistrer").click()
    expect(his.get_by_text("Passage enregistré.")).to_be_visible()
    hers.get_by_label("Texte").fill("Un comité hebdomadaire.")
    hers.get_by_role("button", name="Enregistrer").click()

    expect(hers.get_by_role("alert")).to_contain_text("Bob Bernard l’a enregistré")
    expect(hers.get_by_label("Texte")).to_have_value("Un comité hebdomadaire.")
    hers.get_by_role("button", name="Enregistrer ma version").click()
    expect(hers.locator("article")).to_have_text("Un comité hebdomadaire.")


def test_the_keyboard_alone_adds_and_deletes_a_passage(open_browser: OpenBrowser) -> None:
    page = open_browser("alice")
    page.goto("/library/")

    tab_to(page, 'a[href="/library/new/"]')
    assert has_visible_focus(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nouveau passage")).to_be_visible()
    tab_to(page, "#id_title")
    page.keyboard.type("Passage au clavier")
    tab_to(page, "#id_body")
    assert has_visible_focus(page)
    page.keyboard.type("Un texte.")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Passage au clavier")).to_be_visible()
    tab_to(page, 'a[href$="/delete/"]')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Supprimer ce passage ?")).to_be_visible()
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")

    expect(page.get_by_text("« Passage au clavier » a été supprimé.")).to_be_visible()


def test_every_page_of_the_library_fits_a_phone_and_names_its_controls(open_browser: OpenBrowser) -> None:
    page = open_browser("alice", PHONE)
    page.goto("/library/?q=GTI+et+GTR")
    item = page.get_by_role("link", name="Niveaux de service de la maintenance : GTI et GTR").get_attribute("href")

    for path in ("/library/", "/library/?q=introuvable", "/library/import/", item, f"{item}edit/", f"{item}delete/"):
        page.goto(str(path))
        for summary in page.locator("summary").all():
            summary.click()
        assert (path, overflow(page)) == (path, 0)
        assert (path, unnamed_controls(page)) == (path, [])
