"""One search over a library, with out-of-date passages falling behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from proposals.matching import Passage, RequirementQuery
from proposals.retrieval.retriever import Hit, MakeRetriever
from proposals.retrieval.strength import EXPIRED_FACTOR, Thresholds


class LibrarySearch:
    """Finds passages of one library; made once, then asked for each requirement."""

    def __init__(self, passages: Sequence[Passage], make_retriever: MakeRetriever) -> None:
        """Index the passages."""
        self.passages = {passage.id: passage for passage in passages}
        self._retriever = make_retriever(passages)

    @property
    def thresholds(self) -> Thresholds:
        """Return from which score on a passage is a strong or a partial answer."""
        return self._retriever.thresholds

    def search(self, query: RequirementQuery, *, limit: int) -> list[Hit]:
        """Return the passages that answer best, the best first."""
        # Twice as many, so that others come in for those that fall back.
        return self.lower_expired(self._retriever.search(query, limit=2 * limit))[:limit]

    def lower_expired(self, hits: Iterable[Hit]) -> list[Hit]:
        """Return hits in order after the scores of out-of-date passages were lowered; equal ones keep their order."""
        lowered = [
            replace(hit, score=hit.score * EXPIRED_FACTOR) if self.passages[hit.passage_id].is_expired else hit
            for hit in hits
        ]
        return sorted(lowered, key=lambda hit: -hit.score)
