"""
The compliance matrix as a workbook to work in: requirements with their answers, papers to hand in, what is left to do.

Texts of strangers are written as texts: a cell that begins with "=", "+", "-" or "@" is never a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from proposals.documents.annexes import COVERAGES, say_criterion, say_evidence
from proposals.documents.characters import one_line, printable
from proposals.documents.content import Coverage, ProposalContent, RequirementLine
from proposals.documents.to_do import list_to_do
from proposals.documents.wording import CATEGORIES, PARTS, say_engine, say_instant

#: Longest text of a cell (ECMA-376).
CELL_CHARACTERS = 32_767
#: Paper sizes by their numbers in the format.
A3, A4 = 8, 9
#: What a spreadsheet takes for the beginning of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

#: One line of text, in points; a row is never higher than Excel allows.
LINE_HEIGHT, HIGHEST_ROW = 13.5, 409.0

HEADER_FILL = PatternFill("solid", fgColor="1F3864")
HEADER_FONT = Font(name="Arial", size=10, bold=True, color="FFFFFF")
FONT = Font(name="Arial", size=10)
SIDE = Side(style="thin", color="B8C2D3")
BORDER = Border(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)
WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True)
COLOURS: dict[Coverage, str] = {
    "covered": "C6E7CE",
    "partial": "FFE9A8",
    "missing": "F8C9C4",
    "outside": "DCE6F1",
    "dropped": "E3E3E3",
}

PAPER_STATES = ("À préparer", "En cours", "Prêt", "Sans objet")
TASK_STATES = ("À faire", "En cours", "Fait")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in characters, and the values it takes when the list is closed."""

    title: str
    width: int
    choices: tuple[str, ...] = ()


MATRIX = (
    Column("Code", 9),
    Column("Pièce", 8),
    Column("Page", 7),
    Column("Article", 10),
    Column("Citation", 44),
    Column("Exigence", 48),
    Column("Catégorie", 18),
    Column("Caractère", 13),
    Column("Critère", 30),
    Column("Sections", 34),
    Column("Preuves", 44),
    Column("Statut", 14, tuple(COVERAGES.values())),
    Column("Responsable", 18),
    Column("Échéance", 13),
    Column("Notes", 30),
)
PAPERS = (
    Column("Dossier", 14),
    Column("Pièce", 60),
    Column("Caractère", 13),
    Column("Page du RC", 11),
    Column("Citation", 60),
    Column("État", 14, PAPER_STATES),
    Column("Responsable", 18),
    Column("Notes", 30),
)
TO_DO = (
    Column("N°", 6),
    Column("Où", 40),
    Column("Nature", 20),
    Column("À faire", 70),
    Column("Responsable", 18),
    Column("État", 13, TASK_STATES),
)
ABOUT = (Column("Information", 34), Column("Valeur", 80))


def write_xlsx(content: ProposalContent) -> bytes:
    """Return the file."""
    workbook = Workbook()
    matrix = workbook.active or workbook.create_sheet()
    matrix.title = "Matrice de conformité"
    _fill(matrix, MATRIX, [_matrix_row(line, content) for line in content.requirements])
    _colour_states(matrix, MATRIX)
    _fill(workbook.create_sheet("Pièces à remettre"), PAPERS, _paper_rows(content))
    _fill(workbook.create_sheet("Points à compléter"), TO_DO, _to_do_rows(content))
    _fill(workbook.create_sheet("À propos"), ABOUT, _about_rows(content))
    _describe(workbook, content)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _matrix_row(line: RequirementLine, content: ProposalContent) -> list[object]:
    return [
        line.code,
        "RC" if line.page else "",
        line.page,
        line.article,
        line.quote,
        line.text,
        CATEGORIES.get(line.category, line.category),
        _say_mandatory(line.mandatory),
        "\n".join(map(say_criterion, line.criteria)),
        "\n".join(_say_section(number, content) for number in line.sections),
        "\n".join(map(say_evidence, line.evidence)),
        COVERAGES[line.coverage],
    ]


def _say_section(number: str, content: ProposalContent) -> str:
    return f"{number}. {one_line(content.section(number).title)}"


def _say_mandatory(mandatory: bool) -> str:
    return "Obligatoire" if mandatory else "Facultatif"


def _paper_rows(content: ProposalContent) -> list[list[object]]:
    return [
        [PARTS[paper.part], paper.name, _say_mandatory(paper.mandatory), paper.page, paper.quote, PAPER_STATES[0]]
        for paper in content.required_documents
    ]


