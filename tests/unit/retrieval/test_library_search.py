"""Out-of-date passages fall behind, and others come in for them."""

from __future__ import annotations

from collections.abc import Sequence

from proposals.matching import Passage, RequirementQuery
from proposals.retrieval.library_search import LibrarySearch
from proposals.retrieval.retriever import Hit
from proposals.retrieval.strength import Thresholds
from tests.unit.retrieval.passages import make_passage, make_query


class Falling:
    """A search that finds the passages as they were given, each a little weaker than the one before."""

    name = "falling"
    thresholds = Thresholds(strong=0.8, partial=0.5)

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._hits = [Hit(passage.id, 1 - number / 100) for number, passage in enumerate(passages)]

    def search(self, query: RequirementQuery, *, limit: int) -> Sequence[Hit]:
        return self._hits[:limit]


def find(passages: Sequence[Passage], limit: int) -> list[int]:
    return [hit.passage_id.int for hit in LibrarySearch(passages, Falling).search(make_query("…"), limit=limit)]


def test_valid_passages_come_in_for_those_that_fall_back() -> None:
    expired = [make_passage(number, "…", is_expired=True) for number in (1, 2, 3)]
    valid = [make_passage(number, "…") for number in (4, 5, 6)]

    assert find([*expired, *valid], limit=3) == [4, 5, 6]


def test_equal_passages_stay_in_the_order_of_the_search() -> None:
    expired = [make_passage(number, "…", is_expired=True) for number in (5, 2)]

    assert find(expired, limit=2) == [5, 2]
