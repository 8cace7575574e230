"""
Reading of PDF files nobody has vouched for: every parse is a process of its own with limits.

The parent never opens the document: it checks size and first bytes, starts `pdf_child`, and reads its
lines of JSON as they come. Whatever happens, no process is left behind.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from proposals.documents.child_process import ChildProcess, TooCostly
from proposals.documents.document import Box, Document, Line, PageText
from proposals.documents.errors import (
    ERRORS_BY_CODE,
    DamagedPdf,
    EmptyPdf,
    NotAPdf,
    PdfError,
    PdfTooCostly,
    PdfTooLarge,
    TooManyPages,
)
from proposals.documents.limits import Limits

logger = logging.getLogger(__name__)

__all__ = ["Limits", "PdfError", "PdfInfo", "inspect_pdf", "read_pdf"]

#: The header may stand after some foreign bytes (PDF 1.7, annex H.3.4.1).
HEADER_WINDOW = 1024
#: The end mark must stand near the end, or the file was cut.
TRAILER_WINDOW = 4096

OnPage = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What a look inside a PDF tells: number of pages, and how many of them are images without text."""

    pages: int
    image_pages: int

    @property
    def has_text(self) -> bool:
        """Return whether at least one page holds text."""
        return self.image_pages < self.pages


def inspect_pdf(path: Path, limits: Limits | None = None) -> PdfInfo:
    """
    Really open a PDF and return what it holds.

    Raises:
        PdfError: the file cannot be used; the class says why.
    """
    reading = _Reading(path, limits or Limits(), "inspect", None)
    reading.run()
    return PdfInfo(pages=reading.total, image_pages=reading.image_pages)


def read_pdf(path: Path, limits: Limits | None = None, on_page: OnPage | None = None) -> Document:
    """
    Return the text of a PDF with its layout; pages without text go through OCR where it is installed.

    Args:
        on_page: called with (pages read, pages in all) after each page, and again with the same numbers
            about twice a second while a page takes long. What it raises ends the reading at once.

    Raises:
        PdfError: the file cannot be used; the class says why.
    """
    reading = _Reading(path, limits or Limits(), "read", on_page)
    reading.run()
    return Document(tuple(reading.pages))


def _check_file(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise EmptyPdf
    if size > limits.max_bytes:
        raise PdfTooLarge.for_limit(limits.max_bytes)
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(HEADER_WINDOW):
            raise NotAPdf
        file.seek(max(0, size - TRAILER_WINDOW))
        if b"%%EOF" not in file.read():
            raise DamagedPdf


class _Reading:
    """One child process and what it has said so far."""

    def __init__(self, path: Path, limits: Limits, mode: str, on_page: OnPage | None) -> None:
        self.pages: list[PageText] = []
        self.total = 0
        self.image_pages = 0
        self._done = 0
        self._finished = False
        self._path = path
        self._limits = limits
        self._on_page = on_page
        self._child = ChildProcess(
            "proposals.documents.pdf_child",
            [mode, str(path.resolve()), json.dumps(asdict(limits))],
            wall_seconds=limits.wall_seconds,
            on_silence=self._report,
        )

    def run(self) -> None:
        _check_file(self._path, self._limits)
        # Closed on every way out: what the callback raises must end the child now, not when it is collected.
        with contextlib.closing(self._child.messages()) as messages:
            try:
                for message in messages:
                    self._take(message)
            except TooCostly as error:
                raise PdfTooCostly from error
        if not self._finished:
            raise self._judge_end()

    def _judge_end(self) -> PdfError:
        """Say why the child stopped early: it was over a limit, or it failed on this file."""
        if not self._child.has_failed:
            return PdfTooCostly()
        logger.error("The reader of %s failed.", self._path.name)
        return PdfError()

    def _take(self, message: dict[str, Any]) -> None:
        if "error" in message:
            raise self._error(message["error"])
        if "pages" in message:
            self.total = message["pages"]
        elif "ocr" in message:
            self._child.extend(self._limits.ocr_page_seconds)
        elif "page" in message:
            self._take_page(message["page"])
        elif "done" in message:
            self.image_pages = message["done"]["image_pages"]
            self._finished = True

    def _take_page(self, page: dict[str, Any]) -> None:
        if "lines" in page:
            self.pages.append(_decode_page(page))
        self._done = page["number"]
        self._report()

    def _report(self) -> None:
        if self._on_page and self.total:
            self._on_page(self._done, self.total)

    def _error(self, code: str) -> PdfError:
        if code == TooManyPages.code:
            return TooManyPages.for_limit(self._limits.max_pages)
        return ERRORS_BY_CODE.get(code, PdfError)()


def _decode_page(page: dict[str, Any]) -> PageText:
    lines = tuple(
        Line(text, Box(*box), size, bold, hyphenated, tuple(cell) if cell else None)
        for text, box, size, bold, hyphenated, cell in page["lines"]
    )
    return PageText(page["number"], lines, page["ocr"])
