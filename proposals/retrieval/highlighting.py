"""The words of a passage that a requirement has too, as spans; and a short excerpt around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from proposals.matching import RequirementQuery, Span
from proposals.retrieval.concepts import ConceptFinder
from proposals.retrieval.tokens import Analyzer
from proposals.retrieval.wording import find_wordings

#: Length of an excerpt in code points.
EXCERPT_LENGTH = 320
#: Spans with nothing but so many signs and spaces between them are shown as one.
GAP_LENGTH = 1
#: Most spans that are kept; a passage may be long and full of what was asked for.
MAX_HIGHLIGHTS = 200
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a passage's body, with the words that matched as spans of that part."""

    text: str
    highlights: tuple[Span, ...]


class Highlighter:
    """Finds what a passage has in common with a requirement. One for each thread, as the analyzer in it."""

    def __init__(self) -> None:
        self._analyzer = Analyzer()
        self._concepts = ConceptFinder(self._analyzer)

    def find(self, query: RequirementQuery, body: str) -> tuple[Span, ...]:
        """
        Return the words of a body that stand in the requirement in the same or another form, and those that stand
        for a concept that it names; neighbours merged, the first MAX_HIGHLIGHTS.
        """
        wording = "\n".join(text for text, _ in find_wordings(query))
        sought = list(self._analyzer.find_words(wording))
        raws, stems = {word.raw for word in sought}, {word.stem for word in sought}
        concepts = {mention.concept for mention in self._concepts.find(sought)}
        words = list(self._analyzer.find_words(body))
        spans = [(word.start, word.end) for word in words if word.raw in raws or word.stem in stems]
        for mention in self._concepts.find(words):
            if mention.concept in concepts:
                spans.append((words[mention.start].start, words[mention.end - 1].end))
        return merge(spans, body)[:MAX_HIGHLIGHTS]


def merge(spans: Sequence[Span], body: str) -> tuple[Span, ...]:
    """Return spans in order, those that overlap, touch or have a single space or sign between them as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start - merged[-1][1] <= GAP_LENGTH and "\n" not in body[merged[-1][1] : start]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
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
