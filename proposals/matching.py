"""
What matching works on and returns: requirements, passages of the library, and how they fit. Values only; knows no
database and no search engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

StrengthName = Literal["strong", "partial", "none"]

#: A part of a passage's body as [start, end), in code points.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RequirementQuery:
    """One requirement to find evidence for. `text` is what the bidder must do, `quote` the RC's own words."""

    id: UUID
    code: str
    text: str
    quote: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of the library. `is_expired`: its last day has passed, so it ranks lower."""

    id: UUID
    title: str
    body: str
    kind: str = "other"
    tags: tuple[str, ...] = ()
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class PassageMatch:
    """
    One passage proposed for one requirement.

    Args:
        rank: from 1, the best.
        score: 0–1, comparable between requirements; an expired passage's is lowered.
        highlights: the words of `Passage.body` that matched.
    """

    passage_id: UUID
    rank: int
    score: float
    strength: StrengthName
    highlights: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class RequirementMatch:
    """What was found for one requirement: the best passages, and the strength of the best; "none" is a gap."""

    requirement_id: UUID
    strength: StrengthName
    passages: tuple[PassageMatch, ...] = ()
