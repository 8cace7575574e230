"""Measuring a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from proposals.matching import Passage, RequirementQuery
from proposals.retrieval import evaluation
from proposals.retrieval.evaluation import EvaluationError, EvaluationSet, Measures
from proposals.retrieval.retriever import Hit, keep_going
from proposals.retrieval.strength import Thresholds

PASSAGES = [
    {"id": "a", "title": "Sauvegardes", "body": "…"},
    {"id": 2, "title": "L’astreinte", "body": "…"},
    {"id": "c", "title": "Déchets", "body": "…"},
]


class InOrder:
    """A search that always finds the passages in the order in which they were given."""

    name = "in order"
    thresholds = Thresholds(strong=0.8, partial=0.5)

    def __init__(self, passages: Sequence[Passage], *, check: Callable[[], None] = keep_going) -> None:
        self.passages = passages

    def search(self, query: RequirementQuery, *, limit: int) -> Sequence[Hit]:
        return [Hit(passage.id, 1 - number / 10) for number, passage in enumerate(self.passages, start=1)][:limit]


def read(queries: object, passages: object = PASSAGES) -> EvaluationSet:
    found, keys = evaluation.read_passages(passages)
    return evaluation.read_set({"queries": queries}, found, keys)


def ask(*expected: object) -> dict[str, object]:
    return {"requirement": "texte", "expected": list(expected)}


def test_measures_are_those_of_the_first_right_passage() -> None:
    outcomes = read([ask("a"), ask("c", 2), ask("c")]).run(InOrder)

    assert [outcome.rank for outcome in outcomes] == [1, 2, 3]
    assert evaluation.measure(outcomes) == Measures(3, 1 / 3, 1.0, 1.0, mrr=(1 + 1 / 2 + 1 / 3) / 3)


def test_a_passage_that_is_not_found_counts_as_a_miss() -> None:
    class FindsNothing(InOrder):
        def search(self, query: RequirementQuery, *, limit: int) -> Sequence[Hit]:
            return []

    assert evaluation.measure(read([ask("a")]).run(FindsNothing)) == Measures(1, 0, 0, 0, 0)


def test_queries_without_an_answer_are_judged_by_what_came_first_and_not_measured() -> None:
    (outcome,) = read([ask()]).run(InOrder)

    assert (outcome.rank, outcome.strength) == (None, "strong")
    assert evaluation.measure([outcome]).queries == 0


@pytest.mark.parametrize("name", ["L’astreinte", "l'ASTREINTE", " L’astreinte  ", 2, "2"])
def test_a_passage_is_expected_by_id_or_title_however_it_is_typed(name: object) -> None:
    (outcome,) = read([ask(name)]).run(InOrder)

    assert outcome.rank == 2


def test_one_expected_passage_may_be_written_without_a_list() -> None:
    (outcome,) = read([{"requirement": "texte", "expected": "Déchets"}]).run(InOrder)

    assert outcome.rank == 3


def test_passages_of_the_same_title_are_all_right() -> None:
    twins = [{"title": "Planning", "body": "…"}, {"title": "Planning", "body": "…"}]

    (outcome,) = read([ask("Planning")], twins).run(InOrder)

    assert len(outcome.query.expected) == 2


@pytest.mark.parametrize(
    ("queries", "sentence"),
    [
        (None, "queries"),
        ([], "queries"),
        (["texte"], "requirement"),
        ([{"expected": ["a"]}], "requirement"),
        ([{"requirement": " ", "expected": ["a"]}], "requirement"),
        ([{"requirement": "texte"}], "expected"),
        ([{"requirement": "texte", "expected": {"a": 1}}], "expected"),
        ([ask("a"), ask("Inconnu")], r"queries\[2\].*Inconnu"),
    ],
)
def test_queries_of_another_shape_are_refused_with_the_place(queries: object, sentence: str) -> None:
    with pytest.raises(EvaluationError, match=sentence):
        read(queries)


@pytest.mark.parametrize(
    "passages", [None, [], "texte", ["texte"], [{"title": "T"}], [{"title": 3, "body": "…"}], [{"body": None}]]
)
def test_passages_of_another_shape_are_refused(passages: object) -> None:
    with pytest.raises(EvaluationError, match="passages"):
        evaluation.read_passages(passages)
