"""What the styles of a DOCX say about a paragraph or a run: heading level, list, emphasis, table of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proposals.documents.passages.docx_package import word

#: Built-in styles have English names in the file whatever the language of Word; other programs write French ones.
HEADING_NAME = re.compile(r"(?:heading|titre|title)\s*(?P<level>[1-9])\b", re.IGNORECASE)
TITLE_NAMES = {"title", "titre", "titre du document", "titre principal"}
CONTENTS_NAME = re.compile(
    r"(?:toc|tm|contents|table of (?:figures|authorities)|table des (?:mati[èe]res|illustrations)|index)\b",
    re.IGNORECASE,
)
CONTENTS_HEADING_NAMES = {"toc heading", "en-tête de table des matières", "contents heading"}
BULLET_NAME = re.compile(r"(?:list bullet|liste à puces)", re.IGNORECASE)
NUMBER_NAME = re.compile(r"(?:list number|liste à numéros|liste numérotée)", re.IGNORECASE)
#: Styles are based on one another; a longer chain is a circle.
MAX_CHAIN = 20
OUTLINE_LEVELS = 9


@dataclass(frozen=True)
class Style:
    """One style as it is written, before what it inherits; None where it says nothing."""

    id: str
    name: str
    based_on: str | None
    outline: int | None
    numbering: tuple[str | None, int | None]
    bold: bool | None
    italic: bool | None


class Styles:
    """The styles of one document."""

    def __init__(self, root: Any) -> None:
        elements = root.iterfind(word("style")) if root is not None else ()
        self._styles = {style.id: style for style in map(_read_style, elements)}

    def heading_level(self, style_id: str | None) -> int | None:
        """Return the level of a heading style: 1 the highest, 0 the document's title; None for any other style."""
        for style in self._chain(style_id):
            if style.name.casefold() in TITLE_NAMES:
                return 0
            if found := HEADING_NAME.fullmatch(style.name):
                return int(found["level"])
            if style.outline is not None:
                return style.outline + 1 if style.outline < OUTLINE_LEVELS else None
        return None

    def is_contents(self, style_id: str | None) -> bool:
        """Whether the style is one of a table of contents or an index."""
        names = [style.name for style in self._chain(style_id)]
        return any(CONTENTS_NAME.match(name) or name.casefold() in CONTENTS_HEADING_NAMES for name in names)

    def list_mark(self, style_id: str | None) -> str | None:
        """Return "-" or "1." for a list style without numbering of its own."""
        for style in self._chain(style_id):
            if BULLET_NAME.match(style.name):
                return "-"
            if NUMBER_NAME.match(style.name):
                return "1."
        return None

    def numbering(self, style_id: str | None) -> tuple[str | None, int | None]:
        """Return the list that the style's paragraphs are numbered by, and their depth in it; None for none."""
        number, depth = None, None
        for style in self._chain(style_id):
            number = style.numbering[0] if number is None else number
            depth = style.numbering[1] if depth is None else depth
        return number, depth

    def emphasis(self, style_id: str | None) -> tuple[bool | None, bool | None]:
        """Return whether a style is bold, and italic; None where it says nothing."""
        bold, italic = None, None
        for style in self._chain(style_id):
            bold = style.bold if bold is None else bold
            italic = style.italic if italic is None else italic
        return bold, italic

    def _chain(self, style_id: str | None) -> Iterator[Style]:
        for _ in range(MAX_CHAIN):
            style = self._styles.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = style.based_on


def read_flag(properties: Any, tag: str) -> bool | None:
    """Return an on/off property such as bold; None where it is not said."""
    element = properties.find(word(tag)) if properties is not None else None
    if element is None:
        return None
    return element.get(word("val"), "true") not in {"0", "false", "off"}


def read_value(properties: Any, *path: str) -> str | None:
    """Return the value of the element at the end of a path below some properties."""
    element = properties
    for tag in path:
        element = element.find(word(tag)) if element is not None else None
    return element.get(word("val")) if element is not None else None


def read_number(properties: Any, *path: str) -> int | None:
    """Return the same as a figure; None where it is none."""
    value = read_value(properties, *path)
    return int(value) if value is not None and value.isdecimal() and len(value) < 10 else None


def _read_style(element: Any) -> Style:
    paragraph, run = element.find(word("pPr")), element.find(word("rPr"))
    return Style(
        id=element.get(word("styleId"), ""),
        name=read_value(element, "name") or "",
        based_on=read_value(element, "basedOn"),
        outline=read_number(paragraph, "outlineLvl"),
        numbering=(read_value(paragraph, "numPr", "numId"), read_number(paragraph, "numPr", "ilvl")),
        bold=read_flag(run, "b"),
        italic=read_flag(run, "i"),
    )
