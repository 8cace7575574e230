"""A page of the RC that a statement rests on is quoted in its own words."""

from __future__ import annotations

from typing import Any

from proposals.documents.rc_quotes import quote_pages
from proposals.writing import Grounding, Source, Statement

PAGES = [
    "Objet : refonte du portail.",
    "Le titulaire tient un planning\nà jour chaque semaine. Il forme\nles agents du service.",
]
TEXT = "- Nous tenons un **planning à jour** chaque semaine.\n\nNous aimons la mer."


def ground(**fields: Any) -> Grounding:
    """Return one source of the RC with the statements of TEXT that rest on it."""
    end = TEXT.index("\n")
    source = Source(**{"key": "RC2", "kind": "rc", "title": "RC", "page": 2, **fields})
    sea = TEXT.index("Nous aimons")
    return Grounding(
        sources=(source,),
        statements=(
            Statement(start=0, end=end, sources=("RC2",)),
            Statement(start=sea, end=len(TEXT), sources=("L1",)),
        ),
    )


def quote(**fields: Any) -> str:
    [source] = quote_pages(ground(**fields), TEXT, PAGES).sources
    return source.quote


def test_the_likest_words_of_the_page_are_quoted_as_they_stand() -> None:
    assert "planning à jour chaque semaine." in quote()
    assert quote() in " ".join(PAGES[1].split())


def test_a_quote_that_is_there_stays() -> None:
    assert quote(quote="déjà là") == "déjà là"


def test_a_page_that_says_nothing_like_it_is_not_quoted() -> None:
    assert quote(page=1) == ""


def test_only_pages_of_the_rc_are_quoted_and_only_those_that_are_known() -> None:
    assert quote(kind="library", page=None) == ""
    assert quote(page=9) == ""
