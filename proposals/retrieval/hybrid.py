"""
Search by words and by meaning together. Needs `requirements-embeddings.txt`, as `embeddings` does.

Source: docs/matching.md, "Embeddings".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from uuid import UUID

from proposals.matching import Passage, RequirementQuery
from proposals.retrieval.bm25 import Bm25Retriever
from proposals.retrieval.embeddings import EmbeddingRetriever
from proposals.retrieval.retriever import Hit, keep_going
from proposals.retrieval.strength import Thresholds

#: A cosine of so much counts like a requirement whose words were all found.
FULL_COSINE = 0.6
WORDS_SHARE = 0.5
#: Hits asked of each search, for one hit that is wanted.
ASKED_FOR_EACH = 5


class HybridRetriever:
    """Finds passages by the mean of the share of words found and of the nearness in meaning."""

    name = "hybrid"
    thresholds = Thresholds(strong=0.5, partial=0.3)

    def __init__(self, passages: Sequence[Passage], *, check: Callable[[], None] = keep_going) -> None:
        """Make both searches, once for all requirements. What `check` raises ends it."""
        self._words = Bm25Retriever(passages, check=check)
        self._meaning = EmbeddingRetriever(passages, check=check)

    def search(self, query: RequirementQuery, *, limit: int) -> Sequence[Hit]:
        """Return the passages with the best mean, the best first."""
        scores: defaultdict[UUID, float] = defaultdict(float)
        for hit in self._words.search(query, limit=limit * ASKED_FOR_EACH):
            scores[hit.passage_id] += WORDS_SHARE * hit.score
        for hit in self._meaning.search(query, limit=limit * ASKED_FOR_EACH):
            scores[hit.passage_id] += (1 - WORDS_SHARE) * min(1.0, hit.score / FULL_COSINE)
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return [Hit(key, score) for key, score in ranked[:limit]]
