"""
The process that opens a PDF. It may be killed at any time by its own limits or by its parent.

Run as `python -m proposals.documents.pdf_child read|inspect PATH LIMITS_JSON`. It writes lines of JSON:
`{"pages": n}`, then for every page `{"ocr": n}` where recognition starts and `{"page": {…}}`, and last
`{"done": {…}}` or `{"error": code}`. It must import neither Django nor anything that does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from proposals.documents import ocr
from proposals.documents.child_process import restrict, say
from proposals.documents.document import Line
from proposals.documents.page_lines import find_no_cell, read_lines
from proposals.documents.page_tables import TableFinder

#: A page with fewer characters is taken for an image.
MIN_PAGE_CHARACTERS = 50


class Refused(Exception):
    """The document cannot be used; `code` is one of proposals.documents.errors."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main(arguments: list[str]) -> int:
    """Read or inspect one PDF and return the exit code."""
    mode, path, limits = arguments[0], Path(arguments[1]), json.loads(arguments[2])
    restrict(memory_bytes=limits["memory_bytes"], cpu_seconds=limits["cpu_seconds"])
    try:
        for message in _work(mode, path, limits):
            say(message)
    except Refused as refused:
        say({"error": refused.code})
    except MemoryError:
        say({"error": "pdf_too_costly"})
    return 0


def _work(mode: str, path: Path, limits: dict[str, Any]) -> Iterator[dict[str, Any]]:
    document = _open(path)
    total = len(document)
    if total == 0:
        raise Refused("pdf_empty")
    if total > limits["max_pages"]:
        raise Refused("pdf_too_many_pages")
    yield {"pages": total}
    yield from (_inspect if mode == "inspect" else _read)(document, path, limits)


def _open(path: Path) -> Any:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_SUCCESS:  # a sound file without a page
            raise Refused("pdf_empty") from error
        encrypted = error.err_code in {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}
        raise Refused("pdf_encrypted" if encrypted else "pdf_damaged") from error


def _inspect(document: Any, _path: Path, limits: dict[str, Any]) -> Iterator[dict[str, Any]]:
    images = 0
    for index in range(len(document)):
        page = _load(document, index)
        characters = _count_characters(_lines_of(page, None, index, limits))
        images += characters < MIN_PAGE_CHARACTERS and _shows_something(page)
        page.close()
        yield {"page": {"number": index + 1, "characters": characters}}
    if images == len(document) and not ocr.is_available():
        raise Refused("pdf_image_only")
    yield {"done": {"image_pages": images}}


def _read(document: Any, path: Path, limits: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tables = TableFinder(path)
    recognises: bool | None = None
    images = 0
    for index in range(len(document)):
        page = _load(document, index)
        lines = _lines_of(page, tables, index, limits)
        is_image = _count_characters(lines) < MIN_PAGE_CHARACTERS and _shows_something(page)
        if is_image:
            images += 1
            recognises = ocr.is_available() if recognises is None else recognises
        if is_image and recognises:
            yield {"ocr": index + 1}
            lines = ocr.recognise(page)
        page.close()
        yield {"page": _encode(index + 1, lines, is_ocr=bool(is_image and recognises))}
    tables.close()
    if images == len(document) and not recognises:
        raise Refused("pdf_image_only")
    yield {"done": {"image_pages": images}}


def _load(document: Any, index: int) -> Any:
    try:
        return document[index]
    except pdfium.PdfiumError as error:
        raise Refused("pdf_damaged") from error


def _lines_of(page: Any, tables: TableFinder | None, index: int, limits: dict[str, Any]) -> list[Line]:
    find_cell = tables.find_cells(page, index) if tables else find_no_cell
    text_page = page.get_textpage()
    lines = read_lines(text_page, find_cell, limits["page_characters"])
    text_page.close()
    return lines


def _count_characters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _shows_something(page: Any) -> bool:
    return next(iter(page.get_objects(max_depth=2)), None) is not None


def _encode(number: int, lines: list[Line], *, is_ocr: bool) -> dict[str, Any]:
    return {
        "number": number,
        "ocr": is_ocr,
        "lines": [
            [line.text, [round(x, 1) for x in line.box], line.size, line.bold, line.hyphenated, line.cell]
            for line in lines
        ],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