def _to_do_rows(content: ProposalContent) -> list[list[object]]:
    return [
        [number, item.place, item.kind, item.text, "", TASK_STATES[0]]
        for number, item in enumerate(list_to_do(content), start=1)
    ]


def _about_rows(content: ProposalContent) -> list[list[object]]:
    rows: list[tuple[str, object]] = [
        ("Projet", content.title),
        ("Consultation", content.object),
        ("Référence", content.reference),
        ("Acheteur", content.buyer),
        ("Entreprise", content.company),
        ("Date limite de remise", say_instant(content.deadline) if content.deadline else ""),
        ("Produit le", say_instant(content.produced_at)),
        ("Version de la production", content.version),
        ("Analyse du RC par", say_engine(content.analysis_engine)),
        ("Rédaction par", ", ".join(map(say_engine, content.engines))),
        *((f"Section {section.number}, version du texte", section.version) for section in content.sections),
    ]
    return [[label, value] for label, value in rows if value != ""]


def _fill(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> None:
    """Write a table with a header that stays, filters, and lists to choose from."""
    for index, column in enumerate(columns, start=1):
        _style_header(_write(sheet, 1, index, column.title))
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    for number, row in enumerate(rows, start=2):
        for index in range(1, len(columns) + 1):
            _write(sheet, number, index, row[index - 1] if index <= len(row) else None)
        sheet.row_dimensions[number].height = _estimate_height(columns, row)
    sheet.freeze_panes = "A2" if len(columns) < len(PAPERS) else "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    _offer_choices(sheet, columns, last_row=len(rows) + 1)
    _set_up_print(sheet, is_wide=len(columns) > len(PAPERS))


def _estimate_height(columns: Sequence[Column], row: Sequence[object]) -> float:
    """Return the height that the fullest cell needs: not every program works it out when it opens the file."""
    lines = max(_count_lines(str(value or ""), column.width) for value, column in zip(row, columns, strict=False))
    return min(HIGHEST_ROW, LINE_HEIGHT * lines)


def _count_lines(text: str, width: int) -> int:
    return sum(1 + len(line) // max(1, width - 2) for line in text.split("\n"))


def _write(sheet: Worksheet, row: int, column: int, value: object) -> Cell | MergedCell:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        text = printable(value)[:CELL_CHARACTERS]
        cell.value = text
        # openpyxl takes "=…" for a formula; the quote prefix keeps it a text when somebody edits the cell.
        cell.data_type = "s" if text else "n"
        cell.quotePrefix = text.startswith(FORMULA_STARTS)
    elif isinstance(value, int):
        cell.value = value
    cell.font, cell.alignment, cell.border = FONT, WRAPPED, BORDER
    return cell


def _style_header(cell: Cell | MergedCell) -> None:
    cell.font, cell.fill = HEADER_FONT, HEADER_FILL


def _offer_choices(sheet: Worksheet, columns: Iterable[Column], *, last_row: int) -> None:
    for index, column in enumerate(columns, start=1):
        if column.choices and last_row > 1:
            choices = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            choices.add(f"{get_column_letter(index)}2:{get_column_letter(index)}{last_row}")
            sheet.add_data_validation(choices)


def _colour_states(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Colour the states, and by rules as well: the colour follows when somebody changes one."""
    letter = get_column_letter([column.title for column in columns].index("Statut") + 1)
    for coverage, label in COVERAGES.items():
        fill = PatternFill(bgColor=COLOURS[coverage])
        for cell in sheet[letter]:
            if cell.value == label:
                cell.fill = PatternFill("solid", fgColor=COLOURS[coverage])
        rule = CellIsRule("equal", [f'"{label}"'], fill=fill)  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(f"{letter}2:{letter}{max(2, sheet.max_row)}", rule)


def _set_up_print(sheet: Worksheet, *, is_wide: bool) -> None:
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A3 if is_wide else A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.right.text = "Page &P sur &N"  # type: ignore[union-attr]


def _describe(workbook: Workbook, content: ProposalContent) -> None:
    properties = workbook.properties
    properties.title = f"Matrice de conformité – {one_line(content.object or content.title)}"
    properties.creator = one_line(content.company)
    properties.subject = one_line(content.reference)
    properties.language = "fr-FR"
    # openpyxl writes naive instants as UTC.
    properties.created = properties.modified = content.produced_at.astimezone(UTC).replace(tzinfo=None)
