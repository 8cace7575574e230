"""The words of a passage that a requirement has too, as spans; and a short excerpt around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from proposals.matching import RequirementQuery, Span
from proposals.retrieval.tokens import Analyzer, Word

#: Length of an excerpt in code points.
EXCERPT_LENGTH = 320
#: Spans with nothing but so many signs and spaces between them are shown as one.
GAP_LENGTH = 1
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a passage's body, with the words that matched as spans of that part."""

    text: str
    highlights: tuple[Span, ...]


def find_highlights(analyzer: Analyzer, query: RequirementQuery, body: str) -> tuple[Span, ...]:
    """Return the words of a body that stand in the requirement in the same or another form, neighbours merged."""
    raws, stems = _forms(analyzer.find_words(f"{query.text}\n{query.quote}"))
    matched = [word for word in analyzer.find_words(body) if word.raw in raws or word.stem in stems]
    return merge([(word.start, word.end) for word in matched], body)


def merge(spans: Sequence[Span], body: str) -> tuple[Span, ...]:
    """Return spans in order, those that touch or have a single space or sign between them as one."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start - merged[-1][1] <= GAP_LENGTH and "\n" not in body[merged[-1][1] : start]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def make_excerpt(body: str, highlights: Sequence[Span], *, length: int = EXCERPT_LENGTH) -> Excerpt:
    """Return the part of a body that shows most of what matched; its beginning when nothing did."""
    start = _best_start(body, highlights, length)
    end = _word_end(body, min(len(body), start + length))
    opening = ELLIPSIS if start > 0 else ""
    text = opening + body[start:end] + (ELLIPSIS if end < len(body) else "")
    shift = len(opening) - start
    inside = [(from_ + shift, to + shift) for from_, to in highlights if start <= from_ and to <= end]
    return Excerpt(text, tuple(inside))


def _forms(words: Iterable[Word]) -> tuple[set[str], set[str]]:
    found = list(words)
    return {word.raw for word in found}, {word.stem for word in found}


def _best_start(body: str, highlights: Sequence[Span], length: int) -> int:
    """Return where the window with most highlighted letters begins; the first of equals."""
    if len(body) <= length or not highlights:
        return 0
    starts = [_line_or_word_start(body, span[0]) for span in highlights]
    return max(starts, key=lambda start: (_letters_inside(highlights, start, start + length), -start))


def _letters_inside(highlights: Sequence[Span], start: int, end: int) -> int:
    return sum(to - from_ for from_, to in highlights if start <= from_ and to <= end)


def _line_or_word_start(body: str, position: int) -> int:
    """Return the beginning of the line when it is near, else a few words before the position."""
    line = body.rfind("\n", 0, position) + 1
    if position - line <= EXCERPT_LENGTH // 4:
        return line
    space = body.find(" ", position - EXCERPT_LENGTH // 4, position)
    return space + 1 if space >= 0 else position


def _word_end(body: str, position: int) -> int:
    if position >= len(body):
        return len(body)
    space = max(body.rfind(" ", 0, position), body.rfind("\n", 0, position))
    return space if space > position - EXCERPT_LENGTH // 4 else position
