"""Which engine works: Claude when a key is set, else the offline one."""

from __future__ import annotations

from collections.abc import Callable

from proposals.engines.offline.engine import OfflineEngine
from proposals.engines.protocol import AnalysisEngine, RankingEngine
from proposals.models import Operation


def make_analysis_engine(operation: Operation, *, check: Callable[[], None]) -> AnalysisEngine:
    """
    Return the engine that reads the RC of an operation.

    Args:
        operation: whose company pays for what the engine uses.
        check: raises when the run must end; an engine that waits for somebody else calls it several times a second.
    """
    return OfflineEngine()


def find_ranking_engine(operation: Operation, *, check: Callable[[], None]) -> RankingEngine | None:
    """Return the engine that re-orders what the search found; None offline, where the search's order stands."""
    return None


def is_offline() -> bool:
    """Whether the offline engine works because no key is set: pages say so."""
    return True
