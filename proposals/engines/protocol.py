"""What an analysis engine is: the offline one and any other are used through this."""

from __future__ import annotations

from typing import Protocol

from proposals.analysis import RCAnalysisResult
from proposals.documents.document import Document


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
