"""The pages of a Word document: cover, table of contents, sections in portrait and landscape, running heads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from docx.oxml.xmlchemy import BaseOxmlElement

from proposals.documents.blocks import Block, Cover, DocumentTree, Landscape, TocEntry
from proposals.documents.writers.docx_blocks import BlockWriter
from proposals.documents.writers.docx_xml import element, field, field_end, field_start, paragraph, run

RELATIONSHIP_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
TOC_TITLE = "Sommaire"
#: Headings by their outline level, whatever style they have: annexes have styles of their own.
TOC_FIELD = 'TOC \\o "1-2" \\h \\z \\u'
TOC_STYLES = {1: "TOC1", 2: "TOC2"}


@dataclass(frozen=True, slots=True)
class Orientation:
    """A4 one way or the other, in twentieths of a point."""

    name: str
    width: int
    height: int
    side_margin: int = 1134
    top_margin: int = 1417
    bottom_margin: int = 1247

    @property
    def text_width(self) -> int:
        """The width between the margins."""
        return self.width - 2 * self.side_margin


PORTRAIT = Orientation("portrait", 11906, 16838)
LANDSCAPE = Orientation("landscape", 16838, 11906)


@dataclass(slots=True)
class Section:
    """Pages of one orientation, with or without running heads."""

    orientation: Orientation
    elements: list[BaseOxmlElement]
    has_heads: bool = True


def write_sections(tree: DocumentTree, writer: BlockWriter, pages: Mapping[str, int]) -> list[Section]:
    """
    Return the sections of a document.

    Args:
        pages: the page of each anchor, for the table of contents.
    """
    sections = [
        Section(PORTRAIT, list(_cover(tree.cover)), has_heads=False),
        Section(PORTRAIT, [_toc(tree.toc, pages)]),
    ]
    first = _write_blocks(tree.body, writer)
    sections += _break_before(first)
    for annex in tree.annexes:
        sections += _write_blocks(annex.flow, writer)
    return list(_merge(sections))


def close_sections(sections: Iterable[Section], heads: Mapping[str, str], foot: str) -> list[BaseOxmlElement]:
    """
    Return the body of the document: the elements of all sections, each closed by its page set-up.

    Args:
        heads: the relationship id of the head of each orientation, by its name.
        foot: that of the foot.
    """
    *before, last = sections
    body: list[BaseOxmlElement] = []
    for section in before:
        body += section.elements
        _carrier(body).append(_set_up(section, heads, foot))
    return [*body, *last.elements, _set_up(last, heads, foot)]


def write_head(reference: str, company: str, orientation: Orientation) -> BaseOxmlElement:
    """Return the running head: the tender's reference on the left, the company on the right."""
    tabs = element("tabs", element("tab", val="right", pos=orientation.text_width))
    return paragraph([run(f"{reference}\t{company}")], style="Header", properties=[tabs])


def write_foot() -> BaseOxmlElement:
    """Return the running foot: "Page X sur Y"."""
    return paragraph([run("Page "), *field("PAGE", "1"), run(" sur "), *field("NUMPAGES", "1")], style="Footer")


def _cover(cover: Cover) -> Iterator[BaseOxmlElement]:
    yield paragraph([run(cover.company)], style="CoverCompany")
    yield paragraph([run(cover.title)], style="Title")
    yield paragraph([run(cover.subtitle)], style="Subtitle")
    for label, value in cover.lines:
        yield paragraph([run(label)], style="CoverLabel")
        yield paragraph([run(value)], style="CoverValue")


def _toc(entries: Iterable[TocEntry], pages: Mapping[str, int]) -> BaseOxmlElement:
    """Return the table of contents as the field that Word updates, filled in already."""
    lines = [_toc_line(entry, pages.get(entry.anchor)) for entry in entries]
    for position, start in enumerate(field_start(TOC_FIELD)):
        lines[0].insert(1 + position, start)
    lines.append(paragraph([field_end()]))
    gallery = element("docPartObj", element("docPartGallery", val="Table of Contents"), element("docPartUnique"))
    title = paragraph([run(TOC_TITLE)], style="TOCHeading")
    return element("sdt", element("sdtPr", gallery), element("sdtContent", title, *lines))


def _toc_line(entry: TocEntry, page: int | None) -> BaseOxmlElement:
    label = f"Annexe {entry.number} –" if entry.anchor.startswith("annexe") else entry.number
    number = field(f"PAGEREF {entry.anchor} \\h", str(page) if page else "")
    link = element("hyperlink", run(f"{label} {entry.title}\t"), *number, anchor=entry.anchor, history=1)
    return paragraph([link], style=TOC_STYLES[entry.level])


def _write_blocks(blocks: Iterable[Block], writer: BlockWriter) -> Iterator[Section]:
    for block in blocks:
        orientation = LANDSCAPE if isinstance(block, Landscape) else PORTRAIT
        yield Section(orientation, writer.write([block], width=orientation.text_width))


def _break_before(sections: Iterator[Section]) -> Iterator[Section]:
    """Begin the body on a new page; its heading takes the break along when it is moved."""
    for index, section in enumerate(sections):
        if index == 0:
            section.elements[0].get_or_add_pPr().insert(1, element("pageBreakBefore"))
        yield section


def _merge(sections: Iterable[Section]) -> Iterator[Section]:
    """Join neighbours of the same orientation: a section begins on a new page."""
    current: Section | None = None
    for section in sections:
        if current and (current.orientation, current.has_heads) == (section.orientation, section.has_heads):
            current.elements += section.elements
            continue
        if current:
            yield current
        current = section
    if current:
        yield current


def _carrier(body: list[BaseOxmlElement]) -> BaseOxmlElement:
    """Return the properties of the paragraph that ends a section: its last one, or a tiny one after a table."""
    if not body[-1].tag.endswith("}p"):
        body.append(paragraph([], style="SectionEnd"))
    properties: BaseOxmlElement = body[-1].get_or_add_pPr()
    return properties


def _set_up(section: Section, heads: Mapping[str, str], foot: str) -> BaseOxmlElement:
    page = section.orientation
    references = []
    if section.has_heads:
        references = [_refer("headerReference", heads[page.name]), _refer("footerReference", foot)]
    return element(
        "sectPr",
        *references,
        element("type", val="nextPage"),
        element("pgSz", w=page.width, h=page.height, orient=page.name),
        element(
            "pgMar",
            top=page.top_margin,
            right=page.side_margin,
            bottom=page.bottom_margin,
            left=page.side_margin,
            header=680,
            footer=567,
            gutter=0,
        ),
    )


def _refer(tag: str, relationship_id: str) -> BaseOxmlElement:
    made = element(tag, type="default")
    made.set(RELATIONSHIP_ID, relationship_id)
    return made
