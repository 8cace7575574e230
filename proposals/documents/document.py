"""
What a document says, page by page: the value that the PDF reader makes and the engines read.

It knows nothing of PDF libraries. Positions are in points from the bottom left corner of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Return the height in points."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """
    One run of text on one baseline, inside one column or table cell.

    `hyphenated` says that the last word goes on in the next line without a space. `cell` is
    (table, row, column) where the line stands in a ruled table of the page, else None.
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    hyphenated: bool = False
    cell: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class PageText:
    """One page in reading order; `ocr` says that the text was recognised from an image."""

    number: int
    lines: tuple[Line, ...]
    ocr: bool = False

    @property
    def text(self) -> str:
        """Return the whole text, one line of the page to a line, words cut at a line end joined."""
        return "".join(line.text if line.hyphenated else f"{line.text}\n" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """All pages of one document, in order."""

    pages: tuple[PageText, ...]

    def page(self, number: int) -> PageText:
        """Return the page of that 1-based number."""
        return self.pages[number - 1]
