"""Quote the RC where a statement rests on one of its pages: whoever checks need not read the whole page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from proposals.documents.blocks import text_of
from proposals.documents.characters import one_line
from proposals.documents.markdown_blocks import to_inline
from proposals.writing import Grounding, Source

#: How alike (0–100) a part of the page and a statement must be for it to be quoted.
MIN_LIKENESS = 60.0
#: Statements that are longer are compared by their beginning, and quotes are no longer either.
MAX_LETTERS = 300


def quote_pages(grounding: Grounding, text: str, pages: Sequence[str]) -> Grounding:
    """
    Return the grounding with a quote in each source that is a page of the RC and has none.

    Args:
        text: of the section, Markdown.
        pages: the text of each page of the RC.
    """
    sources = tuple(_quote(source, grounding, text, pages) for source in grounding.sources)
    return grounding.model_copy(update={"sources": sources})


def _quote(source: Source, grounding: Grounding, text: str, pages: Sequence[str]) -> Source:
    if source.kind != "rc" or source.quote or not source.page or source.page > len(pages):
        return source
    page = one_line(pages[source.page - 1])
    found = [_find_likest(statement, page) for statement in _statements_on(source.key, grounding, text)]
    likeness, quote = max(found, default=(0.0, ""))
    return source.model_copy(update={"quote": quote}) if likeness >= MIN_LIKENESS else source


def _statements_on(key: str, grounding: Grounding, text: str) -> Iterator[str]:
    for statement in grounding.statements:
        if key in statement.sources:
            yield text_of(to_inline(text[statement.start : statement.end]))[:MAX_LETTERS]


def _find_likest(statement: str, page: str) -> tuple[float, str]:
    """Return how alike the likest part of the page is, and that part in whole words."""
    found = fuzz.partial_ratio_alignment(statement.casefold(), page.casefold())
    if found is None or not statement:
        return 0.0, ""
    start = page.rfind(" ", 0, found.dest_start) + 1
    end = page.find(" ", found.dest_end)
    return found.score, page[start : end if end >= 0 else len(page)].strip()
