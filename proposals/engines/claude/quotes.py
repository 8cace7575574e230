"""
Is a quote really there? The page's own words decide, not the model's copy of them.

Compared are letters, figures and signs: white space, hyphens, case, accents and the forms of apostrophes and quotation
marks differ between a page and any copy of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from proposals.documents.document import Document
from proposals.engines.offline.folding import fold

#: From this likeness (0–100) a longer quote is a copy with slips, such as those of text recognition.
ALIKE = 93.0
#: Shorter quotes must be copied exactly, and stand near the page they are said to be on.
SHORT_CHARACTERS = 16
#: A quote proves one statement; more of it is cut at a word.
LONGEST_QUOTE = 320
#: What hyphenation and typesetting leave or lose.
IGNORED = "-\u00ad"


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    Words of the document.

    Args:
        quote: as the page has them, in one line.
        start, end: where they stand in the page's text.
        exact: whether the model copied them exactly.
    """

    page: int
    quote: str
    start: int
    end: int
    exact: bool


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    text: str
    letters: str
    positions: tuple[int, ...]


class QuoteFinder:
    """Looks for quotes in one document."""

    def __init__(self, document: Document) -> None:
        self._pages = [_squeeze(page.number, page.text) for page in document.pages]

    def find(self, quote: str, page: int) -> Evidence | None:
        """
        Return the words of the document that a quote copies; None when no page has them.

        Args:
            page: where it is said to stand; its neighbours are looked at next, then all others.
        """
        wanted = _squeeze(0, quote[: LONGEST_QUOTE * 2]).letters
        if not wanted:
            return None
        pages = list(self._nearest_first(page, anywhere=len(wanted) >= SHORT_CHARACTERS))
        for candidate in pages:
            start = candidate.letters.find(wanted)
            if start >= 0:
                return _cut(candidate, start, start + len(wanted), exact=True)
        return self._find_alike(wanted, pages) if len(wanted) >= SHORT_CHARACTERS else None

    def _find_alike(self, wanted: str, pages: list[_Page]) -> Evidence | None:
        for candidate in pages:
            if len(candidate.letters) < len(wanted):
                continue
            found = fuzz.partial_ratio_alignment(wanted, candidate.letters, score_cutoff=ALIKE)
            if found is not None:
                return _cut(candidate, found.dest_start, found.dest_end, exact=False)
        return None

    def _nearest_first(self, page: int, *, anywhere: bool) -> Iterator[_Page]:
        near = sorted(self._pages, key=lambda candidate: abs(candidate.number - page))
        return (candidate for candidate in near if anywhere or abs(candidate.number - page) <= 1)


def _squeeze(number: int, text: str) -> _Page:
    kept = [
        (character, position)
        for position, character in enumerate(fold(text))
        if not character.isspace() and character not in IGNORED and text[position].isprintable()
    ]
    letters = "".join(character for character, _ in kept)
    return _Page(number, text, letters, tuple(position for _, position in kept))


def _cut(page: _Page, start: int, end: int, *, exact: bool) -> Evidence:
    first, last = page.positions[start], page.positions[end - 1] + 1
    quote = " ".join(page.text[first:last].split())
    if len(quote) > LONGEST_QUOTE:
        quote = quote[:LONGEST_QUOTE].rsplit(" ", 1)[0]
    return Evidence(page.number, quote, first, last, exact)
