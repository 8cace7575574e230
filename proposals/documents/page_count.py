"""How many pages of a produced document count against the RC's limit, and which do not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from proposals.documents.blocks import Annex, DocumentTree
from proposals.documents.content import PageLimit
from proposals.documents.writers.html_writer import BODY_ID, COVER_ID, TOC_ID

#: The parts of a document that an RC may leave out of its limit; internal annexes are never handed in.
Part = Literal["cover", "toc", "annexes", "internal_annexes"]

PARTS: dict[Part, re.Pattern[str]] = {
    "cover": re.compile(r"page de garde|couverture|page de titre"),
    "toc": re.compile(r"sommaire|table des matieres"),
    "annexes": re.compile(r"annexes?"),
}
#: "annexes comprises", "y compris la page de garde": these count.
INCLUSION = re.compile(r"y compris[^,.;)]*|(?:annexes?|page de garde|sommaire|couverture) (?:compris|inclus)e?s?\b")
#: "hors annexes et page de garde", "sans compter les annexes", "(annexes non comprises)"; in folded text.
EXCLUSIONS = (
    re.compile(
        r"(?:\bhors|\bsans compter|\ba l'exclusion|\ba l'exception|\bnon compris(?:e?s)?(?= l|:))"
        r"(?P<what>[^.;()]{3,120})"
    ),
    re.compile(
        r"(?P<what>[^.;:(]{3,100}?)\s(?:n(?:e |')(?:sont|est|etant) pas (?:compris|comptabilis|compt|inclus)"
        r"|non (?:compris|inclus|compt|comptabilis)|exclus?)"
    ),
)


@dataclass(frozen=True, slots=True)
class PageCount:
    """
    The pages of a PDF against the limit.

    Args:
        pages: of the file.
        counted: those that count.
        excluded: the parts that do not, among those that the document has.
        limit: of the RC; None when it sets none.
    """

    pages: int
    counted: int
    excluded: tuple[Part, ...]
    limit: int | None

    @property
    def over_limit(self) -> bool:
        """Whether more pages count than the RC allows."""
        return self.limit is not None and self.counted > self.limit


def count_pages(tree: DocumentTree, *, pages: int, anchors: Mapping[str, int], limit: PageLimit | None) -> PageCount:
    """
    Return how many pages count.

    Args:
        pages: of the PDF.
        anchors: the page on which each part and heading begins.
    """
    excluded = {*excluded_parts(limit.sentence if limit else ""), "internal_annexes"}
    lengths = _measure(tree, pages=pages, anchors=anchors)
    left_out = tuple(part for part in (*PARTS, "internal_annexes") if part in excluded and lengths.get(part))
    counted = pages - sum(lengths[part] for part in left_out)
    return PageCount(pages=pages, counted=counted, excluded=left_out, limit=limit.pages if limit else None)


def excluded_parts(sentence: str) -> tuple[Part, ...]:
    """Return the parts that the words around a page limit leave out; an RC that says nothing counts all of them."""
    folded = INCLUSION.sub("", _fold(sentence))
    said = " ".join(found["what"] for pattern in EXCLUSIONS for found in pattern.finditer(folded))
    return tuple(part for part, pattern in PARTS.items() if pattern.search(said))


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def _measure(tree: DocumentTree, *, pages: int, anchors: Mapping[str, int]) -> dict[Part, int]:
    """Return the number of pages of each part; every part begins on a page of its own."""
    starts = [anchors.get(annex.heading.anchor, pages + 1) for annex in tree.annexes]
    lengths: dict[Part, int] = {
        "cover": anchors.get(TOC_ID, 1) - anchors.get(COVER_ID, 1),
        "toc": anchors.get(BODY_ID, 1) - anchors.get(TOC_ID, 1),
        "annexes": 0,
        "internal_annexes": 0,
    }
    for annex, (start, end) in zip(tree.annexes, pairwise([*starts, pages + 1]), strict=True):
        lengths[_part_of(annex)] += end - start
    return lengths


def _part_of(annex: Annex) -> Part:
    return "internal_annexes" if annex.internal else "annexes"


def say_excluded(parts: Iterable[Part]) -> str:
    """Return "hors page de garde et annexes internes", empty for none."""
    words: dict[Part, str] = {
        "cover": "page de garde",
        "toc": "sommaire",
        "annexes": "annexes",
        "internal_annexes": "annexes internes",
    }
    *before, last = [words[part] for part in parts] or [""]
    return f"hors {', '.join(before)} et {last}" if before else f"hors {last}" if last else ""
