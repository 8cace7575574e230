"""
Ruled tables of one PDF page, as a function from a point to its cell. Runs in the child process only.

pdfplumber reads a page three times slower than pdfium, so it is asked only where lines are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2.raw as pdfium_c

from proposals.documents.document import Box
from proposals.documents.page_lines import CellFinder, find_no_cell

#: A drawn rectangle thinner than this (points) is a rule.
RULE_THICKNESS = 2.5
#: Fewer rules than this cannot make a table of two cells.
MIN_RULES = 3
#: A page with more drawn paths is a plan or a picture; looking for tables there only costs.
MAX_PATHS = 4000


class TableFinder:
    """Finds the cells of the tables of a document, opening it in pdfplumber only when needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pdf: Any = None

    def find_cells(self, page: Any, index: int) -> CellFinder:
        """Return the cell finder of the page with that 0-based index."""
        if page.get_rotation() or not _has_rules(page):
            return find_no_cell
        try:
            tables = self._find_tables(index)
        except Exception:  # noqa: BLE001 - pdfplumber raises anything on what pdfium still reads; tables are a bonus
            return find_no_cell
        return _make_finder([table for table in tables if len(table) > 1])

    def _find_tables(self, index: int) -> list[list[tuple[int, int, Box]]]:
        if self._pdf is None:
            self._pdf = pdfplumber.open(self._path)
        plumber_page = self._pdf.pages[index]
        tables = [_cell_boxes(table, float(plumber_page.height)) for table in plumber_page.find_tables()]
        plumber_page.close()
        return tables

    def close(self) -> None:
        """Release the file."""
        if self._pdf is not None:
            self._pdf.close()


def _has_rules(page: Any) -> bool:
    rules = paths = 0
    for item in page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_PATH,), max_depth=3):
        paths += 1
        left, bottom, right, top = item.get_bounds()
        thin = min(right - left, top - bottom) <= RULE_THICKNESS
        boxed = right - left > 40 and top - bottom > 8
        rules += thin or 4 * boxed
    return rules >= MIN_RULES and paths <= MAX_PATHS


def _cell_boxes(table: Any, height: float) -> list[tuple[int, int, Box]]:
    cells: list[tuple[int, int, Box]] = []
    for row_number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            if cell is not None:
                left, top, right, bottom = cell
                cells.append((row_number, column, Box(left, height - bottom, right, height - top)))
    return cells


def _make_finder(tables: Sequence[list[tuple[int, int, Box]]]) -> CellFinder:
    if not tables:
        return find_no_cell

    def find(x: float, y: float) -> tuple[int, int, int] | None:
        for number, cells in enumerate(tables):
            for row, column, box in cells:
                if box.left <= x <= box.right and box.bottom <= y <= box.top:
                    return number, row, column
        return None

    return find
