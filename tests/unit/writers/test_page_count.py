"""Which pages count against the limit of the RC."""

from __future__ import annotations

import pytest

from proposals.documents.composition import compose
from proposals.documents.content import PageLimit
from proposals.documents.page_count import count_pages, excluded_parts, say_excluded
from tests.unit.writers.content import make_content

#: Cover 1, table of contents 2–3, body 4–9, matrix 10–11, to do 12, traceability 13–20.
ANCHORS = {"couverture": 1, "sommaire": 2, "corps": 4, "annexe_A": 10, "annexe_B": 12, "annexe_C": 13}
PAGES = 20


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("20 pages maximum", ()),
        ("20 pages maximum, hors annexes", ("annexes",)),
        ("limité à 20 pages (hors annexes, page de garde et sommaire)", ("cover", "toc", "annexes")),
        ("20 pages, annexes non comprises", ("annexes",)),
        ("limité à 30 pages recto. Les annexes ne sont pas comptabilisées.", ("annexes",)),
        ("30 pages, page de garde et sommaire exclus", ("cover", "toc")),
        ("30 pages (page de garde non comprise)", ("cover",)),
        ("25 pages sans compter les annexes", ("annexes",)),
        ("20 pages maximum, annexes comprises", ()),
        ("40 pages y compris les annexes", ()),
        ("hors page de garde, annexes comprises", ("cover",)),
        ("50 pages hors CV", ()),
        ("", ()),
    ],
)
def test_the_words_around_the_limit_say_what_does_not_count(sentence: str, parts: tuple[str, ...]) -> None:
    assert excluded_parts(sentence) == parts


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [("", 11), ("hors annexes", 9), ("hors annexes et page de garde", 8), ("hors annexes, sommaire et couverture", 6)],
)
def test_pages_are_counted_without_what_the_rc_leaves_out(sentence: str, counted: int) -> None:
    tree = compose(make_content())

    count = count_pages(tree, pages=PAGES, anchors=ANCHORS, limit=PageLimit(10, sentence))

    assert (count.pages, count.counted, count.over_limit) == (PAGES, counted, counted > 10)


def test_internal_annexes_never_count() -> None:
    count = count_pages(compose(make_content()), pages=PAGES, anchors=ANCHORS, limit=None)

    assert (count.counted, count.excluded, count.limit, count.over_limit) == (11, ("internal_annexes",), None, False)


def test_a_part_that_the_document_lacks_is_not_named_as_left_out() -> None:
    tree = compose(make_content(requirements=(), internal_annexes=False))
    anchors = {"couverture": 1, "sommaire": 2, "corps": 3}

    count = count_pages(tree, pages=5, anchors=anchors, limit=PageLimit(20, "hors annexes"))

    assert (count.counted, count.excluded) == (5, ())


def test_what_was_left_out_is_said_in_words() -> None:
    assert say_excluded(()) == ""
    assert say_excluded(("annexes",)) == "hors annexes"
    assert say_excluded(("cover", "toc", "annexes")) == "hors page de garde, sommaire et annexes"
