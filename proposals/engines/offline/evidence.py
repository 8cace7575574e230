"""Quotes that can be checked: a quote stands on its page word for word, white space apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from proposals.documents.document import Document, PageText
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.clauses import find_blocks
from proposals.engines.offline.folding import squash

#: A quote is about a sentence; longer ones are cut around what they prove.
MAX_QUOTE = 320
#: What ends a sentence, short of the abbreviations of French law and business.
SENTENCE_END = re.compile(
    r"(?<!\bM)(?<!\bMM)(?<!\bart)(?<!\bArt)(?<!\b[A-Z])(?<!\bcf)(?<!\bCf)(?<!\bNo)(?<!\bréf)(?<!\bex)(?<!\bp)(?<!\bjanv)(?<!\bfévr)"
    r"(?<!\bjuil)(?<!\bsept)(?<!\boct)(?<!\bnov)(?<!\bdéc)(?<!\bétc)(?<!\btél)(?<!\bTél)(?<!\.)[.!?]\s+(?=[«A-ZÀ-ÖØ-Ý0-9\"-])|;\s+|\s[•●▪]\s"
)


@dataclass(frozen=True)
class Reading:
    """A document with its clauses, as the families of facts read it."""

    document: Document

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return the clauses in reading order."""
        return find_blocks(self.document)

    def quote(self, block: Block, start: int, end: int) -> str | None:
        """Return the shortest whole statement of the clause around a span that is verbatim on its page."""
        page = self.document.page(block.page)
        low, high = sentence_around(block.text, start, end)
        candidates = [block.text[low:high], block.text[start:end], *self._cells(block, start, end)]
        for candidate in candidates:
            text = " ".join(candidate.split())
            if text and len(text) <= MAX_QUOTE and is_verbatim(text, page):
                return text
        return self._cut(block.text[start:end], page)

    def _cells(self, block: Block, start: int, end: int) -> list[str]:
        wanted = squash(block.text[start:end])
        cells = [cell.replace("\n", " ") for cell in block.cells]
        return [cell for cell in cells if wanted in squash(cell)] + [
            cell for cell in cells if cell and squash(cell) in wanted
        ]

    def _cut(self, text: str, page: PageText) -> str | None:
        """Return the beginning of a long span, cut at a word."""
        text = " ".join(text.split())
        if len(text) > MAX_QUOTE:
            text = text[:MAX_QUOTE].rsplit(" ", 1)[0]
        return text if text and is_verbatim(text, page) else None


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the sentence that holds a span, or of MAX_QUOTE characters around it."""
    low, high = 0, len(text)
    for found in SENTENCE_END.finditer(text):
        if found.end() <= start:
            low = found.end()
        elif found.start() >= end:
            high = found.start() + 1
            break
    if high - low > MAX_QUOTE:
        low = max(low, text.find(" ", max(low, start - 120)) + 1 if start - 120 > low else low)
        low = min(low, start)
        cut = text.rfind(" ", end, low + MAX_QUOTE)
        high = min(high, max(end, cut if cut > 0 else end))
    return low, high


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the sentences of a text."""
    bounds: list[tuple[int, int]] = []
    low = 0
    for found in SENTENCE_END.finditer(text):
        bounds.append((low, found.start() + 1))
        low = found.end()
    bounds.append((low, len(text)))
    return [(a, b) for a, b in bounds if text[a:b].strip()]


def is_verbatim(quote: str, page: PageText) -> bool:
    """Return whether the quote stands on the page, white space apart."""
    return squash(quote) in squash(page.text)
