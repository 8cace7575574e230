"""From candidates for a fact to the fact with its evidence; a candidate that cannot be quoted is no fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from proposals.analysis import Fact
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading

Value = TypeVar("Value")


@dataclass(frozen=True)
class Candidate(Generic[Value]):
    """A value read at a span of a clause. `weight` ranks candidates; as confidence it is cut to 0–1."""

    value: Value
    block: Block
    start: int
    end: int
    weight: float


def best_fact(kind: type[Fact[Value]], reading: Reading, candidates: Iterable[Candidate[Value]]) -> Fact[Value]:
    """Return the fact of the heaviest candidate that can be quoted, the first one when several weigh the same."""
    for candidate in sorted(candidates, key=lambda found: -found.weight):
        quote = reading.quote(candidate.block, candidate.start, candidate.end)
        if quote:
            return kind(
                value=candidate.value,
                status="found",
                page=candidate.block.page,
                quote=quote,
                confidence=round(min(candidate.weight, 1.0), 2),
            )
    return kind()
