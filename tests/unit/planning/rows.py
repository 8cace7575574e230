"""Requirements and analyses for tests of planning."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from proposals.analysis import AwardCriterion

_numbers = count(1)


@dataclass(frozen=True)
class Row:
    """A requirement as planning sees it."""

    text: str
    article: str = "5.3"
    quote: str = ""
    category: str = "technical"
    page: int | None = 8
    id: UUID = field(default_factory=uuid.uuid4)
    code: str = field(default_factory=lambda: f"R-{next(_numbers):03}")


def criterion(
    name: str, weight: float | None = None, *children: AwardCriterion, number: str | None = None
) -> AwardCriterion:
    """Return an award criterion, weighed in percent."""
    return AwardCriterion(number=number, name=name, weight=weight, unit="percent", children=children)
