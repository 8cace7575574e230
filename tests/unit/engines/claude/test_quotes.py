"""Quotes are looked for in the document: its own words come back, or nothing."""

from __future__ import annotations

import pytest

from proposals.engines.claude.quotes import LONGEST_QUOTE, QuoteFinder
from tests.unit.engines.documents import make_document

PAGES = (
    "Article 1 - Objet\nLe marché a pour objet l’entretien des espaces verts de la commune.",
    "Article 2 - Délais\nLes plis sont remis avant le 12 mars 2027 à 12h00, délai de rigueur.\nPrix 40 %",
    "Article 3 - Pièces\nLe candidat remet un mémoire technique de vingt pages au plus.",
    "Annexe\nPrix 60 %",
)
FINDER = QuoteFinder(make_document(*PAGES))


def found(quote: str, page: int) -> tuple[int, str] | None:
    evidence = FINDER.find(quote, page)
    return (evidence.page, evidence.quote) if evidence else None


def test_a_quote_is_found_on_its_page() -> None:
    assert found("Les plis sont remis avant le 12 mars 2027 à 12h00", 2) == (
        2,
        "Les plis sont remis avant le 12 mars 2027 à 12h00",
    )


@pytest.mark.parametrize(
    "copy",
    [
        "l'entretien  des espaces\nverts de la commune",
        "L’ENTRETIEN DES ESPACES VERTS DE LA COMMUNE",
        "l’entretien des espa-\nces verts de la commune",
        "l\u2019entretien\u200b des espaces verts de la com\u00admune",
    ],
    ids=["white space", "case", "hyphenation", "invisible characters"],
)
def test_the_page_s_own_words_come_back_however_they_were_copied(copy: str) -> None:
    assert found(copy, 1) == (1, "l’entretien des espaces verts de la commune")


def test_a_wrong_page_is_corrected() -> None:
    assert found("Le candidat remet un mémoire technique", 1) == (3, "Le candidat remet un mémoire technique")


@pytest.mark.parametrize("page", [0, -3, 999])
def test_a_page_that_does_not_exist_is_no_obstacle(page: int) -> None:
    assert found("Le candidat remet un mémoire technique", page) == (3, "Le candidat remet un mémoire technique")


def test_the_nearest_page_is_preferred() -> None:
    assert found("Prix 60 %", 4) == (4, "Prix 60 %")
    assert found("Prix 40 %", 3) == (2, "Prix 40 %")


def test_a_copy_with_slips_gives_what_the_page_says() -> None:
    evidence = FINDER.find("Les plis sont remls avant le 12 mars 2027 à 12hOO, délai de rigueur", 2)

    assert evidence is not None
    assert evidence.quote == "Les plis sont remis avant le 12 mars 2027 à 12h00, délai de rigueur"
    assert not evidence.exact


def test_a_figure_that_was_changed_does_not_change_the_page() -> None:
    evidence = FINDER.find("Les plis sont remis avant le 13 mars 2027 à 12h00, délai de rigueur", 2)

    assert evidence is not None
    assert "12 mars" in evidence.quote


@pytest.mark.parametrize(
    ("quote", "page"),
    [
        ("Le titulaire verse une caution de mille euros avant la signature", 2),
        ("", 1),
        (" \n ", 1),
        ("Prix 60 %", 1),
        ("Prlx 40 %", 2),
    ],
    ids=["invented", "empty", "white space", "short and far away", "short and misspelt"],
)
def test_what_is_not_there_is_not_found(quote: str, page: int) -> None:
    assert FINDER.find(quote, page) is None


def test_a_long_quote_is_cut_at_a_word_and_still_stands_on_its_page() -> None:
    text = " ".join(f"mot{number}" for number in range(200))
    evidence = QuoteFinder(make_document(text)).find(text, 1)

    assert evidence is not None
    assert len(evidence.quote) <= LONGEST_QUOTE
    assert text.startswith(evidence.quote + " ")
