"""Blocks of the tree as WordprocessingML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple, assert_never

from docx.oxml.xmlchemy import BaseOxmlElement

from proposals.documents.blocks import (
    Block,
    CodeBlock,
    Heading,
    Inline,
    Landscape,
    ListBlock,
    PageBreak,
    Paragraph,
    Quote,
    Span,
    Table,
    text_of,
)
from proposals.documents.writers.docx_xml import element, field, paragraph, run

#: The numbering definitions of docx_parts/numbering.xml.
BULLETS, NUMBERED = 3, 4
#: The first id of a numbered list's own counter.
FIRST_LIST_ID = 10
DEEPEST_LIST = 8
#: One level of a list, in twentieths of a point.
INDENT = 340

HIGHLIGHTS = {"gap": "yellow", "doubt": "cyan"}
ALIGNMENTS = {"left": "left", "center": "center", "right": "right"}
HEADER_FILL = "1F3864"


class _Place(NamedTuple):
    """Where a block stands: the style of its paragraphs, and the list item it belongs to."""

    style: str = ""
    depth: int = 0
    list_id: int = 0

    @property
    def indent(self) -> list[BaseOxmlElement]:
        return [element("ind", left=INDENT * self.depth)] if self.depth else []


class BlockWriter:
    """
    Writes the blocks of one document, in order: ids and lists are counted.

    Args:
        link: gives the relationship id of an outside address.
    """

    def __init__(self, link: Callable[[str], str]) -> None:
        self._link = link
        self._bookmarks = count(1)
        self._lists = count(FIRST_LIST_ID)
        #: The first number of each numbered list, by the list's id.
        self.list_starts: dict[int, tuple[int, int]] = {}

    def write(self, blocks: Iterable[Block], *, width: int) -> list[BaseOxmlElement]:
        """Return the elements of some blocks; `width` is that of the text, in twentieths of a point."""
        return list(self._blocks(blocks, _Place(), width))

    def inline(self, content: Inline) -> Iterator[BaseOxmlElement]:
        """Yield the runs and links of a run of spans."""
        for span in content:
            made = run(span.text, *_run_properties(span))
            if span.href is None:
                yield made
            elif span.href.startswith("#"):
                yield element("hyperlink", made, anchor=span.href[1:], history=1)
            else:
                yield self._outside_link(span.href, made)

    def _outside_link(self, address: str, made: BaseOxmlElement) -> BaseOxmlElement:
        link = element("hyperlink", made, history=1)
        link.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", self._link(address))
        return link

    def _blocks(self, blocks: Iterable[Block], place: _Place, width: int) -> Iterator[BaseOxmlElement]:
        for block in blocks:
            yield from self._block(block, place, width)

    def _block(self, block: Block, place: _Place, width: int) -> Iterator[BaseOxmlElement]:
        match block:
            case Heading():
                yield self._heading(block)
            case ListBlock():
                yield from self._list(block, place, width)
            case Table():
                yield from self._table(block, width)
            case Quote():
                yield from self._blocks(block.blocks, place._replace(style="Quote"), width)
            case Landscape():
                yield from self._blocks(block.blocks, place, width)
            case Paragraph() | CodeBlock() | PageBreak():
                yield self._leaf(block, place)
            case _:
                assert_never(block)

    def _leaf(self, block: Paragraph | CodeBlock | PageBreak, place: _Place) -> BaseOxmlElement:
        match block:
            case Paragraph():
                style = "Note" if block.style == "note" else place.style
                return paragraph(self.inline(block.content), style=style, properties=place.indent)
            case CodeBlock():
                return paragraph([run(block.text)], style="Code", properties=place.indent)
        return paragraph([element("r", element("br", type="page"))])

    def _heading(self, heading: Heading) -> BaseOxmlElement:
        style = f"Heading{heading.level}" if heading.numbering == "body" else f"Annexe{min(heading.level, 2)}"
        number = next(self._bookmarks)
        content = [
            element("bookmarkStart", id=number, name=heading.anchor),
            *self.inline(heading.content),
            element("bookmarkEnd", id=number),
        ]
        return paragraph(content, style=style)

    def _list(self, block: ListBlock, place: _Place, width: int) -> Iterator[BaseOxmlElement]:
        level = min(place.depth, DEEPEST_LIST)
        list_id = self._new_list(level, block.start) if block.ordered else BULLETS
        inside = _Place("ListParagraph", level + 1, list_id)
        for item in block.items:
            first, *rest = item.blocks or (Paragraph(()),)
            content = first.content if isinstance(first, Paragraph) else ()
            yield self._item(content, level, list_id)
            yield from self._blocks(rest if isinstance(first, Paragraph) else item.blocks, inside, width)

    def _new_list(self, level: int, start: int) -> int:
        list_id = next(self._lists)
        self.list_starts[list_id] = (level, start)
        return list_id

    def _item(self, content: Inline, level: int, list_id: int) -> BaseOxmlElement:
        numbered = element("numPr", element("ilvl", val=level), element("numId", val=list_id))
        return paragraph(self.inline(content), style="ListParagraph", properties=[numbered])

    # Tables

    def _table(self, table: Table, width: int) -> Iterator[BaseOxmlElement]:
        if table.caption:
            yield self._caption(table)
        widths = [round(width * table.share(index)) for index in range(len(table.header))]
        grid = element("tblGrid", *(element("gridCol", w=column) for column in widths))
        head = self._row(table, table.header, widths, is_header=True)
        rows = (self._row(table, row, widths, is_header=False) for row in table.rows)
        yield element("tbl", _table_properties(table, sum(widths)), grid, head, *rows)
        # Two tables in a row would become one, and a cell or section must not end in a table.
        yield paragraph([], properties=[element("spacing", before=0, after=0, line=160, lineRule="exact")])

    def _caption(self, table: Table) -> BaseOxmlElement:
        number = field("SEQ Tableau \\* ARABIC", str(table.number))
        return paragraph([run("Tableau "), *number, run(" – "), *self.inline(table.caption)], style="Caption")

    def _row(self, table: Table, cells: Iterable[Inline], widths: list[int], *, is_header: bool) -> BaseOxmlElement:
        properties = element("trPr", element("cantSplit"), *([element("tblHeader")] if is_header else []))
        made = element("tr", properties)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            made.append(self._cell(cell, width, ALIGNMENTS[table.alignment(index)], is_header=is_header))
        return made

    def _cell(self, content: Inline, width: int, alignment: str, *, is_header: bool) -> BaseOxmlElement:
        shade = [element("shd", val="clear", color="auto", fill=HEADER_FILL)] if is_header else []
        settings = [] if is_header or alignment == "left" else [element("jc", val=alignment)]
        text = paragraph(self.inline(content), style="TableHeader" if is_header else "TableText", properties=settings)
        return element("tc", element("tcPr", element("tcW", w=width, type="dxa"), *shade), text)


def _table_properties(table: Table, width: int) -> BaseOxmlElement:
    caption = [element("tblCaption", val=text_of(table.caption))] if table.caption else []
    return element(
        "tblPr",
        element("tblStyle", val="ProposalTable"),
        element("tblW", w=width, type="dxa"),
        element("tblLayout", type="fixed"),
        element("tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1),
        *caption,
    )


def _run_properties(span: Span) -> list[BaseOxmlElement]:
    """Return the properties of a run, in the order of the schema."""
    style = "Hyperlink" if span.href else "CodeCharacter" if span.code else ""
    properties = [element("rStyle", val=style)] if style else []
    if span.bold:
        properties += [element("b"), element("bCs")]
    if span.italic:
        properties += [element("i"), element("iCs")]
    if span.mark:
        properties.append(element("highlight", val=HIGHLIGHTS[span.mark]))
    return properties


def write_list_counters(starts: Mapping[int, tuple[int, int]]) -> list[BaseOxmlElement]:
    """Return the numbering instances of numbered lists: each counts for itself, from its own first number."""
    return [
        element(
            "num",
            element("abstractNumId", val=NUMBERED),
            element("lvlOverride", element("startOverride", val=start), ilvl=level),
            numId=list_id,
        )
        for list_id, (level, start) in starts.items()
    ]
