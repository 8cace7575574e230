"""From the content of a proposal to the tree of its document: cover, table of contents, sections, annexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from proposals.documents import annexes
from proposals.documents.blocks import (
    Annex,
    Block,
    Cover,
    DocumentTree,
    Heading,
    Landscape,
    Paragraph,
    Properties,
    Table,
    TocEntry,
    plain,
    text_of,
)
from proposals.documents.characters import one_line
from proposals.documents.content import UNWRITTEN, ProposalContent, ProposalSection
from proposals.documents.markdown_blocks import to_blocks
from proposals.documents.numbering import Numberer
from proposals.documents.tables import fit, is_wide
from proposals.documents.wording import say_day, say_instant
from proposals.writing import GAP_CLOSING, GAP_OPENING

TITLE = "Mémoire technique"
#: Headings of the body down to this level stand in the table of contents; of annexes only the first.
TOC_DEPTH = 2


def compose(content: ProposalContent) -> DocumentTree:
    """Return the document of a proposal."""
    tables = count(1)
    body = Numberer("body", tables=tables).number(_write_body(content.sections))
    numberer = Numberer("annex", tables=tables)
    appended = tuple(_number_annex(annex, numberer) for annex in annexes.write_annexes(content))
    return DocumentTree(
        properties=_describe(content),
        cover=_write_cover(content),
        toc=tuple(_list_entries(body, appended)),
        body=body,
        annexes=appended,
    )


def _describe(content: ProposalContent) -> Properties:
    subject = one_line(content.object or content.title)
    return Properties(
        title=f"{TITLE} – {subject}",
        author=one_line(content.company),
        subject=subject,
        reference=one_line(content.reference),
        created_at=content.produced_at,
    )


def _write_cover(content: ProposalContent) -> Cover:
    lines = (
        ("Acheteur", one_line(content.buyer)),
        ("Référence de la consultation", one_line(content.reference)),
        ("Date limite de remise", say_instant(content.deadline) if content.deadline else ""),
        ("Document établi le", f"{say_day(content.produced_at.date())} (version {content.version})"),
    )
    return Cover(
        title=TITLE,
        subtitle=one_line(content.object or content.title),
        company=one_line(content.company),
        lines=tuple((label, value) for label, value in lines if value),
    )


def _write_body(sections: Iterable[ProposalSection]) -> Iterator[Block]:
    for section in sections:
        yield Heading(1, plain(one_line(section.title)))
        yield from _write_section(section)


def _write_section(section: ProposalSection) -> Iterator[Block]:
    if not section.text.strip():
        yield Paragraph(plain(f"{GAP_OPENING}{UNWRITTEN}{GAP_CLOSING}", mark="gap"))
        return
    doubts = [(found.start, found.end) for found in section.violations]
    blocks = to_blocks(section.text, doubts=doubts)
    for block in _below_section(_without_title(blocks, section.title)):
        yield _lay_out(block) if isinstance(block, Table) else block


def _without_title(blocks: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    """Drop a first heading that only says the section's title again."""
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and text_of(first.content).casefold() == one_line(title).casefold():
        return blocks[1:]
    return blocks


def _below_section(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Put the headings of a section right below its own, whatever level its text begins with."""
    highest = min((block.level for block in blocks if isinstance(block, Heading)), default=1)
    for block in blocks:
        yield replace(block, level=block.level - highest + 2) if isinstance(block, Heading) else block


def _lay_out(table: Table) -> Block:
    fitted = fit(table)
    return Landscape((fitted,)) if is_wide(fitted) else fitted


def _number_annex(annex: Annex, numberer: Numberer) -> Annex:
    return replace(annex, heading=numberer.heading(annex.heading), blocks=numberer.number(annex.blocks))


def _list_entries(body: Iterable[Block], appended: Iterable[Annex]) -> Iterator[TocEntry]:
    headings = [block for block in body if isinstance(block, Heading) and block.level <= TOC_DEPTH]
    for heading in [*headings, *(annex.heading for annex in appended)]:
        yield TocEntry(heading.level, heading.number, text_of(heading.content), heading.anchor)
