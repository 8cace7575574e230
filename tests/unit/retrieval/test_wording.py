"""What a requirement is searched by."""

from __future__ import annotations

import pytest

from proposals.retrieval.wording import QUOTE_WEIGHT, find_wordings
from tests.unit.retrieval.passages import make_query

TEXT = "Le titulaire remet un bilan."


@pytest.mark.parametrize(
    "quote",
    ["", TEXT, "Le titulaire  remet un\nbilan. Il forme les agents.", "2. LE TITULAIRE REMET UN BILAN ; il forme."],
    ids=["none", "the same", "with the next sentence", "written in another way"],
)
def test_a_quote_that_holds_the_text_adds_nothing(quote: str) -> None:
    assert list(find_wordings(make_query(TEXT, quote=quote))) == [(TEXT, 1.0)]


def test_the_quote_of_a_rewritten_text_counts_beside_it() -> None:
    query = make_query("Bilan annuel.", quote=TEXT)

    assert list(find_wordings(query)) == [("Bilan annuel.", 1.0), (TEXT, QUOTE_WEIGHT)]
