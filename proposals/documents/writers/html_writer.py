"""
A document tree as one HTML page for the PDF writer: semantic, with its style inside, nothing to fetch.

Every text is escaped; attributes come from closed lists, numbers and addresses that the tree allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import assert_never

from proposals.documents.blocks import (
    Annex,
    Block,
    CodeBlock,
    Cover,
    DocumentTree,
    Heading,
    Inline,
    Landscape,
    ListBlock,
    ListItem,
    PageBreak,
    Paragraph,
    Quote,
    Span,
    Table,
    TocEntry,
)
from proposals.documents.characters import printable

STYLE = Path(__file__).with_name("print.css")
TOC_TITLE = "Sommaire"
#: Ids of the parts whose first pages the PDF writer is asked for.
COVER_ID, TOC_ID, BODY_ID = "couverture", "sommaire", "corps"


def write_html(tree: DocumentTree) -> str:
    """Return the page."""
    properties = tree.properties
    head = (
        f'<meta charset="utf-8"><title>{_text(properties.title)}</title>'
        f'<meta name="author" content="{_text(properties.author)}">'
        f'<meta name="description" content="{_text(properties.subject)}">'
        f'<meta name="keywords" content="{_text(properties.reference)}">'
        f'<meta name="dcterms.created" content="{properties.created_at.isoformat()}">'
        f'<meta name="generator" content="Tenderwire">'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
    )
    body = "".join(
        [
            _running_head(tree),
            _cover(tree.cover),
            _toc(tree.toc),
            f'<main id="{BODY_ID}">{_blocks(tree.body)}</main>',
            *map(_annex, tree.annexes),
        ]
    )
    return f'<!doctype html><html lang="{properties.language}"><head>{head}</head><body>{body}</body></html>'


def _text(text: str) -> str:
    return escape(printable(text), quote=True)


def _running_head(tree: DocumentTree) -> str:
    """Return what stands at the head of every page but the first."""
    reference, company = tree.properties.reference, tree.properties.author
    return f'<p class="head-left">{_text(reference)}</p><p class="head-right">{_text(company)}</p>'


def _cover(cover: Cover) -> str:
    lines = "".join(
        f'<p class="label">{_text(label)}</p><p class="value">{_text(value)}</p>' for label, value in cover.lines
    )
    return (
        f'<header id="{COVER_ID}" class="cover"><p class="company">{_text(cover.company)}</p>'
        f'<p class="title">{_text(cover.title)}</p><p class="subtitle">{_text(cover.subtitle)}</p>'
        f"{lines}</header>"
    )


def _toc(entries: Iterable[TocEntry]) -> str:
    items = "".join(
        f'<li class="toc-{entry.level}"><a href="#{_text(entry.anchor)}">'
        f"{_text(_label(entry.number, entry.level, entry.anchor))} {_text(entry.title)}</a></li>"
        for entry in entries
    )
    return f'<nav id="{TOC_ID}" class="toc"><p class="toc-title">{TOC_TITLE}</p><ul>{items}</ul></nav>'


def _label(number: str, level: int, anchor: str) -> str:
    """Return a heading's number as it is written: "Annexe A –", "1", "1.1"."""
    return f"Annexe {number} –" if anchor.startswith("annexe") and level == 1 else number


def _annex(annex: Annex) -> str:
    return f'<section class="annex">{_blocks(annex.flow)}</section>'


def _blocks(blocks: Iterable[Block]) -> str:
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Heading():
            return _heading(block)
        case ListBlock():
            return _list(block)
        case Table():
            return _table(block)
        case Quote():
            return f"<blockquote>{_blocks(block.blocks)}</blockquote>"
        case Landscape():
            return f'<div class="landscape">{_blocks(block.blocks)}</div>'
        case Paragraph() | CodeBlock() | PageBreak():
            return _leaf(block)
        case _:
            assert_never(block)


def _leaf(block: Paragraph | CodeBlock | PageBreak) -> str:
    match block:
        case Paragraph():
            return f'<p class="{block.style}">{_inline(block.content)}</p>'
        case CodeBlock():
            return f"<pre>{_text(block.text)}</pre>"
    return '<div class="page-break"></div>'


def _heading(heading: Heading) -> str:
    number = _label(heading.number, heading.level, heading.anchor)
    return (
        f'<h{heading.level} id="{_text(heading.anchor)}"><span class="number">{_text(number)}</span> '
        f"{_inline(heading.content)}</h{heading.level}>"
    )


def _list(block: ListBlock) -> str:
    items = "".join(f"<li>{_item(item)}</li>" for item in block.items)
    return f'<ol start="{block.start}">{items}</ol>' if block.ordered else f"<ul>{items}</ul>"


def _item(item: ListItem) -> str:
    """Return the content of an item. Its first paragraph stands there bare: only then it gets a body in the tags."""
    first = item.blocks[0] if item.blocks else None
    if isinstance(first, Paragraph):
        return f"{_inline(first.content)}{_blocks(item.blocks[1:])}"
    return _blocks(item.blocks)


def _table(table: Table) -> str:
    columns = "".join(f'<col style="width:{table.share(index):.1%}">' for index in range(len(table.header)))
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in table.header)
    rows = "".join(f"<tr>{_row(table, row)}</tr>" for row in table.rows)
    return (
        f"<table>{_caption(table)}<colgroup>{columns}</colgroup>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _caption(table: Table) -> str:
    return f"<caption>Tableau {table.number} – {_inline(table.caption)}</caption>" if table.caption else ""


def _row(table: Table, row: Iterable[Inline]) -> str:
    return "".join(f'<td class="{table.alignment(index)}">{_inline(cell)}</td>' for index, cell in enumerate(row))


def _inline(content: Inline) -> str:
    return "".join(map(_span, content))


def _span(span: Span) -> str:
    html = _text(span.text).replace("\n", "<br>")
    if span.href:
        # Innermost: what stands inside a link would get a link of its own in the tags.
        html = f'<a href="{_text(span.href)}">{html}</a>'
    if span.code:
        html = f"<code>{html}</code>"
    if span.italic:
        html = f"<em>{html}</em>"
    if span.bold:
        html = f"<strong>{html}</strong>"
    if span.mark:
        html = f'<mark class="{span.mark}">{html}</mark>'
    return html
