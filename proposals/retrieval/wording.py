"""What a requirement is searched by: its text, and its quote where that says more."""

from __future__ import annotations

from collections.abc import Iterator

from proposals.matching import RequirementQuery
from proposals.retrieval.tokens import fold

#: Weight of words that only the quote has, beside those of the text, which have 1.
QUOTE_WEIGHT = 0.5


def find_wordings(query: RequirementQuery) -> Iterator[tuple[str, float]]:
    """
    Yield texts to search by, each with its weight.

    A quote that holds the text word for word is left out: what stands around it there is another requirement.
    """
    yield query.text, 1.0
    if query.quote and _squash(query.text) not in _squash(query.quote):
        yield query.quote, QUOTE_WEIGHT


def _squash(text: str) -> str:
    return " ".join(fold(text).split()).strip(" .;:,…")
