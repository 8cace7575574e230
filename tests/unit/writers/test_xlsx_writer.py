"""The workbook, opened again: rows, states, filters, and texts that never become formulas."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from proposals.documents.writers.xlsx_writer import write_xlsx
from tests.unit.writers.content import make_content, make_line


def write(**fields: Any) -> Workbook:
    return load_workbook(io.BytesIO(write_xlsx(make_content(**fields))))


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return write()


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """Return the rows of a sheet by the titles of their columns."""
    header, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in body]


def test_the_sheets_are_these(workbook: Workbook) -> None:
    assert workbook.sheetnames == ["Matrice de conformité", "Pièces à remettre", "Points à compléter", "À propos"]


def test_a_requirement_is_told_with_its_place_answer_and_evidence(workbook: Workbook) -> None:
    first = rows(workbook["Matrice de conformité"])[0]

    assert first["Code"] == "R-001"
    assert (first["Pièce"], first["Page"], first["Article"]) == ("RC", 4, "5.2")
    assert (first["Catégorie"], first["Caractère"]) == ("Technique", "Obligatoire")
    assert first["Critère"] == "2. Valeur technique (60\u00a0%)"
    assert first["Sections"] == "1. Méthodologie"
    assert first["Preuves"] == "Planning type (memoire-2025.docx, § 3.2) : forte"


def test_each_state_has_its_word_and_its_colour(workbook: Workbook) -> None:
    sheet = workbook["Matrice de conformité"]
    column = [cell.value for cell in sheet[1]].index("Statut")

    cells = [row[column] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["Couverte", "Partielle", "À compléter", "Écartée"]
    assert len({cell.fill.fgColor.rgb for cell in cells}) == 4
    rules = [rule.formula[0] for range_ in sheet.conditional_formatting for rule in range_.rules]
    assert rules == [f'"{word}"' for word in ("Couverte", "Partielle", "À compléter", "Hors mémoire", "Écartée")]


def test_header_filter_and_choices_are_there(workbook: Workbook) -> None:
    sheet = workbook["Matrice de conformité"]

    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:O5"
    [choices] = sheet.data_validations.dataValidation
    assert (choices.formula1, str(choices.sqref)) == ('"Couverte,Partielle,À compléter,Hors mémoire,Écartée"', "L2:L5")
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["E2"].alignment.wrap_text


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_a_text_is_never_a_formula_whatever_it_begins_with(start: str) -> None:
    line = make_line(start, "missing", text=start, quote=start, category=start, article=start)
    book = write(requirements=(line,), title=start, object=start, reference=start, company=start)

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    hostile = [cell for cell in cells if isinstance(cell.value, str) and cell.value.strip() == start.strip()]
    assert len(hostile) >= 5
    assert all(cell.quotePrefix for cell in hostile)


def test_the_papers_to_hand_in_are_a_checklist(workbook: Workbook) -> None:
    found = rows(workbook["Pièces à remettre"])

    assert [(row["Dossier"], row["Pièce"], row["Caractère"], row["État"]) for row in found] == [
        ("Candidature", "DC1", "Obligatoire", "À préparer"),
        ("Offre", "Mémoire technique", "Facultatif", "À préparer"),
    ]


def test_what_is_left_to_do_is_listed_with_its_place(workbook: Workbook) -> None:
    found = rows(workbook["Points à compléter"])

    assert [(row["N°"], row["Où"], row["À faire"]) for row in found] == [
        (1, "1. Méthodologie", "nom du chef de projet"),
        (2, "1. Méthodologie", "14"),
        (3, "3. Références", "section à rédiger"),
        (4, "Exigence R-003", "=HYPERLINK(A1)"),
    ]


def test_the_last_sheet_says_what_the_file_was_made_from(workbook: Workbook) -> None:
    said = {row["Information"]: row["Valeur"] for row in rows(workbook["À propos"])}

    assert (said["Rédaction par"], said["Version de la production"]) == ("hors ligne", 3)
    assert said["Section 1, version du texte"] == 2
    assert said["Date limite de remise"] == "mardi 15 décembre 2026 à 12\u00a0h\u00a000"


def test_the_file_says_what_it_is(workbook: Workbook) -> None:
    assert workbook.properties.creator == "Atelier Rivoli"
    assert workbook.properties.created.isoformat() == "2026-11-22T09:00:00"  # UTC


def test_characters_and_lengths_that_the_format_refuses_are_mended() -> None:
    book = write(requirements=(make_line("R-1", "missing", text="a\x00\x0b" + "é" * 40_000),))

    text = rows(book["Matrice de conformité"])[0]["Exigence"]
    assert (text[:3], len(text)) == ("aéé", 32_767)


def test_an_empty_proposal_still_opens() -> None:
    book = write(requirements=(), required_documents=(), sections=())

    assert rows(book["Matrice de conformité"]) == []
