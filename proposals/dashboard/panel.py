"""The analysis of a project as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from proposals.analysis import AnalysisWarning, RCAnalysisResult, RequiredDocument
from proposals.dashboard import criteria, queries, wording
from proposals.dashboard.criteria import Chart
from proposals.dashboard.dates import Deadline, describe_deadline
from proposals.dashboard.facts import FactGroup, FactRow, describe_fact, fact_groups
from proposals.models import Project, RCAnalysis, Requirement


@dataclass(frozen=True)
class Checklist:
    """The documents to hand in with one part of the bid."""

    part: str
    title: str
    documents: tuple[RequiredDocument, ...]


@dataclass(frozen=True)
class LedgerRow:
    """One requirement with the words for its category."""

    requirement: Requirement
    category_label: str


@dataclass(frozen=True)
class Ledger:
    """The requirements, and the categories that the filter offers as (value, label)."""

    rows: tuple[LedgerRow, ...]
    categories: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Panel:
    """One readable analysis with everything the page shows of it. `engine` is the words for who made it."""

    analysis: RCAnalysis
    engine: str
    warnings: tuple[AnalysisWarning, ...]
    deadline: Deadline | None
    deadline_fact: FactRow
    groups: tuple[FactGroup, ...]
    chart: Chart
    checklists: tuple[Checklist, ...]
    documents_total: int
    ledger: Ledger


def build_panel(project: Project, *, now: datetime) -> Panel | None:
    """Return the newest analysis of a project ready to show; None when there is none that can be read."""
    analysis = queries.find_analysis(project)
    result = _read(analysis) if analysis else None
    if analysis is None or result is None:
        return None
    deadline = result.submission_deadline
    return Panel(
        analysis=analysis,
        engine=wording.say_engine(analysis.engine),
        warnings=result.warnings,
        deadline=describe_deadline(deadline.value, now=now),
        deadline_fact=describe_fact("submission_deadline", "Remise des plis", deadline, wording.say_instant),
        groups=fact_groups(result),
        chart=criteria.draw(result.award_criteria),
        checklists=_checklists(result.required_documents),
        documents_total=len(result.required_documents),
        ledger=_ledger(project),
    )


def _read(analysis: RCAnalysis) -> RCAnalysisResult | None:
    """An analysis stored by an older schema cannot be shown; a new one can be started."""
    try:
        return RCAnalysisResult.model_validate(analysis.result)
    except ValidationError:
        return None


def _checklists(documents: tuple[RequiredDocument, ...]) -> tuple[Checklist, ...]:
    parts = (
        Checklist(part, title, tuple(document for document in documents if document.part == part))
        for part, title in wording.PARTS.items()
    )
    return tuple(part for part in parts if part.documents)


def _ledger(project: Project) -> Ledger:
    requirements = queries.list_requirements(project)
    rows = tuple(LedgerRow(row, wording.say_category(row.category)) for row in requirements)
    categories = {row.requirement.category: row.category_label for row in rows if row.requirement.category}
    return Ledger(rows, tuple(sorted(categories.items(), key=lambda category: category[1])))
