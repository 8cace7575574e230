"""The part of a passage that the matrix shows, as plain text, with the words that matched marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from proposals.dashboard.library_excerpt import Part
from proposals.matching import Span
from proposals.retrieval.highlighting import make_excerpt

#: What Markdown writes for the eye of its author only: rulers of tables, marks at the start of lines, pairs, cells.
_RULER = re.compile(r"^[ \t]*\|?[ \t]*:?-{3,}[-:| \t]*$", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}|>|[-+*])[ \t]+", re.MULTILINE)
_PAIR = re.compile(r"\*\*|__|`")
_CELLS = re.compile(r"\s*\|[|\s]*")
_SPACE = re.compile(r"\s+")


def divide(body: str, spans: Sequence[Span]) -> tuple[Part, ...]:
    """
    Return the part of a passage that shows most of what matched, in pieces.

    Args:
        body: Markdown.
        spans: the words that matched, in code points of `body`.
    """
    excerpt = make_excerpt(body, spans)
    parts = (Part(_to_plain(text), is_hit) for text, is_hit in _cut(excerpt.text, sorted(excerpt.highlights)))
    return tuple(part for part in parts if part.text)


def _cut(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    done = 0
    for start, end in spans:
        if not done <= start < end <= len(text):
            continue
        yield text[done:start], False
        yield text[start:end], True
        done = end
    yield text[done:], False


def _to_plain(text: str) -> str:
    text = _LINE_MARK.sub("", _RULER.sub("", text))
    return _SPACE.sub(" ", _CELLS.sub(" · ", _PAIR.sub("", text)))
