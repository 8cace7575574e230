"""A requirement as planning sees it; the rows of the ledger are such."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class PlannedRequirement(Protocol):
    """One obligation of the bidder, with its place in the RC."""

    @property
    def id(self) -> UUID:
        """Return its id."""

    @property
    def code(self) -> str:
        """Return its code, in reading order ("R-001")."""

    @property
    def text(self) -> str:
        """Return what the bidder must do."""

    @property
    def quote(self) -> str:
        """Return the RC's words."""

    @property
    def category(self) -> str:
        """Return its category, as the analysis names it."""

    @property
    def article(self) -> str:
        """Return the number of its article; empty when unknown."""

    @property
    def page(self) -> int | None:
        """Return its page in the RC."""
