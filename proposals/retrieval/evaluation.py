"""
How good a search is, on requirements whose right passages a person has named.

Source: docs/matching.md, "Measuring".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from proposals.matching import Passage, RequirementQuery, StrengthName
from proposals.retrieval.library_search import LibrarySearch
from proposals.retrieval.retriever import MakeRetriever
from proposals.retrieval.tokens import fold

#: Ranks beyond this count as not found.
DEPTH = 100


class EvaluationError(Exception):
    """An evaluation set cannot be used; the text says where and why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Query:
    """One requirement, and the passages that answer it; none means that the library has no answer."""

    requirement: str
    expected: frozenset[UUID]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a search made of one query.

    Args:
        rank: of the first right passage, from 1; None when it is not found or there is none.
        strength: of that passage; of the first passage found when there is no right one.
        first: the passages that were found first.
    """

    query: Query
    rank: int | None
    strength: StrengthName
    first: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares of queries (0–1) whose first right passage is among the first 1, 3, 10; mean reciprocal rank."""

    queries: int
    hit_at_1: float
    hit_at_3: float
    hit_at_10: float
    mrr: float


@dataclass(frozen=True)
class EvaluationSet:
    """A library, and queries on it."""

    passages: Sequence[Passage]
    queries: Sequence[Query]

    @property
    def titles(self) -> dict[UUID, str]:
        """Return the titles of the passages by their ids."""
        return {passage.id: passage.title for passage in self.passages}

    def run(self, make_retriever: MakeRetriever) -> list[Outcome]:
        """Return what a search makes of each query."""
        library = LibrarySearch(self.passages, make_retriever)
        return [_ask(library, number, query) for number, query in enumerate(self.queries, start=1)]


def read_set(values: object, passages: Sequence[Passage], keys: dict[str, set[UUID]]) -> EvaluationSet:
    """
    Return the queries of an evaluation set on passages.

    Args:
        values: {"queries": [{"requirement": text, "expected": [key, …], "style": text}, …]}.
        keys: the passages that each id or title stands for, folded as `to_key` does.

    Raises:
        EvaluationError: the values have another shape, or expect a passage that is not there.
    """
    rows = values.get("queries") if isinstance(values, dict) else None
    if not isinstance(rows, list) or not rows:
        raise EvaluationError("« queries » doit être une liste non vide.")
    return EvaluationSet(passages, [_read_query(row, number, keys) for number, row in enumerate(rows, start=1)])


def read_passages(rows: object) -> tuple[list[Passage], dict[str, set[UUID]]]:
    """
    Return passages written in an evaluation set, [{"id", "title", "body", "tags"}, …], and their keys.

    Raises:
        EvaluationError: they have another shape.
    """
    if not isinstance(rows, list) or not rows:
        raise EvaluationError("« passages » doit être une liste non vide.")
    passages = [_read_passage(row, number) for number, row in enumerate(rows, start=1)]
    keys = make_keys(passages)
    for row, passage in zip(rows, passages, strict=True):
        if row.get("id") is not None:
            keys.setdefault(to_key(row["id"]), set()).add(passage.id)
    return passages, keys


def make_keys(passages: Iterable[Passage]) -> dict[str, set[UUID]]:
    """Return the passages of each title, folded."""
    keys: dict[str, set[UUID]] = {}
    for passage in passages:
        keys.setdefault(to_key(passage.title), set()).add(passage.id)
    return keys


def to_key(name: object) -> str:
    """Return an id or a title without what people write in different ways: case, accents, apostrophes, spaces."""
    return " ".join(fold(str(name)).replace("’", "'").split())


def measure(outcomes: Iterable[Outcome]) -> Measures:
    """Return the measures of the outcomes that have a right passage."""
    ranks = [outcome.rank for outcome in outcomes if outcome.query.expected]
    total = max(1, len(ranks))
    found = [rank for rank in ranks if rank is not None]
    at_1, at_3, at_10 = (sum(rank <= depth for rank in found) / total for depth in (1, 3, 10))
    return Measures(len(ranks), at_1, at_3, at_10, mrr=sum(1 / rank for rank in found) / total)


def _ask(library: LibrarySearch, number: int, query: Query) -> Outcome:
    requirement = RequirementQuery(id=UUID(int=number), code="", text=query.requirement)
    hits = library.search(requirement, limit=DEPTH)
    right = [rank for rank, hit in enumerate(hits, start=1) if hit.passage_id in query.expected]
    judged = hits[right[0] - 1 : right[0]] if right else hits[: 0 if query.expected else 1]
    strength = library.thresholds.judge(judged[0].score) if judged else "none"
    return Outcome(query, right[0] if right else None, strength, tuple(hit.passage_id for hit in hits[:3]))


def _read_query(row: object, number: int, keys: dict[str, set[UUID]]) -> Query:
    if not isinstance(row, dict) or not isinstance(row.get("requirement"), str) or not row["requirement"].strip():
        raise EvaluationError(f"queries[{number}] : « requirement » doit être un texte.")
    expected = row.get("expected")
    names = [expected] if isinstance(expected, (str, int)) else expected
    if not isinstance(names, list):
        raise EvaluationError(f"queries[{number}] : « expected » doit être une liste d’identifiants ou de titres.")
    unknown = [str(name) for name in names if to_key(name) not in keys]
    if unknown:
        raise EvaluationError(f"queries[{number}] : passage inconnu : « {unknown[0]} ».")
    found = frozenset(key for name in names for key in keys[to_key(name)])
    return Query(row["requirement"], found, str(row.get("style") or ""))


def _read_passage(row: object, number: int) -> Passage:
    if not isinstance(row, dict) or not isinstance(row.get("body"), str):
        raise EvaluationError(f"passages[{number}] : « body » doit être un texte.")
    title, tags = row.get("title") or "", row.get("tags") or []
    if not isinstance(title, str) or not isinstance(tags, list):
        raise EvaluationError(f"passages[{number}] : « title » doit être un texte et « tags » une liste.")
    return Passage(id=UUID(int=number), title=title, body=row["body"], tags=tuple(map(str, tags)))
