"""The tables of a DOCX as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proposals.documents.passages.docx_inline import read_paragraph
from proposals.documents.passages.docx_package import word
from proposals.documents.passages.docx_styles import Styles, read_number
from proposals.documents.passages.markdown_text import escape, write_spans, write_table

#: Content controls may stand around rows and cells.
WRAPPERS = {word("sdt"), word("sdtContent"), word("customXml"), word("ins")}
#: No table of a document is wider; a file may claim any width for a cell.
MAX_COLUMNS = 64
ROW, CELL, PARAGRAPH = word("tr"), word("tc"), word("p")


def read_table(element: Any, styles: Styles) -> str:
    """Return a table as Markdown, its first row as head; what a merged cell covers stays empty."""
    rows = (row for row in _find(element, ROW) if not _is_deleted(row))
    return write_table([list(_read_row(row, styles, is_head=index == 0)) for index, row in enumerate(rows)])


def sole_cell(element: Any) -> Any | None:
    """Return the cell of a table that has but one: it is a frame around a text."""
    cells = [cell for row in _find(element, ROW) for cell in _find(row, CELL)]
    return cells[0] if len(cells) == 1 else None


def _find(element: Any, tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _find(child, tag)


def _is_deleted(row: Any) -> bool:
    return row.find(f"{word('trPr')}/{word('del')}") is not None


def _read_row(row: Any, styles: Styles, *, is_head: bool) -> Iterator[str]:
    width = 0
    for cell in _find(row, CELL):
        properties = cell.find(word("tcPr"))
        merge = properties.find(word("vMerge")) if properties is not None else None
        is_covered = merge is not None and merge.get(word("val"), "continue") == "continue"
        span = min(max(read_number(properties, "gridSpan") or 1, 1), MAX_COLUMNS - width)
        if span < 1:
            return
        yield "" if is_covered else _read_cell(cell, styles, is_head=is_head)
        yield from [""] * (span - 1)
        width += span


def _read_cell(cell: Any, styles: Styles, *, is_head: bool) -> str:
    """Return the paragraphs of a cell, those of tables inside it too, on one line; a head stands out by itself."""
    text = ""
    for paragraph in cell.iter(PARAGRAPH):
        found = read_paragraph(paragraph, styles)
        part = escape(found.plain) if is_head else " ".join(write_spans(found.spans).split())
        joint = " " if text.endswith((".", ":", ";", ",", "!", "?")) else " ; "
        text = f"{text}{joint}{part}" if text and part else text or part
    return text
