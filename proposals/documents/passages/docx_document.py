"""
The text of a DOCX as blocks: headings, paragraphs, lists and tables in reading order. Runs in the child process.

Running heads, footers, foot notes, deleted text, hidden text and tables of contents are left out; images too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from proposals.documents.passages.docx_inline import ALTERNATIVES, CHOICE, ParagraphText, read_paragraph
from proposals.documents.passages.docx_numbering import Counted, Numbering
from proposals.documents.passages.docx_package import Package, open_package, word
from proposals.documents.passages.docx_styles import OUTLINE_LEVELS, Styles, read_number, read_value
from proposals.documents.passages.docx_tables import read_table, sole_cell
from proposals.documents.passages.markdown_text import write_spans
from proposals.documents.passages.outline import TextBlock, split_number, to_passages
from proposals.documents.passages.passage import FoundPassage

PARAGRAPH, TABLE, CONTROL, CUSTOM = word("p"), word("tbl"), word("sdt"), word("customXml")
#: A heading style on a longer text is a mistake of its author.
MAX_HEADING = 250
#: A document with fewer headings by style shows them by weight, capitals or numbers.
FEW_HEADINGS = 2
MAX_TYPED_HEADING = 120
MAX_TYPED_WORDS = 14
#: Of a bold line without a number: below those with one and those in capitals.
UNNUMBERED_LEVEL = 8
INDENT = "   "
BULLET = re.compile(r"^(?:\\?\*|[•●▪■▫◦○➢➤➔→✓✔❖·‒–—-]|[\uf000-\uf0ff])\s+")


@dataclass(frozen=True)
class _Piece:
    """A block, and how its paragraph looks."""

    block: TextBlock
    plain: str = ""
    is_bold: bool = False


def split_docx_file(path: Path, *, name: str) -> Iterator[FoundPassage]:
    """
    Yield the passages of a DOCX.

    Raises:
        DocumentError: the file cannot be used; the class says why.
    """
    package = open_package(path)
    reader = _Reader(package)
    yield from to_passages(_find_typed_headings(list(reader.read(package.body))), name=name)


class _Reader:
    """Reads the elements of a document's body one after the other."""

    def __init__(self, package: Package) -> None:
        self._styles = Styles(package.styles)
        self._numbering = Numbering(package.numbering)

    def read(self, container: Any) -> Iterator[_Piece]:
        """Yield the pieces of a body, a cell or a text box."""
        for element in container:
            if element.tag == PARAGRAPH:
                yield from self._read_paragraph(element)
            elif element.tag == TABLE:
                yield from self._read_table(element)
            elif element.tag == CONTROL and not _is_contents_control(element):
                yield from self.read(element.iterfind(word("sdtContent") + "/*"))
            elif element.tag == CUSTOM:
                yield from self.read(element)
            elif element.tag == ALTERNATIVES:
                yield from self.read(element.iterfind(f"{CHOICE}/*"))

    def _read_paragraph(self, element: Any) -> Iterator[_Piece]:
        properties = element.find(word("pPr"))
        style = read_value(properties, "pStyle")
        if self._styles.is_contents(style):
            return
        found = read_paragraph(element, self._styles)
        counted = self._count(properties, style)
        if found.plain:
            yield self._to_piece(found, self._level_of(properties, style, found), counted, style)
        for box in found.boxes:
            yield from self.read(box)

    def _read_table(self, element: Any) -> Iterator[_Piece]:
        """Yield a table; a frame around a text is none."""
        cell = sole_cell(element)
        if cell is not None:
            yield from self.read(cell)
        elif text := read_table(element, self._styles):
            yield _Piece(TextBlock("table", text))

    def _count(self, properties: Any, style: str | None) -> Counted | None:
        number, depth = self._styles.numbering(style)
        own_number = read_value(properties, "numPr", "numId")
        own_depth = read_number(properties, "numPr", "ilvl")
        return self._numbering.count(own_number or number, depth if own_depth is None else own_depth, style)

    def _level_of(self, properties: Any, style: str | None, found: ParagraphText) -> int | None:
        outline = read_number(properties, "outlineLvl")
        level = self._styles.heading_level(style) if outline is None else outline + 1
        return level if level is not None and level <= OUTLINE_LEVELS and len(found.plain) <= MAX_HEADING else None

    def _to_piece(self, found: ParagraphText, level: int | None, counted: Counted | None, style: str | None) -> _Piece:
        text = write_spans(found.spans)
        if level is not None:
            number, title = split_number(found.plain)
            return _Piece(TextBlock("heading", title, level, counted.number if counted else number))
        if counted:
            mark = "-" if counted.level.format in {"bullet", "none"} else f"{counted.figure}."
            return _Piece(TextBlock("item", f"{INDENT * counted.depth}{mark} {text}"))
        list_mark = self._styles.list_mark(style)
        if list_mark:
            return _Piece(TextBlock("item", f"{list_mark} {text}"))
        if BULLET.match(text):
            return _Piece(TextBlock("item", BULLET.sub("- ", text)))
        return _Piece(TextBlock("paragraph", text), found.plain, found.is_bold)


def _is_contents_control(element: Any) -> bool:
    gallery = read_value(element.find(word("sdtPr")), "docPartObj", "docPartGallery") or ""
    return gallery.startswith("Table of")


def _find_typed_headings(pieces: list[_Piece]) -> Iterator[TextBlock]:
    """Yield the blocks; where styles show hardly a heading, paragraphs that look like one become headings."""
    styled = sum(piece.block.kind == "heading" and piece.block.level > 0 for piece in pieces)
    for piece in pieces:
        yield piece.block if styled >= FEW_HEADINGS else _to_heading(piece)


def _to_heading(piece: _Piece) -> TextBlock:
    title = piece.plain.rstrip(" :")
    fits = 0 < len(title) <= MAX_TYPED_HEADING and len(title.split()) <= MAX_TYPED_WORDS
    if piece.block.kind != "paragraph" or not fits or title.endswith((".", ";", ",")):
        return piece.block
    shouts = title.upper() == title and sum(character.isalpha() for character in title) >= 5
    number, rest = split_number(title)
    if not (piece.is_bold or shouts or "." in number):
        return piece.block
    level = 1 + number.count(".") if number or shouts else UNNUMBERED_LEVEL
    return replace(piece.block, kind="heading", text=rest, level=level, number=number)
