"""A PDF divided into passages."""

from __future__ import annotations

from pathlib import Path

import pytest

from proposals.documents.document import Box, Document, Line, PageText
from proposals.documents.errors import NotAPdf
from proposals.engines.offline.passages import split_document, split_pdf
from tests.servers import ROOT

SAMPLE = ROOT / "proposals/samples/rc/accord-cadre-services-numeriques.pdf"


def make_page(number: int, *lines: tuple[str, bool]) -> PageText:
    """Return a page of lines one below the other, each with its weight."""
    return PageText(
        number,
        tuple(
            Line(text, Box(50, 760 - 30 * index, 50 + 6 * len(text), 772 - 30 * index), 11, bold)
            for index, (text, bold) in enumerate(lines)
        ),
    )


def test_a_real_pdf_gives_passages_with_their_article_and_page() -> None:
    pages: list[tuple[int, int]] = []

    found = split_pdf(SAMPLE, name="rc.pdf", on_page=lambda done, total: pages.append((done, total)))

    titles = {passage.title: passage for passage in found}
    passage = titles["Conditions de la consultation – Délai de validité des offres"]
    assert passage.source == "rc.pdf, § 2.1 Délai de validité des offres, p. 5"
    assert any("\n| --- |" in passage.body for passage in found)
    assert not any("....." in passage.body for passage in found)
    assert pages[-1][0] == pages[-1][1]


def test_a_paragraph_that_goes_on_over_the_page_is_one() -> None:
    first = make_page(1, ("1. Moyens humains", True), ("Notre équipe de douze personnes intervient chaque jour", False))
    second = make_page(2, ("sur le chantier, sans interruption.", False), ("2. Qualité", True), ("Contrôles.", False))

    team, quality = split_document(Document((first, second)), name="m.pdf")

    assert team.body == ("Notre équipe de douze personnes intervient chaque jour sur le chantier, sans interruption.")
    assert (team.source, quality.source) == ("m.pdf, § 1 Moyens humains, p. 1", "m.pdf, § 2 Qualité, p. 2")


def test_bullets_become_a_list() -> None:
    page = make_page(
        1,
        ("1. Phases", True),
        ("Trois phases :", False),
        ("• préparer ;", False),
        ("• faire ;", False),
        ("• rendre.", False),
    )

    [passage] = split_document(Document((page,)), name="m.pdf")

    assert passage.body == "Trois phases :\n\n- préparer ;\n- faire ;\n- rendre."


def test_a_file_that_is_no_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.pdf"
    path.write_bytes(b"PK\x03\x04 a DOCX named .pdf")

    with pytest.raises(NotAPdf):
        split_pdf(path)
