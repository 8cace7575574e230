"""What a search in the library is: any of them is used through this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from proposals.matching import Passage, RequirementQuery
from proposals.retrieval.strength import Thresholds


@dataclass(frozen=True, slots=True)
class Hit:
    """
    One passage found.

    Args:
        score: 0–1, how much of the requirement the passage answers; comparable between requirements.
    """

    passage_id: UUID
    score: float


class Retriever(Protocol):
    """
    Finds passages for requirements. Made once from all passages, then asked for each requirement.

    The same passages and the same requirement give the same hits; equal scores are ordered by id.
    """

    @property
    def name(self) -> str:
        """Return the name shown beside results ("bm25")."""

    @property
    def thresholds(self) -> Thresholds:
        """Return from which score on a passage is a strong or a partial answer."""

    def search(self, query: RequirementQuery, *, limit: int) -> Sequence[Hit]:
        """Return the passages that answer best, the best first; only such as have something of the requirement."""


#: Makes a search from all passages of a library.
MakeRetriever = Callable[[Sequence[Passage]], Retriever]


class RetrieverClass(Protocol):
    """A kind of search."""

    @property
    def name(self) -> str:
        """Return the name that its searches have."""

    def __call__(self, passages: Sequence[Passage], *, check: Callable[[], None] = ...) -> Retriever:
        """Make a search from passages; `check` is called now and then, and what it raises ends the work."""


def keep_going() -> None:
    """Check nothing."""
