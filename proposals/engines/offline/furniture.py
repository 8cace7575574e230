"""What stands on a page beside its text: running heads and feet, page numbers, the table of contents."""

from __future__ import annotations

import re
from collections import Counter

from proposals.documents.document import Document, Line, PageText
from proposals.engines.offline.folding import fold, squash

#: How a heading or a numbered clause begins.
NUMBERED = re.compile(
    r"^(?:(?-i:[A-Z](?i:rticle|rt\.|hapitre|ection|itre|nnexe|hase))|\d{1,2}(?:\.\d{1,2})+|\d{1,2}\s?[-–.)/]|"
    r"[IVX]{1,4}\s?[-–.)/])\s",
    re.I,
)
LEADERS = re.compile(r"(?:\.{4,}|(?:\. ){4,}|…{2,}|_{5,})\s*(?:\d{1,3})?\s*$")
PAGE_NUMBER = re.compile(r"^(?:page\s*)?-?\s*\d{1,3}\s*-?(?:\s*(?:/|sur|de)\s*\d{1,3})?$", re.I)
#: Running heads and feet stand within this many points of the outermost line.
EDGE = 16.0
#: A line that comes back on many pages is a running head only within so many points more.
ZONE = 44.0


def find_body_lines(page: PageText, furniture: set[str]) -> list[Line]:
    """Return the lines of a page that are its text."""
    edges = edge_heights(page)
    return _drop_contents([line for line in page.lines if not _is_dropped(line, furniture, edges)])


def find_furniture(document: Document) -> set[str]:
    """Return the keys of lines that stand at the same place on most pages."""
    counts: Counter[str] = Counter()
    at_edges: Counter[str] = Counter()
    for page in document.pages:
        low, high = edge_heights(page)
        counts.update({furniture_key(line) for line in page.lines if not low + ZONE < line.box.bottom < high - ZONE})
        at_edges.update({furniture_key(line) for line in page.lines if not low < line.box.bottom < high})
    needed = max(3, round(0.4 * len(document.pages)))
    return {key for key, count in counts.items() if count >= needed or (at_edges[key] >= 2 and len(document.pages) < 5)}


def furniture_key(line: Line) -> str:
    """Return what makes two lines the same running head: text without figures, and height on the page."""
    text = re.sub(r"\d+", "#", squash(fold(line.text)))
    return f"{text}@{round(line.box.bottom / 8)}"


def edge_heights(page: PageText) -> tuple[float, float]:
    """Return the heights below and above which a page only has its running foot and head."""
    heights = sorted(line.box.bottom for line in page.lines)
    if len(heights) < 5:
        return (-1.0, 10_000.0)
    return (heights[0] + EDGE, heights[-1] - EDGE)


def _is_dropped(line: Line, furniture: set[str], edges: tuple[float, float]) -> bool:
    if furniture_key(line) in furniture:
        return True
    at_edge = line.box.bottom <= edges[0] or line.box.bottom >= edges[1]
    return line.cell is None and at_edge and bool(PAGE_NUMBER.match(line.text.strip()))


def _drop_contents(lines: list[Line]) -> list[Line]:
    """Leave the table of contents out: lines with leaders, or ending in a page number under "Sommaire"."""
    is_contents = any(squash(fold(line.text)) in {"sommaire", "tabledesmatieres"} for line in lines)
    numbered = [line for line in lines if re.search(r"\S\s+\d{1,3}$", line.text) and NUMBERED.match(line.text)]
    drops_numbered = is_contents and len(numbered) >= 4
    return [
        line
        for line in lines
        if not LEADERS.search(line.text) and not (drops_numbered and any(line is other for other in numbered))
    ]
