"""Which engine works: Claude when a key is set, else the offline one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from proposals.engines.claude.options import is_configured, read_options
from proposals.engines.offline.engine import OfflineEngine
from proposals.engines.offline.writing.engine import OfflineWriter
from proposals.engines.protocol import AnalysisEngine, RankingEngine, WritingEngine
from proposals.models import Operation
from proposals.usage import CompanyMeter

if TYPE_CHECKING:
    from proposals.engines.claude.engine import ClaudeEngine

#: Loaded by its name when it is first needed: the SDK below it costs more than a second and 3,000 modules, which an
#: installation without a key, and every command that calls no model, need not pay.
CLAUDE_ENGINE = "proposals.engines.claude.engine.ClaudeEngine"


def make_analysis_engine(operation: Operation, *, check: Callable[[], None]) -> AnalysisEngine:
    """
    Return the engine that reads the RC of an operation.

    Args:
        operation: whose company pays for what the engine uses.
        check: raises when the run must end; an engine that waits for somebody else calls it several times a second.
    """
    if is_offline():
        return OfflineEngine()
    return _make_claude(settings.PROPOSALS_CLAUDE_ANALYSIS_MODEL, operation, check)


def make_writing_engine(operation: Operation, *, check: Callable[[], None]) -> WritingEngine:
    """
    Return the engine that writes the sections of an operation.

    Args:
        operation, check: as above.
    """
    if is_offline():
        return OfflineWriter()
    return _make_claude(settings.PROPOSALS_CLAUDE_WRITING_MODEL, operation, check)


def find_ranking_engine(operation: Operation, *, check: Callable[[], None]) -> RankingEngine | None:
    """Return the engine that re-orders what the search found; None offline, where the search's order stands."""
    if is_offline():
        return None
    return _make_claude(settings.PROPOSALS_CLAUDE_RANKING_MODEL, operation, check)


def is_offline() -> bool:
    """Whether the offline engine works, because no key is set or the settings ask for it: pages say so."""
    return not is_configured()


def _make_claude(model: str, operation: Operation, check: Callable[[], None]) -> ClaudeEngine:
    engine_class: type[ClaudeEngine] = import_string(CLAUDE_ENGINE)
    meter = CompanyMeter(operation)
    return engine_class(read_options(model), meter=meter, check=check, label=f"Operation {operation.id}")
