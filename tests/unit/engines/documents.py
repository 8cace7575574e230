"""Documents made of plain lines of text, for the rules of the offline engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proposals.analysis import RCAnalysisResult
from proposals.documents.document import Box, Document, Line, PageText
from proposals.engines.offline.engine import OfflineEngine

CHARACTER_WIDTH = 5.0
LINE_HEIGHT = 11.0
LEADING = 22.0


def make_document(*pages: str) -> Document:
    """Return a document whose pages are the texts, each line far enough from the next to be its own clause."""
    return Document(tuple(_make_page(number, text) for number, text in enumerate(pages, start=1)))


def make_table(rows: list[list[str]], *, title: str = "Article 5 - Jugement des offres") -> Document:
    """Return a page with a heading and one ruled table."""
    lines = [_make_line(title, 0)]
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            line = _make_line(cell, index + 1)
            lines.append(Line(line.text, line.box, line.size, cell=(0, index, column)))
    return Document((PageText(1, tuple(line for line in lines if line.text)),))


def analyse(document: Document) -> RCAnalysisResult:
    """Return what the offline engine reads."""
    return OfflineEngine().analyse(document, on_step=ignore)


def ignore(label: str, found: int, share: float) -> None:
    """Take no notice of the steps."""


def recorder(steps: list[tuple[str, int, float]]) -> Callable[[str, int, float], Any]:
    """Return an `on_step` that keeps what it is told."""
    return lambda label, found, share: steps.append((label, found, share))


def _make_page(number: int, text: str) -> PageText:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return PageText(number, tuple(_make_line(line, index) for index, line in enumerate(lines)))


def _make_line(text: str, index: int) -> Line:
    top = 800.0 - index * LEADING
    return Line(text, Box(60.0, top - LINE_HEIGHT, 60.0 + CHARACTER_WIDTH * len(text), top), LINE_HEIGHT)
