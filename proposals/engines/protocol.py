"""What an engine is: the offline one and any other are used through these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from proposals.analysis import RCAnalysisResult
from proposals.documents.document import Document
from proposals.matching import Passage, RequirementQuery
from proposals.writing import SectionBrief


class OnStep(Protocol):
    """
    Called when a family of facts has been read; what it raises ends the analysis.

    Args:
        label: the family, in French, as shown to people.
        found: facts and items found so far, all families together.
        share: part of the analysis that is done, 0–1.
    """

    def __call__(self, label: str, found: int, share: float, /) -> None:
        """Take the news."""


class AnalysisEngine(Protocol):
    """Turns the text of an RC into an analysis."""

    @property
    def name(self) -> str:
        """Return the name shown beside results ("offline")."""

    def analyse(self, document: Document, *, on_step: OnStep) -> RCAnalysisResult:
        """Return everything found; what is not found is said, never guessed."""


class WritingEngine(Protocol):
    """Writes sections of a proposal."""

    @property
    def name(self) -> str:
        """Return the name shown beside results ("offline")."""

    def write_section(self, brief: SectionBrief, *, on_text: Callable[[str], None]) -> str:
        """
        Return the section's text in Markdown, without its title.

        Args:
            on_text: called with each piece of text as it comes; the pieces add up to what is returned. What it
                raises ends the work.

        Raises:
            OperationFailed: the engine cannot write it; nothing half-written is returned.
        """


class RankingEngine(Protocol):
    """Puts the passages that a search found for a requirement into a better order."""

    @property
    def name(self) -> str:
        """Return the name shown beside results."""

    def rank(self, requirement: RequirementQuery, passages: Sequence[Passage]) -> Sequence[tuple[UUID, float]]:
        """Return passage ids with how well each answers the requirement (0–1), the best first; others do not."""
