"""LibreOffice opens what is produced, without repairing it; where it is not installed, this is skipped."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from proposals.documents.composition import compose
from proposals.documents.writers.docx_writer import write_docx
from proposals.documents.writers.xlsx_writer import write_xlsx
from tests.unit.writers.content import make_content

SOFFICE = shutil.which("soffice")

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

Convert = Callable[[str, bytes], list[str]]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Convert a file to PDF, with a profile of its own, and return the text of each page."""
    folder = tmp_path_factory.mktemp("soffice")

    def run(name: str, content: bytes) -> list[str]:
        (folder / name).write_bytes(content)
        command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        subprocess.run(
            [*command, "--convert-to", "pdf", "--outdir", str(folder), str(folder / name)],
            check=True,
            capture_output=True,
            timeout=100,
        )
        return read_pages((folder / name).with_suffix(".pdf"))

    return run


def read_pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return pages


def test_the_word_document_shows_all_of_it(convert: Convert) -> None:
    tree = compose(make_content())

    pages = convert("memoire.docx", write_docx(tree, {entry.anchor: 7 for entry in tree.toc}))

    assert "Mémoire technique" in pages[0]
    assert "Page" not in pages[0]
    assert "1 Méthodologie" in pages[1]
    assert pages[2].startswith("2026-DSI-042 Atelier Rivoli 1 Méthodologie 1.1 Organisation")
    assert f"Page 3 sur {len(pages)}" in pages[2]
    text = " ".join(pages)
    for expected in ("1.1.1 Phases", "Tableau 1 – durée des phases", "Annexe C – Traçabilité", "C.1 Section 1"):
        assert expected in text
    assert all(page.split() for page in pages)


def test_the_workbook_shows_all_of_its_sheets(convert: Convert) -> None:
    pages = convert("matrice.xlsx", write_xlsx(make_content()))

    text = " ".join(pages)
    for expected in ("R-001", "=HYPERLINK(A1)", "Lettre de candidature", "section à rédiger", "Rédaction par"):
        assert expected in text
    assert len(pages) == 4
