"""
Passages of a PDF for the content library, by the headings that the analysis of an RC finds.

Source: docs/library.md, "Documents".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from proposals.documents.document import Document
from proposals.documents.limits import Limits
from proposals.documents.passages.markdown_text import escape, write_table
from proposals.documents.passages.outline import TextBlock, split_number, to_passages
from proposals.documents.passages.passage import FoundPassage
from proposals.documents.pdf_reader import OnPage, read_pdf
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.clauses import find_blocks

NUMBER_MARK = re.compile(r"\d{1,2}")
SENTENCE_END = (".", ":", ";", "!", "?", "…")


def split_pdf(
    path: Path, limits: Limits | None = None, *, name: str = "", on_page: OnPage | None = None
) -> list[FoundPassage]:
    """
    Return the passages of a PDF, each with the page where it begins.

    Args:
        name: of the file; what the sources begin with.
        on_page: as `read_pdf` calls it.

    Raises:
        PdfError: the file cannot be used; the class says why.
    """
    return split_document(read_pdf(path, limits, on_page), name=name or path.name)


def split_document(document: Document, *, name: str) -> list[FoundPassage]:
    """Return the passages of a PDF that has been read."""
    return list(to_passages(_join_over_pages(_to_text_blocks(find_blocks(document))), name=name))


def _to_text_blocks(blocks: Iterable[Block]) -> Iterator[TextBlock]:
    for (_, kind, _), group in groupby(blocks, key=_group_key):
        members = list(group)
        if kind == "row":
            yield from _to_table(members)
        else:
            yield from map(_to_text_block, members)


def _group_key(block: Block) -> tuple[int | None, str, int]:
    """Rows of one ruled table belong together; so do rows without rules that have as many cells."""
    return block.table, block.kind, len(block.cells) if block.table is None else 0


def _to_table(rows: list[Block]) -> Iterator[TextBlock]:
    page = rows[0].page
    if len(rows) == 1 and rows[0].table is None:
        yield TextBlock("paragraph", escape(rows[0].text), page=page)
        return
    yield TextBlock("table", write_table([[escape(cell) for cell in row.cells] for row in rows]), page=page)


def _to_text_block(block: Block) -> TextBlock:
    if block.kind == "heading":
        number, title = split_number(block.text)
        return TextBlock("heading", title.rstrip(" :"), max(len(block.trail), 1), block.number or number, block.page)
    if block.kind == "bullet":
        number_mark = NUMBER_MARK.search(block.marker)
        mark = f"{number_mark[0]}." if number_mark else "-"
        return TextBlock("item", f"{mark} {escape(block.text)}", page=block.page)
    return TextBlock("paragraph", escape(block.text), page=block.page)


def _join_over_pages(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """Join a paragraph or list item with its rest at the top of the next page."""
    held: TextBlock | None = None
    for block in blocks:
        if held and _goes_on(held, block):
            held = replace(held, text=f"{held.text} {block.text}")
            continue
        if held:
            yield held
        held = block
    if held:
        yield held


def _goes_on(before: TextBlock, block: TextBlock) -> bool:
    on_next_page = (block.page or 0) == (before.page or 0) + 1
    is_rest = before.kind in {"paragraph", "item"} and block.kind == "paragraph" and block.text[:1].islower()
    return on_next_page and is_rest and not before.text.rstrip().endswith(SENTENCE_END)
