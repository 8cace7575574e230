"""The list of projects as rows ready to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from proposals.dashboard.dates import Deadline, describe_deadline
from proposals.models import Operation, Project

PAGE_SIZE = 20


@dataclass(frozen=True)
class ProjectRow:
    """One project of the list. `analysis_status` is "" when nothing was ever started."""

    project: Project
    deadline: Deadline | None
    documents_total: int
    analysis_status: str
    analysis_label: str
    analysis_progress: int


def list_rows(projects: Iterable[Project], *, now: datetime) -> list[ProjectRow]:
    """Return the rows of projects that `queries.find_projects` found."""
    return [_row(project, now) for project in projects]


def _row(project: Project, now: datetime) -> ProjectRow:
    status = getattr(project, "analysis_status", None) or ""
    return ProjectRow(
        project=project,
        deadline=describe_deadline(project.deadline, now=now),
        documents_total=getattr(project, "documents_total", 0),
        analysis_status=status,
        analysis_label=Operation.Status(status).label if status else "Pas encore lancée",
        analysis_progress=getattr(project, "analysis_progress", None) or 0,
    )
