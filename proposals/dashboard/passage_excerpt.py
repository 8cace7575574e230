"""The part of a passage that says most about a requirement, with the words that matched marked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from proposals.dashboard.library_excerpt import ELLIPSIS, Part
from proposals.matching import Span

#: Code points of a passage that the matrix shows.
WINDOW = 300
#: Of these, how many stand before the first word that matched.
LEAD = 60

#: What Markdown writes for the eye of its author only; rulers of tables, then marks at the start of lines, then pairs.
_RULER = re.compile(r"^[ \t]*\|?[ \t]*:?-{3,}[-:| \t]*$", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}|>|[-+*])[ \t]+", re.MULTILINE)
_PAIR = re.compile(r"\*\*|__|`")
_CELLS = re.compile(r"\s*\|[|\s]*")
_SPACE = re.compile(r"\s+")


def make_excerpt(body: str, spans: Sequence[Span]) -> tuple[Part, ...]:
    """
    Return the window of a passage that holds most of its matched words, as plain text.

    Args:
        body: Markdown.
        spans: the words that matched, in code points of `body`; those outside of it are ignored.
    """
    hits = sorted((start, end) for start, end in spans if 0 <= start < end <= len(body))
    start = _find_start(body, hits)
    end = _word_end(body, start + WINDOW)
    parts = [Part(_to_plain(text), is_hit) for text, is_hit in _cut(body, start, end, hits)]
    before = (Part(ELLIPSIS, is_hit=False),) if start else ()
    after = (Part(ELLIPSIS, is_hit=False),) if end < len(body) else ()
    return (*before, *(part for part in parts if part.text), *after)


def _find_start(body: str, hits: Sequence[Span]) -> int:
    """Return where the window starts: the earliest of those that hold the most hits."""
    if not hits:
        return 0
    ends = [end for _, end in hits]
    counts = [bisect_right(ends, first - LEAD + WINDOW) - index for index, (first, _) in enumerate(hits)]
    best = hits[counts.index(max(counts))][0]
    return _word_start(body, max(0, best - LEAD))


def _cut(body: str, start: int, end: int, hits: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    done = start
    for first, last in hits:
        if first < done or last > end:
            continue
        yield body[done:first], False
        yield body[first:last], True
        done = last
    yield body[done:end], False


def _to_plain(text: str) -> str:
    text = _LINE_MARK.sub("", _RULER.sub("", text))
    return _SPACE.sub(" ", _CELLS.sub(" · ", _PAIR.sub("", text)))


def _word_start(body: str, place: int) -> int:
    """Return the start of the word at or after a place, so that no word is cut."""
    if place == 0 or body[place - 1].isspace():
        return place
    found = _SPACE.search(body, place)
    return found.end() if found else place


def _word_end(body: str, place: int) -> int:
    if place >= len(body):
        return len(body)
    return max((found.start() for found in _SPACE.finditer(body, 0, place)), default=place)
